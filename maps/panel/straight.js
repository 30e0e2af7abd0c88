/* Straight lines times a detour factor, where a study has no streets. */

import { lengthUm, straightMs } from "./attach.js";
import { RANK, UNREACHED } from "./travel.js";

const MICROMETRES = 1e6;

/**
 * Find every place's nearest of some facilities, or of what was found before and these.
 * @param {{x: ArrayLike<number>, y: ArrayLike<number>}} places
 * @param {Iterable<import("./standing.js").Standing>} facilities
 * @param {{kmh: number, detour: number, limit: number}} rules ``limit``: milliseconds
 * @param {{key: Float64Array}} [before]
 */
export function straightNearest({ x, y }, facilities, { kmh, detour, limit }, before) {
  const key = before ? before.key.slice() : new Float64Array(x.length).fill(UNREACHED);
  const bound = (limit + 1) * RANK;
  for (const { rank, x: east, y: north } of facilities) {
    for (let row = 0; row < x.length; row++) {
      const metres = lengthUm(east - x[row], north - y[row]) / MICROMETRES * detour;
      const by = straightMs(metres, kmh) * RANK + rank;
      if (by < key[row] && by < bound) key[row] = by;
    }
  }
  return { key };
}

/** Give the line from a place to a facility, and what it counts for. */
export const straightWay = (from, to, detour) =>
  ({ um: lengthUm(to.x - from[0], to.y - from[1]) * detour, points: [from, [to.x, to.y]] });
