import assert from "node:assert/strict";
import test from "node:test";

import { arcMeets, starts } from "../../maps/panel/areas.js";
import { packedColour, paint, rasterise } from "../../maps/panel/raster.js";

/** Make areas of one ring each, every ring one closed arc. */
function areasOf(rings) {
  const x = Int32Array.from(rings.flat().map(([east]) => east));
  const y = Int32Array.from(rings.flat().map(([, south]) => south));
  const boxes = rings.flatMap((ring) => [Math.min(...ring.map(([e]) => e)), Math.min(...ring.map(([, s]) => s)),
    Math.max(...ring.map(([e]) => e)), Math.max(...ring.map(([, s]) => s))]);
  return { count: rings.length, x, y, arcs: starts(rings.map((ring) => ring.length)),
    rings: starts(rings.map(() => 1)), uses: starts(rings.map(() => 1)),
    refs: Int32Array.from(rings.keys()), boxes: Int32Array.from(boxes) };
}

const closed = (ring) => [...ring, ring[0]];
const anchors = (rings) => ({ x: Int32Array.from(rings.map(([[east]]) => east)), y: Int32Array.from(rings.map(([[, south]]) => south)) });

/** Even-odd, the plain way. */
function inside(ring, px, py) {
  let is = false;
  for (let at = 0; at + 1 < ring.length; at++) {
    const [[x1, y1], [x2, y2]] = [ring[at], ring[at + 1]];
    if ((y1 > py) !== (y2 > py) && px < ((x2 - x1) * (py - y1)) / (y2 - y1) + x1) is = !is;
  }
  return is;
}

function random(seed) {
  let state = seed;
  return () => ((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648);
}

test("every pixel says the area that its centre lies in", () => {
  const draw = random(7);
  for (let round = 0; round < 40; round++) {
    const ring = closed(Array.from({ length: 3 + Math.floor(draw() * 9) },
      () => [Math.floor(draw() * 1000), Math.floor(draw() * 1000)]));
    const view = { scale: 0.037 + draw() / 20, left: draw() * 20 - 5.3, top: draw() * 20 - 7.1, width: 41, height: 37 };
    const ids = new Int32Array(view.width * view.height);
    rasterise(areasOf([ring]), view, ids, anchors([ring]));
    if (!ids.includes(0)) continue;
    const onScreen = ring.map(([x, y]) => [x * view.scale - view.left, y * view.scale - view.top]);
    for (let row = 0; row < view.height; row++) {
      for (let column = 0; column < view.width; column++) {
        const expected = inside(onScreen, column + 0.5, row + 0.5) ? 0 : -1;
        const found = ids[row * view.width + column];
        if (found !== expected) {
          // one pixel that holds nothing else marks a tiny area
          assert.equal(ids.filter((each) => each === 0).length, 1);
        }
      }
    }
  }
});

test("neighbours leave no pixel between them and share none", () => {
  const west = closed([[0, 0], [503, 0], [507, 1000], [0, 1000]]);
  const east = closed([[503, 0], [1000, 0], [1000, 1000], [507, 1000]]);
  const view = { scale: 0.05, left: 0, top: 0, width: 50, height: 50 };
  const ids = new Int32Array(2500);
  rasterise(areasOf([west, east]), view, ids, anchors([west, east]));
  assert.equal(ids.includes(-1), false);
});

test("an area smaller than a pixel takes the pixel of its anchor", () => {
  const dot = closed([[411, 411], [412, 411], [412, 412]]);
  const ids = new Int32Array(100);
  rasterise(areasOf([dot]), { scale: 0.01, left: 0, top: 0, width: 10, height: 10 }, ids, anchors([dot]));
  assert.deepEqual([...ids.entries()].filter(([, id]) => id === 0).map(([at]) => at), [44]);
});

test("only hatched areas are striped, and empty pixels stay clear", () => {
  const ids = Int32Array.from({ length: 300 }, (_, at) => (at % 3) - 1);
  const pixels = new Uint32Array(300);
  paint(ids, pixels, { width: 30, left: 3, top: 4, ratio: 1 },
    { colours: Uint32Array.of(10, 20), hatched: Uint8Array.of(0, 1), ink: 99 });
  const seen = (id) => new Set([...pixels].filter((_, at) => ids[at] === id));
  assert.deepEqual(seen(-1), new Set([0]));
  assert.deepEqual(seen(0), new Set([10]));
  assert.deepEqual(seen(1), new Set([20, 99]));
});

test("a colour is four bytes, red in the lowest", () => {
  assert.equal(packedColour("#010203", 4), 0x04030201);
  assert.equal(packedColour("#ffffff"), 0xffffffff);
});

test("an arc meets a box that its own box touches, and no other", () => {
  const areas = areasOf([[[2, 2], [6, 9], [4, 1]], [[50, 50], [60, 60]]]);
  const box = (west, north, east, south) => ({ west, north, east, south });
  for (const [arc, seen, is] of [[0, box(0, 0, 2, 9), true], [0, box(0, 0, 1, 9), false], [0, box(6, 9, 20, 20), true],
    [0, box(7, 0, 20, 20), false], [0, box(0, 10, 20, 20), false], [0, box(0, 0, 20, 1), true], [0, box(0, 0, 20, 0), false],
    [1, box(0, 0, 49, 49), false], [1, box(0, 0, 50, 50), true]]) assert.equal(arcMeets(areas, arc, seen), is);
});
