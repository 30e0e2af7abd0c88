/* What if we build here: times after a plan, computed in the page and equal to Python's.

   const whatIf = new WhatIf(model, columns, meta);
   const times = whatIf.times(plan);          // stands in for model.times wherever it is used
   whatIf.route(times, mode, category, row);  // {points, um} in centimetres of the study CRS
   whatIf.circle(mode, x_cm, y_cm, minutes);  // reached streets from any point
   whatIf.reached(times, mode, x_cm, y_cm);   // milliseconds to the nearest of every category
   for (const step of whatIf.nextBest(times, asked)) ...   // best.js

   ``model`` is the study as the page counts with it (model.js), ``columns`` gives a column of
   maps/packed_network.py by name, ``meta`` its settings. Facilities are positions in the study's
   list; those that a plan adds follow them, in the plan's order. Capacity is counted where
   figures are (figures.js): people queue at their nearest facility, new ones included. */

import { attach, rounded } from "./attach.js";
import { nextBest } from "./best.js";
import { circleFrom } from "./circle.js";
import { placesAt } from "./places.js";
import { routeOf } from "./route.js";
import { Facilities } from "./standing.js";
import { straightNearest, straightWay } from "./straight.js";
import { COLUMNS, streetsOf } from "./streets.js";
import { placeOf } from "./texts.js";
import { UNREACHED, msOf, nearestOf, networkOf, nothingOf, rankOf, toPlaces, withAdded, withoutClosed } from "./travel.js";
import { withUnits } from "./units.js";

const MICROMETRES = 1e6;
const MS_AT_1_KMH = 3600; // a metre takes
const KEPT = 40; // searches kept, so that a click costs only what it changes

/**
 * @typedef {object} PlannedTimes times as model.js has them, after a plan
 * @property {(mode: string, category: string) => Int32Array | null} ms
 * @property {(mode: string, category: string) => Int32Array | null} nearest
 * @property {(mode: string, category: string) => object | null} unit
 * @property {(facility: number) => number} room
 * @property {import("./plan.js").Plan} plan
 */

export class WhatIf {
  #streets = new Map();
  #networks = new Map();
  #bases = new Map();

  constructor(model, columns, meta) {
    this.model = model;
    this.columns = columns;
    this.meta = meta;
    this.facilities = new Facilities(model, columns, meta, (mode) => this.network(mode));
  }

  /** Give the network of a mode with every residence joined; null where there are no streets. */
  network(mode) {
    const settings = this.meta.modes[mode];
    if (!settings || settings.method !== "network") return null;
    if (!this.#networks.has(mode)) {
      const { direct, maxAccess, limit } = this.meta;
      const network = networkOf(this.streets(mode), { ...settings, direct, maxAccess, limit });
      const at = this.columns(`network/${mode}/places`);
      const places = placesAt(network, this.columns("network/places/x"), this.columns("network/places/y"), at);
      this.#networks.set(mode, { network, places });
    }
    return this.#networks.get(mode);
  }

  /** Give the streets of a mode, laid out. */
  streets(mode) {
    if (!this.#streets.has(mode)) {
      const columns = Object.fromEntries(COLUMNS.map((name) =>
        [name, this.model.packed.once(`network/${mode}/${name}`)]));
      this.#streets.set(mode, streetsOf(columns, this.meta.modes[mode].paces));
    }
    return this.#streets.get(mode);
  }

  /** Give the metres that a time from a place to a facility usually means. */
  usualMetres(mode, row, facility, ms) {
    const joined = this.network(mode), { kmh } = this.meta.modes[mode];
    const joins = joined ? [joined.places.joinOf(row), this.facilities.join(mode, facility, this.facilities.at(null, facility))] : [];
    const metres = joins.reduce((sum, { accessUm }) => sum + accessUm / MICROMETRES, 0);
    return rounded(metres + joins.reduce((left, { access }) => left - access, ms) * kmh / MS_AT_1_KMH);
  }

  /** Lay a plan over the study's times. @param {import("./plan.js").Plan} plan */
  times(plan) {
    const { model } = this;
    const touched = new Set(plan.added.map(({ category }) => category));
    for (const id of plan.closed) touched.add(this.#categoryOf(id));
    const solved = new Map();
    const solve = (mode, category) => {
      const name = `${mode}/${category}`;
      if (!solved.has(name)) solved.set(name, this.#solve(mode, category, plan));
      return solved.get(name);
    };
    const either = (part) => (mode, category) =>
      (touched.has(category) && this.meta.modes[mode] ? solve(mode, category)[part]
        : model.times[part](mode, category));
    return { plan, ms: either("ms"), nearest: either("nearest"), unit: either("unit"),
      room: (at) => this.#room(plan, at), found: (mode, category) =>
        (touched.has(category) ? solve(mode, category).found : this.#base(mode, category, [])) };
  }

  /** Give every residence's nearest facility in the study, -1 where it reaches none. */
  nearest(mode, category) {
    const base = this.#base(mode, category, []);
    base.nearest ??= Int32Array.from(base.key, (key) => this.#facilityOf(base, key));
    return base.nearest;
  }

  /** Give the way of a residence to its nearest, as centimetres of the study CRS. */
  route(times, mode, category, row) {
    const found = times.found(mode, category);
    if (found.key[row] === UNREACHED) return null;
    const at = this.#facilityOf(found, found.key[row]);
    const to = this.facilities.at(times.plan, at);
    const joined = this.network(mode);
    const way = joined ? routeOf(joined.network, joined.places, found, row,
      { ...to, join: this.facilities.join(mode, at, to) }) : straightWay(this.spot(row), to, this.meta.detour);
    const [east, north] = this.meta.origin;
    return way && { facility: at, um: way.um,
      points: way.points.map(([x, y]) => [x + east, y + north]) };
  }

  /** Give the streets reached from a point of the study CRS within some minutes. */
  circle(mode, x_cm, y_cm, minutes) {
    const joined = this.network(mode);
    if (!joined) return [];
    const [east, north] = this.meta.origin;
    const limit = Math.round(minutes * 60000);
    return circleFrom(joined.network, x_cm - east, y_cm - north, limit).map(({ points, ms }) =>
      ({ ms, points: points.map(([x, y]) => [x + east, y + north]) }));
  }

  /** Give the milliseconds (-1: none) from a point to the nearest of every category. */
  reached(times, mode, x_cm, y_cm) {
    const [east, north] = this.meta.origin;
    const x = [x_cm - east], y = [y_cm - north];
    const joined = this.network(mode);
    const join = joined && attach(joined.network, x[0], y[0]);
    const place = joined && { x, y, joinOf: () => join };
    return this.model.categories.map(({ id }) => {
      const facilities = this.facilities.standing(mode, id, times.plan);
      if (!joined) return msOf(this.#straight(mode, facilities, { places: { x, y } }).key[0]);
      const found = { ...times.found(mode, id), key: new Float64Array(1).fill(UNREACHED) };
      toPlaces(joined.network, place, found, facilities);
      return msOf(found.key[0]);
    });
  }

  /** Give every residence's time to one new facility alone, as far as a limit. */
  alone(mode, x, y, limit) {
    const joined = this.network(mode);
    const facility = { row: 0, rank: 1, x, y, join: undefined };
    if (!joined) return this.#straight(mode, [facility]);
    const { network, places } = joined;
    const join = attach(network, x, y);
    joined.nothing ??= nothingOf(network, places);
    return withAdded(joined.nothing, { ...network, limit }, places, [{ ...facility, join }]);
  }

  /** Give where a residence is, in centimetres from the origin. @returns {[number, number]} */
  spot(row) {
    return [this.columns("network/places/x")[row], this.columns("network/places/y")[row]];
  }

  /** Look for the place that serves most people more; see best.js. */
  nextBest(times, asked) {
    return nextBest(this, times, asked);
  }

  #categoryOf(facilityId) {
    const { facilities, categories } = this.model;
    return categories[facilities.category[placeOf(facilities.id, facilityId)]]?.id;
  }

  #room(plan, at) {
    const known = this.model.facilities.id.length;
    if (at < known) return this.model.times.room(at);
    const { category, capacity } = plan.added[at - known];
    return (capacity ?? NaN) * 1000 / (this.meta.per1000[category] ?? NaN);
  }

  #solve(mode, category, plan) {
    const closed = plan.closed.filter((id) => this.#categoryOf(id) === category);
    const now = this.#base(mode, category, []);
    const base = this.#base(mode, category, closed);
    const found = this.#more(base, mode, this.facilities.added(mode, category, plan));
    const column = (part) => this.model.times[part](mode, category)?.slice()
      ?? new Int32Array(found.key.length).fill(-1);
    const ms = column("ms"), nearest = column("nearest");
    const changed = new Set();
    for (let row = 0; row < ms.length; row++) {
      const key = found.key[row];
      if (key === now.key[row]) continue;
      ms[row] = msOf(key);
      nearest[row] = this.#facilityOf(found, key);
      changed.add(this.model.residences.unit[row]);
    }
    const order = (row) => (found.key[row] === UNREACHED ? 0 : rankOf(found.key[row]));
    const lengthOf = (row) => this.route({ plan, found: () => found }, mode, category, row)?.um;
    const unit = withUnits(this.model, changed, { mode, category, ms, nearest, order, lengthOf });
    return { found, ms, nearest, unit };
  }

  /** Give every residence's nearest existing facility but the closed ones; the last few are kept. */
  #base(mode, category, closed) {
    const name = JSON.stringify([mode, category, [...closed].sort()]);
    if (!this.#bases.has(name)) {
      if (this.#bases.size >= KEPT) this.#bases.delete(this.#bases.keys().next().value);
      this.#bases.set(name, this.#search(mode, category, closed));
    }
    return this.#bases.get(name);
  }

  #search(mode, category, closed) {
    const facilities = this.facilities.existing(mode, category, closed);
    const joined = this.network(mode);
    if (!joined) return this.#straight(mode, facilities);
    const { network, places } = joined;
    if (!closed.length) return nearestOf(network, places, facilities);
    const ranks = new Set(closed.map((id) => this.facilities.rankOf(placeOf(this.model.facilities.id, id))));
    return withoutClosed(this.#base(mode, category, []), network, places, ranks, facilities);
  }

  #more(base, mode, added) {
    if (!added.length) return base;
    const joined = this.network(mode);
    const found = joined ? withAdded(base, joined.network, joined.places, added)
      : this.#straight(mode, added, { before: base });
    return { ...found, added };
  }

  /** Give the facility of a key, -1 where nothing is reached. */
  #facilityOf({ added }, key) {
    return key === UNREACHED ? -1 : this.facilities.rowOf(rankOf(key), added);
  }

  /**
   * Find the nearest in straight lines, of the residences unless other places are given.
   * @param {string} mode @param {Iterable<import("./standing.js").Standing>} facilities
   * @param {{places?: {x: ArrayLike<number>, y: ArrayLike<number>}, before?: any}} [more]
   */
  #straight(mode, facilities, { places, before } = {}) {
    const from = places ?? { x: this.columns("network/places/x"), y: this.columns("network/places/y") };
    const { detour, limit, modes } = this.meta;
    return straightNearest(from, facilities, { detour, limit, kmh: modes[mode].kmh }, before);
  }
}
