/* Categories before and after, in the county or the chosen township. */

import { areaFigures, cohortOf, eachOf, shownShare } from "./figures.js";
import { make } from "./elements.js";

/** Give a line for each category; ``pairOf`` gives its figures before (null: none) and after. */
export function gainsTable({ study, words, state, choice }, categories, pairOf) {
  const { say } = words;
  const line = (category) => {
    const [was, is] = pairOf(eachOf(study, choice, category)).map((figures) => figures && areaFigures(study, figures, state.township));
    const more = was ? is.reached - was.reached : 0;
    const cells = was ? [`${shownShare(was.share)} → ${shownShare(is.share)}`,
      `${more >= 0 ? "+" : "−"}${words.count(Math.abs(more))}`, `${was.gaps} → ${is.gaps}`]
      : [shownShare(is.share), "—", String(is.gaps)];
    return make("tr", { "data-category": category },
      make("th", { scope: "row" }, words.category(category)),
      ...cells.map((cell) => make("td", { className: "number" }, cell)));
  };
  return make("table", { id: "gains" },
    make("caption", {}, state.township === null ? words.word("county") : words.township(state.township)),
    make("thead", {}, make("tr", {}, ...[say("column.category"), words.word("covered"),
      words.cohort(cohortOf(study, choice)), say("column.gaps")].map((text, at) =>
      make("th", { scope: "col", className: at ? "number" : "" }, text)))),
    make("tbody", {}, ...categories.map(line)));
}
