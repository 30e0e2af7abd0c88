/* Reads the block of columns that maps/packed.py writes: names and settings, then numbers. */

import { inflated } from "./inflated.js";
import { Texts } from "./texts.js";

/**
 * @typedef {object} Packed
 * @property {any} header names and settings
 * @property {(name: string) => boolean} has whether there is such a column
 * @property {(name: string) => Int32Array} whole a column of whole numbers
 * @property {(name: string) => Int32Array} once the same of a column that is laid out as something
 *   else: it is read, and gone
 * @property {(name: string) => Float64Array} real a column of numbers, NaN where unknown
 * @property {(name: string) => (row: number) => number} few numbers of which few are known, by row
 * @property {(name: string) => string[]} words a column of texts
 * @property {(name: string) => Texts} texts the same of a column of very many, put together when asked for
 */

/**
 * Read whole numbers that lie byte by byte, the lowest bytes of all first, the sign in the lowest
 * bit.
 * @param {Uint8Array} bytes
 * @param {number} count
 * @param {boolean} steps whether they are differences
 * @returns {Int32Array}
 */
export function wholeNumbers(bytes, count, steps) {
  const found = new Int32Array(count);
  for (let from = bytes.length - count; from >= 0 && count; from -= count) {
    for (let row = 0; row < count; row++) found[row] = (found[row] << 8) | bytes[from + row];
  }
  for (let row = 0, last = 0; row < count; row++) {
    const value = (found[row] >>> 1) ^ -(found[row] & 1);
    last = steps ? last + value : value;
    found[row] = last;
  }
  return found;
}

/**
 * Give whole numbers in as few bytes each as hold them all.
 * @param {Int32Array} numbers
 */
export function narrow(numbers) {
  let least = 0, most = 0;
  for (let at = 0; at < numbers.length; at++) {
    if (numbers[at] < least) least = numbers[at];
    if (numbers[at] > most) most = numbers[at];
  }
  const Kind = [Int8Array, Uint8Array, Int16Array, Uint16Array].find(({ BYTES_PER_ELEMENT: bytes, name }) => {
    const all = 2 ** (8 * bytes), half = name.startsWith("U") ? 0 : all / 2;
    return least >= -half && most < all - half;
  });
  return Kind ? new Kind(numbers) : numbers;
}

/**
 * Read a block that is inflated already and comes in pieces. Each column has bytes of its own, so
 * that what is read need not be held as bytes as well.
 * @param {AsyncIterator<Uint8Array>} pieces
 * @returns {Promise<Packed>}
 */
export async function readBlock(pieces) {
  const take = takerOf(pieces);
  const size = new DataView((await take(4)).buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(await take(size)));
  const parts = new Map();
  for (const [name, [, , length]] of Object.entries(header.columns)) parts.set(name, await take(length));
  return columnsOf(header, parts);
}

/** Give a function that takes so many bytes off the pieces. */
function takerOf(pieces) {
  let piece = new Uint8Array(0);
  return async (length) => {
    const taken = new Uint8Array(length);
    for (let at = 0; at < length;) {
      if (!piece.length) piece = (await pieces.next()).value;
      if (!piece) throw new Error("the block ends too early");
      const some = piece.subarray(0, length - at);
      taken.set(some, at);
      at += some.length;
      piece = piece.subarray(some.length);
    }
    return taken;
  };
}

/** Give a function of a column; of one in which few are known only those are kept. */
function few(all) {
  let known = 0;
  for (let row = 0; row < all.length; row++) if (!Number.isNaN(all[row])) known++;
  return known < all.length / 8 ? among(all) : (row) => all[row];
}

/** Give the same by the known ones alone: a function made beside the column would hold all of it. */
function among(all) {
  const known = new Map();
  for (let row = 0; row < all.length; row++) if (!Number.isNaN(all[row])) known.set(row, all[row]);
  return aside(known);
}

const aside = (known) => (row) => known.get(row) ?? NaN;

function columnsOf(header, parts) {
  const { columns } = header;
  const text = new TextDecoder("utf-8", { ignoreBOM: true });
  const kept = new Map();
  const take = (name, kinds, make) => {
    const [is, , , count] = columns[name] ?? [];
    if (!kinds.includes(is) || !parts.has(name)) throw new Error(`no column ${name}`);
    const made = make(parts.get(name), count, is);
    parts.delete(name);
    return made;
  };
  const readers = {
    whole: (name) => take(name, ["whole", "steps"], (packed, count, is) => wholeNumbers(packed, count, is === "steps")),
    real: (name) => take(name, ["real"], (packed) => new Float64Array(packed.buffer)),
    texts: (name) => take(name, ["words"], (packed) =>
      new Texts(text.decode(packed), narrow(readers.whole(`${name}/like`)), narrow(readers.whole(`${name}/own`)))),
    words: (name) => [...readers.texts(name)],
  };
  const keep = (kind) => (name) => {
    const key = `${kind} ${name}`;
    if (!kept.has(key)) kept.set(key, readers[kind](name));
    return kept.get(key);
  };
  return { header, has: (name) => name in columns, once: readers.whole, few: (name) => few(readers.real(name)),
    whole: keep("whole"), real: keep("real"), words: keep("words"), texts: keep("texts") };
}

/**
 * Read the block in an element of the page, and let its megabytes of letters go.
 * @param {string} id
 * @returns {Promise<Packed>}
 */
export async function unpackFrom(id) {
  const held = document.getElementById(id);
  const text = /** @type {Text} */ (held.firstChild);
  // Asked for whole, its letters would stay until they are swept up.
  const packed = await unpack({ length: text.length, slice: (from, to) => text.substringData(from, to - from) });
  text.data = ""; // and so may the element
  held.remove();
  return packed;
}

/**
 * Read the block of a page.
 * @param {import("./inflated.js").Letters} text
 * @returns {Promise<Packed>}
 */
export async function unpack(text) {
  return readBlock(inflated(text));
}
