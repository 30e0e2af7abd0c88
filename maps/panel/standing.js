/* The facilities that stand in a study and its plans, as a search takes them: ranked by id, joined. */

import { attach, joinAt } from "./attach.js";
import { byCodePoints } from "./plan.js";
import { RANK } from "./travel.js";

const NOTHING = Object.freeze({ added: [], closed: [] });

/**
 * @typedef {object} Standing a facility by its position in the study, or behind those in a plan
 * @property {number} row @property {string} id
 * @property {string} [name] of a new one
 * @property {number} x @property {number} y centimetres from the origin
 * @property {number} rank among all by id
 * @property {import("./attach.js").Join} join undefined where there are no streets
 */

export class Facilities {
  #placed = null;

  /**
   * @param {any} model what model.js gives @param {(name: string) => Int32Array} columns
   * @param {any} meta the networks' settings
   * @param {(mode: string) => {network: import("./travel.js").Network, facilities: import("./attach.js").Join[]} | null} networkOf
   */
  constructor(model, columns, meta, networkOf) {
    this.model = model;
    this.columns = columns;
    this.meta = meta;
    this.networkOf = networkOf;
    // Room between the ranks of two facilities for new ones whose ids sort between theirs.
    this.gap = Math.floor(RANK / (model.facilities.id.length + 2));
  }

  /** Give name, category and place of a facility by its position, new ones included. @returns {Omit<Standing, "rank" | "join">} */
  at(plan, at) {
    const known = this.model.facilities.id.length;
    if (at >= known) return this.#addition(plan.added[at - known], at);
    return { row: at, id: this.model.facilities.id[at], x: this.columns("network/facilities/x")[at],
      y: this.columns("network/facilities/y")[at] };
  }

  /** Give the existing ones of a category that count and have a place, but the closed. @returns {Standing[]} */
  existing(mode, category, closed) {
    const { id } = this.model.facilities, gone = new Set(closed);
    return this.#rowsOf(category).filter((at) => !gone.has(id[at])).map((at) => {
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

  /** Give all of a category that stand in a plan and have a place. @returns {Standing[]} */
  standing(mode, category, { added, closed } = NOTHING) {
    return this.existing(mode, category, closed).concat(this.added(mode, category, { added }));
  }

  /** Give the rank of an existing facility among all by id: a multiple of the gap. */
  rankOf(at) {
    return (at + 1) * this.gap;
  }

  /** Give how a facility is joined to the streets of a mode, if it has any. */
  join(mode, at, { x, y }) {
    const joined = this.networkOf(mode);
    if (!joined) return undefined;
    const known = this.columns(`network/${mode}/facilities`);
    if (at >= known.length) return attach(joined.network, x, y);
    joined.facilities[at] ??= joinAt(joined.network, known[at], x, y); // one by one: there may be 100,000
    return joined.facilities[at];
  }

  #rowsOf(category) {
    if (!this.#placed) {
      this.#placed = new Map(this.model.categories.map(({ id }) => [id, []]));
      const { category: of } = this.model.facilities, placed = this.columns("network/facilities/placed");
      of.forEach((each, at) => { if (placed[at]) this.#placed.get(this.model.categories[each].id).push(at); });
    }
    return this.#placed.get(category);
  }

  #rankBetween(id, ids) {
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
}
