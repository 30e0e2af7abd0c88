/* Joins points to networks: node join.mjs QUESTIONS, a file; JSON comes out. */

import { readFileSync } from "node:fs";
import { attach } from "../../maps/panel/attach.js";
import { streetsOf } from "../../maps/panel/streets.js";
import { networkOf } from "../../maps/panel/travel.js";

const questions = JSON.parse(readFileSync(process.argv[2], "utf8"));
const answers = questions.map(({ columns, paces, rules, spots }) => {
  const whole = Object.fromEntries(Object.entries(columns).map(([name, values]) =>
    [name, Int32Array.from(values)]));
  const network = networkOf(streetsOf(whole, paces), rules);
  return spots.map(([x, y]) => attach(network, x, y));
});
process.stdout.write(JSON.stringify(answers));
