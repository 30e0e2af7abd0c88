/* The streets that are reached from a point within a time: the living circle of any place. */

import { AGAINST, ALONG, attach } from "./attach.js";
import { Heap } from "./heap.js";
import { spot } from "./route.js";
import { RANK, UNREACHED, search } from "./travel.js";

/**
 * @typedef {object} Reach a run of street that is reached, with the time at each of its points
 * @property {[number, number][]} points centimetres from the origin
 * @property {number[]} ms
 */

/**
 * Give the streets that are reached from a point within a time, cut where the time is up. What is
 * reached from both ends comes twice, each with its own times: draw the later ones first.
 * @param {import("./travel.js").Network} network
 * @param {number} x @param {number} y centimetres from the origin
 * @param {number} limit milliseconds
 * @returns {Reach[]} by arc; empty off the network
 */
export function circleFrom(network, x, y, limit) {
  const join = attach(network, x, y);
  if (join.at < 0) return [];
  const nodeKey = new Float64Array(network.nodes).fill(UNREACHED);
  const heap = new Heap();
  for (const [node, leg] of [[network.start[join.arc], join.toStart],
    [network.end[join.arc], join.toEnd]]) {
    const key = (leg + join.access) * RANK;
    if (leg < 0 || leg + join.access > limit || key >= nodeKey[node]) continue;
    nodeKey[node] = key;
    heap.push(key, node);
  }
  const arcs = new Set([join.arc]);
  const tell = (node) => {
    for (let at = network.begin[node]; at < network.begin[node + 1]; at++) {
      arcs.add(network.sides[at] >> 1);
    }
  };
  search(network, heap, nodeKey, new Int32Array(network.nodes), { reverse: false, limit, tell });
  return [...arcs].sort((one, other) => one - other).flatMap((arc) => [
    ...fromEnds(network, arc, nodeKey, limit),
    ...(arc === join.arc ? fromPlace(network, join, limit) : []),
  ]).filter(({ points }) => points.length > 1);
}

/** Give what is reached of an arc from its two ends. */
function fromEnds(network, arc, nodeKey, limit) {
  const begin = network.first[arc], last = network.first[arc + 1] - 1;
  const runs = [];
  if (network.open[arc] & ALONG) {
    const from = nodeKey[network.start[arc]] / RANK;
    runs.push(run(network, begin, last, { time: (at) => from + network.ahead[at], limit }));
  }
  if (network.open[arc] & AGAINST) {
    const from = nodeKey[network.end[arc]] / RANK + network.back[last];
    runs.push(run(network, last, begin, { time: (at) => from - network.back[at], limit }));
  }
  return runs;
}

/** Give what is reached of its own arc from a place that joins it. */
function fromPlace(network, join, limit) {
  const begin = network.first[join.arc], last = network.first[join.arc + 1] - 1;
  const here = { point: spot(network, join), ms: join.access };
  const runs = [];
  if (network.open[join.arc] & ALONG) {
    const from = join.access + join.toEnd - network.ahead[last];
    runs.push(run(network, join.at + 1, last,
      { here, time: (at) => from + network.ahead[at], limit }));
  }
  if (network.open[join.arc] & AGAINST) {
    const from = join.access + join.toStart;
    runs.push(run(network, join.at, begin,
      { here, time: (at) => from - network.back[at], limit }));
  }
  return runs;
}

/**
 * Go from vertex to vertex as long as the time lasts, and as far towards the next as it does.
 * @param {any} network @param {number} from @param {number} to
 * @param {{here?: {point: any, ms: number}, time: (at: number) => number, limit: number}} asked
 */
function run(network, from, to, { here, time, limit }) {
  const points = [], ms = [];
  const take = (point, at) => {
    const before = ms[ms.length - 1];
    if (at <= limit || before === undefined || before >= limit) {
      if (at > limit) return false;
      points.push(point);
      ms.push(at);
      return true;
    }
    const part = (limit - before) / (at - before);
    const [x, y] = points[points.length - 1];
    points.push([x + part * (point[0] - x), y + part * (point[1] - y)]);
    ms.push(limit);
    return false;
  };
  if (here && !take(here.point, here.ms)) return { points, ms };
  const step = from <= to ? 1 : -1;
  for (let at = from; step > 0 ? at <= to : at >= to; at += step) {
    if (!take([network.x[at], network.y[at]], time(at))) break;
  }
  return { points, ms };
}
