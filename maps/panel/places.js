/* Points joined to a network, by row: worked out when they are asked for, for kept they take a lot of room. */

import { joinAt } from "./attach.js";
import { lowerBound } from "./groups.js";

/**
 * @typedef {object} Places points joined to a network, by row
 * @property {ArrayLike<number>} x @property {ArrayLike<number>} y centimetres from the origin
 * @property {(row: number) => import("./attach.js").Join} joinOf
 * @property {{node: Int32Array, ms: Int32Array}[]} [ends] by either end of its arc: the node a place
 *   leaves by, -1 where none, and the milliseconds to there
 */

/** Join points that are known to join behind given vertices (-1: off the network). */
export function placesAt(network, x, y, at) {
  return { x, y, joinOf: (row) => joinAt(network, at[row], x[row], y[row]) };
}

/** Give by either end of their arcs how places come to the nodes. */
export function endsOf({ start, end }, { x, joinOf }) {
  const made = [start, end].map(() => ({ node: new Int32Array(x.length).fill(-1), ms: new Int32Array(x.length) }));
  for (let row = 0; row < x.length; row++) {
    const join = joinOf(row);
    [[start, join.toStart], [end, join.toEnd]].forEach(([nodes, leg], which) => {
      if (join.at < 0 || leg < 0) return;
      made[which].node[row] = nodes[join.arc];
      made[which].ms[row] = leg + join.access;
    });
  }
  return made;
}

/** Give the rows of the places on an arc. */
export function onArc(places, arc) {
  places.byArc ??= byArc(places);
  const { arcs, rows } = places.byArc;
  return rows.subarray(lowerBound(arcs, arc), lowerBound(arcs, arc + 1));
}

function byArc({ x, joinOf }) {
  const of = Int32Array.from(x, (_, row) => joinOf(row).arc);
  const rows = of.map((_, row) => row).sort((one, other) => of[one] - of[other] || one - other);
  return { arcs: of.sort(), rows };
}
