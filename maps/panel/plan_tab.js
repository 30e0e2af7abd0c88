/* What if: facilities placed and closed on trial, and what that would change. */

import { button, chooser, make, renewed } from "./elements.js";
import { cohortOf, eachOf, standards } from "./figures.js";
import { gainsTable } from "./gains.js";
import { fileName, save } from "./saving.js";

/** Give the tab of the plan, which outlives every step in ``kept``. */
export function planTab(view, act, kept) {
  const tab = tabOf(view, act);
  kept.plan = kept.plan ? renewed(kept.plan, tab) : tab;
  return kept.plan;
}

function tabOf(view, act) {
  const { study, words, state, planning } = view;
  const { say } = words;
  const { plan } = planning;
  const own = state.planCategory ?? state.category ?? 0;
  if (!study.categories.length) return make("p", { className: "hint" }, say("policy.none"));
  const placing = state.tool === "place";
  return make("div", { className: "plan", id: "plan" },
    make("div", { className: "plan-head" },
      chooser("choose-plan-category", say("plan.category"),
        study.categories.map((category, at) => [String(at), words.named(category)]),
        { value: own, onchange: (value) => act.change({ planCategory: Number(value),
          ...(state.category === null ? {} : { category: Number(value) }) }) }),
      button(say(placing ? "plan.placing" : "plan.place"), () => act.change({ tool: placing ? "select" : "place" }),
        { id: "place", className: "strong", "aria-pressed": String(placing) })),
    make("p", { className: "hint" }, say(placing ? "plan.how" : "plan.hint")),
    make("div", { className: "plan-tools" },
      button(say("plan.undo"), () => act.plan("undo"), { id: "undo", disabled: !planning.past.length }),
      button(say("plan.redo"), () => act.plan("redo"), { id: "redo", disabled: !planning.future.length }),
      button(say("plan.best"), () => act.best(own), { id: "best", disabled: Boolean(view.searching) }),
      button(say("plan.clear"), () => act.plan("clear"), { id: "clear", disabled: planning.empty })),
    view.searching ? make("progress", { max: 1, value: view.searching, "aria-label": say("plan.searching") }) : null,
    make("p", { className: "said", role: "status", id: "plan-said" }, view.planSaid ?? ""),
    planning.empty ? null : gains(view),
    sites(view, act), closures(view, act),
    make("div", { className: "plan-tools" },
      planning.empty ? null : make("label", { className: "own" }, make("input", { type: "checkbox", id: "compare",
        checked: state.compare, onchange: (event) => act.change({ compare: event.target.checked }) }), say("plan.compare")),
      button(say("plan.export"), () => save(`${fileName(plan.name)}.json`, planning.text(), "application/json"),
        { id: "export-plan", disabled: planning.empty }),
      importer(say, act)),
    make("p", { className: "hint" }, say("plan.run")));
}

function importer(say, act) {
  const file = make("input", { type: "file", accept: ".json,application/json", id: "import-plan", className: "unseen",
    "aria-label": say("plan.import"), onchange: async ({ target: { files } }) => { if (files[0]) act.read(await files[0].text()); } });
  return make("label", { className: "file", htmlFor: "import-plan" }, file, say("plan.import"));
}

/** Say for every category that the plan touches how the figures change. */
function gains(view) {
  const { study, planning, figuresFor } = view;
  const touched = study.categories.flatMap(({ id }, at) => (planning.plan.added.some((each) => each.category === id)
    || [...planning.closed()].some((row) => study.facilities.category[row] === at) ? [at] : []));
  return gainsTable(view, touched, (asked) => [study.times, planning.times].map((times) => figuresFor(times, asked)));
}

function sites({ words, planning, study }, act) {
  const { say } = words;
  const { added } = planning.plan;
  if (!added.length) return null;
  const line = ({ name, category, capacity }, at) => {
    const index = study.categories.findIndex(({ id }) => id === category);
    const room = study.categories[index].queues ? make("input", { type: "number", min: 0, value: capacity ?? "",
      "aria-label": say("detail.capacity"), placeholder: say("detail.capacity"),
      onchange: (event) => act.alter(at, { capacity: event.target.value === "" ? undefined : Number(event.target.value) }) }) : null;
    return make("li", {},
      make("span", { className: "pin", "aria-hidden": "true" }, String(at + 1)),
      make("button", { type: "button", className: "plain", title: name, onclick: () => act.showSite(at) }, name),
      name.includes(words.category(index)) ? null : make("small", {}, words.category(index)), room,
      button(say("plan.move"), () => act.moveHere(at), { title: say("plan.move_how") }),
      button("×", () => act.plan("remove", at), { "aria-label": `${say("plan.remove")} ${name}` }));
  };
  return make("ol", { className: "sites" }, ...added.map(line));
}

function closures({ words, planning }, act) {
  const closed = [...planning.closed()];
  if (!closed.length) return null;
  const { say } = words;
  return make("ul", { className: "sites" }, ...closed.map((facility) => make("li", {},
    make("span", { className: "pin closed", "aria-hidden": "true" }, "×"),
    make("button", { type: "button", className: "plain", onclick: () => act.goToFacility(facility) }, words.facility(facility)),
    make("small", {}, say("plan.closed")),
    button(say("plan.reopen"), () => act.plan("toggle", facility)))));
}

/** Look for the next best place a little at a time, so that the page stays awake. */
export async function searchBest(planning, { study, choice, category, onStep }) {
  const asked = eachOf(study, choice, category);
  const steps = planning.whatIf.nextBest(planning.times, {
    category: study.categories[category].id, standards: standards(study, asked), cohort: cohortOf(study, asked),
  });
  let last = null;
  for (let began = performance.now(), step = steps.next(); !step.done; step = steps.next()) {
    last = step.value;
    if (performance.now() - began < 40) continue;
    onStep(last.done / last.of);
    await new Promise((resume) => { setTimeout(resume); });
    began = performance.now();
  }
  return last?.best ?? null;
}
