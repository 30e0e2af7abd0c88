/* Why a unit is not covered, as geo/explain.py says it: of any mode, limit and plan. */

import { lengthUm, rounded, straightMs } from "./attach.js";
import { makeGrid, ringsAround } from "./grid.js";

const CENTIMETRE = 1e4; // micrometres
const KNOWN = new WeakMap(); // what is found out of a study's or a plan's times goes with them

/**
 * Name the most telling reason why a place is not served.
 * @param {import("./whatif.js").WhatIf} whatIf
 * @param {import("./model.js").Times} times of the study or of a plan
 * @param {{mode: string, category: string, place: number, ms: number, limit: number}} asked the place
 *   whose time is the unit's, its milliseconds (-1: it reaches none) and the limit's
 * @returns {string}
 */
export function reasonOfPlace(whatIf, times, { mode, category, place, ms, limit }) {
  const { listed, facilities, grid, linked } = standing(whatIf, times, mode, category);
  if (!facilities.length) return listed ? "no_data" : "none_in_study";
  const joined = whatIf.network(mode);
  const join = joined?.places.joins[place];
  if (join && join.at < 0) return "off_network";
  if (join && ms < 0 && !linked.has(componentsOf(joined.network)[joined.network.start[join.arc]])) return "no_path";
  const late = ms < 0 || ms > limit;
  if (!late) return "over_capacity";
  const { kmh } = whatIf.meta.modes[mode];
  return join && straightMs(straightMetres(grid, facilities, whatIf.spot(place)), kmh) <= limit ? "barrier" : "too_far";
}

/** Give the facilities that stand in a plan, found once for its times. */
function standing(whatIf, times, mode, category) {
  if (!KNOWN.has(times)) KNOWN.set(times, new Map());
  const known = KNOWN.get(times), name = `${mode}/${category}`;
  if (!known.has(name)) {
    const { listed, facilities } = whatIf.standing(mode, category, times.plan);
    const joined = whatIf.network(mode);
    const linked = new Set(!joined ? [] : facilities.filter(({ join }) => join.at >= 0)
      .map(({ join }) => componentsOf(joined.network)[joined.network.start[join.arc]]));
    known.set(name, { listed, facilities, linked,
      grid: makeGrid(facilities.map(({ x }) => x), facilities.map(({ y }) => y)) });
  }
  return known.get(name);
}

/** Give the metres, to the centimetre, to the nearest facility as the crow flies. */
function straightMetres(grid, facilities, [x, y]) {
  let least = Infinity;
  for (const { least: from, pieces } of ringsAround(grid, x, y)) {
    if (from * CENTIMETRE > least) break;
    for (const at of pieces) least = Math.min(least, lengthUm(facilities[at].x - x, facilities[at].y - y));
  }
  return rounded(least / CENTIMETRE) / 100;
}

/** Give each node's piece of network: the lowest node that it hangs together with. */
function componentsOf(network) {
  if (network.components) return network.components;
  const of = Int32Array.from({ length: network.nodes }, (_, node) => node);
  const root = (node) => {
    while (of[node] !== node) node = of[node] = of[of[node]];
    return node;
  };
  for (let arc = 0; arc < network.start.length; arc++) {
    const [one, other] = [root(network.start[arc]), root(network.end[arc])];
    of[Math.max(one, other)] = Math.min(one, other);
  }
  network.components = of.map((_, node) => root(node));
  return network.components;
}
