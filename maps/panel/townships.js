/* The county and its townships side by side. */

import { areaFigures, shownShare } from "./figures.js";
import { make } from "./elements.js";

const SHOWN = [{ key: "share", shown: shownShare }, { key: "unitShare", shown: shownShare }, { key: "gaps", shown: String }];

/** Give the figures of every township, in the order of the data. */
export const townshipFigures = ({ study, figures, words }) => study.townships.name.map((_, at) => ({
  at, name: words.township(at), ...areaFigures(study, figures, at),
}));

/**
 * Give the tab of areas; a township is chosen by its name. Its table outlives it in ``kept``, for only
 * the figures change: a hundred rows made anew at every step of the slider fill the memory.
 */
export function townshipsTab(view, act, kept = {}) {
  const { lang } = view.words;
  if (kept.areas?.lang !== lang) kept.areas = { lang, ...tableOf(view, act) };
  const { study, figures, base, state } = view;
  const all = [{ at: null, ...areaFigures(study, figures) }, ...townshipFigures(view)];
  kept.areas.table.className = base ? "changed" : "";
  kept.areas.rows.forEach((row, each) => {
    const now = all[each], was = base ? areaFigures(study, base, now.at) : null;
    row.setAttribute("aria-current", String(now.at === state.township));
    SHOWN.forEach(({ key, shown }, cell) => {
      const text = row.cells[cell + 1].firstChild, says = step(was && shown(was[key]), shown(now[key]));
      if (text.data !== says) text.data = says;
    });
  });
  return kept.areas.table;
}

const step = (was, now) => (was === now || was === null ? now : `${was} → ${now}`);

function tableOf({ study, words }, act) {
  const { say, word } = words;
  const line = (at, name) => make("tr", {},
    make("th", { scope: "row" }, make("button", { type: "button", className: "plain",
      onclick: () => act.change({ township: at }) }, name)),
    ...SHOWN.map(() => make("td", { className: "number" }, " ")));
  const rows = [line(null, word("county")), ...study.townships.name.map((_, at) => line(at, words.township(at)))];
  const head = ["township", study.public ? "by_unit" : `${study.basis}_share`, "unit_share", "gaps"];
  return { rows, table: make("table", { id: "areas" },
    make("thead", {}, make("tr", {}, ...head.map((key, at) =>
      make("th", { scope: "col", className: at ? "number" : "" }, say(`column.${key}`))))),
    make("tbody", {}, ...rows)) };
}
