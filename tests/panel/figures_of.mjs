/* Counts figures as the page does: node figures_of.mjs BLOCK CHOICES, both files; JSON comes out. */
import { readFileSync } from "node:fs";

import { areaFigures, figuresOf, missingOf } from "../../maps/panel/figures.js";
import { modelOf } from "../../maps/panel/model.js";
import { unpack } from "../../maps/panel/packed.js";

const [block, choices] = process.argv.slice(2).map((path) => readFileSync(path, "utf8"));
const study = modelOf(await unpack(block));
const found = JSON.parse(choices).map((choice) => {
  const figures = figuresOf(study, study.times, choice);
  const column = (name) => Array.from(figures[name], (value) => (Number.isNaN(value) ? null : value));
  return {
    units: { ...Object.fromEntries(["ms", "people", "reached", "covered"].map((name) => [name, column(name)])),
      toward: Array.from(figures.ms, (_, unit) => figures.toward(unit)) },
    missing: choice.category === null && Array.from({ length: study.count }, (_, unit) =>
      missingOf(study, study.times, choice, unit).map((at) => study.categories[at].id)),
    county: areaFigures(study, figures),
    townships: study.townships.id.map((_, at) => areaFigures(study, figures, at)),
  };
});
process.stdout.write(JSON.stringify(found));
