/* What is chosen on the page, and how an address can choose it: #category=clinic&minutes=10 */

import { showsOf } from "./measures.js";

/** Name what an indicator speaks of: its first category, or the circle where it is of none or all. */
function aboutOf({ scorecard, categories }, indicator) {
  if (indicator === null) return null;
  const { every, categories: of } = scorecard[indicator];
  return every || !of.length ? "circle" : categories[of[0]].id;
}

/** Give the state a page opens with; what an address asks for and the study has comes first. */
export function stateFrom(hash, study) {
  const asked = new URLSearchParams(hash.replace(/^#/, ""));
  const at = (names, name) => { const found = names.indexOf(name); return found < 0 ? null : found; };
  const oneOf = (name, allowed, otherwise) => (allowed.includes(asked.get(name)) ? asked.get(name) : otherwise);
  // Open on a category that has facilities, where the study has any.
  const first = Math.max(0, study.categories.findIndex((_, each) => study.facilities.category.includes(each)));
  const indicator = at(study.scorecard.map(({ id }) => id), asked.get("indicator"));
  const named = asked.get("category") ?? aboutOf(study, indicator);
  const category = named === "circle" || !study.categories.length ? null
    : at(study.categories.map(({ id }) => id), named) ?? first;
  const minutes = Number(asked.get("minutes"));
  const state = {
    category, indicator,
    minutes: minutes >= 1 && minutes <= 120 ? minutes : null,
    mode: oneOf("mode", study.modes.map(({ id }) => id), null),
    cohort: oneOf("cohort", study.cohorts, null),
    level: oneOf("level", study.public ? ["unit"] : ["unit", "residence"], "unit"),
    township: at(study.townships.id, asked.get("township")),
    lang: oneOf("lang", ["zh", "en"], study.lang),
    theme: oneOf("theme", ["light", "dark"], "light"),
    tab: study.opens ?? "townships", unit: null, facility: null, point: null,
    sheet: asked.get("sheet"),
    sheetWords: { maker: asked.get("maker") ?? "", review: asked.get("review") ?? "", internal: !study.public && asked.get("internal") !== "no" },
    tool: "select", planCategory: null, compare: false, relief: asked.get("relief") !== "no", basemap: null,
  };
  return { ...state, show: oneOf("show", showsOf(state, study), showsOf(state, study)[0]) };
}
