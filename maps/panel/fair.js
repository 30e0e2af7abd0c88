/* Supply and fairness: how evenly times and places are spread, and how full facilities are. */

import { shownPlaces } from "./access.js";
import { chart } from "./chart.js";
import { make, segments } from "./elements.js";
import { standards } from "./figures.js";

const PARTS = { people: 1, mean: 100000, gini: 1000000, below: 1000000 }; // as maps/fair_figures.py has them
const FULLEST = 30;

/** Say whether the study tells of fairness at all. */
export const hasFairness = (study) => Object.keys(study.supply?.categories ?? {}).length > 0;

/** Give the tab. ``settings`` outlive it: which measure is looked at. */
export function fairTab(view, act, settings) {
  const { study, words, state } = view;
  const { say } = words;
  const category = state.category ?? study.circle.categories[0];
  const found = study.supply.categories[study.categories[category]?.id];
  if (!found) return make("p", { className: "hint" }, say("fair.none"));
  const measures = Object.keys(found.measures);
  const measure = measures.includes(settings.measure) ? settings.measure : measures[0];
  const spread = found.measures[measure];
  return make("div", { className: "fair", id: "fair" },
    make("h2", {}, words.category(category)),
    measures.length > 1 ? segments("choose-measure", say("fair.measure"), measures.map((each) => [each, say(`fair.${each}`)]),
      { value: measure, onchange: (value) => { settings.measure = value; act.open("fair"); } })
      : make("p", {}, say(`fair.${measure}`)),
    make("p", {}, make("small", {}, measure === "minutes" ? say("fair.by_mode", { mode: words.mode(spread.mode) })
      : say("fair.method", { method: words.text(study.supply.method), decay: words.text(study.supply.decay) }))),
    view.planning.empty ? null : make("p", {}, say("fair.as_is")),
    figures(view, spread, measure), priority(view, spread, measure), gap(view, spread, measure), lorenz(view, spread.lorenz, measure),
    townships(view, { category, measure, spread }),
    measure === "minutes" ? null : places(view, category, found.standard),
    fullest(view, act, category));
}

const plain = (value, decimals) => (value === null || value === undefined ? "—" : value.toFixed(decimals));
const share = (value) => (value === null || value === undefined ? "—" : `${(value * 100).toFixed(1)}%`);
const part = (one, whole) => (one === null || !whole ? null : one / whole);

/** Give the county's figures, as the workbook has them. */
function figures({ words }, { county }, measure) {
  const { say, count } = words;
  const facts = [
    ["mean", plain(county.mean, 1)], ["gini", plain(county.gini, 3)],
    ["palma", plain(county.palma, 3)], ["theil", plain(county.theil, 3)],
    ["between_townships", share(part(county.theil_between_townships, county.theil))],
    ["between_urban_rural", share(part(county.theil_between_urban_rural, county.theil))],
    ["concentration", plain(county.concentration, 3)], [`below_${measure}`, share(county.below)],
    ["shortfall", plain(county.shortfall, 3)], ["severity", plain(county.severity, 3)],
    ["left_out", count(county.left_out ?? 0)]];
  return make("dl", { id: "fair-county" }, ...facts.filter(([, value]) => value !== "—").flatMap(([key, value]) =>
    [make("dt", { title: say(`fair.${key}_how`) }, say(`fair.${key}`)), make("dd", { "data-figure": key }, value)]));
}

/** Tell minors, the elderly and the disabled apart: how many, who reach nothing, who have too little. */
function priority({ words }, { county }, measure) {
  const { say, count } = words;
  const known = (value) => (value === null ? "—" : count(value));
  const rows = words.priority((id) => id).map(([who, id]) =>
    [who, known(county[id]), known(county[`${id}_reaching_nothing`]), share(county[`${id}_below`])]);
  if (!rows.length) return null;
  return table("fair-priority", ["group", "counted", "left_out", `below_${measure}`].map((key) => say(`fair.${key}`)), rows);
}

/** Say how far apart urban and rural people are. */
function gap({ words }, { urban, rural }, measure) {
  if (!urban?.mean || !rural?.mean) return null;
  return make("p", { id: "fair-gap" }, words.say(`fair.gap_${measure}`, { urban: plain(urban.mean, 1),
    rural: plain(rural.mean, 1), times: plain(rural.mean / urban.mean, 2) }));
}

function lorenz({ words }, shares, measure) {
  if (shares.some((each) => each === null)) return null;
  const { say } = words;
  const tenth = (at) => at / (shares.length - 1);
  const told = (value, at) => say("fair.lorenz_point", { people: share(tenth(at)), value: share(value) });
  return make("section", {}, make("h3", {}, say(`fair.lorenz_${measure}`)), chart({ id: "lorenz", label: say(`fair.lorenz_${measure}`),
    x: { name: say("fair.share_of_people"), low: 0, high: 1, shown: (value) => `${Math.round(100 * value)}%` },
    y: { name: say("fair.share_of_value"), low: 0, high: 1, shown: (value) => `${Math.round(100 * value)}%` },
    series: [{ kind: "even", line: true, points: [{ x: 0, y: 0 }, { x: 1, y: 1 }] },
      { kind: "lorenz", line: true, points: shares.map((value, at) => ({ x: tenth(at), y: value, told: told(value, at) })) }] }));
}

function table(id, heads, rows) {
  return make("table", { id },
    make("thead", {}, make("tr", {}, ...heads.map((text, at) => make("th", { scope: "col", className: at ? "number" : "" }, text)))),
    make("tbody", {}, ...rows.map(([name, ...cells]) => make("tr", {}, make("th", { scope: "row" }, name),
      ...cells.map((cell) => make("td", { className: "number" }, cell))))));
}

/** Give a column of whole numbers, so many parts to one; null where unknown. */
function columnOf({ packed }, name, parts = 1) {
  const column = packed.whole(name);
  return (at) => (column[at] < 0 ? null : column[at] / parts);
}

function townships({ study, words }, { category, measure, spread }) {
  const { say, word, count } = words;
  const { id } = study.categories[category];
  const [people, mean, gini, below] = Object.entries(PARTS).map(([name, parts]) =>
    columnOf(study, `spread/${measure}/${id}/${name}`, parts));
  const line = (name, own) => [name, own.people === null ? "—" : count(own.people), plain(own.mean, 1),
    plain(part(own.mean, spread.county.mean), 2), plain(own.gini, 3), share(own.below)];
  const rows = [line(word("county"), spread.county),
    ...["urban", "rural"].filter((name) => spread[name]).map((name) => line(word(name), spread[name])),
    ...study.townships.name.map((_, at) => line(words.township(at),
      { people: people(at), mean: mean(at), gini: gini(at), below: below(at) }))];
  return make("section", {}, make("h3", {}, say("fair.by_area")), table("fair-areas",
    [say("column.township"), words.cohort(study.categories[category].cohort), say("fair.mean"), say("fair.ratio"), say("fair.gini"),
      say(`fair.below_${measure}`)], rows));
}

/** Give places per 1000 people of the county and its townships: those they have, those they reach. */
function places({ study, words }, category, standard) {
  const { say, word, count } = words;
  const { id } = study.categories[category];
  const [facilities, number] = ["facilities", "places"].map((name) => columnOf(study, `places/${id}/${name}`));
  const [own, reached] = ["places_per_1000", "reached_per_1000"].map((name) => study.packed.real(`places/${id}/${name}`));
  const known = (value) => shownPlaces(Number.isNaN(value) ? null : value);
  const line = (name, at) => [name, count(facilities(at) ?? 0), count(number(at) ?? 0), known(own[at]), known(reached[at])];
  return make("section", {}, make("h3", {}, say("fair.places")),
    standard === null ? null : make("p", {}, say("fair.standard", { standard })),
    table("fair-places", [say("column.township"), ...["facilities", "number", "own", "reached"].map((key) => say(`fair.${key}`))],
      [line(word("county"), 0), ...study.townships.name.map((_, at) => line(words.township(at), at + 1))]));
}

/** Give by facility the people within the limit who have no nearer one. */
function askedOf({ study, choice, times }, category) {
  const { id, cohort } = study.categories[category];
  const bounds = standards(study, { ...choice, category });
  const [ms, nearest] = [times.ms, times.nearest].map((of) => bounds.map(({ mode }) => of(mode, id)));
  const { unit } = study.residences;
  const weight = study.weight(cohort);
  const asked = new Map();
  for (let row = 0; row < unit.length; row++) {
    const which = study.units.urban[unit[row]];
    const time = ms[which]?.[row] ?? -1;
    if (time < 0 || time > bounds[which].limit) continue;
    const at = nearest[which][row];
    asked.set(at, (asked.get(at) ?? 0) + (weight[row] || 0));
  }
  return asked;
}

/** List the facilities of a category by how full they are, as the plan on trial would have it. */
function fullest(view, act, category) {
  const { study, words, times } = view;
  const { say, count } = words;
  const { facilities } = study;
  const asked = askedOf(view, category);
  const rows = [];
  facilities.category.forEach((each, at) => {
    const room = each === category && facilities.counted[at] && !view.planning.isClosed(at) ? times.room(at) : NaN;
    if (Number.isNaN(room)) return;
    const people = asked.get(at) ?? 0;
    rows.push({ at, people, room, load: room > 0 ? people / room : people > 0 ? Infinity : 0 });
  });
  if (!rows.length) return null;
  rows.sort((one, other) => other.load - one.load || other.people - one.people || one.at - other.at);
  const within = study.packed.whole("load/people_within");
  const line = ({ at, people, room, load }) => [
    make("button", { type: "button", className: "plain", onclick: () => act.goToFacility(at) }, words.facility(at)),
    count(people), count(room), Number.isFinite(load) ? share(load) : "—", within[at] < 0 ? "—" : count(within[at])];
  return make("section", {}, make("h3", {}, say("fair.load")),
    make("p", {}, say("fair.over", { over: rows.filter(({ people, room }) => people > room).length, of: rows.length })),
    table("fair-load", ["facility", "people", "room", "used", "within"].map((key) => say(`fair.${key}`)), rows.slice(0, FULLEST).map(line)));
}
