/* Travel time on the network the page carries: whole milliseconds, the same as Python's.

   A search carries a time and a facility's rank in one number, ``milliseconds * 2^25 + rank``:
   the least key is the earliest facility and, of equally early ones, the one with the lowest id.

   networkOf lays out what the page carries, places.js joins points to it; nearestOf
   finds every place's nearest of some facilities, withAdded the same with some more and
   withoutClosed with some less, going only where that makes a difference. route.js and circle.js draw what was found. */

import { AGAINST, ALONG, lengthUm, straightMs, umBetween } from "./attach.js";
import { makeGrid, pointsAround } from "./grid.js";
import { Heap } from "./heap.js";
import { endsOf, onArc } from "./places.js";

export const RANK = 2 ** 25;
export const UNREACHED = Infinity;
const MICROMETRES = 1e6;

/**
 * @typedef {import("./streets.js").Streets & Searching} Network the streets of one mode, ready to search
 */

/**
 * @typedef {object} Searching what a search needs besides
 * @property {Int32Array} begin where each node's sides begin
 * @property {Int32Array} sides arcs at the nodes: ``2 arc`` where one begins, ``2 arc + 1`` where it ends
 * @property {import("./grid.js").Grid} [grid] of the pieces one may step on, once it is needed
 * @property {Int32Array} [components] by node, once they are needed
 * @property {number} nodes
 * @property {number} offRoadKmh @property {number} maxAccess metres
 * @property {number} direct metres @property {number} limit milliseconds a search goes
 */

/** @typedef {{key: number, via: number}} Reached a node */

/**
 * @typedef {object} Found the nearest facility of every place and node
 * @property {Float64Array} key by place
 * @property {Float64Array} nodeKey by node; nodeOf knows of changes as well
 * @property {Int32Array} via by node: the arc that leads on, -1 at a facility's arc
 * @property {Map<number, Reached>} [changes] of a few nodes, over what the arrays say
 */

/**
 * Lay streets out for searching.
 * @param {import("./streets.js").Streets} streets
 * @param {{offRoadKmh: number, maxAccess: number, direct: number, limit: number}} rules
 * @returns {Network}
 */
export function networkOf(streets, rules) {
  return { ...rules, ...streets, ...nodesOf(streets) };
}

/** Give the arcs at every node: ``2 arc`` where one begins, ``2 arc + 1`` where one ends. */
function nodesOf({ start, end }) {
  let nodes = 0;
  for (let arc = 0; arc < start.length; arc++) nodes = Math.max(nodes, start[arc] + 1, end[arc] + 1);
  const begin = new Int32Array(nodes + 1);
  for (let arc = 0; arc < start.length; arc++) { begin[start[arc] + 1]++; begin[end[arc] + 1]++; }
  for (let node = 0; node < nodes; node++) begin[node + 1] += begin[node];
  const sides = new Int32Array(2 * start.length);
  for (let arc = 0; arc < start.length; arc++) {
    sides[begin[start[arc]]++] = 2 * arc;
    sides[begin[end[arc]]++] = 2 * arc + 1;
  }
  begin.copyWithin(1, 0, nodes); // each was moved to its end, where the next begins
  begin[0] = 0;
  return { nodes, begin, sides };
}

export const wholeUm = (network, arc) => umBetween(network, network.first[arc], network.first[arc + 1] - 1);

/** Give what was found of a node. @param {Found} found @returns {Reached} */
export const nodeOf = ({ nodeKey, via, changes }, node) => changes?.get(node) ?? { key: nodeKey[node], via: via[node] };

/**
 * Go on from every node in the heap, where that is better than what the nodes have.
 * @param {Network} network @param {Heap} heap
 * @param {Float64Array} nodeKey @param {Int32Array} via
 * @param {{reverse: boolean, limit?: number, tell?: (node: number, key: number) => void, note?: (node: number) => void}} way
 *   ``reverse``: arcs are gone against, from facilities to places; ``note`` hears of a node before it changes
 */
export function search(network, heap, nodeKey, via, { reverse, limit = network.limit, tell, note }) {
  const { begin, sides, start, end, open, first, ahead, back } = network;
  const bound = (limit + 1) * RANK;
  while (heap.size) {
    const key = heap.least, node = heap.pop();
    if (key > nodeKey[node]) continue;
    tell?.(node, key);
    for (let at = begin[node]; at < begin[node + 1]; at++) {
      const arc = sides[at] >> 1, ends = sides[at] & 1;
      // Along the arc from its start, or against it: turned round in a search from facilities.
      const along = reverse ? ends === 1 : ends === 0;
      if (!(open[arc] & (along ? ALONG : AGAINST))) continue;
      const next = ends ? start[arc] : end[arc];
      const offered = key + (along ? ahead : back)[first[arc + 1] - 1] * RANK;
      if (offered < nodeKey[next] && offered < bound) {
        note?.(next);
        nodeKey[next] = offered;
        via[next] = arc;
        heap.push(offered, next);
      }
    }
  }
}

/** Put the ends of a facility's arc into the heap, as a search from facilities begins. */
function seed(network, heap, found, { join, rank }, note) {
  for (const [node, leg] of [[network.start[join.arc], join.fromStart],
    [network.end[join.arc], join.fromEnd]]) {
    const key = (leg + join.access) * RANK + rank;
    if (leg >= 0 && key < found.nodeKey[node]) {
      note?.(node);
      found.nodeKey[node] = key;
      found.via[node] = -1;
      heap.push(key, node);
    }
  }
}

/**
 * Find every place's nearest of some facilities.
 * @param {Network} network
 * @param {import("./places.js").Places} places
 * @param {Iterable<{row: number, rank: number, x: number, y: number, join: import("./attach.js").Join}>}
 *   facilities
 * @returns {Found}
 */
export function nearestOf(network, places, facilities) {
  const found = nothingOf(network, places);
  spread(network, found, facilities);
  toPlaces(network, places, found, facilities);
  return found;
}

/** Give what is found where there is nothing to find. @returns {Found} */
export const nothingOf = ({ nodes }, { x }) => ({ key: new Float64Array(x.length).fill(UNREACHED),
  nodeKey: new Float64Array(nodes).fill(UNREACHED), via: new Int32Array(nodes).fill(-1) });

/** Go out from facilities to the nodes. */
function spread(network, found, facilities, note) {
  const heap = new Heap();
  for (const facility of facilities) {
    if (facility.join.at >= 0) seed(network, heap, found, facility, note);
  }
  search(network, heap, found.nodeKey, found.via, { reverse: true, note });
}

/**
 * Find the same with some facilities more. What was found stays as it is: nodes are few that change, so
 * they are told apart and put back.
 * @param {Found} before without changes
 * @returns {Found}
 */
export function withAdded(before, network, places, facilities) {
  const found = { ...before, key: before.key.slice() }, were = new Map(), changes = new Map();
  spread(network, found, facilities, (node) => {
    if (!were.has(node)) were.set(node, nodeOf(before, node));
  });
  toPlaces(network, places, found, facilities);
  for (const [node, was] of were) {
    changes.set(node, nodeOf(found, node));
    found.nodeKey[node] = was.key;
    found.via[node] = was.via;
  }
  return { ...found, changes };
}

const copyOf = (found) => ({ ...found, key: found.key.slice(), nodeKey: found.nodeKey.slice(),
  via: found.via.slice() });

/**
 * Find the same without some facilities: only those whom they served look for another.
 * @param {Set<number>} closed ranks
 * @param {Iterable<object>} facilities those that remain
 * @returns {Found}
 */
export function withoutClosed(before, network, places, closed, facilities) {
  const found = copyOf(before);
  const served = (key) => key !== UNREACHED && closed.has(rankOf(key));
  const lost = [];
  for (let node = 0; node < network.nodes; node++) {
    if (!served(found.nodeKey[node])) continue;
    found.nodeKey[node] = UNREACHED;
    found.via[node] = -1;
    lost.push(node);
  }
  const heap = new Heap();
  for (const node of lost) {
    for (let at = network.begin[node]; at < network.begin[node + 1]; at++) {
      const arc = network.sides[at] >> 1;
      const other = network.sides[at] & 1 ? network.start[arc] : network.end[arc];
      if (found.nodeKey[other] !== UNREACHED) heap.push(found.nodeKey[other], other);
    }
  }
  for (const { rank, join } of facilities) {
    if (join.at >= 0) seed(network, heap, found, { join, rank });
  }
  search(network, heap, found.nodeKey, found.via, { reverse: true });
  for (let row = 0; row < found.key.length; row++) {
    if (served(found.key[row])) found.key[row] = UNREACHED;
  }
  toPlaces(network, places, found, facilities);
  return found;
}

/** Go on from the nodes to the places, and straight or along one arc from the facilities given. */
export function toPlaces(network, places, found, facilities) {
  throughNodes(network, places, found);
  for (const facility of facilities) {
    if (facility.join.at >= 0) alongOneArc(network, places, facility, found);
    straight(network, places, facility, found);
  }
}

/** Offer every place the ways through the two ends of its arc. */
function throughNodes(network, places, { key, nodeKey, changes }) {
  places.ends ??= endsOf(network, places);
  const bound = (network.limit + 1) * RANK;
  for (const { node, ms } of places.ends) {
    for (let row = 0; row < key.length; row++) {
      if (node[row] < 0) continue;
      const by = (changes?.get(node[row])?.key ?? nodeKey[node[row]]) + ms[row] * RANK;
      if (by < key[row] && by < bound) key[row] = by;
    }
  }
}

/** Give the milliseconds between two places on one arc, the quickest way along it; -1 if none. */
export function alongMs(network, here, there) {
  const legs = [];
  if (there.offset >= here.offset && network.open[here.arc] & ALONG) {
    legs.push(there.fromStart - here.fromStart);
  }
  if (there.offset <= here.offset && network.open[here.arc] & AGAINST) {
    legs.push(here.toStart - there.toStart);
  }
  if (there.offset === here.offset) legs.push(0);
  return legs.length ? Math.min(...legs) : -1;
}

function alongOneArc(network, places, { rank, join }, { key }) {
  for (const row of onArc(places, join.arc)) {
    const here = places.joinOf(row);
    const leg = alongMs(network, here, join);
    const by = (leg + here.access + join.access) * RANK + rank;
    if (leg >= 0 && by < key[row] && msOf(by) <= network.limit) key[row] = by;
  }
}

/** Let neighbours no farther apart than ``direct`` metres walk straight. */
function straight(network, places, { rank, x, y }, { key }) {
  const reach = network.direct * 100;
  places.grid ??= makeGrid(places.x, places.y, undefined, reach);
  for (const row of pointsAround(places.grid, x, y, reach)) {
    const metres = lengthUm(x - places.x[row], y - places.y[row]) / MICROMETRES;
    const by = straightMs(metres, network.offRoadKmh) * RANK + rank;
    if (metres <= network.direct && by < key[row] && msOf(by) <= network.limit) key[row] = by;
  }
}

/** Give the milliseconds of a key, -1 where nothing is reached. */
export const msOf = (key) => (key === UNREACHED ? -1 : Math.floor(key / RANK));
/** Give the rank of a key. */
export const rankOf = (key) => key - Math.floor(key / RANK) * RANK;
