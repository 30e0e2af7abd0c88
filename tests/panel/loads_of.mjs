/* Says how full facilities are as the page does: node loads_of.mjs BLOCK; JSON comes out. */
import { readFileSync } from "node:fs";

import { servedBy, sumOf } from "../../maps/panel/detail.js";
import { modelOf } from "../../maps/panel/model.js";
import { unpack } from "../../maps/panel/packed.js";

const study = modelOf(await unpack(readFileSync(process.argv[2], "utf8")));
const choice = { category: null, mode: null, minutes: null, cohort: null };
const number = (value) => (Number.isNaN(value) ? null : value);
process.stdout.write(JSON.stringify([...study.facilities.id].flatMap((id, at) => {
  if (!study.facilities.counted[at]) return [];
  const { people, rows } = servedBy(study, study.times, choice, at);
  const priority = ["age_0_14", "age_60_plus", "disabled"].map((cohort) => [cohort, number(sumOf(study, cohort, rows))]);
  return [{ id, people, ...Object.fromEntries(priority), room: number(study.times.room(at)) }];
})));
