/* Small networks by hand: streets in metres, on which 1 m takes 600 ms, and 1 m off them 1500 ms. */

import { COLUMNS, streetsOf } from "../../maps/panel/streets.js";
import { msOf, networkOf, rankOf } from "../../maps/panel/travel.js";
import { WhatIf } from "../../maps/panel/whatif.js";

export const RULES = { offRoadKmh: 2.4, maxAccess: 500, direct: 50, limit: 3600000 };
const MS_PER_METRE = 600;
const PACES = [MS_PER_METRE / 1e6];

/**
 * Give the columns of a network. Each street is one arc: its points, whether it is one-way, its
 * kind (1: main) and whether one may step on it.
 */
export function columnsOf(streets) {
  const nodes = new Map(), found = Object.fromEntries(COLUMNS.map((name) => [name, []]));
  const nodeAt = (point) => {
    if (!nodes.has(String(point))) {
      nodes.set(String(point), nodes.size);
      found.node_x.push(point[0] * 100);
      found.node_y.push(point[1] * 100);
    }
    return nodes.get(String(point));
  };
  streets.forEach(({ points, oneway = false, kind = 1, stepOn = true }, street) => {
    const start = nodeAt(points[0]);
    found.start.push(start);
    found.reach.push(nodeAt(points.at(-1)) - start);
    found.bends.push(points.length - 2);
    found.open.push(oneway ? 1 : 3);
    found.kind.push(kind);
    found.pace.push(0);
    points.slice(1).forEach(([x, y], at) => {
      const [left, low] = points[at];
      if (at + 2 < points.length) {
        found.x.push((x - left) * 100);
        found.y.push((y - low) * 100);
      }
      found.ahead.push(0); // flat: its pace says it all
      found.back.push(0);
      found.street.push(street);
      found.step_on.push(stepOn ? 1 : 0);
    });
  });
  return Object.fromEntries(Object.entries(found).map(([name, values]) =>
    [name, Int32Array.from(values)]));
}

export const network = (streets, rules = RULES) => networkOf(streetsOf(columnsOf(streets), PACES), rules);

/** Give a what-if over homes ({at, people, unit, spot}) and facilities of its one category. */
export function whatIfOf(streets, homes, { facilities = [], spots = [], unitShare = 0.5 } = {}) {
  const columns = Object.fromEntries(Object.entries(columnsOf(streets)).map(([name, values]) =>
    [`network/walk/${name}`, values]));
  const centimetres = (points, axis) => Int32Array.from(points, (point) => point[axis] * 100);
  const places = homes.map(({ at }) => at), there = facilities.map(({ at }) => at);
  Object.assign(columns, {
    "network/places/x": centimetres(places, 0), "network/places/y": centimetres(places, 1),
    "network/facilities/x": centimetres(there, 0), "network/facilities/y": centimetres(there, 1),
    "network/walk/places": Int32Array.from(homes, ({ spot }) => spot),
    "network/walk/facilities": Int32Array.from(spots),
  });
  const { offRoadKmh, ...rules } = RULES;
  const settings = { ...rules, origin: [0, 0], detour: 1.3, per1000: {},
    modes: { walk: { method: "network", offRoadKmh, kmh: 4, paces: PACES } } };
  const count = Math.max(...homes.map(({ unit }) => unit)) + 1;
  const bare = () => new Int32Array(count).fill(-1);
  const people = Float64Array.from(homes, (home) => home.people);
  const model = { packed: { once: (name) => columns[name] }, unitShare, count, name: "town", crs: "EPSG:4548", categories: [{ id: "clinic" }],
    units: { urban: new Int32Array(count) },
    residences: { unit: Int32Array.from(homes, ({ unit }) => unit) }, weight: () => people,
    facilities: { id: facilities.map(({ id }) => id), category: there.map(() => 0), placed: there.map(() => 1),
      of: () => Int32Array.from(there.keys()) },
    times: { ms: () => null, nearest: () => null, room: () => NaN,
      unit: () => ({ ms: bare(), place: bare(), metresOf: () => -1, facilityOf: () => -1 }) } };
  const whatIf = new WhatIf(model, (name) => columns[name], settings);
  const { key } = whatIf.times({ added: [], closed: [] }).found("walk", "clinic");
  const ms = Int32Array.from(key, msOf);
  const nearest = Int32Array.from(key, (each) => (msOf(each) < 0 ? -1 : whatIf.facilities.rowOf(rankOf(each), [])));
  Object.assign(model.times, { ms: () => ms, nearest: () => nearest });
  return whatIf;
}

export const clinic = (facility_id, x, y) =>
  ({ facility_id, name: facility_id, category: "clinic", x_cm: x * 100, y_cm: y * 100 });
