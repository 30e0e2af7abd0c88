/* What to look at: chosen on the left, by mouse or by keys. */

import { chooser, make, segments } from "./elements.js";
import { showsOf } from "./measures.js";

const [SHORTEST, LONGEST] = [5, 30];

/** Give the choosers of the page for one state; ``change`` takes what is different. */
export function controls({ study, words, state }, change) {
  const { say } = words;
  const own = ["", say("standard")];
  const what = [["circle", words.named(study.circle)],
    ...study.categories.map((category, at) => [String(at), words.named(category)])];
  const named = (show) => (show === "share" ? words.share() : say(`show.${show}`));
  return make("div", { className: "controls" },
    chooser("choose-category", say("choose.category"), what, {
      value: state.category ?? "circle", quiet: true,
      onchange: (value) => change({ category: value === "circle" ? null : Number(value) }),
    }),
    segments("choose-show", say("choose.show"), showsOf(state, study).map((show) => [show, named(show)]), {
      value: state.show, onchange: (show) => change({ show }),
    }),
    limit({ words, state, study }, change),
    make("div", { className: "pair" },
      chooser("choose-mode", say("choose.mode"),
        [own, ...study.modes.map((mode) => [mode.id, words.named(mode)])],
        { value: state.mode ?? "", onchange: (mode) => change({ mode: mode || null }) }),
      chooser("choose-cohort", say("choose.cohort"),
        [own, ...study.cohorts.map((cohort) => [cohort, words.cohort(cohort)])],
        { value: state.cohort ?? "", onchange: (cohort) => change({ cohort: cohort || null }) }),
      chooser("choose-township", say("choose.township"),
        [["", words.word("county")],
          ...study.townships.name.map((_, at) => [String(at), words.township(at)])],
        { value: state.township ?? "",
          onchange: (value) => change({ township: value === "" ? null : Number(value) }) }),
      study.public ? null : chooser("choose-level", say("choose.level"),
        ["unit", "residence"].map((level) => [level, words.word(level)]),
        { value: state.level, onchange: (level) => change({ level }) })));
}

/** Put the choosers to another state without making them anew, so that a focus or a drag stays. */
export function syncControls(root, { study, words, state }) {
  const values = { category: state.category ?? "circle", mode: state.mode ?? "", cohort: state.cohort ?? "",
    township: state.township ?? "", ...(study.public ? {} : { level: state.level }) };
  // What stays is left alone: the browser would lay it out anew.
  const put = (selector, property, value) => {
    const found = root.querySelector(selector);
    if (found[property] !== value) found[property] = value;
  };
  for (const [name, value] of Object.entries(values)) put(`#choose-${name}`, "value", String(value));
  for (const each of root.querySelectorAll("#choose-show button")) {
    each.setAttribute("aria-pressed", String(each.dataset.value === state.show));
  }
  const minutes = state.minutes ?? ownMinutes(study, state);
  put("#limit", "value", String(minutes));
  root.querySelector("#limit").setAttribute("aria-valuetext", words.say("within", { minutes }));
  put("#limit-own", "checked", state.minutes === null);
  put("#limit-value", "textContent", limitSaid(words, state));
}

const limitSaid = ({ say }, { minutes }) => (minutes === null ? say("standard") : say("within", { minutes }));

/** The limit in minutes: the category's own, or any from 5 to 30, the figures following. */
function limit({ words, state, study }, change) {
  const { say } = words;
  const own = ownMinutes(study, state);
  const slider = make("input", {
    id: "limit", type: "range", min: SHORTEST, max: LONGEST, step: 1,
    value: String(state.minutes ?? own), "aria-label": say("choose.limit"),
    oninput: () => change({ minutes: Number(slider.value) }),
  });
  slider.setAttribute("aria-valuetext", say("within", { minutes: slider.value }));
  const isOwn = make("input", { id: "limit-own", type: "checkbox", checked: state.minutes === null,
    onchange: () => change({ minutes: isOwn.checked ? null : Number(slider.value) }) });
  return make("div", { className: "limit" },
    make("label", { className: "limit-name", htmlFor: "limit" }, make("span", {}, say("choose.limit")),
      make("output", { id: "limit-value" }, limitSaid(words, state))),
    slider,
    make("label", { className: "own", htmlFor: "limit-own" }, isOwn, say("standard")));
}

function ownMinutes(study, { category }) {
  const minutes = category === null ? study.circle.minutes.at(-1)
    : study.categories[category].rural.minutes;
  return Math.min(LONGEST, Math.max(SHORTEST, Math.round(minutes)));
}
