/* Why a unit is not covered, as geo/explain.py says it: of any mode, limit and plan. */

import { lengthUm, rounded, straightMs } from "./attach.js";
import { makeGrid, ringsAround } from "./grid.js";

const [METRE, CENTIMETRE] = [1e6, 1e4]; // micrometres
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
  const { grid, islands } = standing(whatIf, times, mode, category);
  const joined = whatIf.network(mode);
  const join = joined?.places.joinOf(place);
  if (join && join.at < 0) return "off_network";
  if (!grid.x.length) return "none_in_study";
  if (ms >= 0 && ms <= limit) return "over_capacity";
  if (!join) return "too_far";
  const { kmh, reach } = whatIf.meta.modes[mode], spot = whatIf.spot(place);
  const straight = straightUm(grid, spot);
  const mine = islands.get(islandOf(joined.network, join));
  const isCutOff = straight <= reach * METRE && !(mine && straightUm(mine, spot) <= reach * METRE);
  if (ms < 0 && isCutOff) return "no_path";
  return straightMs(rounded(straight / CENTIMETRE) / 100, kmh) <= limit ? "barrier" : "too_far";
}

/** Give where the facilities of a plan stand, and those of each island, found once for its times. */
function standing(whatIf, times, mode, category) {
  if (!KNOWN.has(times)) KNOWN.set(times, new Map());
  const known = KNOWN.get(times), name = `${mode}/${category}`;
  if (!known.has(name)) {
    const joined = whatIf.network(mode), all = { x: [], y: [] }, groups = new Map();
    for (const { x, y, join } of whatIf.facilities.standing(mode, category, times.plan)) {
      put(all, x, y);
      if (!joined || join.at < 0) continue;
      const island = islandOf(joined.network, join);
      if (!groups.has(island)) groups.set(island, { x: [], y: [] });
      put(groups.get(island), x, y);
    }
    known.set(name, { grid: gridOf(all), islands: new Map([...groups].map(([island, some]) => [island, gridOf(some)])) });
  }
  return known.get(name);
}

function put(points, x, y) {
  points.x.push(x);
  points.y.push(y);
}

const gridOf = ({ x, y }) => ({ x, y, cells: makeGrid(x, y) });

/** Give the micrometres to the nearest facility as the crow flies. */
function straightUm({ cells, x: xs, y: ys }, [x, y]) {
  let least = Infinity;
  for (const { least: from, pieces } of ringsAround(cells, x, y)) {
    if (from * CENTIMETRE > least) break;
    for (const at of pieces) least = Math.min(least, lengthUm(xs[at] - x, ys[at] - y));
  }
  return least;
}

const islandOf = (network, { arc }) => componentsOf(network)[network.start[arc]];

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
