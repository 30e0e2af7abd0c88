/* The page as a sheet of paper: title, map, legend, scale, north, and who answers for it. */

import { button, make } from "./elements.js";
import { limitsSaid } from "./legend.js";
import { indicatorSheet } from "./policy.js";
import { summary } from "./summary.js";
import { townshipsTab } from "./townships.js";

const MM_PER_PIXEL = 25.4 / 96;
const LISTED = 14;
export const PAPERS = ["A4", "A3"];

/** Give the dialog that asks what goes on the sheet; ``onPrint`` takes the answers. */
export function printDialog({ words, state }, onPrint) {
  const { say } = words;
  const field = (name, input) => make("label", { className: "field" }, make("span", {}, say(`sheet.${name}`)), input);
  const input = (name) => make("input", { name, value: state.sheetWords[name] ?? "", maxLength: 80 });
  const paper = make("select", { name: "paper" }, ...PAPERS.map((each) => make("option", { value: each }, each)));
  const internal = make("input", { type: "checkbox", name: "internal", checked: state.sheetWords.internal });
  const form = make("form", { method: "dialog" },
    make("h2", {}, say("sheet.title")), field("maker", input("maker")), field("review", input("review")),
    field("paper", paper), make("label", { className: "own" }, internal, say("sheet.internal")),
    make("div", { className: "plan-tools" },
      button(say("sheet.print"), () => {
        dialog.close();
        const { maker, review } = Object.fromEntries(new FormData(form));
        onPrint(paper.value, { maker, review, internal: internal.checked });
      }, { className: "strong", id: "print-now" }),
      button(say("sheet.cancel"), () => dialog.close())));
  const dialog = make("dialog", { id: "print-dialog", "aria-label": say("sheet.title"), onclose: () => dialog.remove() }, form);
  return dialog;
}

/** Give the parts of the sheet around the map. */
export function sheetParts(view, map) {
  const { study, words, state } = view;
  const { say, word } = words;
  const shown = state.category === null ? words.named(study.circle) : words.category(state.category);
  const indicator = state.indicator === null ? null : study.scorecard[state.indicator];
  const what = indicator ? words.named(indicator) : shown;
  const where = state.township === null ? study.name : `${study.name} ${words.township(state.township)}`;
  const { maker, review, internal } = state.sheetWords;
  const facts = [
    indicator && [say("sheet.map"), `${shown} · ${say(`show.${state.show}`)}`], indicator && [say("sheet.source"), indicator.source[words.lang] ?? indicator.source],
    [say("legend.limit"), limitsSaid(view)], [say("crs"), study.crs.name], [say("data_date"), study.dataDate],
    [say("sheet.scale"), scaleOf(map)], [say("sheet.maker"), maker], [say("sheet.review"), review],
  ].filter((fact) => fact?.[1]);
  return [
    make("header", { id: "sheet-head" }, make("h1", {}, `${where} · ${what}`),
      study.simulated ? make("span", { className: "badge" }, word("simulated")) : null,
      internal ? make("strong", { className: "internal" }, say("sheet.internal")) : null),
    make("section", { id: "sheet-side" }, ...(indicator ? indicatorSheet(view, state.indicator)
      : [...summary(view, { open() {} }), townshipsOrGaps(view)])),
    make("footer", { id: "sheet-foot" },
      make("dl", {}, ...facts.map(([key, value]) => make("div", {}, make("dt", {}, key), make("dd", {}, value)))),
      study.attribution.length ? make("small", {}, `${say("sources")} ${words.list(study.attribution)}`) : null),
    make("div", { id: "sheet-north", "aria-label": say("sheet.north") }, make("i"), make("b", {}, "N")),
  ];
}

/** A county's sheet tells its townships, a township's the units left out. */
function townshipsOrGaps(view) {
  const { study, words, state, figures } = view;
  if (state.township === null) return townshipsTab(view, { change() {} });
  const late = [...study.units.township.keys()].filter((unit) =>
    study.units.township[unit] === state.township && figures.covered[unit] === 0);
  late.sort((one, other) => figures.people[other] - figures.reached[other] - figures.people[one] + figures.reached[one]);
  const line = (unit) => make("tr", {}, make("td", {}, words.unit(unit)),
    make("td", { className: "number" }, words.people(figures.people[unit])),
    make("td", { className: "number" }, state.category === null
      ? `${figures.reachedOf[unit]} / ${study.circle.categories.length}` : words.minutes(figures.ms[unit])));
  return make("table", {}, make("caption", {}, words.say("figure.gaps")), make("tbody", {}, ...late.slice(0, LISTED).map(line)),
    late.length > LISTED ? make("tfoot", {}, make("tr", {}, make("td", { colSpan: 3 }, words.say("sheet.more", { count: late.length - LISTED })))) : null);
}

/** Give the scale of the map on paper, in round numbers. */
function scaleOf(map) {
  const size = map.getSize();
  const [west, east] = [[0, size.y / 2], [size.x, size.y / 2]].map((point) => map.containerPointToLatLng(point));
  const scale = (map.distance(west, east) / size.x) * 1000 / MM_PER_PIXEL;
  return `1 : ${Number(scale.toPrecision(2)).toLocaleString("en")}`;
}

/** Say to the browser which paper to take. */
export function paperStyle(paper) {
  return make("style", { id: "paper" }, `@page { size: ${paper} landscape; margin: 0; }`);
}
