import assert from "node:assert/strict";
import test from "node:test";

import { csvOf, fileName, linesOf } from "../../maps/panel/saving.js";

test("cells with commas, quotes and line ends are quoted", () => {
  assert.equal(csvOf([["a,b", 'say "x"', "two\nlines", 1.5, null]]), '"a,b","say ""x""","two\nlines",1.5,\r\n');
});

test("no cell is a formula", () => {
  assert.equal(csvOf([["=1+1", "+x", "-x", "@x", -3]]), "'=1+1,'+x,'-x,'@x,-3\r\n");
  assert.equal(linesOf([["=1+1"]]), "'=1+1");
});

test("copied rows stay rows", () => {
  assert.equal(linesOf([["a\tb\nc", 1], ["d", 2]]), "a b c\t1\r\nd\t2");
});

test("a file's name has nothing a file system minds", () => {
  assert.equal(fileName("县/乡", 'a:"b"?', "x".repeat(200)).length, 80);
  assert.equal(fileName("县/乡", "类别 一"), "县_乡-类别_一");
});
