/* The figures of the page: whole milliseconds against limits, nothing drawn.

   A choice is {category, mode, minutes, cohort}: the position of a category, or null for the
   living circle; mode, minutes and cohort null for the category's own. */

import { groupsOf } from "./groups.js";
import { reasonOfPlace } from "./reasons.js";
import { placeThatIsLate } from "./units.js";
import { openUnits } from "./unlocated.js";

const MS_PER_MINUTE = 60000;
export const COVERED = 1;
export const UNCOVERED = 0;
export const UNKNOWN = -1;

/**
 * @typedef {object} Figures one column each, by unit
 * @property {Int32Array} ms
 * @property {(unit: number) => {metres: number, facility: number}} toward whose time it is: -1 for none
 * @property {Int32Array} limit
 * @property {Uint8Array} reachedOf of a living circle: how many of its categories
 * @property {Float64Array} people
 * @property {Float64Array} reached
 * @property {Int8Array} covered
 */

export const milliseconds = (minutes) => Math.round(minutes * MS_PER_MINUTE);
const NOWHERE = { metres: -1, facility: -1 };
const arrives = (time, limit) => time >= 0 && time <= limit;

/** Give mode and limit (milliseconds) of rural and of urban units, in this order. */
export function standards(study, choice) {
  if (choice.category === null) {
    const { mode, minutes } = study.circle;
    const all = { mode: choice.mode ?? mode,
      limit: milliseconds(choice.minutes ?? minutes[minutes.length - 1]) };
    return [all, all];
  }
  const { rural, urban } = study.categories[choice.category];
  return [rural, urban].map((own) => ({
    mode: choice.mode ?? own.mode,
    limit: milliseconds(choice.minutes ?? own.minutes),
  }));
}

/** Give the choice of one category; of a living circle's the circle's mode and minutes hold. */
export function eachOf(study, choice, category) {
  if (choice.category !== null) return { ...choice, category };
  const { mode, minutes } = study.circle;
  return { ...choice, category, mode: choice.mode ?? mode, minutes: choice.minutes ?? minutes.at(-1) };
}

/** Give whose share a choice counts. */
export function cohortOf(study, choice) {
  if (choice.cohort) return choice.cohort;
  return choice.category === null ? "people" : study.categories[choice.category].cohort;
}

/** Say of every residence whether it arrives within the limit; ``within`` may be narrowed. */
function arrivals(study, times, { id }, bounds, within) {
  const { unit } = study.residences;
  const columns = bounds.map(({ mode }) => times.ms(mode, id));
  for (let row = 0; row < unit.length; row++) {
    const which = study.units.urban[unit[row]];
    const column = columns[which];
    if (!column || !arrives(column[row], bounds[which].limit)) within[row] = 0;
  }
  return within;
}

const everybody = (study) => new Uint8Array(study.residences.unit.length).fill(1);

/** Let residences queue at their nearest facility, the nearest first; who finds no room is out. */
function withRoom(study, times, category, bounds, within) {
  const { unit, order } = study.residences;
  const weight = study.weight(category.cohort);
  const ms = bounds.map(({ mode }) => times.ms(mode, category.id));
  const nearest = bounds.map(({ mode }) => times.nearest(mode, category.id));
  const waiting = [];
  for (let row = 0; row < within.length; row++) {
    if (!within[row]) continue;
    const which = study.units.urban[unit[row]];
    waiting.push({ row, at: nearest[which][row], time: ms[which][row] });
  }
  waiting.sort((one, other) => one.time - other.time || order[one.row] - order[other.row]);
  const taken = new Map();
  for (const { row, at } of waiting) {
    const now = (taken.get(at) ?? 0) + (weight[row] || 0);
    taken.set(at, now);
    if (now > times.room(at)) within[row] = 0; // NaN: nobody knows of a bound
  }
  return within;
}

/** Give by unit the weight of all residences and of those within; NaN where not all are known. */
function weigh(study, cohort, within) {
  const { unit } = study.residences;
  const weight = study.weight(cohort);
  const sum = (part) => {
    const found = new Float64Array(study.count);
    for (let row = 0; row < unit.length; row++) found[unit[row]] += part(row);
    return found;
  };
  return { people: shared(study, `people/${cohort}`, () => sum((row) => weight[row])),
    reached: sum((row) => (within[row] ? weight[row] : 0 * weight[row])) }; // what is not known stays so
}

const SHARED = new WeakMap();

/** Give a column that many figures of a study have in common: dozens of them are kept. */
function shared(study, name, make) {
  if (!SHARED.has(study)) SHARED.set(study, new Map());
  const known = SHARED.get(study);
  if (!known.has(name)) known.set(name, make());
  return known.get(name);
}

/** Give the limit of every unit. */
const limitsOf = (study, bounds) => shared(study, `limits/${bounds.map(({ limit }) => limit).join("/")}`,
  () => Int32Array.from(study.units.urban, (which) => bounds[which].limit));

/** Give the time of every unit by the standard that holds there. */
function timesOf(study, found) {
  const [rural, urban] = found;
  if (rural && rural === urban) return rural.ms;
  return Int32Array.from(study.units.urban, (which, unit) => (which ? urban : rural)?.ms[unit] ?? -1);
}

/** Say of every residence whether the choice serves it, capacity counted. */
export function served(study, times, choice) {
  const bounds = standards(study, choice);
  const within = everybody(study);
  if (choice.category === null) {
    for (const at of study.circle.categories) {
      arrivals(study, times, study.categories[at], bounds, within);
    }
    return within;
  }
  const category = study.categories[choice.category];
  arrivals(study, times, category, bounds, within);
  return category.queues ? withRoom(study, times, category, bounds, within) : within;
}

/**
 * Give the figures of every unit for a choice.
 * @returns {Figures}
 */
export function figuresOf(study, times, choice) {
  const within = served(study, times, choice);
  const made = {
    ms: shared(study, "no time", () => new Int32Array(study.count).fill(-1)), limit: limitsOf(study, standards(study, choice)),
    toward: () => NOWHERE,
    reachedOf: shared(study, "none", () => new Uint8Array(study.count)), covered: new Int8Array(study.count).fill(UNKNOWN),
    ...weigh(study, cohortOf(study, choice), within),
  };
  (choice.category === null ? judgeCircle : judge)(study, times, choice, made, within);
  return made;
}

function judge(study, times, choice, made, within) {
  const category = study.categories[choice.category];
  const bounds = standards(study, choice);
  const found = bounds.map(({ mode }) => times.unit(mode, category.id));
  const measured = bounds.map(({ mode }) => study.modes.some(({ id }) => id === mode));
  made.ms = timesOf(study, found);
  made.toward = (unit) => {
    const columns = found[study.units.urban[unit]];
    return columns ? { metres: columns.metresOf(unit), facility: columns.facilityOf(unit) } : NOWHERE;
  };
  const isOpen = openUnits(study, times, category);
  const queue = category.queues ? weigh(study, "unit", within) : null;
  for (let unit = 0; unit < study.count; unit++) {
    if (!study.units.hasPlace[unit] || !measured[study.units.urban[unit]]) continue;
    const enough = !queue
      || queue.reached[unit] >= study.unitShare * queue.people[unit] * (1 - 1e-9);
    if (arrives(made.ms[unit], made.limit[unit]) && enough) made.covered[unit] = COVERED;
    else if (isOpen(unit)) made.reached[unit] = NaN;
    else made.covered[unit] = UNCOVERED;
  }
}

function judgeCircle(study, times, choice, made) {
  const [{ mode, limit }] = standards(study, choice);
  const { categories } = study.circle;
  const columns = categories.map((at) => times.unit(mode, study.categories[at].id)?.ms);
  const isOpen = categories.map((at) => openUnits(study, times, study.categories[at]));
  const known = categories.length > 0 && study.modes.some(({ id }) => id === mode);
  made.reachedOf = new Uint8Array(study.count);
  for (let unit = 0; unit < study.count; unit++) {
    let unknown = 0;
    columns.forEach((ms, at) => {
      if (ms && arrives(ms[unit], limit)) made.reachedOf[unit]++;
      else if (isOpen[at](unit)) unknown++;
    });
    if (!known || !study.units.hasPlace[unit]) continue;
    if (made.reachedOf[unit] === categories.length) made.covered[unit] = COVERED;
    else if (made.reachedOf[unit] + unknown === categories.length) made.reached[unit] = NaN;
    else made.covered[unit] = UNCOVERED;
  }
}

/** Give the categories of the living circle that a unit does not reach. */
export function missingOf(study, times, choice, unit) {
  const [{ mode, limit }] = standards(study, { ...choice, category: null });
  return study.circle.categories.filter((at) => {
    const ms = times.unit(mode, study.categories[at].id)?.ms;
    if (ms && arrives(ms[unit], limit)) return false;
    return !openUnits(study, times, study.categories[at])(unit);
  });
}

/** Give the share of a unit's people that is reached; null where nobody lives or is known. */
export function shareOf({ people, reached }, unit) {
  return people[unit] > 0 ? reached[unit] / people[unit] : null;
}

const UNITS_OF = new WeakMap(); // by the column that tells them: an overview has two

/** Give the units of a township. */
function unitsIn({ units: { township: column } }, township) {
  if (!UNITS_OF.has(column)) UNITS_OF.set(column, groupsOf(column).of);
  return UNITS_OF.get(column)(township);
}

/** Sum units up to an area (a township's position, null for all): both shares, and the gaps. */
export function areaFigures(study, figures, township = null) {
  if (figures.area) return figures.area(township); // an earlier run has units of its own
  const some = township === null ? null : unitsIn(study, township);
  const count = some?.length ?? study.count;
  let people = 0, reached = 0, units = 0, covered = 0; // a property of fractions is a new number at every step
  for (let at = 0; at < count; at++) {
    const unit = some ? some[at] : at;
    if (figures.covered[unit] === UNKNOWN) continue;
    units++;
    if (figures.covered[unit] === COVERED) covered++;
    if (!(figures.people[unit] >= 0)) continue;
    people += figures.people[unit];
    reached += figures.reached[unit];
  }
  return { people, reached, units, covered, share: people > 0 ? reached / people : null,
    unitShare: units ? covered / units : null, gaps: units - covered };
}

/** Say in one word why a unit is not covered: what the study found, or what its time shows. */
export function reasonOf(study, times, choice, figures, unit) {
  const { id, listed } = study.categories[choice.category];
  if (figures.covered[unit] === UNKNOWN) return study.units.hasPlace[unit] && listed !== false ? "no_coordinates" : "no_data";
  const which = study.units.urban[unit];
  const { mode, limit } = standards(study, choice)[which];
  const own = standards(study, { ...choice, mode: null, minutes: null })[which];
  if (times.ms(mode, id) === study.times.ms(mode, id) && own.mode === mode && own.limit === limit) {
    const found = study.reasons[study.reason(mode, id)?.[unit] ?? -1];
    if (found) return found;
  }
  const place = times.unit(mode, id)?.place[unit] ?? -1;
  return reasonOfPlace(study.whatIf, times, { mode, category: id, limit, ms: figures.ms[unit],
    place: place >= 0 ? place : placeThatIsLate(study, unit, times.ms(mode, id)) });
}

/** Round minutes up, so that nothing shown as 15.0 lies beyond 15. */
export function shownMinutes(ms) {
  return (Math.ceil(ms / (MS_PER_MINUTE / 10)) / 10).toFixed(1);
}

/** Show a share as percent: 100.0 only for all, 0.0 only for none. */
export function shownShare(share) {
  if (share === null || Number.isNaN(share)) return "—";
  const rounded = Math.round(share * 1000) / 10;
  const honest = share < 1 ? Math.min(rounded, 99.9) : rounded;
  return `${(share > 0 ? Math.max(honest, 0.1) : honest).toFixed(1)}%`;
}
