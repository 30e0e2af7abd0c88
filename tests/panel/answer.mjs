/* Answers plans as the page does: node answer.mjs BLOCK PLANS, both files; JSON comes out. */

import { readFileSync } from "node:fs";
import { areaFigures, figuresOf, reasonOf } from "../../maps/panel/figures.js";
import { modelOf } from "../../maps/panel/model.js";
import { unpack } from "../../maps/panel/packed.js";
import { planText } from "../../maps/panel/plan.js";

const [block, plans] = process.argv.slice(2).map((path) => readFileSync(path, "utf8"));
const study = modelOf(await unpack(block));
const modes = Object.keys(study.network.modes);

const answers = JSON.parse(plans).map((plan) => {
  const { category } = plan.added[0];
  const times = study.whatIf.times(plan);
  const found = modes.map((mode) => {
    const { ms, facilityOf } = times.unit(mode, category);
    return { ms: Array.from(times.ms(mode, category)),
      nearest: Array.from(times.nearest(mode, category)),
      unit: { ms: Array.from(ms), facility: Array.from(ms, (_, unit) => facilityOf(unit)) } };
  });
  const at = study.categories.findIndex(({ id }) => id === category);
  const choice = { category: at, mode: null, minutes: null, cohort: null };
  const figures = figuresOf(study, times, choice);
  return { modes, found, text: planText(plan, { name: study.name, crs: study.crs.code }),
    reached: Array.from(figures.reached, (value) => (Number.isNaN(value) ? null : value)),
    covered: Array.from(figures.covered, (value) => value === 1),
    reasons: Array.from(figures.covered, (value, unit) => (value === 1 ? null
      : reasonOf(study, times, choice, figures, unit))),
    county: areaFigures(study, figures) };
});
process.stdout.write(JSON.stringify(answers));
