/* Says how full facilities are as the page does: node loads_of.mjs BLOCK; JSON comes out. */
import { readFileSync } from "node:fs";

import { servedBy } from "../../maps/panel/detail.js";
import { modelOf } from "../../maps/panel/model.js";
import { unpack } from "../../maps/panel/packed.js";

const study = modelOf(await unpack(readFileSync(process.argv[2], "utf8")));
const choice = { category: null, mode: null, minutes: null, cohort: null };
const number = (value) => (Number.isNaN(value) ? null : value);
process.stdout.write(JSON.stringify([...study.facilities.id].flatMap((id, at) => (study.facilities.counted[at] ? [{ id,
  people: servedBy(study, study.times, choice, at).people, room: number(study.times.room(at)) }] : []))));
