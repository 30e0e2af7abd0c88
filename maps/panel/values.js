/* What a unit is shown as, in words. */

import { accessOf, shownPlaces } from "./access.js";
import { COVERED, UNKNOWN, shareOf, shownShare } from "./figures.js";

/** Say a unit's value of what the map shows. */
export function valueOf({ study, words, figures, state }, unit) {
  const { say, word } = words;
  if (figures.covered[unit] === UNKNOWN) return word("unknown");
  switch (state.show) {
    case "minutes": return figures.ms[unit] < 0 ? say("unreached")
      : say("within", { minutes: words.minutes(figures.ms[unit]) });
    case "access": return shownPlaces(accessOf(study, state.category, unit));
    case "share": return shownShare(shareOf(figures, unit));
    case "count": return say("legend.of_circle",
      { count: figures.reachedOf[unit], of: study.circle.categories.length });
    default: return word(figures.covered[unit] === COVERED ? "covered" : "uncovered");
  }
}
