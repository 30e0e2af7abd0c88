/* The county and its townships side by side. */

import { areaFigures, shownShare } from "./figures.js";
import { make } from "./elements.js";

/** Give the figures of every township, in the order of the data. */
export const townshipFigures = ({ study, figures, words }) => study.townships.name.map((_, at) => ({
  at, name: words.township(at), ...areaFigures(study, figures, at),
}));

/** Give the tab of areas; a township is chosen by its name. */
export function townshipsTab(view, act) {
  const { study, figures, base, words, state } = view;
  const { say, word } = words;
  const step = (was, now) => (was === now || was === null ? now : `${was} → ${now}`);
  const line = ({ at, name, share, unitShare, gaps }) => {
    const was = base ? areaFigures(study, base, at) : null;
    const cells = [step(was && shownShare(was.share), shownShare(share)),
      step(was && shownShare(was.unitShare), shownShare(unitShare)), step(was && String(was.gaps), String(gaps))];
    return make("tr", { "aria-current": at === state.township ? "true" : null },
      make("th", { scope: "row" }, make("button", { type: "button", className: "plain",
        onclick: () => act.change({ township: at }) }, name)),
      ...cells.map((cell) => make("td", { className: "number" }, cell)));
  };
  const county = { at: null, name: word("county"), ...areaFigures(study, figures) };
  const head = ["township", `${study.basis}_share`, "unit_share", "gaps"];
  return make("table", { id: "areas" },
    make("thead", {}, make("tr", {}, ...head.map((key, at) =>
      make("th", { scope: "col", className: at ? "number" : "" }, say(`column.${key}`))))),
    make("tbody", {}, ...[county, ...townshipFigures(view)].map(line)));
}
