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

import { attach, joinAt, lengthUm, rounded, straightMs } from "./attach.js";
import { nextBest } from "./best.js";
import { circleFrom } from "./circle.js";
import { byCodePoints } from "./plan.js";
import { routeOf } from "./route.js";
import { COLUMNS, streetsOf } from "./streets.js";
import { RANK, UNREACHED, msOf, nearestOf, networkOf, placesAt, rankOf, toPlaces, withAdded,
  withoutClosed } from "./travel.js";
import { withUnits } from "./units.js";

const MICROMETRES = 1e6;
const MS_AT_1_KMH = 3600; // a metre takes
const NOTHING = Object.freeze({ added: [], closed: [] });
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
  #placed = null;
  #streets = new Map();
  #networks = new Map();
  #bases = new Map();

  constructor(model, columns, meta) {
    this.model = model;
    this.columns = columns;
    this.meta = meta;
    const facilities = model.facilities.id.length;
    // Room between the ranks of two facilities for new ones whose ids sort between theirs.
    this.gap = Math.floor(RANK / (facilities + 2));
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
      this.#networks.set(mode, { network, places, facilities: [] });
    }
    return this.#networks.get(mode);
  }

  /** Give the streets of a mode, laid out. */
  streets(mode) {
    if (!this.#streets.has(mode)) {
      const columns = Object.fromEntries(COLUMNS.map((name) =>
        [name, this.columns(`network/${mode}/${name}`)]));
      this.#streets.set(mode, streetsOf(columns, this.meta.modes[mode].paces));
    }
    return this.#streets.get(mode);
  }

  /** Give the metres that a time from a place to a facility usually means. */
  usualMetres(mode, row, facility, ms) {
    const joined = this.network(mode), { kmh } = this.meta.modes[mode];
    const joins = joined ? [joined.places.joins[row], this.#joinOf(mode, facility, this.facility(null, facility))] : [];
    const metres = joins.reduce((sum, { accessUm }) => sum + accessUm / MICROMETRES, 0);
    return rounded(metres + joins.reduce((left, { access }) => left - access, ms) * kmh / MS_AT_1_KMH);
  }

  /** Lay a plan over the study's times. @param {import("./plan.js").Plan} plan */
  times(plan) {
    const { model } = this;
    const touched = new Set(plan.added.map(({ category }) => category));
    for (const id of plan.closed) {
      touched.add(model.categories[model.facilities.category[model.facilities.id.indexOf(id)]].id);
    }
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

  /** Give name, category and place of a facility by its position, new ones included. */
  facility(plan, at) {
    const known = this.model.facilities.id.length;
    if (at >= known) return this.#addition(plan.added[at - known], at);
    return { row: at, id: this.model.facilities.id[at], x: this.columns("network/facilities/x")[at],
      y: this.columns("network/facilities/y")[at] };
  }

  /** Give every residence's nearest facility in the study, -1 where it reaches none. */
  nearest(mode, category) {
    const { key, rows } = this.#base(mode, category, []);
    return Int32Array.from(key, (each) => (each === UNREACHED ? -1 : rows.get(rankOf(each))));
  }

  /** Give the way of a residence to its nearest, as centimetres of the study CRS. */
  route(times, mode, category, row) {
    const found = times.found(mode, category);
    if (found.key[row] === UNREACHED) return null;
    const at = found.rows.get(rankOf(found.key[row]));
    const to = this.facility(times.plan, at);
    const joined = this.network(mode);
    const way = joined ? routeOf(joined.network, joined.places, found, row,
      { ...to, join: this.#joinOf(mode, at, to) }) : this.#line(row, to);
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
    const place = joined && { x, y, joins: [attach(joined.network, x[0], y[0])] };
    return this.model.categories.map(({ id }) => {
      const facilities = this.#facilities(mode, id, times.plan.closed)
        .concat(this.#added(mode, id, times.plan));
      if (!joined) return msOf(this.#straight(mode, { x, y }, facilities).key[0]);
      const found = { ...times.found(mode, id), key: new Float64Array(1).fill(UNREACHED) };
      toPlaces(joined.network, place, found, facilities);
      return msOf(found.key[0]);
    });
  }

  /** Give every residence's time to one new facility alone, as far as a limit. */
  alone(mode, x, y, limit) {
    const joined = this.network(mode);
    const facility = { row: 0, rank: 1, x, y };
    if (!joined) {
      const places = { x: this.columns("network/places/x"), y: this.columns("network/places/y") };
      return this.#straight(mode, places, [facility]);
    }
    const { network, places } = joined;
    const join = attach(network, x, y);
    return nearestOf({ ...network, limit }, places, [{ ...facility, join }]);
  }

  /** Give the facilities of a category that stand in a plan and have a place. */
  standing(mode, category, { added, closed } = NOTHING) {
    return this.#facilities(mode, category, closed).concat(this.#added(mode, category, { added }));
  }

  /** Give where a residence is, in centimetres from the origin. @returns {[number, number]} */
  spot(row) {
    return [this.columns("network/places/x")[row], this.columns("network/places/y")[row]];
  }

  /** Look for the place that serves most people more; see best.js. */
  nextBest(times, asked) {
    return nextBest(this, times, asked);
  }

  #room(plan, at) {
    const known = this.model.facilities.id.length;
    if (at < known) return this.model.times.room(at);
    const { category, capacity } = plan.added[at - known];
    return (capacity ?? NaN) * 1000 / (this.meta.per1000[category] ?? NaN);
  }

  #solve(mode, category, plan) {
    const closed = plan.closed.filter((id) => {
      const at = this.model.facilities.id.indexOf(id);
      return at >= 0 && this.model.categories[this.model.facilities.category[at]].id === category;
    });
    const now = this.#base(mode, category, []);
    const base = this.#base(mode, category, closed);
    const found = this.#more(base, mode, this.#added(mode, category, plan));
    const column = (part) => this.model.times[part](mode, category)?.slice()
      ?? new Int32Array(found.key.length).fill(-1);
    const ms = Int32Array.from(column("ms")), nearest = Int32Array.from(column("nearest"));
    const changed = new Set();
    for (let row = 0; row < ms.length; row++) {
      const key = found.key[row];
      if (key === now.key[row]) continue;
      ms[row] = msOf(key);
      nearest[row] = key === UNREACHED ? -1 : found.rows.get(rankOf(key));
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
    const facilities = this.#facilities(mode, category, closed);
    const joined = this.network(mode);
    if (!joined) {
      const places = { x: this.columns("network/places/x"), y: this.columns("network/places/y") };
      return this.#straight(mode, places, facilities);
    }
    const { network, places } = joined;
    if (!closed.length) return nearestOf(network, places, facilities);
    const ranks = new Set(closed.map((id) => (this.model.facilities.id.indexOf(id) + 1) * this.gap));
    return withoutClosed(this.#base(mode, category, []), network, places, ranks, facilities);
  }

  #more(base, mode, added) {
    if (!added.length) return base;
    const joined = this.network(mode);
    if (joined) return withAdded(base, joined.network, joined.places, added);
    const places = { x: this.columns("network/places/x"), y: this.columns("network/places/y") };
    return this.#straight(mode, places, added, base);
  }

  #facilities(mode, category, closed) {
    const { id } = this.model.facilities, gone = new Set(closed);
    return this.#rowsOf(category).filter((at) => !gone.has(id[at])).map((at) => {
      const facility = this.facility(null, at);
      return { ...facility, rank: (at + 1) * this.gap, join: this.#joinOf(mode, at, facility) };
    });
  }

  /** Give the facilities of a category that count and have a place. */
  #rowsOf(category) {
    if (!this.#placed) {
      this.#placed = new Map(this.model.categories.map(({ id }) => [id, []]));
      const { category: of } = this.model.facilities, placed = this.columns("network/facilities/placed");
      of.forEach((each, at) => { if (placed[at]) this.#placed.get(this.model.categories[each].id).push(at); });
    }
    return this.#placed.get(category);
  }

  #added(mode, category, plan) {
    const ids = [...plan.added.map(({ facility_id: id }) => id)].sort(byCodePoints);
    return plan.added.flatMap((addition, index) => {
      if (addition.category !== category) return [];
      const at = this.model.facilities.id.length + index;
      const facility = this.#addition(addition, at);
      return [{ ...facility, rank: this.#rank(addition.facility_id, ids),
        join: this.#joinOf(mode, at, facility) }];
    });
  }

  /** Rank a new facility among all by id; ranks of existing ones are multiples of the gap. */
  #rank(id, ids) {
    const known = this.model.facilities.id;
    let low = 0, high = known.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (byCodePoints(known[middle], id) < 0) low = middle + 1;
      else high = middle;
    }
    const within = ids.indexOf(id) + 1;
    if (within >= this.gap) throw new RangeError(`at most ${this.gap - 1} facilities in a plan`);
    return low * this.gap + within;
  }

  #addition({ facility_id: id, name, x_cm, y_cm }, row) {
    return { row, id, name, x: x_cm - this.meta.origin[0], y: y_cm - this.meta.origin[1] };
  }

  #joinOf(mode, at, { x, y }) {
    const joined = this.network(mode);
    if (!joined) return undefined;
    const known = this.columns(`network/${mode}/facilities`);
    if (at >= known.length) return attach(joined.network, x, y);
    joined.facilities[at] ??= joinAt(joined.network, known[at], x, y); // one by one: there may be 100,000
    return joined.facilities[at];
  }

  /** Find the nearest in straight lines times the detour factor, where there are no streets. */
  #straight(mode, { x, y }, facilities, before) {
    const key = before ? before.key.slice() : new Float64Array(x.length).fill(UNREACHED);
    const rows = new Map(before?.rows), { kmh } = this.meta.modes[mode];
    const bound = (this.meta.limit + 1) * RANK;
    for (const { rank, row: at, x: east, y: north } of facilities) {
      rows.set(rank, at);
      for (let row = 0; row < x.length; row++) {
        const metres = lengthUm(east - x[row], north - y[row]) / MICROMETRES * this.meta.detour;
        const by = straightMs(metres, kmh) * RANK + rank;
        if (by < key[row] && by < bound) key[row] = by;
      }
    }
    return { key, rows };
  }

  #line(row, to) {
    const from = this.spot(row);
    const um = lengthUm(to.x - from[0], to.y - from[1]) * this.meta.detour;
    return { um, points: [from, [to.x, to.y]] };
  }
}
