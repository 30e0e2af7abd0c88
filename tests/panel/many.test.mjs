import assert from "node:assert/strict";
import test from "node:test";

import { press } from "../../maps/panel/dots.js";
import { groupsOf, lowerBound } from "../../maps/panel/groups.js";
import { narrow } from "../../maps/panel/packed.js";
import { byCodePoints } from "../../maps/panel/plan.js";
import { Texts, before, byGroup, placeOf } from "../../maps/panel/texts.js";

/** Put texts as maps/packed.py does: what each begins with like the one before it is left out. */
function textsOf(all) {
  const like = all.map((text, row) => {
    let same = 0;
    while (row && same < text.length && text[same] === all[row - 1][same]) same++;
    return same;
  });
  return new Texts(all.map((text, row) => text.slice(like[row])).join(""), like, all.map((text, row) => text.length - like[row]));
}

const NAMES = Array.from({ length: 700 }, (_, at) => ["", "社区", "社区服务站", "😀", `卫生室 ${at % 37}`, `F${String(at).padStart(5, "0")}`][at % 6]);
const GROUPS = Int8Array.from(NAMES, (_, at) => (at * at) % 7 - 1);

test("each of many texts is told by itself, from anywhere on, and none beyond the last", () => {
  const texts = textsOf(NAMES);
  assert.equal(texts.length, 700);
  assert.deepEqual(NAMES.map((_, row) => texts.at(row)), NAMES);
  assert.deepEqual([...texts], NAMES);
  for (const row of [5, 5, 4, 70, 69, 699, 0, 64, 63, 200]) assert.equal(texts.at(row), NAMES[row]);
  for (const row of [1, 63, 64, 65, 699]) assert.deepEqual([...texts.from(row)], NAMES.slice(row));
  assert.deepEqual([texts.at(-1), texts.at(700), textsOf([]).at(0)], [undefined, undefined, undefined]);
  assert.deepEqual([...textsOf([])], []);
});

test("texts that lie group by group are told by row", () => {
  const order = [...NAMES.keys()].sort((one, other) => GROUPS[one] - GROUPS[other] || one - other);
  const named = byGroup(GROUPS, groupsOf(GROUPS), textsOf(order.map((row) => NAMES[row])));
  assert.deepEqual(NAMES.map((_, row) => named.at(row)), NAMES);
  assert.deepEqual([...named], NAMES);
  assert.equal(named.at(700), undefined);
});

test("a text is found among those in the order of their code points", () => {
  const ids = [...new Set(NAMES)].sort(byCodePoints), texts = textsOf(ids);
  assert.deepEqual(ids.map((id) => placeOf(texts, id)), [...ids.keys()]);
  for (const id of ["F", "F00005x", "\uff01", "\u{10ffff}"]) {
    assert.equal(placeOf(texts, id), -1);
    assert.equal(before(texts, id), ids.filter((each) => byCodePoints(each, id) < 0).length);
  }
});

test("a group has its rows in order, and one that is not there has none", () => {
  const groups = groupsOf(GROUPS);
  for (let which = -3; which < 9; which++) {
    assert.deepEqual([...groups.of(which)], [...GROUPS.keys()].filter((row) => GROUPS[row] === which));
  }
  assert.deepEqual([...groupsOf([]).of(0)], []);
  assert.deepEqual([0, 3, 3.5, 9].map((than) => lowerBound([1, 3, 3, 8], than)), [0, 1, 3, 4]);
});

test("numbers stay what they are in fewer bytes", () => {
  for (const [least, most, bytes] of [[0, 1, 1], [-1, 127, 1], [0, 255, 1], [-1, 255, 2], [0, 65535, 2], [-1, 65535, 4], [-(2 ** 31), 5, 4]]) {
    const made = narrow(Int32Array.of(least, 0, most));
    assert.deepEqual([...made], [least, 0, most]);
    assert.equal(made.BYTES_PER_ELEMENT, bytes);
  }
});

test("a dot is laid over what is there, as far as it lies in the strip", () => {
  const [clear, solid, half] = [0, 0xff0000ff, 0x80ffffff];
  const dot = { size: 2, pixels: Uint32Array.of(solid, half, half, clear) };
  const pixels = Uint32Array.of(clear, 0xff00ff00, 0xff00ff00, clear, 0xff00ff00, clear);
  press(pixels, 3, dot, 0, 0);
  assert.deepEqual([...pixels], [solid, 0xff80ff80, 0xff00ff00, half, 0xff00ff00, clear]);
  press(pixels, 3, dot, 2, 1); // half of it beyond the edges
  press(pixels, 3, dot, -1, -1); // its clear corner alone
  press(pixels, 3, dot, 9, 9);
  assert.deepEqual([...pixels], [solid, 0xff80ff80, 0xff00ff00, half, 0xff00ff00, solid]);
});
