/* Many texts as the page carries them, each put together when it is asked for: a hundred thousand
   strings take several times the room of their letters. */

import { byCodePoints } from "./plan.js";

const RUN = 64; // texts put together from one that is held

/** @implements {Iterable<string>} */
export class Texts {
  /**
   * @param {string} text what is each text's own, one after the other
   * @param {ArrayLike<number>} like how many letters each begins with like the one before
   * @param {ArrayLike<number>} own how many letters follow
   */
  constructor(text, like, own) {
    this.text = text;
    this.like = like;
    this.own = own;
    this.length = like.length;
    this.begins = new Int32Array(Math.ceil(this.length / RUN)); // of each run's own letters
    this.step = { row: Infinity, at: 0, last: "" }; // behind the last one asked for
    /** @type {string[]} */
    this.before = []; // and the text before it
    const letters = []; // of the row before: texts that nobody asked for would be let go at once
    for (let row = 0, at = 0; row < this.length; at += own[row++]) {
      if (row % RUN === 0) {
        this.begins[row / RUN] = at;
        this.before.push(String.fromCharCode(...letters));
      }
      letters.length = like[row];
      for (let more = 0; more < own[row]; more++) letters.push(text.charCodeAt(at + more));
    }
  }

  /** Give one text; nothing beyond the last. @returns {string} */
  at(row) {
    if (!(row >= 0 && row < this.length)) return undefined;
    const { step } = this;
    if (step.row > row + 1 || row - step.row >= RUN) Object.assign(step, this.#run(row));
    while (step.row <= row) this.#go(step);
    return step.last;
  }

  /** Give the texts in order, from one of them on. @returns {Generator<string>} */
  *from(row) {
    const step = this.#run(row);
    while (step.row < this.length) {
      this.#go(step);
      if (step.row > row) yield step.last;
    }
  }

  [Symbol.iterator]() {
    return this.from(0);
  }

  /** Give a step at the beginning of a row's run. */
  #run(row) {
    const run = Math.floor(row / RUN);
    return { row: run * RUN, at: this.begins[run], last: this.before[run] };
  }

  #go(step) {
    const like = this.like[step.row], own = this.own[step.row++];
    // What is said again is the same text, not another one alike.
    if (own || like !== step.last.length) step.last = step.last.slice(0, like) + this.text.slice(step.at, step.at + own);
    step.at += own;
  }
}

/**
 * Give texts by row that lie group by group, each group's in the order of its rows.
 * @param {ArrayLike<number>} group of each row
 * @param {import("./groups.js").Groups} groups
 * @param {Texts} texts
 */
export function byGroup(group, groups, texts) {
  return { length: group.length, at: (row) => (row < group.length ? texts.at(groups.place(row)) : undefined),
    *[Symbol.iterator]() {
      const runs = new Map(groups.begins.map(([which, begin]) => [which, texts.from(begin)]));
      for (let row = 0; row < group.length; row++) yield runs.get(group[row]).next().value;
    } };
}

/** Give how many of some texts, in the order of their code points, come before another. */
export function before(texts, text) {
  let low = 0, high = texts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byCodePoints(texts.at(middle), text) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Give where a text stands among texts in the order of their code points, -1 where it does not. */
export function placeOf(texts, text) {
  const at = before(texts, text);
  return texts.at(at) === text ? at : -1;
}
