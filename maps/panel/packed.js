/* Reads the block of columns that maps/packed.py writes: names and settings, then numbers. */

/**
 * @typedef {object} Packed
 * @property {any} header names and settings
 * @property {(name: string) => boolean} has whether there is such a column
 * @property {(name: string) => Int32Array} whole a column of whole numbers
 * @property {(name: string) => Float64Array} real a column of numbers, NaN where unknown
 * @property {(name: string) => string[]} words a column of texts
 */

const LETTERS = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at))
  .filter((letter) => !"<`\\".includes(letter));
const PAIR_BITS = 13;
const LETTER_BITS = 6;

/**
 * Turn printable characters into bytes: two of them are 13 bits, the lowest first, a last one 6.
 * @param {string} text
 * @returns {Uint8Array}
 */
export function bytesOf(text) {
  const number = new Uint8Array(128);
  LETTERS.forEach((letter, at) => { number[letter.charCodeAt(0)] = at; });
  const odd = text.length % 2;
  const bytes = new Uint8Array(Math.floor(((text.length - odd) / 2 * PAIR_BITS + odd * LETTER_BITS) / 8));
  for (let at = 0, made = 0, bits = 0, held = 0; at < text.length; at += 2) {
    const next = at + 1 < text.length ? number[text.charCodeAt(at + 1)] : 0;
    held |= (number[text.charCodeAt(at)] + next * LETTERS.length) << bits;
    for (bits += PAIR_BITS; bits >= 8; bits -= 8, held >>>= 8) bytes[made++] = held;
  }
  return bytes;
}

/**
 * Inflate raw deflated bytes; browsers that cannot (before 2023) use the library in the page.
 * @param {Uint8Array} bytes
 * @returns {Promise<Uint8Array>}
 */
export async function inflate(bytes) {
  let stream;
  try {
    stream = new DecompressionStream("deflate-raw");
  } catch {
    return globalThis.fflate.inflateSync(bytes);
  }
  const inflated = new Blob([/** @type {any} */ (bytes)]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

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

/** Put texts together: how each begins like the one before, and what is its own. */
function wordsOf(text, like, own) {
  const found = new Array(like.length);
  for (let row = 0, at = 0, last = ""; row < like.length; row++) {
    // What is said again is the same text, not another one alike.
    if (own[row] || like[row] !== last.length) last = last.slice(0, like[row]) + text.slice(at, at + own[row]);
    at += own[row];
    found[row] = last;
  }
  return found;
}

/**
 * Read a block that is inflated already.
 * @param {Uint8Array} bytes
 * @returns {Packed}
 */
export function readBlock(bytes) {
  const text = new TextDecoder("utf-8", { ignoreBOM: true });
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(text.decode(bytes.subarray(4, 4 + size)));
  const { columns } = header;
  const kept = new Map();
  const read = (name, kind, make) => {
    const [is, at, length, count] = columns[name] ?? [];
    if (is === undefined || !kind.includes(is)) throw new Error(`no column ${name}`);
    if (!kept.has(name)) {
      kept.set(name, make(bytes.subarray(4 + size + at, 4 + size + at + length), count, is));
    }
    return kept.get(name);
  };
  const whole = (name) => read(name, ["whole", "steps"], (packed, count, is) =>
    wholeNumbers(packed, count, is === "steps"));
  return {
    header, whole,
    has: (name) => name in columns,
    real: (name) => read(name, ["real"], (packed) => new Float64Array(packed.slice().buffer)),
    words: (name) => read(name, ["words"], (packed) =>
      wordsOf(text.decode(packed), whole(`${name}/like`), whole(`${name}/own`))),
  };
}

/**
 * Read the block of a page.
 * @param {string} text
 * @returns {Promise<Packed>}
 */
export async function unpack(text) {
  return readBlock(await inflate(bytesOf(text)));
}
