/* Two runs: which they are, every category before and after, and what else differs. */

import { gainsTable } from "./gains.js";
import { make } from "./elements.js";

/** Give the tab of the two runs. */
export function runsTab(view, act) {
  const { study, words, earlier, figuresFor, times } = view;
  const { say } = words;
  const every = study.categories.map((_, at) => at);
  return make("div", { className: "runs", id: "runs" },
    make("dl", { className: "two-runs" }, ...["old", "new"].flatMap((which) =>
      [make("dt", {}, say(`runs.${which}`)), make("dd", {}, nameOf(study.runs[which], words))])),
    gainsTable(view, every, (asked) => [earlier.figures(asked), figuresFor(times, asked)]),
    only(view, "come", earlier.come.map((unit) => make("button", { type: "button", className: "plain",
      onclick: () => act.goToUnit(unit) }, words.unit(unit)))),
    only(view, "gone", earlier.gone.map((at) => earlier.study.units.name.at(at))),
    differences(study.runs.differences[words.lang], words));
}

/** Name a run: its study, its data date and its plan. */
export function nameOf({ name, dataDate, plan, simulated }, { say, word, clauses }) {
  return clauses([name, dataDate, plan && say("legend.plan", plan), simulated && word("simulated")].filter(Boolean));
}

function only({ words }, which, units) {
  if (!units.length) return null;
  return make("details", { id: `only-${which}` },
    make("summary", {}, words.say(`runs.${which}`, { count: units.length })),
    make("ul", { className: "served" }, ...units.map((unit) => make("li", {}, unit))));
}

function differences(rows, { say }) {
  const line = ([part, name, was, is]) => make("tr", {}, make("td", {}, part), make("th", { scope: "row" }, name),
    make("td", {}, was ?? "—"), make("td", {}, is ?? "—"));
  return make("details", { id: "differences" }, make("summary", {}, say("runs.differ", { count: rows.length })),
    make("table", {}, make("tbody", {}, ...rows.map(line))));
}
