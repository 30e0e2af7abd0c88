import assert from "node:assert/strict";
import { test } from "node:test";
import { byCodePoints, planText, readPlan } from "../../maps/panel/plan.js";
import { clinic } from "./town.mjs";

const STUDY = { name: "小县", crs: "EPSG:4548" };
const KNOWN = { ...STUDY, categories: ["clinic"], facilities: ["a", "b"] };
const PLAN = { name: "方案 \"一\"", added: [clinic("new", 1, 2)], closed: ["a"] };

const codes = (text) => readPlan(text, KNOWN).problems.map(([code]) => code);
const changed = (change) => JSON.stringify({ ...JSON.parse(planText(PLAN, STUDY)), ...change });

test("a plan that was written is read back the same", () => {
  assert.deepEqual(readPlan(planText(PLAN, STUDY), KNOWN), { plan: PLAN, problems: [] });
  assert.deepEqual(codes(`\ufeff${planText(PLAN, STUDY)}`), []);
});

test("what is no plan of this study is told", () => {
  assert.deepEqual(codes("{"), ["plan_not_json"]);
  assert.deepEqual(codes("[]"), ["not_a_plan"]);
  assert.deepEqual(codes("null"), ["not_a_plan"]);
  assert.deepEqual(codes(changed({ livingcircle_plan: 2 })), ["plan_version"]);
  assert.deepEqual(codes(changed({ added: [{ ...clinic("n", 1, 1), x_cm: 1.5 }] })), ["not_a_plan"]);
  assert.deepEqual(codes(changed({ study: "x", closed: ["nobody"] })),
    ["plan_of_another_study", "plan_closes_unknown"]);
  const twice = [clinic("b", 1, 1), { ...clinic("b", 1, 1), category: "none" }];
  assert.deepEqual(codes(changed({ added: twice })),
    ["plan_id_taken", "unknown_category", "plan_id_taken", "duplicate_id"]);
});

test("ids are sorted by code points", () => {
  const ids = ["new-1", "\u{10000}", "\uff01", "a", "", "new", "新"];
  assert.deepEqual([...ids].sort(byCodePoints), ["", "a", "new", "new-1", "新", "\uff01", "\u{10000}"]);
});
