/* Reads the block of columns that maps/packed.py writes: names and settings, then numbers. */

/**
 * @typedef {object} Packed
 * @property {any} header names and settings
 * @property {(name: string) => boolean} has whether there is such a column
 * @property {(name: string) => Int32Array} whole a column of whole numbers
 * @property {(name: string) => Float64Array} real a column of numbers, NaN where unknown
 * @property {(name: string) => string[]} words a column of texts
 */

/**
 * Turn base64 into bytes.
 * @param {string} text
 * @returns {Uint8Array}
 */
export function bytesOf(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
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
  const inflated = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

/**
 * Read numbers of seven-bit groups, the lowest first, the sign in the lowest bit.
 * @param {Uint8Array} bytes
 * @param {number} at where they begin
 * @param {number} count
 * @param {boolean} steps whether they are differences
 * @returns {Int32Array}
 */
export function varints(bytes, at, count, steps) {
  const found = new Int32Array(count);
  for (let row = 0, last = 0; row < count; row++) {
    let byte = bytes[at++];
    let folded = byte & 127;
    for (let weight = 128; byte & 128; weight *= 128) {
      byte = bytes[at++];
      folded += (byte & 127) * weight;
    }
    const value = folded % 2 ? -(folded + 1) / 2 : folded / 2;
    last = steps ? last + value : value;
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
  const text = new TextDecoder();
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(text.decode(bytes.subarray(4, 4 + size)));
  const { columns } = header;
  const kept = new Map();
  const read = (name, kind, make) => {
    const [is, at, length, count] = columns[name] ?? [];
    if (is === undefined || !kind.includes(is)) throw new Error(`no column ${name}`);
    if (!kept.has(name)) kept.set(name, make(4 + size + at, length, count, is));
    return kept.get(name);
  };
  return {
    header,
    has: (name) => name in columns,
    whole: (name) => read(name, ["whole", "steps"], (at, _, count, is) =>
      varints(bytes, at, count, is === "steps")),
    real: (name) => read(name, ["real"], (at, length) =>
      new Float64Array(bytes.slice(at, at + length).buffer)),
    words: (name) => read(name, ["words"], (at, length) =>
      JSON.parse(text.decode(bytes.subarray(at, at + length)))),
  };
}

/**
 * Read the block of a page.
 * @param {string} base64
 * @returns {Promise<Packed>}
 */
export async function unpack(base64) {
  return readBlock(await inflate(bytesOf(base64)));
}
