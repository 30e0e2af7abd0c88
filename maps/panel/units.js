/* A unit's own time: when a stated share of its people have arrived, as geo/arrival.py says it. */

import { rounded } from "./attach.js";
import { groupsOf } from "./groups.js";

const WHOLE = 2 ** 40;

/**
 * Give the times of units after a plan: those of some units anew, the others as they are.
 * @param {object} model
 * @param {Set<number>} changed
 * @param {{mode: string, category: string, ms: Int32Array, nearest: Int32Array,
 *   order: (row: number) => number, lengthOf: (row: number) => number | undefined}} after
 * @returns {import("./model.js").UnitColumns}
 */
export function withUnits(model, changed, after) {
  const { mode, category, ms, nearest } = after;
  const before = model.times.unit(mode, category);
  const column = (name) => (before ? Int32Array.from(before[name]) : new Int32Array(model.count).fill(-1));
  const made = { ms: column("ms"), place: column("place") };
  for (const unit of changed) {
    const place = tellingPlace(model, rowsOf(model, unit), after);
    const there = place >= 0 && ms[place] >= 0;
    made.ms[unit] = there ? ms[place] : -1;
    made.place[unit] = there ? place : -1;
  }
  const facilityOf = (unit) => (made.place[unit] < 0 ? -1 : nearest[made.place[unit]]);
  const metresOf = (unit) => (made.place[unit] < 0 ? -1 : Math.ceil((after.lengthOf(made.place[unit]) ?? 0) / 1e6));
  return { ...made, facilityOf, metresOf: (unit) => (changed.has(unit) ? metresOf(unit) : before?.metresOf(unit) ?? -1) };
}

/** Give the rows of a unit's residences. */
function rowsOf(model, unit) {
  model.residencesOf ??= groupsOf(model.residences.unit).of;
  return model.residencesOf(unit);
}

/** Give the residence whose time would be a unit's that reaches nothing; -1 for a unit without any.
    ``ms`` is null where there is nothing to reach. */
export function placeThatIsLate(model, unit, ms) {
  return tellingPlace(model, rowsOf(model, unit), { ms, order: () => 0 });
}

/** Give the residence by whose arrival the study's share of a unit's people have arrived. */
function tellingPlace(model, rows, { ms, order }) {
  if (!rows.length) return -1;
  const weight = model.weight("unit");
  const late = (row) => (!ms || ms[row] < 0 ? Infinity : ms[row]);
  const sorted = [...rows].sort((one, other) =>
    (late(one) === late(other) ? order(one) - order(other) : late(one) - late(other)) || one - other);
  let whole = 0;
  for (const row of rows) whole += weight[row];
  // A unit's parts may miss the whole by half of one each: half a share is met by half.
  const need = Math.ceil(model.unitShare * WHOLE) - rows.length;
  let running = 0;
  for (const row of sorted) {
    running += rounded(weight[row] / whole * WHOLE);
    if (running >= need) return row;
  }
  return sorted[sorted.length - 1];
}
