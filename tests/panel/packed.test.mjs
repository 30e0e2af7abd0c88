import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";
import { deflateRawSync } from "node:zlib";

import { bytesOf, inflated } from "../../maps/panel/inflated.js";
import { readBlock, wholeNumbers } from "../../maps/panel/packed.js";

const library = readFileSync(new URL("../../maps/panel/fflate/fflate.js", import.meta.url), "utf8");
const plain = Uint8Array.from({ length: 200000 }, (_, at) => (at * at * 7 + (at >> 3)) % 251);
const letters = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).filter((each) => !'<`\\'.includes(each));

/** Write bytes as maps/packed.py does: two characters for every 13 bits. */
function charactersOf(bytes) {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0").split("").reverse().join("")).join("");
  const pairs = bits.match(/.{1,13}/g).map((some) => parseInt(some.split("").reverse().join(""), 2));
  return pairs.map((pair) => letters[pair % 91] + letters[Math.floor(pair / 91)]).join("");
}

async function* piecesOf(...pieces) {
  yield* pieces.map((piece) => Uint8Array.from(piece));
}

async function whole(pieces) {
  const found = [];
  for await (const piece of pieces) found.push(piece);
  return new Uint8Array(Buffer.concat(found));
}

test("two printable characters are thirteen bits", () => {
  assert.deepEqual([...bytesOf("!!")], [0]);
  assert.deepEqual([...bytesOf('"!!!')], [1, 0, 0]);
  assert.deepEqual([...bytesOf('"~"~"~')], [255, 255, 255, 255]);
  assert.deepEqual([...bytesOf('"~#')], [255, 95]); // six bits of the last one
});

test("numbers of several bytes and signs are read, and steps are summed", () => {
  const bytes = Uint8Array.of(0, 1, 2, 128, 254, 0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 0, 0, 255);
  assert.deepEqual([...wholeNumbers(bytes, 5, false)], [0, -1, 1, 64, 2147483647]);
  assert.deepEqual([...wholeNumbers(Uint8Array.of(1, 2, 128), 3, true)], [-1, 0, 64]);
  assert.deepEqual([...wholeNumbers(new Uint8Array(0), 0, true)], []);
});

test("the browser's own inflating and the library's give the same bytes", async () => {
  const packed = charactersOf(deflateRawSync(plain, { level: 1, strategy: 2 }));
  assert.ok(packed.length > 3 * 2 ** 16); // it comes in several pieces
  assert.deepEqual(await whole(inflated(packed)), plain);
  vm.runInThisContext(library);
  const own = globalThis.DecompressionStream;
  delete globalThis.DecompressionStream;
  try {
    assert.deepEqual(await whole(inflated(packed)), plain);
  } finally {
    globalThis.DecompressionStream = own;
  }
});

test("a column that is not there is told by its name", async () => {
  const head = new TextEncoder().encode('{"columns":{"x":["whole",0,1,1]}}');
  const block = await readBlock(piecesOf([head.length, 0], [0, 0, ...head.subarray(0, 5)], head.subarray(5), [6]));
  assert.equal(block.whole("x")[0], 3);
  assert.equal(block.has("y"), false);
  assert.throws(() => block.whole("y"), /no column y/);
  assert.throws(() => block.words("x"), /no column x/);
});

test("a block that ends too early is no block", async () => {
  const head = new TextEncoder().encode('{"columns":{"x":["whole",0,4,4]}}');
  await assert.rejects(readBlock(piecesOf([head.length, 0, 0, 0, ...head, 6, 8])), /too early/);
});

test("a column that is read once is gone, one that is kept is the same again", async () => {
  const head = new TextEncoder().encode('{"columns":{"x":["whole",0,1,1],"y":["whole",1,1,1]}}');
  const block = await readBlock(piecesOf([head.length, 0, 0, 0, ...head, 6, 8]));
  assert.equal(block.once("x")[0], 3);
  assert.throws(() => block.once("x"), /no column x/);
  assert.equal(block.whole("y")[0], 4);
  assert.equal(block.whole("y"), block.whole("y"));
});
