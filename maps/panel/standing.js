/* The facilities that stand in a study and its plans, as a search takes them: ranked by id, joined. */

import { attach, joinAt } from "./attach.js";
import { byCodePoints } from "./plan.js";
import { before, placeOf } from "./texts.js";
import { RANK } from "./travel.js";

const NOTHING = Object.freeze({ added: [], closed: [] });

/**
 * @typedef {object} Standing a facility by its position in the study, or behind those in a plan
 * @property {number} row
 * @property {number} x @property {number} y centimetres from the origin
 * @property {number} rank among all by id
 * @property {import("./attach.js").Join} join undefined where there are no streets
 */

/** Give what is made of each row, whenever they are gone through: thousands at once take megabytes. */
const eachOf = (rows, make) => ({ *[Symbol.iterator]() { for (const row of rows) yield make(row); } });

export class Facilities {
  /**
   * @param {any} model what model.js gives @param {(name: string) => Int32Array} columns
   * @param {any} meta the networks' settings
   * @param {(mode: string) => {network: import("./travel.js").Network} | null} networkOf
   */
  constructor(model, columns, meta, networkOf) {
    this.model = model;
    this.columns = columns;
    this.meta = meta;
    this.networkOf = networkOf;
    // Room between the ranks of two facilities for new ones whose ids sort between theirs.
    this.gap = Math.floor(RANK / (model.facilities.id.length + 2));
  }

  /** Give the place of a facility by its position, new ones included. @returns {Omit<Standing, "rank" | "join">} */
  at(plan, at) {
    const known = this.model.facilities.id.length;
    if (at >= known) return this.#addition(plan.added[at - known], at);
    return { row: at, x: this.columns("network/facilities/x")[at], y: this.columns("network/facilities/y")[at] };
  }

  /** Give the existing ones of a category that count and have a place, but the closed. @returns {Iterable<Standing>} */
  existing(mode, category, closed) {
    const gone = new Set(closed.map((id) => placeOf(this.model.facilities.id, id)));
    const { categories, facilities: { of, placed } } = this.model;
    const rows = of(categories.findIndex(({ id }) => id === category)).filter((at) => placed[at] && !gone.has(at));
    return eachOf(rows, (at) => {
      const facility = this.at(null, at);
      return { ...facility, rank: this.rankOf(at), join: this.join(mode, at, facility) };
    });
  }

  /** Give those that a plan adds to a category. @returns {Standing[]} */
  added(mode, category, plan) {
    const ids = [...plan.added.map(({ facility_id: id }) => id)].sort(byCodePoints);
    return plan.added.flatMap((addition, index) => {
      if (addition.category !== category) return [];
      const at = this.model.facilities.id.length + index;
      const facility = this.#addition(addition, at);
      return [{ ...facility, rank: this.#rankBetween(addition.facility_id, ids), join: this.join(mode, at, facility) }];
    });
  }

  /** Give all of a category that stand in a plan and have a place. @returns {Iterable<Standing>} */
  *standing(mode, category, { added, closed } = NOTHING) {
    yield* this.existing(mode, category, closed);
    yield* this.added(mode, category, { added });
  }

  /** Give the rank of an existing facility among all by id: a multiple of the gap. */
  rankOf(at) {
    return (at + 1) * this.gap;
  }

  /** Give the facility of a rank; the new ones are among ``added``. @param {Standing[]} added */
  rowOf(rank, added) {
    return rank % this.gap ? added.find((each) => each.rank === rank).row : rank / this.gap - 1;
  }

  /** Give how a facility is joined to the streets of a mode, if it has any. */
  join(mode, at, { x, y }) {
    const joined = this.networkOf(mode);
    if (!joined) return undefined;
    const known = this.columns(`network/${mode}/facilities`);
    if (at >= known.length) return attach(joined.network, x, y);
    return joinAt(joined.network, known[at], x, y); // none is kept: there may be 100,000
  }

  #rankBetween(id, ids) {
    const within = ids.indexOf(id) + 1;
    if (within >= this.gap) throw new RangeError(`at most ${this.gap - 1} facilities in a plan`);
    return before(this.model.facilities.id, id) * this.gap + within;
  }

  #addition({ x_cm, y_cm }, row) {
    return { row, x: x_cm - this.meta.origin[0], y: y_cm - this.meta.origin[1] };
  }
}
