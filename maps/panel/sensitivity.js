/* What depends on an assumption being exact: how far shares swing, and which units turn. */

import { COVERED, cohortOf, shownShare, standards } from "./figures.js";

/** Say whether a choice is the study's own for a unit's class (0: rural, 1: urban), no plan over it. */
function isOwn({ study, times }, choice, which) {
  const [asked, own] = [choice, { ...choice, mode: null, minutes: null }].map((each) => standards(study, each)[which]);
  const { id } = study.categories[choice.category];
  return asked.mode === own.mode && asked.limit === own.limit && times.ms(own.mode, id) === study.times.ms(own.mode, id);
}

/** Give where an area stands among those of the scorecard: 0 the county, -1 nowhere. */
export const areaAtOf = (study, township) => (township === null ? 0
  : study.packed.words("scorecard/area").indexOf(study.townships.id[township]));

/**
 * Give the least and the greatest share of people (or of units) in an area over all assumptions.
 * @param {any} view @param {number | null} township
 * @param {"share" | "unitShare"} of
 * @returns {{low: number, high: number} | null} null where the study says nothing of what is chosen
 */
export function swingOf(view, township, of) {
  const { study, choice } = view;
  const { packed, categories } = study;
  const area = areaAtOf(study, township);
  if (choice.category === null || area < 0 || !packed.has("swing/low")) return null;
  if (![0, 1].every((which) => isOwn(view, choice, which))) return null;
  if (of === "share" && study.public) return null; // the page counts whole units, this home by home
  if (of === "share" && cohortOf(study, choice) !== categories[choice.category].cohort) return null;
  const at = 2 * (area * categories.length + choice.category) + Number(of === "unitShare");
  const [low, high] = ["low", "high"].map((end) => packed.real(`swing/${end}`)[at]);
  return Number.isNaN(low) ? null : { low, high };
}

/** Say how far a share swings, or that it does not. */
export function swingSaid({ say }, { low, high }, shown = shownShare) {
  const [least, most] = [low, high].map(shown);
  return least === most ? say("sensitivity.steady") : say("sensitivity.swing", { low: least, high: most });
}

/**
 * Give by unit the assumptions that would turn its verdict on a category, one bit for each; null
 * where the study says nothing of what is chosen.
 * @returns {((unit: number) => number) | null}
 */
export function turnsOf(view, choice) {
  const { study } = view;
  if (choice.category === null) return null;
  const name = `flips/${study.categories[choice.category].id}`;
  const own = [0, 1].map((which) => isOwn(view, choice, which));
  if (!study.packed.has(name) || !own.some(Boolean)) return null;
  const bits = study.packed.whole(name);
  return (unit) => (own[study.units.urban[unit]] ? bits[unit] : 0);
}

/**
 * Say which assumptions would turn a unit's verdict, and how; nothing where it is robust.
 * @param {any} view @param {any} choice of one category
 * @param {import("./figures.js").Figures} figures of that choice
 * @param {number} unit
 */
export function sensitiveSaid(view, choice, figures, unit) {
  const bits = turnsOf(view, choice)?.(unit);
  if (!bits) return "";
  const { words } = view;
  const by = view.study.assumptions.filter((_, at) => bits & (1 << at)).map(words.named);
  return words.say(figures.covered[unit] === COVERED ? "sensitivity.would_lose" : "sensitivity.would_cover",
    { by: words.list(by) });
}
