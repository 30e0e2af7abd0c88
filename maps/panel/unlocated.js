/* Facilities that the ledger lists without coordinates, and categories of which it lists none: whom
   they serve nobody knows, as in geo/unlocated.py. */

import { placeOf } from "./texts.js";

const KNOWN = new WeakMap(); // what is found of a study's or a plan's times goes with them

/**
 * Say of a unit whether a category leaves open if it is served: one without a point stands there,
 * none of the category has a point, or nothing of it is listed.
 * @returns {(unit: number) => boolean}
 */
export function openUnits(study, times, { id }) {
  if (!KNOWN.has(times)) KNOWN.set(times, new Map());
  const known = KNOWN.get(times);
  if (!known.has(id)) known.set(id, found(study, times.plan, id));
  return known.get(id);
}

function found({ facilities, categories }, plan, id) {
  const closed = new Set(plan?.closed.map((each) => placeOf(facilities.id, each)));
  const of = categories.findIndex((each) => each.id === id), kind = categories[of];
  const standing = facilities.of(of)
    .filter((at) => facilities.counted[at] && !closed.has(at));
  const lost = standing.filter((at) => !facilities.there[at]);
  const isPlaced = lost.length < standing.length || plan?.added.some(({ category }) => category === id);
  if ((lost.length || kind?.listed === false) && !isPlaced) return () => true;
  const units = new Set(Array.from(lost, (at) => facilities.lost[at]));
  return (unit) => units.has(unit);
}
