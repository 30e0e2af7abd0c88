import assert from "node:assert/strict";
import { test } from "node:test";
import { makeGrid, pointsAround, ringsAround } from "../../maps/panel/grid.js";
import { Heap } from "../../maps/panel/heap.js";

/** Give the same numbers between 0 and 1 every time. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

test("a heap gives back the least key first, whatever the order it was filled in", () => {
  const next = numbers(7), heap = new Heap();
  const keys = Array.from({ length: 5000 }, () => Math.floor(next() * 1000));
  keys.forEach((key, node) => heap.push(key, node));
  const given = keys.map(() => ({ key: heap.least, node: heap.pop() }));
  assert.deepEqual(given.map(({ key }) => key), [...keys].sort((one, other) => one - other));
  assert.ok(given.every(({ key, node }) => keys[node] === key));
  assert.equal(heap.size, 0);
});

test("rings around a point give everything once its distance is reached, from outside too", () => {
  const next = numbers(11);
  const x = Int32Array.from({ length: 300 }, () => Math.floor(next() * 50000));
  const y = Int32Array.from({ length: 300 }, () => Math.floor(next() * 20000));
  const grid = makeGrid(x, y);
  for (let round = 0; round < 60; round++) {
    const at = [next() * 90000 - 20000, next() * 60000 - 20000];
    const apart = (row) => Math.hypot(x[row] - at[0], y[row] - at[1]);
    const seen = new Set();
    for (const { least, pieces } of ringsAround(grid, ...at)) {
      for (const row of x.keys()) assert.ok(seen.has(row) || apart(row) >= least - 1e-6);
      pieces.forEach((row) => seen.add(row));
    }
    assert.equal(seen.size, 300);
  }
});

test("points around a place are at least all those within reach", () => {
  const next = numbers(3);
  const x = Int32Array.from({ length: 500 }, () => Math.floor(next() * 40000));
  const y = Int32Array.from({ length: 500 }, () => Math.floor(next() * 40000));
  const grid = makeGrid(x, y, undefined, 5000);
  for (let round = 0; round < 50; round++) {
    const at = [next() * 60000 - 10000, next() * 60000 - 10000];
    const found = new Set(pointsAround(grid, ...at, 5000));
    for (const row of x.keys()) {
      if (Math.hypot(x[row] - at[0], y[row] - at[1]) <= 5000) assert.ok(found.has(row));
    }
  }
});

test("a grid of nothing has nothing near", () => {
  const grid = makeGrid(new Int32Array(), new Int32Array());
  assert.deepEqual([...ringsAround(grid, 5, 5)].flatMap(({ pieces }) => pieces), []);
});
