/* The page: what is chosen, and everything that follows from it. */

import { controls, syncControls } from "./controls.js";
import { detailTab } from "./detail.js";
import { button, make } from "./elements.js";
import { areaFigures, figuresOf, standards } from "./figures.js";
import { cornersOf, toDegrees } from "./ground.js";
import { StudyLayer } from "./layer.js";
import { legend } from "./legend.js";
import { lookOf, showsOf } from "./measures.js";
import { modelOf } from "./model.js";
import { nearestRow } from "./overlay.js";
import { unpack } from "./packed.js";
import { policyTab } from "./policy.js";
import { drawTop, reachOf, sceneOf } from "./scene.js";
import { finder } from "./search.js";
import { stateFrom } from "./state.js";
import { summary } from "./summary.js";
import { unitsTab, whyNot } from "./table.js";
import { townshipFigures, townshipsTab } from "./townships.js";
import { valueOf } from "./values.js";
import { wordsOf } from "./words.js";

const TABS = { townships: townshipsTab, units: unitsTab, detail: detailTab, policy: policyTab };
const NARROW = 760; // as in page.css
const THEMES = {
  light: { paper: "#ffffff", ink: "#1d2730", halo: "rgba(255,255,255,.85)", border: "#ffffff",
    township: "#37444f", street: "#2b3640" },
  dark: { paper: "#11181e", ink: "#f2f5f7", halo: "rgba(12,18,23,.85)", border: "#1a232b",
    township: "#0a0f13", street: "#05080a" },
};

/** Start the page on a Leaflet map, from the data in the element #study. */
export async function startPage(map) {
  const packed = await unpack(document.getElementById("study").textContent);
  const study = modelOf(packed);
  const page = new Page(map, study, stateFrom(location.hash, study));
  page.build();
  page.show();
  window.livingcircle = Object.freeze(page.told());
}

class Page {
  constructor(map, study, state) {
    this.map = map;
    this.study = study;
    this.state = state;
    this.legendOpen = window.innerWidth > NARROW;
    this.table = { sort: null, filter: "all", scrolled: 0 };
    this.scene = sceneOf(study);
    this.reach = reachOf(study);
    this.layer = new StudyLayer(this.scene, (ink, onScreen) => {
      if (this.view) drawTop(ink, onScreen, { view: this.view, scene: this.scene, reach: this.reach,
        colours: THEMES[this.state.theme] });
    });
    this.act = {
      change: (what) => this.change(what),
      open: (tab) => this.open(tab),
      goToUnit: (unit, from) => this.goToUnit(unit, from),
      goToFacility: (facility) => this.goToFacility(facility),
    };
  }

  get words() {
    this.spoken ??= { zh: wordsOf(this.study, "zh"), en: wordsOf(this.study, "en") };
    return this.spoken[this.state.lang];
  }

  /* --- what follows from the state --- */

  /** Give everything that follows from what is chosen. */
  viewOf() {
    const { study, state, words } = this;
    const choice = { category: state.category, mode: state.mode, minutes: state.minutes, cohort: state.cohort };
    const times = study.times;
    const figures = figuresOf(study, times, choice);
    return {
      study, state, words, choice, times, figures, base: null, compares: false,
      modes: new Set(standards(study, choice).map(({ mode }) => mode)),
      look: lookOf(study, words, figures, state.show),
      legendOpen: this.legendOpen, keepLegend: (open) => { this.legendOpen = open; },
      rows: state.category === null ? [] : this.facilitiesOf(state.category),
    };
  }

  facilitiesOf(category) {
    if (!this.byCategory) {
      this.byCategory = new Map(this.study.categories.map((_, at) => [at, []]));
      this.study.facilities.category.forEach((each, at) => this.byCategory.get(each)?.push(at));
    }
    return this.byCategory.get(category) ?? [];
  }

  change(what) {
    const before = this.state;
    const state = { ...before, ...what };
    if (!showsOf(state).includes(state.show)) [state.show] = showsOf(state);
    if ("category" in what && what.facility === undefined) state.facility = null;
    this.state = state;
    if (before.lang !== state.lang || before.theme !== state.theme) this.build();
    this.show();
    if ("township" in what && what.township !== null) this.zoomToTownship(what.township);
  }

  show() {
    this.view = this.viewOf();
    const { view, state } = this;
    const { classes, index, hatched } = view.look;
    this.syncControls();
    this.layer.recolour({ colours: Array.from(index, (at) => classes[at].colour), hatched });
    this.parts.summary.replaceChildren(...summary(view, this.act));
    this.parts.legend.replaceChildren(legend(view));
    this.open(state.tab);
  }

  /** Put the choosers to the state; only another language or other ways to show make new ones. */
  syncControls() {
    const { parts, state, view } = this;
    const key = `${state.lang}/${showsOf(state)}`;
    if (parts.controls.dataset.key === key) return syncControls(parts.controls, view);
    const held = parts.controls.contains(document.activeElement) ? document.activeElement.id : null;
    parts.controls.dataset.key = key;
    parts.controls.replaceChildren(...controls(view, (what) => this.change(what)).childNodes);
    if (held) document.getElementById(held)?.focus();
    return undefined;
  }

  open(tab) {
    this.state = { ...this.state, tab };
    this.view = { ...this.view, state: this.state };
    for (const each of this.parts.tabs.children) {
      const is = each.id === `tab-${tab}`;
      each.setAttribute("aria-selected", String(is));
      each.tabIndex = is ? 0 : -1;
    }
    this.parts.body.setAttribute("aria-labelledby", `tab-${tab}`);
    this.parts.body.replaceChildren(TABS[tab](this.view, this.act, this.table));
  }

  /* --- what is chosen --- */

  chooseUnit(unit, tab = "detail") {
    this.state = { ...this.state, unit, facility: null, tab };
    this.view = { ...this.view, state: this.state };
    this.table.reveal = unit;
    this.layer.redrawOverlay();
    this.open(tab);
  }

  chooseFacility(facility) {
    this.state = { ...this.state, facility, tab: "detail" };
    this.view = { ...this.view, state: this.state };
    this.layer.redrawOverlay();
    this.open("detail");
  }

  goToUnit(unit) {
    const box = this.scene.units.boxes.subarray(4 * unit, 4 * unit + 4);
    if (box[0] <= box[2]) this.zoomTo(cornersOf(box, this.study.bits));
    this.chooseUnit(unit);
    this.parts.body.querySelector("h2")?.focus({ preventScroll: true });
  }

  goToFacility(facility) {
    const { facilities, bits } = this.study;
    const category = facilities.category[facility];
    if (category < 0) return;
    this.change({ category, facility, tab: "detail" });
    if (facilities.x[facility] >= 0) {
      const { lat, lng } = toDegrees(facilities.x[facility], facilities.y[facility], bits);
      this.map.setView([lat, lng], Math.max(14, this.map.getZoom()), { animate: false });
    }
    this.parts.body.querySelector("h2")?.focus({ preventScroll: true });
  }

  zoomToTownship(township) {
    const { boxes } = this.scene.townships;
    const box = boxes.subarray(4 * township, 4 * township + 4);
    if (box[0] <= box[2]) this.zoomTo(cornersOf(box, this.study.bits));
  }

  zoomTo(bounds) {
    this.map.fitBounds(bounds, { maxZoom: 15, padding: [70, 70], animate: false });
  }

  /* --- the map --- */

  /** What lies under a point of the map: a facility before a unit. */
  under(point) {
    const { view: onScreen } = this.layer;
    const there = this.map.containerPointToLayerPoint(point).subtract(this.layer._bounds.min)
      .multiplyBy(onScreen.ratio);
    const facility = nearestRow(onScreen, this.view.rows, this.study.facilities, [there.x, there.y]);
    return { facility, unit: this.layer.unitAt(point) };
  }

  click(point) {
    const { facility, unit } = this.under(point);
    if (facility >= 0) this.chooseFacility(facility);
    else if (unit >= 0) this.chooseUnit(unit, this.state.tab === "units" ? "units" : "detail");
  }

  hover(point) {
    const { tip } = this.parts;
    const { facility, unit } = point ? this.under(point) : { facility: -1, unit: -1 };
    tip.hidden = facility < 0 && unit < 0;
    this.map.getContainer().style.cursor = facility >= 0 || unit >= 0 ? "pointer" : "";
    if (tip.hidden) return;
    const why = facility < 0 && this.view.figures.covered[unit] === 0 ? whyNot(this.view, unit) : "";
    tip.replaceChildren(...(facility >= 0 ? [make("b", {}, this.words.facility(facility))]
      : [make("b", {}, this.words.unit(unit)), make("span", {}, valueOf(this.view, unit)),
        why ? make("small", {}, why) : ""]));
    const room = this.map.getSize();
    tip.style.left = `${Math.min(point.x + 14, room.x - tip.offsetWidth - 8)}px`;
    tip.style.top = `${Math.min(point.y + 14, room.y - tip.offsetHeight - 8)}px`;
  }

  /** Arrow keys move the map (Leaflet's own); Enter takes what lies in its middle. */
  keys(event) {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    this.click(this.map.getSize().divideBy(2));
  }

  dressMap() {
    const { map } = this;
    const node = map.getContainer();
    this.layer.addTo(map);
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    map.attributionControl.setPrefix("Leaflet");
    map.on("click", ({ containerPoint }) => this.click(containerPoint));
    map.on("mousemove", ({ containerPoint }) => this.hover(containerPoint));
    map.on("mouseout movestart", () => this.hover(null));
    node.addEventListener("keydown", (event) => this.keys(event));
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(node);
    map.invalidateSize({ animate: false });
    this.home();
  }

  /** Show all of the study, beside the legend. */
  home() {
    const wide = this.map.getSize().x > 700;
    this.map.fitBounds(this.study.bounds,
      { paddingTopLeft: [wide ? 220 : 8, 50], paddingBottomRight: [8, 24], animate: false });
  }

  /* --- the frame --- */

  build() {
    const { study, words, state, map } = this;
    const { say, word } = words;
    document.documentElement.lang = state.lang === "zh" ? "zh-CN" : state.lang;
    document.documentElement.dataset.theme = state.theme;
    document.title = say("title", { name: study.name });
    this.layer.setTheme(THEMES[state.theme]);
    const node = map.getContainer();
    if (!this.parts) {
      this.parts = { aside: make("aside", { id: "panel" }), legend: make("section", { className: "legend" }),
        finder: make("div", { className: "finder-frame" }),
        home: make("a", { href: "#", id: "home", role: "button", onclick: (event) => { event.preventDefault(); this.home(); } }, "⌂"), tip: make("div", { className: "tip", hidden: true }), cross: make("div", { className: "cross" }) };
      document.body.prepend(this.parts.aside);
      map.zoomControl.getContainer().append(this.parts.home);
      node.append(this.parts.finder, this.parts.legend, this.parts.tip, this.parts.cross);
      for (const part of [this.parts.finder, this.parts.legend]) {
        L.DomEvent.disableClickPropagation(part);
        L.DomEvent.disableScrollPropagation(part);
        part.addEventListener("keydown", (event) => event.stopPropagation());
      }
      node.setAttribute("role", "application");
      this.dressMap();
    }
    node.setAttribute("aria-label", say("map.label"));
    this.parts.legend.setAttribute("aria-label", say("legend.title"));
    this.parts.home.title = say("map.home");
    this.parts.home.setAttribute("aria-label", say("map.home"));
    this.parts.finder.replaceChildren(finder(study, words, {
      goToUnit: (unit) => this.goToUnit(unit), goToFacility: (at) => this.goToFacility(at) }));
    const parts = { controls: make("div", { className: "controls-frame" }), summary: make("div", { className: "summary" }),
      body: make("div", { className: "body", role: "tabpanel", id: "body", tabIndex: 0 }), tabs: this.tabs() };
    Object.assign(this.parts, parts);
    const other = state.lang === "zh" ? "en" : "zh";
    this.parts.aside.setAttribute("aria-label", say("panel"));
    this.parts.aside.replaceChildren(
      make("header", {},
        make("h1", {}, study.name, study.simulated ? make("span", { className: "badge" }, word("simulated")) : null),
        make("div", { className: "tools" },
          button(say("language"), () => this.change({ lang: other }), { id: "language", lang: other === "zh" ? "zh-CN" : "en" }),
          button(say(`theme.${state.theme}`), () => this.change({ theme: state.theme === "light" ? "dark" : "light" }), { id: "theme" }))),
      parts.controls, parts.summary, parts.tabs, parts.body, this.footer());
  }

  tabs() {
    const names = Object.keys(TABS);
    const tab = (name) => button(this.words.say(`tab.${name}`), () => this.open(name), {
      id: `tab-${name}`, role: "tab", "aria-controls": "body", onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        this.open(names[(names.indexOf(name) + step + names.length) % names.length]);
        document.getElementById(`tab-${this.state.tab}`).focus();
      },
    });
    return make("div", { className: "tabs", role: "tablist", "aria-label": this.words.say("tabs") }, ...names.map(tab));
  }

  footer() {
    const { study } = this;
    const { say, list } = this.words;
    const notes = [
      study.attribution.length && `${say("sources")} ${list(study.attribution)}`,
      `${say("crs")} ${study.crs.name} (${study.crs.code})`,
    ].filter(Boolean);
    const first = [study.dataDate && `${say("data_date")} ${study.dataDate}`, say("not_reviewed"), say("sources")];
    return make("footer", {}, make("details", {}, make("summary", {}, first.filter(Boolean).join(" · ")),
      ...notes.map((note) => make("div", {}, note))));
  }

  /** What the tests read; nothing here changes the page. */
  told() {
    const { study } = this;
    return {
      ready: true,
      state: () => ({ ...this.state }),
      figures: () => {
        const { figures } = this.view;
        return { county: areaFigures(study, figures), townships: townshipFigures(this.view),
          units: Object.fromEntries(["ms", "metres", "facility", "limit", "reachedOf", "people", "reached", "covered"]
            .map((name) => [name, Array.from(figures[name])])) };
      },
      colours: () => Array.from(this.view.look.index, (at) => this.view.look.classes[at].colour),
      hatched: () => Array.from(this.view.look.hatched),
      pixel: (unit) => {
        const { lat, lng } = toDegrees(study.units.x[unit], study.units.y[unit], study.bits);
        const { x, y } = this.map.latLngToContainerPoint([lat, lng]);
        return { x, y };
      },
      facilityPixel: (at) => {
        const { lat, lng } = toDegrees(study.facilities.x[at], study.facilities.y[at], study.bits);
        const { x, y } = this.map.latLngToContainerPoint([lat, lng]);
        return { x, y };
      },
      timing: () => ({ ...this.layer.timing }),
      map: this.map,
    };
  }
}
