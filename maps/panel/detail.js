/* One unit or one facility, told in the panel: people, times, who is served, what is missing. */

import { bar } from "./bar.js";
import { COVERED, eachOf, figuresOf, standards } from "./figures.js";
import { make } from "./elements.js";
import { placeDetail } from "./place_detail.js";
import { sensitiveSaid } from "./sensitivity.js";

/** Give the detail of whatever is chosen. */
export function detailTab(view, act) {
  const { state, words } = view;
  if (state.point) return placeDetail(view);
  if (state.facility !== null) return facilityDetail(view, act);
  if (state.unit !== null) return unitDetail(view, act);
  return make("p", { className: "hint" }, words.say("choose_unit"));
}

/** Add up a cohort over the residences of a unit. */
function peopleIn(study, cohort, unit) {
  const weight = study.weight(cohort);
  let sum = 0;
  study.residences.unit.forEach((each, row) => { if (each === unit) sum += weight[row]; });
  return sum;
}

function unitDetail(view, act) {
  const { study, words, state } = view;
  const { word, say } = words;
  const { unit } = state;
  const cohorts = study.units.hasPlace[unit] ? study.cohorts : [];
  const about = [words.township(study.units.township[unit]),
    word(study.units.urban[unit] ? "urban" : "rural"), study.units.id.at(unit)];
  return make("div", { className: "detail", id: "detail" },
    make("h2", { tabIndex: -1 }, words.unit(unit)), make("p", {}, about.join(" · ")),
    make("dl", { className: "people" }, ...cohorts.flatMap((cohort) =>
      [make("dt", {}, words.cohort(cohort)), make("dd", {}, words.people(peopleIn(study, cohort, unit)))])),
    categoriesTable(view, act, unit),
    view.way ? make("p", { className: "hint" }, say(study.public ? "public.straight" : view.way.hint ? "hint.straight" : "hint.way")) : null);
}

/** Give a row for every category, those that are missing first. */
function categoriesTable(view, act, unit) {
  const { study, words, choice, times } = view;
  const { say } = words;
  const minutes = (was, { ms }) => (was && !was.absent[unit] && was.ms[unit] !== ms[unit]
    ? `${words.minutes(was.ms[unit])} → ` : "") + words.minutes(ms[unit]);
  const found = study.categories.map((_, category) => {
    const asked = eachOf(study, choice, category);
    return { category, asked, figures: figuresOf(study, times, asked), was: view.earlier?.figures(asked) };
  });
  const is = ({ figures }) => (figures.covered[unit] === COVERED ? 1 : 0);
  found.sort((one, other) => is(one) - is(other) || one.category - other.category);
  const line = ({ category, asked, figures, was }) => {
    const { mode, limit } = standards(study, asked)[study.units.urban[unit]];
    const { metres, facility } = figures.toward(unit);
    const late = words.late(times, asked, figures, unit), turns = sensitiveSaid(view, asked, figures, unit);
    const choose = () => act.change({ category });
    return make("tr", { className: figures.covered[unit] === COVERED ? "" : "late",
      "aria-current": category === choice.category ? "true" : null },
    make("td", {}, make("button", { type: "button", className: "plain", onclick: choose },
      words.category(category)), make("small", {}, words.limit({ mode, minutes: limit / 60000 }))),
    make("td", { className: "number" }, minutes(was, figures)),
    make("td", { className: "number" }, metres < 0 ? "—" : words.count(metres)),
    make("td", {}, words.facility(facility), late ? make("em", {}, late) : null,
      turns ? make("em", { className: "sensitive" }, turns) : null));
  };
  const head = [["category"], ["minutes", "number"], ["metres", "number"], ["nearest"]];
  return make("table", { id: "unit" },
    make("thead", {}, make("tr", {}, ...head.map(([key, className = ""]) =>
      make("th", { scope: "col", className }, say(`column.${key}`))))),
    make("tbody", {}, ...found.map(line)));
}

/** Give whom a facility serves: units whose nearest it is, and the people of its residences. */
export function servedBy(study, times, choice, facility) {
  const category = study.facilities.category[facility];
  const asked = { ...choice, category };
  const bounds = standards(study, asked);
  const figures = figuresOf(study, times, asked);
  const units = [];
  for (let unit = 0; unit < study.count; unit++) {
    if (figures.covered[unit] === COVERED && figures.toward(unit).facility === facility) units.push(unit);
  }
  const { id, cohort } = study.categories[category];
  const ms = bounds.map(({ mode }) => times.ms(mode, id));
  const nearest = bounds.map(({ mode }) => times.nearest(mode, id));
  const { unit: unitOf } = study.residences;
  const rows = [];
  for (let row = 0; row < unitOf.length; row++) {
    const which = study.units.urban[unitOf[row]];
    if (!ms[which] || nearest[which][row] !== facility) continue;
    if (ms[which][row] <= bounds[which].limit) rows.push(row);
  }
  return { units, people: sumOf(study, cohort, rows) || 0, rows, figures };
}

/** Add up a cohort over residences, of those where it is known; NaN where it is known of none. */
export function sumOf(study, cohort, rows) {
  if (!study.cohorts.includes(cohort)) return NaN;
  const weight = study.weight(cohort);
  const known = rows.filter((row) => !Number.isNaN(weight[row]));
  return rows.length && !known.length ? NaN : known.reduce((sum, row) => sum + weight[row], 0);
}

function facilityDetail(view, act) {
  const { study, words, state, choice, times } = view;
  const { say, word } = words;
  const { facilities } = study;
  const at = state.facility;
  const category = facilities.category[at];
  const { units, people, rows, figures } = servedBy(study, times, choice, at);
  const { cohort } = study.categories[category];
  const room = times.room(at);
  const used = Number.isNaN(room) || !room ? null : people / room;
  const facts = [
    [say("detail.category"), words.category(category)],
    [say("detail.status"), say(`status.${facilities.status.at(at)}`)],
    [say("detail.serves_units"), words.count(units.length)],
    [say("detail.serves_people", { people: words.cohort(cohort) }), words.count(people)],
    ...(study.public ? [] : words.priority((id) => words.people(sumOf(study, id, rows)), cohort)
      .map(([who, value]) => [say("detail.serves_people", { people: who }), value])),
    Number.isNaN(facilities.capacity(at)) ? null : [say("detail.capacity"), words.count(facilities.capacity(at))],
  ].filter(Boolean);
  return make("div", { className: "detail", id: "detail" },
    make("h2", { tabIndex: -1 }, words.facility(at)),
    make("dl", {}, ...facts.flatMap(([what, value]) => [make("dt", {}, what), make("dd", {}, value)])),
    used === null ? null : make("div", { className: "use" },
      make("small", {}, say("detail.use", { people: words.count(people), room: words.count(room) })),
      bar({ now: used, target: 1 }, say("detail.use", { people: words.count(people), room: words.count(room) }))),
    view.earlier || study.public ? null : make("div", { className: "plan-tools" }, make("button", { type: "button", id: "close-facility",
      onclick: () => act.plan("toggle", at) }, say(view.planning.isClosed(at) ? "plan.reopen" : "plan.close"))),
    make("h3", {}, word("catchment")),
    units.length ? make("ul", { className: "served" }, ...units.map((unit) => make("li", {},
      make("button", { type: "button", className: "plain", onclick: () => act.goToUnit(unit) }, words.unit(unit)),
      make("span", {}, say("within", { minutes: words.minutes(figures.ms[unit]) })))))
      : make("p", {}, say("serves_none")));
}
