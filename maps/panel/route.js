/* The way of a place to its nearest facility, as points. */

import { lengthUm, straightMs } from "./attach.js";
import { UNREACHED, alongMs, msOf, nodeOf, rankOf, wholeUm } from "./travel.js";

const MICROMETRES = 1e6;

/**
 * @typedef {object} Route
 * @property {number} um micrometres; of equally quick ways Python may have taken another
 * @property {[number, number][]} points centimetres from the origin, place to facility
 */

/**
 * Give the way of a place to the facility that its key names; null where it reaches none.
 * @param {import("./travel.js").Network} network
 * @param {import("./places.js").Places} places
 * @param {import("./travel.js").Found} found
 * @param {number} row of the place
 * @param {{x: number, y: number, join: import("./attach.js").Join}} facility
 * @returns {Route | null}
 */
export function routeOf(network, places, found, row, facility) {
  const key = found.key[row];
  if (key === UNREACHED) return null;
  const from = { x: places.x[row], y: places.y[row], join: places.joinOf(row) };
  const ways = [straightWay(network, from, facility),
    ...streetWays(network, found, from, facility, rankOf(key))]
    .filter((way) => way && way.ms === msOf(key));
  ways.sort((one, other) => one.um - other.um);
  return ways.length ? { um: ways[0].um, points: ways[0].points() } : null;
}

/** @typedef {{ms: number, um: number, points: () => any}} Way */

/** @returns {Way | null} */
function straightWay(network, from, to) {
  const um = lengthUm(to.x - from.x, to.y - from.y);
  if (!(um / MICROMETRES <= network.direct)) return null;
  return { ms: straightMs(um / MICROMETRES, network.offRoadKmh), um,
    points: () => [[from.x, from.y], [to.x, to.y]] };
}

/**
 * Give the ways along the streets: on one arc, and by either end of the place's own.
 * @returns {Generator<Way>}
 */
function* streetWays(network, found, from, to, rank) {
  const here = from.join, there = to.join;
  if (here.at < 0 || there.at < 0) return;
  const access = here.access + there.access, accessUm = here.accessUm + there.accessUm;
  const along = here.arc === there.arc ? alongMs(network, here, there) : -1;
  if (along >= 0) {
    yield { ms: along + access, um: Math.abs(here.offset - there.offset) + accessUm,
      points: () => [[from.x, from.y], ...stretch(network, here, there), [to.x, to.y]] };
  }
  for (const end of [0, 1]) yield* byEnd(network, found, from, to, { end, rank });
}

function* byEnd(network, found, from, to, { end, rank }) {
  const here = from.join, leg = end ? here.toEnd : here.toStart;
  const node = end ? network.end[here.arc] : network.start[here.arc];
  const { key } = nodeOf(found, node);
  if (leg < 0 || key === UNREACHED || rankOf(key) !== rank) return;
  const steps = stepsOf(network, found, node);
  const last = arrival(network, found, steps.node, to);
  if (!last) return;
  const whole = wholeUm(network, here.arc);
  yield {
    ms: msOf(key) + leg + here.access,
    um: here.accessUm + (end ? whole - here.offset : here.offset) + steps.um + last.um,
    points: () => [[from.x, from.y], ...stretch(network, here, endOf(network, here.arc, end)),
      ...steps.arcs.flatMap(([arc, back]) => arcPoints(network, arc, back)),
      ...stretch(network, endOf(network, to.join.arc, last.end), to.join), [to.x, to.y]],
  };
}

/** Follow the arcs a search came by, from a node to the one where a facility's arc begins. */
function stepsOf(network, found, node) {
  const arcs = [];
  let um = 0;
  for (let arc = nodeOf(found, node).via; arc >= 0; arc = nodeOf(found, node).via) {
    const back = network.start[arc] !== node;
    arcs.push([arc, back]);
    um += wholeUm(network, arc);
    node = back ? network.start[arc] : network.end[arc];
  }
  return { node, arcs, um };
}

/** Say by which end of its arc a facility is arrived at from a node where a search began. */
function arrival(network, found, node, { join }) {
  const legs = [[0, network.start[join.arc], join.fromStart, join.offset],
    [1, network.end[join.arc], join.fromEnd, wholeUm(network, join.arc) - join.offset]];
  for (const [end, at, leg, um] of legs) {
    if (at === node && leg >= 0 && leg + join.access === msOf(nodeOf(found, node).key)) {
      return { end, um: um + join.accessUm };
    }
  }
  return null;
}

function endOf(network, arc, end) {
  const at = end ? network.first[arc + 1] - 1 : network.first[arc];
  return { arc, offset: end ? wholeUm(network, arc) : 0, at: end ? at - 1 : at, share: end };
}

/** Give the points of one arc between two spots on it. */
function stretch(network, one, other) {
  const points = [spot(network, one)];
  if (one.offset <= other.offset) {
    for (let at = one.at + 1; at <= other.at; at++) points.push([network.x[at], network.y[at]]);
  } else {
    for (let at = one.at; at > other.at; at--) points.push([network.x[at], network.y[at]]);
  }
  points.push(spot(network, other));
  return points;
}

export function spot(network, { at, share }) {
  return [network.x[at] + share * (network.x[at + 1] - network.x[at]),
    network.y[at] + share * (network.y[at + 1] - network.y[at])];
}

function arcPoints(network, arc, back) {
  const points = [];
  for (let at = network.first[arc]; at < network.first[arc + 1]; at++) {
    points.push([network.x[at], network.y[at]]);
  }
  return back ? points.reverse() : points;
}
