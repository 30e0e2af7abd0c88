/* The streets of one mode as maps/packed_network.py packs them, laid out vertex by vertex. */

import { AGAINST, ALONG, rounded, umBetween } from "./attach.js";

export const COLUMNS = ["node_x", "node_y", "start", "reach", "bends", "x", "y", "open", "kind",
  "pace", "ahead", "back", "street", "step_on"];

/**
 * @typedef {object} Streets coordinates are centimetres from the origin
 * @property {Int32Array} start node @property {Int32Array} end node, by arc
 * @property {Uint8Array} open @property {Uint8Array} kind by arc
 * @property {Int32Array} first where each arc's vertices begin
 * @property {Int32Array} x @property {Int32Array} y
 * @property {Int32Array} ahead milliseconds from the arc's start to each vertex
 * @property {Int32Array} back the same against the arc
 * @property {Int32Array} street by piece, one less in every arc than vertices: the street it is of
 * @property {Uint8Array} stepOn by vertex: whether one may join the piece behind it
 */

/**
 * Lay the columns of one mode out.
 * @param {any} columns arrays of whole numbers by the names in COLUMNS
 * @param {number[]} paces milliseconds a micrometre
 * @returns {Streets}
 */
export function streetsOf({ start, reach, bends, pace, street, ...columns }, paces) {
  const open = new Uint8Array(columns.open), kind = new Uint8Array(columns.kind);
  const end = start.map((node, arc) => node + reach[arc]);
  const first = new Int32Array(start.length + 1);
  for (let arc = 0; arc < start.length; arc++) first[arc + 1] = first[arc] + bends[arc] + 2;
  const size = first[start.length];
  const laid = { start, end, open, kind, first, x: new Int32Array(size), y: new Int32Array(size),
    ahead: new Int32Array(size), back: new Int32Array(size), street, stepOn: new Uint8Array(size) };
  layCorners(laid, columns);
  for (let arc = 0, piece = 0; arc < start.length; arc++) {
    const along = open[arc] & ALONG ? paces[pace[arc]] : 0, against = open[arc] & AGAINST ? paces[pace[arc]] : 0;
    let over = 0, under = 0, um = 0;
    for (let at = first[arc]; at + 1 < first[arc + 1]; at++, piece++) {
      laid.stepOn[at] = columns.step_on[piece];
      um += umBetween(laid, at, at + 1);
      over += columns.ahead[piece];
      under += columns.back[piece];
      laid.ahead[at + 1] = rounded(um * along) + over;
      laid.back[at + 1] = rounded(um * against) + under;
    }
  }
  if (laid.ahead.every((ms, at) => ms === laid.back[at])) laid.back = laid.ahead; // as on flat ground
  return laid;
}

function layCorners({ start, end, first, x, y }, { node_x: nodeX, node_y: nodeY, x: dx, y: dy }) {
  for (let arc = 0, bend = 0; arc < start.length; arc++) {
    const last = first[arc + 1] - 1;
    x[first[arc]] = nodeX[start[arc]]; y[first[arc]] = nodeY[start[arc]];
    for (let at = first[arc] + 1; at < last; at++, bend++) {
      x[at] = x[at - 1] + dx[bend]; y[at] = y[at - 1] + dy[bend];
    }
    x[last] = nodeX[end[arc]]; y[last] = nodeY[end[arc]];
  }
}
