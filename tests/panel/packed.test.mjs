import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";
import { deflateRawSync } from "node:zlib";

import { bytesOf, inflate, readBlock, wholeNumbers } from "../../maps/panel/packed.js";

const library = readFileSync(new URL("../../maps/panel/fflate/fflate.js", import.meta.url), "utf8");
const plain = Uint8Array.from({ length: 5000 }, (_, at) => (at * at) % 251);

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
  const packed = new Uint8Array(deflateRawSync(plain));
  assert.deepEqual(await inflate(packed), plain);
  vm.runInThisContext(library);
  const own = globalThis.DecompressionStream;
  delete globalThis.DecompressionStream;
  try {
    assert.deepEqual(await inflate(packed), plain);
  } finally {
    globalThis.DecompressionStream = own;
  }
});

test("a column that is not there is told by its name", () => {
  const head = new TextEncoder().encode('{"columns":{"x":["whole",0,1,1]}}');
  const bytes = Uint8Array.of(head.length, 0, 0, 0, ...head, 6);
  const block = readBlock(bytes);
  assert.equal(block.whole("x")[0], 3);
  assert.equal(block.has("y"), false);
  assert.throws(() => block.whole("y"), /no column y/);
  assert.throws(() => block.words("x"), /no column x/);
});
