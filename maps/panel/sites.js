/* Where to build: an answer told with its proof, its sites, before and after, and how far more goes. */

import { chart } from "./chart.js";
import { button, chooser, make } from "./elements.js";
import { shownShare } from "./figures.js";

/** Give the tab of siting answers. */
export function sitesTab(view, act) {
  const { study, words, siting } = view;
  const { say } = words;
  const { record, answer, tried } = siting;
  const named = (each) => `${each.name} · ${categoryName(view, each.question.category)}`;
  return make("div", { className: "answer", id: "answer" },
    study.answers.length > 1 ? chooser("choose-answer", say("answer.question"),
      study.answers.map((each, at) => [String(at), named(each)]),
      { value: answer, onchange: (value) => act.siting({ answer: Number(value), site: null }) }) : null,
    ...record.told[words.lang].map((line) => make("p", {}, line)),
    record.sites.length ? make("div", { className: "plan-tools" },
      button(say(tried ? "answer.away" : "answer.try"), () => act.tryAnswer(), { id: "try-answer", className: "strong",
        "aria-pressed": String(tried) })) : null,
    sitesTable(view, act), siteDetail(view, act), beforeAndAfter(view),
    curveChart(view), frontierChart(view));
}

const categoryName = ({ study, words }, id) =>
  words.category(study.categories.findIndex((each) => each.id === id)) || id;

function table(id, heads, rows) {
  return make("table", { id },
    make("thead", {}, make("tr", {}, ...heads.map((text, at) =>
      make("th", { scope: "col", className: at > 1 ? "number" : "" }, text)))),
    make("tbody", {}, ...rows));
}

function sitesTable({ words, siting }, act) {
  const { say, count } = words;
  if (!siting.sites.length) return null;
  const rows = siting.sites.map((each, at) => make("tr", { "aria-current": at === siting.site ? "true" : null },
    make("td", {}, make("span", { className: "pin", "aria-hidden": "true" }, String(each.rank))),
    make("th", { scope: "row" },
      make("button", { type: "button", className: "plain", onclick: () => act.siting({ site: at }) }, each.name ?? each.candidate_id),
      make("small", {}, ` ${each.township ?? ""}${each.year ? ` · ${each.year}` : ""}`)),
    ...[each.people, each.alone, each.lost].map((value) => make("td", { className: "number" }, count(value)))));
  return table("sites-table", ["rank", "place", "people", "alone", "lost"].map((key) => say(`answer.${key}`)), rows);
}

/** Tell of the chosen site who is newly covered, what would do as well, and which units it serves. */
function siteDetail({ study, words, siting }, act) {
  if (siting.site === null) return null;
  const { say, count } = words;
  const each = siting.sites[siting.site];
  const among = (of) => toldOf(words.priority((id) => known(words, each[`${id}_${of}`])));
  const facts = [...priorityOf(words, each).map(([who, value]) => [say("answer.newly", { who }), value]),
    ...["alone", "lost"].map((of) => [say(`answer.${of}`), among(of)]).filter(([, told]) => told),
    [say("answer.cost"), String(each.cost)], [say("answer.runner_up"),
      each.runner_up_name ? `${each.runner_up_name} · ${shownShare(each.runner_up_share)}` : say("answer.no_runner_up")]];
  return make("section", { id: "site", "aria-label": each.name },
    make("dl", {}, ...facts.flatMap(([what, value]) => [make("dt", {}, what), make("dd", {}, value)])),
    make("ul", { className: "served" }, ...each.served.map((those) => make("li", {},
      make("button", { type: "button", className: "plain", onclick: () => act.goToUnit(those.unit) }, words.unit(those.unit)),
      make("span", {}, count(those.people)), priorityLine(words, priorityOf(words, those))))));
}

/** Give the priority people of a row of an answer; of whom nobody knows, that is said. */
const known = (words, value) => (value === null ? "—" : words.count(value));
const priorityOf = (words, row) => words.priority((id) => known(words, row[id]));
const toldOf = (found) => found.map(([who, value]) => `${who} ${value}`).join(" · ");
const priorityLine = (words, found) => (found.length ? make("small", { className: "priority" }, toldOf(found)) : null);

function beforeAndAfter(view) {
  const { study, words, siting } = view;
  const { say } = words;
  const shown = (row, value) => {
    if (value === null) return "—";
    const policy = study.scorecard.find(({ id }) => id === row.indicator);
    return !policy || policy.share ? shownShare(value) : `${Number(value.toPrecision(4))}`;
  };
  const name = ({ indicator }) => {
    const policy = study.scorecard.find(({ id }) => id === indicator);
    return policy ? words.named(policy) : categoryName(view, indicator);
  };
  const step = (row, before, after) => `${shown(row, before)} → ${shown(row, after)}`;
  const priority = (row) => words.priority((id) => [row[`${id}_before`], row[`${id}_after`]])
    .filter(([, values]) => values.some((value) => value !== null)).map(([who, values]) => [who, step(row, ...values)]);
  const over = (row) => (["units", "facilities"].includes(row.over) ? say(`answer.over_${row.over}`)
    : study.basis === "dwellings" ? words.cohort("people") : say("answer.over_people"));
  const rows = siting.record.figures.map((row) => make("tr", {},
    make("th", { scope: "row" }, name(row), priorityLine(words, priority(row))), make("td", {}, over(row)),
    make("td", { className: "number" }, step(row, row.before, row.after)),
    make("td", { className: "number" }, row.target === null ? "—" : shown(row, row.target))));
  return make("section", {}, make("h3", {}, say("answer.figures")),
    table("figures-table", ["figure", "over", "step", "target"].map((key) => say(`answer.${key}`)), rows));
}

const percent = (share) => `${Math.round(share * 1000) / 10}%`;
const lowest = (rows) => Math.max(0, Math.min(...rows.map(({ share }) => share)) - 0.02);

/** Say how many are counted: people, or dwellings where no people are known. */
const counted = ({ study, words }, value) =>
  `${words.count(value)} ${study.basis === "dwellings" ? words.cohort("people") : words.say("answer.unit")}`;

/** Say beside them how many of the priority people are. */
const countedWith = (view, value, those) =>
  view.words.clauses([counted(view, value), toldOf(priorityOf(view.words, those))].filter(Boolean));

function curveChart(view) {
  const { words, siting } = view;
  const { say } = words;
  const { curve } = siting.record;
  if (curve.length < 2) return null;
  const chosen = siting.sites.length;
  const points = curve.map(({ sites, share, people, knee, ...those }) => ({ x: sites, y: share,
    kind: knee ? "knee" : sites === chosen ? "chosen" : "",
    told: say(knee ? "answer.knee_point" : "answer.curve_point", { sites, share: percent(share), people: countedWith(view, people, those) }) }));
  return make("section", {}, make("h3", {}, say("answer.curve")), chart({ id: "curve", label: say("answer.curve"),
    x: { name: say("answer.sites"), low: 0, high: curve.at(-1).sites, step: 1, shown: String },
    y: { name: say("answer.share"), low: lowest(curve), high: curve.at(-1).share, shown: percent },
    series: [{ kind: "greedy", line: true, points }] }), make("p", {}, make("small", {}, say("answer.curve_note"))));
}

function frontierChart(view) {
  const { words, siting } = view;
  const { say } = words;
  const { frontier } = siting.record;
  if (frontier.length < 2) return null;
  const points = frontier.map(({ cost, share, people, at_most: most, proved, ...those }) => ({ x: cost, y: share, kind: proved ? "" : "open",
    told: say(proved ? "answer.proved_point" : "answer.open_point", { cost, share: percent(share), people: countedWith(view, people, those), most: counted(view, most) }) }));
  return make("section", {}, make("h3", {}, say("answer.frontier")), chart({ id: "frontier", label: say("answer.frontier"),
    x: { name: say("answer.cost"), low: 0, high: frontier.at(-1).cost, shown: String },
    y: { name: say("answer.share"), low: lowest(frontier), high: frontier.at(-1).share, shown: percent },
    series: [{ kind: "best", line: true, points }] }), make("p", {}, make("small", {}, say("answer.frontier_note"))));
}
