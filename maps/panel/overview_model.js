/* Many counties as the overview counts with them: every unit by its own county's limits. */

import { areasOf } from "./areas.js";
import { areaFigures } from "./figures.js";
import { allOf } from "./scene.js";

/** Give what the page knows of some counties. */
export function overviewOf(packed) {
  const { header } = packed;
  const whole = (name) => packed.whole(name);
  const amount = (name) => (header.columns[name][0] === "real" ? packed.real(name) : whole(name));
  const county = whole("units/county");
  const count = county.length;
  const none = new Int32Array(count).fill(-1);
  const known = new Map();
  const study = {
    ...header, packed, count, none,
    units: { id: packed.words("units/id"), name: packed.words("units/name"), county, town: whole("units/township"),
      township: county, derived: whole("units/derived"), x: whole("units/x"), y: whole("units/y") },
    townships: { name: packed.words("townships/name"), county: whole("townships/county"),
      x: whole("townships/x"), y: whole("townships/y") },
    places: { x: whole("counties/x"), y: whole("counties/y") },
    circle: { categories: Array(header.categories[0].of ?? 0) },
    /** Give the columns of a category, as figures.js has them. */
    figures(category) {
      if (!known.has(category)) {
        const { id } = header.categories[category];
        known.set(category, { covered: Int8Array.from(whole(`covered/${id}`)), people: amount(`people/${id}`),
          reached: amount(`within/${id}`), reachedOf: category ? none : whole("count"),
          ms: category ? whole(`ms/${id}`) : none });
      }
      return known.get(category);
    },
  };
  /** Sum units up to a county (its position), or to all that count alike. */
  study.sum = (figures, at = null) => areaFigures(study, figures, at);
  /** Sum the units of a township up. */
  study.sumOfTown = (figures, at) => areaFigures({ ...study, units: { township: study.units.town } }, figures, at);
  /** Counties that count people and those that count dwellings have no common share. */
  study.mixed = new Set(header.counties.map(({ basis }) => basis)).size > 1;
  return study;
}

/** Give what is drawn: units, their counties' borders, and townships' as thin lines. */
export function overviewScene({ packed, units, bits }) {
  const towns = areasOf(packed, "townships"), counties = areasOf(packed, "counties");
  const thin = allOf(towns);
  return { bits, units: areasOf(packed, "units"), counties, borders: allOf(counties), anchors: units,
    derived: units.derived, streets: thin.lines, streetsBy: [[], thin.some], towns };
}
