/* The frame of the page: its heading, its tabs, the tools on the map, and what it says at its foot. */

import { button, make } from "./elements.js";
import { detailTab } from "./detail.js";
import { fairTab, hasFairness } from "./fair.js";
import { dressMap, mapParts, nameParts, placeParts } from "./frame.js";
import { askToPrint } from "./paper.js";
import { planTab } from "./plan_tab.js";
import { policyTab } from "./policy.js";
import { runsTab } from "./runs.js";
import { finder } from "./search.js";
import { sitesTab } from "./sites.js";
import { unitsTab } from "./table.js";
import { townshipsTab } from "./townships.js";

const TABS = { townships: townshipsTab, units: unitsTab, detail: detailTab, plan: planTab, policy: policyTab, sites: sitesTab, fair: fairTab };
const TABS_OF_TWO = { townships: townshipsTab, units: unitsTab, detail: detailTab, runs: runsTab, policy: policyTab };
const TABS_OF_ALL = { townships: townshipsTab, units: unitsTab, detail: detailTab, policy: policyTab };
const TOOLS = ["select", "circle", "place"];
const ON_MAP = ["finder", "tools", "runs", "ground", "legend"];

/** Give the tabs of a page by name: of a study, of two runs, or of a page for everybody. */
export function tabsOf({ study, earlier }) {
  const there = { sites: study.answers?.length > 0, fair: hasFairness(study) };
  return Object.fromEntries(Object.entries(earlier ? TABS_OF_TWO : study.public ? TABS_OF_ALL : TABS)
    .filter(([name]) => there[name] ?? true));
}

/** Give what a click on the map may do; a page for everybody knows no streets to plan on. */
const toolsOf = ({ study, earlier }) => (study.public ? [] : TOOLS.filter((tool) => tool !== "place" || !earlier));

/** Make the parts that outlive every change of language, and put them in place. @param {import("./page.js").Page} page */
export function placePanel(page) {
  const { map, pointing } = page;
  const onMap = (properties) => make("div", { role: "group", ...properties });
  const parts = { aside: make("main", { id: "panel" }), ...mapParts(() => pointing.home()),
    ground: make("details", { id: "ground", className: "ground" }), finder: make("div", { className: "finder-frame" }),
    tools: onMap({ className: "map-tools segments" }),
    runs: onMap({ className: "map-tools segments runs-shown", id: "choose-runs", hidden: !page.earlier }) };
  placeParts(map, parts, ON_MAP.map((name) => parts[name]));
  dressMap(map, page.layer, { click: (point) => pointing.click(point), hover: (point) => pointing.hover(point) });
  return parts;
}

/** Fill the parts in the page's language; give those that are made anew. @param {import("./page.js").Page} page */
export function fillPanel(page) {
  const { study, words, parts, map } = page;
  const { say } = words;
  nameParts(map, parts, say, say("map.label"));
  parts.runs.replaceChildren(...["change", "new", "swipe"].map((shown) => button(say(`runs.show_${shown}`),
    () => page.change({ compare: shown === "change", swipe: shown === "swipe" }), { "data-value": shown })));
  parts.runs.setAttribute("aria-label", say("runs.label"));
  fillTools(page);
  parts.finder.replaceChildren(finder(study, words, {
    goToUnit: (unit) => page.goToUnit(unit), goToFacility: (at) => page.goToFacility(at) }));
  const made = { controls: make("div", { className: "controls-frame" }), summary: make("div", { className: "summary" }),
    body: make("div", { className: "body", role: "tabpanel", id: "body", tabIndex: 0 }), tabs: tabBar(page) };
  parts.aside.setAttribute("aria-label", say("panel"));
  parts.aside.replaceChildren(heading(page), made.controls, made.summary, made.tabs, made.body, footer(page));
  return made;
}

function fillTools(page) {
  const { parts: { tools }, state, words: { say } } = page;
  const names = toolsOf(page);
  tools.replaceChildren(...names.map((tool) => button(say(`tool.${tool}`), () => page.change({ tool }),
    { id: `tool-${tool}`, title: say(`tool.${tool}_how`), "aria-pressed": String(tool === state.tool) })));
  tools.hidden = names.length === 0;
  tools.setAttribute("aria-label", say("tool.label"));
}

function heading(page) {
  const { study, state, words: { say, word } } = page;
  const badge = (is, text) => (is ? make("span", { className: "badge" }, text) : null);
  const other = state.lang === "zh" ? "en" : "zh";
  return make("header", {},
    make("h1", {}, study.name, badge(study.runs, say("runs.badge")), badge(study.simulated, word("simulated")),
      badge(study.public, say("public.badge"))),
    make("div", { className: "tools" },
      button(say("language"), () => page.change({ lang: other }), { id: "language", lang: other === "zh" ? "zh-CN" : "en" }),
      button(say("sheet.button"), () => askToPrint(page), { id: "print" }),
      button(say(`theme.${state.theme}`), () => page.change({ theme: state.theme === "light" ? "dark" : "light" }), { id: "theme" })));
}

function tabBar(page) {
  const names = Object.keys(page.tabs);
  const tab = (name) => button(page.words.say(`tab.${name}`), () => page.open(name), {
    id: `tab-${name}`, role: "tab", "aria-controls": "body", onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      page.open(names[(names.indexOf(name) + step + names.length) % names.length]);
      document.getElementById(`tab-${page.state.tab}`).focus();
    },
  });
  return make("div", { className: "tabs", role: "tablist", "aria-label": page.words.say("tabs") }, ...names.map(tab));
}

function footer({ study, words: { say, list } }) {
  const notes = [
    study.public && say("public.note"),
    study.attribution.length && `${say("sources")} ${list(study.attribution)}`,
    `${say("crs")} ${study.crs.name} (${study.crs.code})`,
  ].filter(Boolean);
  const first = [study.dataDate && `${say("data_date")} ${study.dataDate}`, say("not_reviewed"), say("sources")];
  return make("footer", {}, make("details", {}, make("summary", {}, first.filter(Boolean).join(" · ")),
    ...notes.map((note) => make("div", {}, note))));
}
