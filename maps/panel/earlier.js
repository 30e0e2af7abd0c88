/* An earlier run beside this one: its own figures, laid along the units of this one by their codes.

   Each run counts by its own limits, modes and settings unless the page chooses others for both. */

import { UNKNOWN, areaFigures, figuresOf } from "./figures.js";
import { modelOf } from "./model.js";

/** Give where each id stands among others, -1 for those that do not. */
function along(ids, others) {
  const at = new Map(others.map((id, row) => [id, row]));
  return Int32Array.from(ids, (id) => at.get(id) ?? -1);
}

/**
 * Give an earlier run as the page compares with it.
 * @param {object} study this run, as model.js gives it
 * @param {import("./packed.js").Packed} packed the earlier one
 */
export function earlierOf(study, packed) {
  const old = modelOf(packed);
  const [ids, were] = [[...study.units.id], [...old.units.id]];
  const units = along(ids, were);
  const townships = along(study.townships.id, old.townships.id);
  const categories = along(study.categories.map(({ id }) => id), old.categories.map(({ id }) => id));
  const absent = units.map((row) => (row < 0 ? 1 : 0));
  const still = new Set(ids);
  const known = new Map();

  /** Say a choice of this run in positions of the earlier; null where it has no such category. */
  const choiceOf = (choice) => {
    const category = choice.category === null ? null : categories[choice.category];
    const cohort = old.cohorts.includes(choice.cohort) ? choice.cohort : null;
    return category === -1 ? null : { ...choice, category, cohort };
  };
  const own = (choice) => {
    const asked = choiceOf(choice);
    const key = asked && Object.values(asked).join("/");
    if (known.size > 100) known.clear();
    if (asked && !known.has(key)) known.set(key, figuresOf(old, old.times, asked));
    return asked && known.get(key);
  };
  return {
    study: old, choiceOf, own,
    /** Units of the earlier run that are no more. */
    gone: were.flatMap((id, at) => (still.has(id) ? [] : [at])),
    /** Units of this run that were not. */
    come: ids.flatMap((_, at) => (absent[at] ? [at] : [])),
    /** Its figures by unit of this run, with those of its areas as they were; null for none. */
    figures(choice) {
      const found = own(choice);
      if (!found) return null;
      const laid = (values, missing) => values.constructor.from(units, (row) => (row < 0 ? missing : values[row]));
      return { ms: laid(found.ms, -1), covered: laid(found.covered, UNKNOWN), people: laid(found.people, NaN),
        reached: laid(found.reached, NaN), reachedOf: laid(found.reachedOf, 0), absent,
        area: (township) => areaFigures(old, found, township === null ? null : townships[township]) };
    },
  };
}
