/* Joining a point to the streets, by the steps of geo/spots.py and geo/snap.py.

   Coordinates are whole centimetres; lengths come out as whole micrometres, times as whole
   milliseconds. Only + - * / and the square root are used, in the same order as in Python, so
   that both find the same street, length and time for every point. */

import { makeGrid, ringsAround } from "./grid.js";

const MICROMETRES = 1e6;
const NS_PER_METRE_AT_1_KMH = 3.6e9;
const SLACK = 0.01; // centimetres: more than a cell's edge may be out by
const MAIN = 1, ISLAND = 2; // kinds of streets; 0 is neither
export const ALONG = 1;
export const AGAINST = 2;

/**
 * @typedef {object} Join how a point is joined to the network; see geo.snap.Joins
 * @property {number} at the vertex before it, -1 off the network
 * @property {number} arc
 * @property {number} offset micrometres from the arc's start
 * @property {number} toStart milliseconds against the arc to its start, -1 where closed
 * @property {number} toEnd
 * @property {number} fromStart
 * @property {number} fromEnd
 * @property {number} access milliseconds of the access leg
 * @property {number} accessUm micrometres of it
 * @property {number} share of the piece behind ``at`` up to the spot
 */

/** Round to a whole number, halves up, as geo.distance.rounded does. */
export const rounded = (value) => Math.floor(value + 0.5);

/** Give the whole micrometres of a straight line so many centimetres east and north. */
export const lengthUm = (dx, dy) => rounded(Math.sqrt(dx * dx + dy * dy) * 10000);

/** Give the whole milliseconds of a straight walk of so many metres, as geo.speed does. */
export function straightMs(metres, kmh) {
  const nanoseconds = rounded(metres * (NS_PER_METRE_AT_1_KMH / kmh));
  return Math.floor((nanoseconds + 500000) / 1e6);
}

/** Give how far along a piece of street the nearest spot to a point lies, from 0 to 1. */
function shareAlong(network, at, x, y) {
  const ax = network.x[at], ay = network.y[at];
  const dx = network.x[at + 1] - ax, dy = network.y[at + 1] - ay;
  const share = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
  return Math.min(Math.max(share, 0), 1);
}

/** Give the micrometres along an arc from one of its vertices to a later one: kept, they would take more than x and y. */
export function umBetween({ x, y }, from, to) {
  let sum = 0;
  for (let at = from; at < to; at++) sum += lengthUm(x[at + 1] - x[at], y[at + 1] - y[at]);
  return sum;
}

/** Give the arc that a vertex is of. */
function arcAt({ first }, vertex) {
  let low = 0, high = first.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (first[middle] <= vertex) low = middle;
    else high = middle;
  }
  return low;
}

/** Find the nearest spot one may step on; only of streets of one kind where it is given. */
function nearestSpot(network, x, y, kind) {
  const bound = network.maxAccess * 100;
  let best = -1, bestOff = Infinity, bestWest = 0, bestSouth = 0;
  for (const { least, pieces } of ringsAround(gridOf(network), x, y)) {
    if (least > bound + SLACK || (least - SLACK) * 10000 > bestOff) break;
    for (const at of pieces) {
      if (kind !== undefined && network.kind[arcAt(network, at)] !== kind) continue;
      const share = shareAlong(network, at, x, y);
      const ex = x - network.x[at] - share * (network.x[at + 1] - network.x[at]);
      const ey = y - network.y[at] - share * (network.y[at + 1] - network.y[at]);
      const off = lengthUm(ex, ey);
      if (off > bestOff) continue;
      const west = -rounded(ex * 10), south = -rounded(ey * 10);
      const wins = off < bestOff || west < bestWest || (west === bestWest
        && (south < bestSouth || (south === bestSouth && lower(network, at, best))));
      if (wins) [best, bestOff, bestWest, bestSouth] = [at, off, west, south];
    }
  }
  return best >= 0 && bestOff / MICROMETRES <= network.maxAccess ? best : -1;
}

function lower(network, at, best) {
  const streetOf = (vertex) => network.street[vertex - arcAt(network, vertex)]; // by piece
  const street = streetOf(at) - streetOf(best);
  return street < 0 || (street === 0 && at < best);
}

function gridOf(network) {
  network.grid ??= makeGrid(network.x, network.y, network.stepOn);
  return network.grid;
}

/**
 * Find the vertex before the spot where a point joins the streets, -1 off the network.
 * Where the nearest street is of a short island, the main network within reach is taken.
 * @returns {number}
 */
export function spotOf(network, x, y) {
  const near = nearestSpot(network, x, y);
  if (near < 0 || network.kind[arcAt(network, near)] !== ISLAND) return near;
  const main = nearestSpot(network, x, y, MAIN);
  return main < 0 ? near : main;
}

/**
 * Work out lengths and times of a point that joins the streets behind a vertex.
 * @returns {Join}
 */
export function joinAt(network, at, x, y) {
  if (at < 0) return OFF_NETWORK;
  const arc = arcAt(network, at);
  const share = shareAlong(network, at, x, y);
  const ex = x - network.x[at] - share * (network.x[at + 1] - network.x[at]);
  const ey = y - network.y[at] - share * (network.y[at + 1] - network.y[at]);
  const accessUm = lengthUm(ex, ey);
  const last = network.first[arc + 1] - 1;
  const before = umBetween(network, network.first[arc], at), length = umBetween(network, at, at + 1);
  const step = rounded(share * length);
  const offset = before + step;
  const along = (times) => times[at] + rounded((step / length) * (times[at + 1] - times[at]));
  const ahead = along(network.ahead), back = along(network.back);
  const opens = network.open[arc] & ALONG, returns = network.open[arc] & AGAINST;
  // A place at a junction is the junction, whatever way the arc it was found on is open.
  const atStart = offset === 0, atEnd = step === length + umBetween(network, at + 1, last);
  return {
    at, arc, offset, share, accessUm,
    toEnd: atEnd ? 0 : opens ? network.ahead[last] - ahead : -1,
    toStart: atStart ? 0 : returns ? back : -1,
    fromStart: atStart ? 0 : opens ? ahead : -1,
    fromEnd: atEnd ? 0 : returns ? network.back[last] - back : -1,
    access: straightMs(accessUm / MICROMETRES, network.offRoadKmh),
  };
}

const OFF_NETWORK = Object.freeze({ at: -1, arc: -1, offset: 0, share: 0, accessUm: 0,
  toEnd: -1, toStart: -1, fromStart: -1, fromEnd: -1, access: 0 });

/**
 * Join a point to the network.
 * @returns {Join}
 */
export const attach = (network, x, y) => joinAt(network, spotOf(network, x, y), x, y);
