/* What people can reach of places, by unit: floating catchments, as the study counted them. */

const PARTS = 1000; // as maps/fair_figures.py has them
const STEPS = [0.5, 0.8, 1, 1.5]; // of the standard, or of the county's mean
const COLOURS = [0, 1, 2, 3, 5, 6]; // of the palette's shares

/** Say whether a category has places whose number is known. */
export const hasAccess = (study, category) => category !== null
  && study.packed.has(`access/${study.categories[category].id}`);

/** Give the places within reach per 1000 people of a unit, null where unknown. */
export function accessOf(study, category, unit) {
  const parts = study.packed.whole(`access/${study.categories[category].id}`)[unit];
  return parts < 0 ? null : parts / PARTS;
}

/** Say an amount of places per 1000. */
export const shownPlaces = (value) => (value === null ? "—" : value.toFixed(1));

/** Give the amount that others are measured by: the standard, or what the county has on average. */
export function yardstick(study, category) {
  const { standard, measures } = study.supply.categories[study.categories[category].id];
  return standard === null ? { value: measures.places_per_1000.county.mean, kind: "mean" } : { value: standard, kind: "standard" };
}

/** Colour units by their places within reach, as parts of the yardstick. */
export function access(study, { say }, { category }) {
  if (!hasAccess(study, category)) return { hatches: () => false, of: () => -1, classes: [] }; // an earlier run
  const { value, kind } = yardstick(study, category);
  const bounds = STEPS.map((part) => part * value);
  const colours = COLOURS.map((at) => study.palette.share[at]);
  const texts = [say("access.none"), say("access.below", { high: shownPlaces(bounds[0]) }),
    ...bounds.slice(1).map((high, at) => say("access.from_to", { low: shownPlaces(bounds[at]), high: shownPlaces(high) })),
    say("access.from", { low: shownPlaces(bounds.at(-1)) })];
  return {
    hatches: (_, unit) => accessOf(study, category, unit) === 0,
    of: (_, unit) => {
      const own = accessOf(study, category, unit);
      if (own === null) return -1;
      return own === 0 ? 0 : 1 + bounds.filter((bound) => own >= bound).length;
    },
    classes: colours.map((colour, at) => ({ colour, hatched: at === 0,
      text: at === 4 ? `${texts[at]} · ≥ ${say(`access.${kind}`)}` : texts[at] })),
  };
}
