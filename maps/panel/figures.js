"use strict";
/* The figures of the page: whole milliseconds against limits, nothing drawn.
   A choice is {category, mode, minutes}; mode or minutes null: the category's own standard. */

const MS_PER_MINUTE = 60000;
const COVERED = 1, UNCOVERED = 0, UNKNOWN = -1;

function decode(packed, Kind) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return new Kind(bytes.buffer);
}

/** Turn every packed column of the data into an array of numbers. */
function unpack(data) {
  const whole = (packed) => decode(packed, Int32Array);
  const each = (object, change) =>
    Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
  data.residences = {
    unit: whole(data.residences.unit),
    order: whole(data.residences.order),
    weights: each(data.residences.weights, (packed) => decode(packed, Float64Array)),
  };
  data.queues = each(data.queues, ({ room, facility }) =>
    ({ room, facility: facility && each(facility, whole) }));
  data.times = each(data.times, (columns) => each(columns, whole));
  data.unitTimes = each(data.unitTimes, (columns) => each(columns, (found) => each(found, whole)));
  data.hasPlace = new Uint8Array(data.units.id.length);
  for (const unit of data.residences.unit) data.hasPlace[unit] = 1;
  return data;
}

const milliseconds = (minutes) => Math.round(minutes * MS_PER_MINUTE);
const arrives = (time, limit) => time >= 0 && time <= limit;

/** Give mode and limit in milliseconds that hold for one unit. */
function standard(data, choice, unit) {
  const category = data.categories[choice.category];
  const own = data.units.urban[unit] ? category.urban : category.rural;
  return {
    mode: choice.mode ?? own.mode,
    limit: milliseconds(choice.minutes ?? own.minutes),
  };
}

/** Say of every residence whether it arrives within the limit. */
function arrivals(data, choice, standards) {
  const id = data.categories[choice.category].id;
  const columns = standards.map(({ mode }) => data.times[mode]?.[id]);
  return Uint8Array.from(data.residences.unit, (unit, row) =>
    columns[unit] && arrives(columns[unit][row], standards[unit].limit) ? 1 : 0);
}

/** Let residences queue at their nearest facility, the nearest first; take away who finds no room. */
function withRoom(data, choice, standards, within) {
  const id = data.categories[choice.category].id;
  const queue = data.queues[id];
  if (!queue?.facility) return within;
  const { unit, order, weights } = data.residences;
  const weight = weights[data.categories[choice.category].cohort];
  const waiting = [];
  for (let row = 0; row < within.length; row++) {
    if (!within[row]) continue;
    const { mode } = standards[unit[row]];
    waiting.push({ row, at: queue.facility[mode][row], time: data.times[mode][id][row] });
  }
  waiting.sort((one, other) => one.time - other.time || order[one.row] - order[other.row]);
  const taken = {};
  for (const { row, at } of waiting) {
    taken[at] = (taken[at] ?? 0) + (weight[row] || 0);
    if (taken[at] > (queue.room[at] ?? Infinity)) within[row] = 0;
  }
  return within;
}

/** Give the people of every unit, all of them and those within; NaN where not all are known. */
function peopleOf(data, cohort, within) {
  const people = new Float64Array(data.units.id.length);
  const reached = new Float64Array(data.units.id.length);
  const { unit, weights } = data.residences;
  for (let row = 0; row < unit.length; row++) {
    people[unit[row]] += weights[cohort][row];
    if (within[row]) reached[unit[row]] += weights[cohort][row];
  }
  const share = (at) => (people[at] > 0 ? reached[at] / people[at] : null);
  return (at) => ({ people: people[at], reached: reached[at], share: share(at) });
}

/** Say of every unit whether enough of it is within; only full facilities make a difference. */
function enoughOf(data, within) {
  const share = peopleOf(data, "unit", within);
  return (at) => share(at).reached >= data.unitShare * share(at).people * (1 - 1e-9);
}

/** Give per unit: people within the limit, its time and nearest facility (-1: none), covered. */
function unitFigures(data, choice) {
  const id = data.categories[choice.category].id;
  const standards = data.units.id.map((_, unit) => standard(data, choice, unit));
  const within = withRoom(data, choice, standards, arrivals(data, choice, standards));
  const people = peopleOf(data, data.categories[choice.category].cohort, within);
  const enough = data.queues[id] ? enoughOf(data, within) : () => true;
  return standards.map(({ mode, limit }, unit) => {
    const found = data.unitTimes[mode]?.[id];
    const ms = found ? found.ms[unit] : -1;
    const known = data.hasPlace[unit] && data.times[mode];
    return {
      unit, mode, limit, ms,
      ...people(unit),
      metres: found ? found.metres[unit] : -1,
      facility: found ? found.facility[unit] : -1,
      covered: !known ? UNKNOWN : arrives(ms, limit) && enough(unit) ? COVERED : UNCOVERED,
    };
  });
}

/** Give the same for the living circle, by time alone: who reaches all of it, what is missing. */
function circleFigures(data, choice) {
  const { categories, mode, minutes } = data.circle;
  const asked = { mode: choice.mode ?? mode, minutes: choice.minutes ?? minutes };
  const choices = categories.map((category) => ({ category, ...asked }));
  const standards = data.units.id.map(() =>
    ({ mode: asked.mode, limit: milliseconds(asked.minutes) }));
  const within = choices.map((each) => arrivals(data, each, standards));
  const people = peopleOf(data, "people", data.residences.unit.map((_, row) =>
    within.every((each) => each[row]) ? 1 : 0));
  const found = choices.map((each) => unitFigures(data, each));
  return standards.map(({ mode: by, limit }, unit) => {
    const known = found.length > 0 && found[0][unit].covered !== UNKNOWN;
    const missing = categories.filter((_, at) => !arrives(found[at][unit].ms, limit));
    return {
      unit, mode: by, limit, missing,
      ms: -1, metres: -1, facility: -1,
      ...people(unit),
      covered: !known ? UNKNOWN : missing.length ? UNCOVERED : COVERED,
    };
  });
}

/** Sum units up to an area: both shares, and the gaps. */
function areaFigures(units) {
  const known = units.filter((unit) => unit.covered !== UNKNOWN);
  const counted = known.filter((unit) => unit.people >= 0);
  const people = counted.reduce((sum, unit) => sum + unit.people, 0);
  const reached = counted.reduce((sum, unit) => sum + unit.reached, 0);
  const covered = known.filter((unit) => unit.covered === COVERED).length;
  return {
    people, reached, covered,
    share: people > 0 ? reached / people : null,
    units: known.length,
    unitShare: known.length ? covered / known.length : null,
    gaps: known.length - covered,
  };
}

/** Say in one word why a unit is not covered: what the study found, or what its time shows. */
function reasonOf(data, choice, figure) {
  if (figure.covered === UNKNOWN) return "no_data";
  const category = data.categories[choice.category];
  const own = standard(data, { ...choice, mode: null, minutes: null }, figure.unit);
  const found = data.reasons[figure.mode]?.[category.id]?.[figure.unit];
  if (found && own.mode === figure.mode && own.limit === figure.limit) return found;
  if (figure.ms >= 0) return figure.ms > figure.limit ? "too_far" : "over_capacity";
  if (!data.facilities.category.some((each, row) =>
    each === choice.category && data.facilities.counted[row])) return "none_in_study";
  if (data.offNetwork[figure.mode]?.includes(figure.unit)) return "off_network";
  // Another limit does not make or mend an island; beyond the search nobody knows more.
  return found === "no_path" ? found : "not_reached";
}

/** Round minutes up, so that nothing shown as 15.0 lies beyond 15. */
function shownMinutes(ms) {
  return (Math.ceil(ms / (MS_PER_MINUTE / 10)) / 10).toFixed(1);
}

/** Show a share as percent: 100.0 only for all, 0.0 only for none. */
function shownShare(share) {
  if (share === null) return "—";
  const rounded = Math.round(share * 1000) / 10;
  const honest = share < 1 ? Math.min(rounded, 99.9) : rounded;
  return `${(share > 0 ? Math.max(honest, 0.1) : honest).toFixed(1)}%`;
}
