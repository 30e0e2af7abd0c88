/* The bytes that a block's printable characters hold, inflated piece by piece. */

const LETTERS = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at))
  .filter((letter) => !"<\x60\\".includes(letter));
const PAIR_BITS = 13;
const LETTER_BITS = 6;
const PIECE = 2 ** 16; // characters at a time: 16 of them are 13 whole bytes

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

/** @typedef {{length: number, slice: (from: number, to: number) => string}} Letters a text, or what gives pieces of it */

/**
 * Inflate a text piece by piece, so that none of it is held twice; browsers that cannot (before 2023)
 * use the library in the page.
 * @param {Letters} text
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* inflated(text) {
  let stream;
  try {
    stream = new DecompressionStream("deflate-raw");
  } catch {
    yield globalThis.fflate.inflateSync(bytesOf(text.slice(0, text.length)));
    return;
  }
  feed(stream.writable, text).catch(() => {}); // what is wrong with it the reader is told
  const reader = stream.readable.getReader();
  for (let { done, value } = await reader.read(); !done; ({ done, value } = await reader.read())) yield value;
}

async function feed(writable, text) {
  const writer = writable.getWriter();
  for (let at = 0; at < text.length; at += PIECE) await writer.write(bytesOf(text.slice(at, at + PIECE)));
  await writer.close();
}
