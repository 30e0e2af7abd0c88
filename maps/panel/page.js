/* The page: what is chosen, and everything that follows from it. */

import { controls, syncControls } from "./controls.js";
import { detailTab } from "./detail.js";
import { earlierOf } from "./earlier.js";
import { Basemap } from "./basemap.js";
import { button, make } from "./elements.js";
import { fairTab, hasFairness } from "./fair.js";
import { areaFigures, figuresOf, reasonOf, standards } from "./figures.js";
import { dressDocument, dressMap, mapParts, nameParts, placeParts, placeTip } from "./frame.js";
import { areaAt } from "./areas.js";
import { cornersOf, toDegrees, toSteps } from "./ground.js";
import { groundChooser } from "./ground_chooser.js";
import { StudyLayer } from "./layer.js";
import { legend } from "./legend.js";
import { changeOf, lookOf, showsOf } from "./measures.js";
import { modelOf } from "./model.js";
import { nearestRow, siteAt } from "./overlay.js";
import { unpack } from "./packed.js";
import { circleMinutes, circleMode } from "./place_detail.js";
import { planTab, searchBest } from "./plan_tab.js";
import { Planning } from "./planning.js";
import { policyTab } from "./policy.js";
import { reliefOf } from "./relief.js";
import { drawTop, reachOf, sceneOf, wayOf } from "./scene.js";
import { runsTab } from "./runs.js";
import { finder } from "./search.js";
import { sitesTab } from "./sites.js";
import { lookingAt, sitingOf, tryAnswer } from "./siting.js";
import { PAPERS, paperStyle, printDialog, sheetParts } from "./sheet.js";
import { stateFrom } from "./state.js";
import { summary } from "./summary.js";
import { Swipe } from "./swipe.js";
import { unitsTab, whyNot } from "./table.js";
import { THEMES } from "./themes.js";
import { townshipFigures, townshipsTab } from "./townships.js";
import { valueOf } from "./values.js";
import { wordsOf } from "./words.js";

const TABS = { townships: townshipsTab, units: unitsTab, detail: detailTab, plan: planTab, policy: policyTab, sites: sitesTab, fair: fairTab };
const TABS_OF_TWO = { townships: townshipsTab, units: unitsTab, detail: detailTab, runs: runsTab, policy: policyTab };
const TABS_OF_ALL = { townships: townshipsTab, units: unitsTab, detail: detailTab, policy: policyTab };
const TOOLS = ["select", "circle", "place"];
const MOST_KNOWN = 60; // choices whose figures are kept
const NARROW = 760; // as in page.css

/** Start the page on a Leaflet map, from the data in #study, and an earlier run's in #earlier. */
export async function startPage(map) {
  const study = modelOf(await packedIn("study"));
  const before = document.getElementById("earlier") && await packedIn("earlier");
  const page = new Page(map, study, stateFrom(location.hash, study), before && earlierOf(study, before));
  page.build();
  page.show();
  if (PAPERS.includes(page.state.sheet)) page.lay(page.state.sheet);
  window.livingcircle = Object.freeze(page.told());
}

/** Read the data in an element, and let its megabytes of letters go. */
async function packedIn(name) {
  const held = document.getElementById(name);
  const packed = await unpack(held.textContent);
  held.remove();
  return packed;
}

class Page {
  constructor(map, study, state, earlier) {
    this.swipe = this.spoken = null; // made when they are needed
    this.map = map;
    this.study = study;
    this.earlier = earlier;
    const asked = study.opens === "sites" ? lookingAt(study, study.answers[0].question) : {};
    this.state = { ...state, ...asked, compare: Boolean(earlier) };
    this.tabsShown = earlier ? TABS_OF_TWO : study.public ? TABS_OF_ALL : TABS;
    this.legendOpen = window.innerWidth > NARROW;
    this.table = { sort: null, filter: "all", scrolled: 0 };
    this.planning = new Planning(study);
    this.siting = { answer: 0, site: null };
    this.known = new Map();
    this.scene = sceneOf(study);
    this.reach = reachOf(study);
    this.layer = new StudyLayer(this.scene, (ink, onScreen) => {
      if (this.view) drawTop(ink, onScreen, { view: this.view, scene: this.layer.scene, reach: this.reach,
        colours: THEMES[document.documentElement.dataset.theme] });
    });
    this.relief = reliefOf(study);
    this.layer.relief = state.relief ? this.relief : null;
    this.basemap = new Basemap(map, this.layer, () => this.showGround(this.words.say("ground.failed")));
    this.act = {
      change: (what) => this.change(what),
      open: (tab) => this.open(tab),
      goToUnit: (unit) => this.goToUnit(unit),
      goToFacility: (facility) => this.goToFacility(facility),
      plan: (what, ...values) => { this.planning[what](...values); this.planned(""); },
      alter: (at, what) => { this.planning.alter(at, what); this.planned(""); },
      showSite: (at) => {
        const { x, y } = this.planning.sites()[at];
        this.map.panTo(toDegrees(x, y, study.bits), { animate: false });
      },
      moveHere: (at) => this.moveHere(at),
      read: (text) => this.readPlan(text),
      best: (category) => this.placeBest(category),
      siting: (what) => this.lookAtSite(what),
      tryAnswer: () => this.change(tryAnswer(study, this.planning, this.view.siting)),
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
    const { planning } = this;
    const choice = { category: state.category, mode: state.mode, minutes: state.minutes, cohort: state.cohort };
    const { times } = planning;
    const figures = this.figuresFor(times, choice);
    const base = this.earlier ? this.earlier.figures(choice)
      : planning.empty ? null : this.figuresFor(study.times, choice);
    const compares = state.compare && !state.swipe && base !== null;
    const view = {
      earlier: this.earlier,
      study, state, words, choice, times, figures, base, compares, planning,
      figuresFor: (which, asked) => this.figuresFor(which, asked),
      modes: new Set(standards(study, choice).map(({ mode }) => mode)),
      look: compares ? changeOf(study, words, base, figures) : lookOf(study, words, figures, state),
      legendOpen: this.legendOpen, keepLegend: (open) => { this.legendOpen = open; },
      rows: state.category === null ? [] : this.facilitiesOf(state.category),
      searching: this.searching, planSaid: this.planSaid, held: this.held,
      siting: sitingOf(study, planning, this.siting),
    };
    return { ...view, ...this.drawnFor(view) };
  }

  /** Give the way and the circles that go with what is chosen. */
  drawnFor(view) {
    const { state } = view;
    const mode = circleMode(view);
    const circles = !state.point || !this.planning.hasStreets(mode) ? [] : circleMinutes(view)
      .map((minutes) => ({ minutes, runs: this.planning.circle(mode, state.point, minutes) }));
    return { way: wayOf(view), circles };
  }

  /** Give the figures of a choice, counted once for the study and once for each plan. */
  figuresFor(times, choice) {
    const base = times === this.study.times;
    const key = `${base ? "base" : "plan"}/${Object.values(choice).join("/")}`;
    if (!base && this.knownTimes !== times) {
      for (const each of this.known.keys()) if (each.startsWith("plan")) this.known.delete(each);
      this.knownTimes = times;
    }
    if (this.known.size > MOST_KNOWN) this.known.clear();
    if (!this.known.has(key)) this.known.set(key, figuresOf(this.study, times, choice));
    return this.known.get(key);
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
    const shows = showsOf(state, this.study);
    if (!shows.includes(state.show)) [state.show] = shows;
    if ("show" in what) state.compare = false; // what is chosen to be shown is shown
    if ("category" in what && what.facility === undefined) state.facility = null;
    if ("category" in what) state.indicator = null;
    if ("category" in what && what.category !== null) state.planCategory = what.category;
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
    for (const each of this.parts.tools.children) each.setAttribute("aria-pressed", String(each.id === `tool-${state.tool}`));
    this.layer.recolour({ colours: Array.from(index, (at) => classes[at].colour), hatched });
    this.showRuns();
    if (this.groundIn !== state.lang) this.showGround();
    this.groundIn = state.lang;
    this.parts.summary.replaceChildren(...summary(view, this.act));
    this.parts.legend.replaceChildren(legend(view));
    this.open(state.tab);
  }

  /** Show the difference of two runs, the new one, or both beside each other. */
  showRuns() {
    const { view, state, words } = this;
    if (!this.earlier) return;
    this.swipe ??= new Swipe(this.map, this.layer, this.earlier.study);
    if (state.swipe) this.swipe.show(view, THEMES[document.documentElement.dataset.theme]);
    else this.swipe.hide();
    const now = state.swipe ? "swipe" : state.compare ? "change" : "new";
    for (const each of this.parts.runs.children) each.setAttribute("aria-pressed", String(each.dataset.value === now));
    this.parts.runs.setAttribute("aria-label", words.say("runs.label"));
  }

  /** Put the choosers to the state; only another language or other ways to show make new ones. */
  syncControls() {
    const { parts, state, view } = this;
    const key = `${state.lang}/${showsOf(state, this.study)}`;
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
    this.parts.body.replaceChildren(this.tabsShown[tab](this.view, this.act, this.table));
    if (this.view.siting) this.layer.redrawOverlay(); // its sites are drawn with their tab
  }

  /* --- what is chosen --- */

  /** Take up a unit, a facility or a point; nothing but what is drawn on top changes. */
  take(what) {
    this.state = { ...this.state, unit: null, facility: null, point: null, ...what };
    this.view = { ...this.view, state: this.state };
    Object.assign(this.view, this.drawnFor(this.view));
    this.layer.redrawOverlay();
    this.open(this.state.tab);
  }

  chooseUnit(unit, tab = "detail") {
    this.table.reveal = unit;
    this.take({ unit, tab });
  }

  chooseFacility(facility) {
    this.take({ facility, unit: this.state.unit, tab: "detail" });
  }

  /* --- the plan --- */

  /** Show what the plan changes. */
  planned(said) {
    this.planSaid = said;
    this.show();
  }

  /** Say whether a point is no place to build: outside every unit. */
  isOutside(point) {
    const { units } = this.scene;
    return units.refs.length > 0 && areaAt(units, ...point) < 0;
  }

  moveHere(at) {
    const point = this.middle();
    if (this.isOutside(point)) { this.planned(this.words.say("plan.outside")); return; }
    this.planning.alter(at, this.planning.centimetres(point));
    this.planned("");
  }

  place(point) {
    const { planning, words, state } = this;
    if (this.isOutside(point)) {
      this.state = { ...state, tab: "plan" };
      this.planned(words.say("plan.outside"));
      return;
    }
    const category = state.planCategory ?? state.category ?? 0;
    planning.add(category, planning.centimetres(point), (number) =>
      words.say("plan.named", { category: words.category(category), number }));
    this.state = { ...state, tab: "plan" };
    this.planned("");
  }

  readPlan(text) {
    const problems = this.planning.read(text);
    const { say, list } = this.words;
    this.planned(problems.length ? list(problems.map(([code, value]) => `${say(`plan.problem.${code}`)} ${value}`))
      : say("plan.read", { added: this.planning.plan.added.length, closed: this.planning.plan.closed.length }));
  }

  async placeBest(category) {
    if (this.searching) return;
    const { planning, study, words } = this;
    this.searching = 0.01;
    this.planned(words.say("plan.searching"));
    const best = await searchBest(planning, { study, choice: this.view.choice, category, onStep: (part) => {
      this.searching = part;
      const shown = this.parts.body.querySelector("progress");
      if (shown) shown.value = part;
    } });
    this.searching = 0;
    if (best) {
      planning.add(category, best, (number) => words.say("plan.named", { category: words.category(category), number }));
    }
    this.planned(best ? words.say("plan.best_found", { people: words.count(best.people) }) : words.say("plan.best_none"));
  }

  /** Look at an answer to a siting question, or at one of its sites. */
  lookAtSite(what) {
    this.siting = { ...this.siting, ...what };
    this.change("answer" in what ? lookingAt(this.study, this.study.answers[what.answer].question) : {});
    const { sites, site } = this.view.siting;
    if (site !== null) this.map.panTo(toDegrees(sites[site].at.x, sites[site].at.y, this.study.bits), { animate: false });
  }

  /** Give the middle of the map in steps. */
  middle() {
    return toSteps(this.map.getCenter(), this.study.bits);
  }

  /** Let a pin be dragged: the figures follow, and one undo takes it back. */
  dragSites() {
    const { map, planning } = this;
    let held = -1;
    let grip = null; // from the pointer to the pin's point, null until it is dragged
    const move = ({ containerPoint }) => {
      const point = toSteps(map.containerPointToLatLng(containerPoint.add(grip.by)), this.study.bits);
      if (this.isOutside(point)) return this.words.say("plan.outside");
      planning.alter(held, planning.centimetres(point), { keep: !grip.moved }); // one undo takes it all back
      grip.moved = true;
      return "";
    };
    map.on("mousedown", (event) => {
      this.dropped = false;
      held = siteAt(this.layer.view, planning.sites(), this.onCanvas(event.containerPoint));
      if (held < 0) return;
      map.dragging.disable();
      this.held = held;
      const { x, y } = planning.sites()[held];
      grip = { from: event.containerPoint, moved: false,
        by: map.latLngToContainerPoint(toDegrees(x, y, this.study.bits)).subtract(event.containerPoint) };
    });
    map.on("mousemove", (event) => {
      if (held < 0 || this.waiting) return;
      this.waiting = requestAnimationFrame(() => {
        this.waiting = 0;
        if (held >= 0) this.planned(move(event));
      });
    });
    const drop = (event) => {
      if (held < 0) return;
      const said = event.containerPoint.equals(grip.from) ? "" : move(event);
      held = -1;
      this.held = undefined;
      this.dropped = true;
      map.dragging.enable();
      this.planned(said);
    };
    map.on("mouseup", drop);
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
    const box = this.scene.townships.subarray(4 * township, 4 * township + 4);
    if (box[0] <= box[2]) this.zoomTo(cornersOf(box, this.study.bits));
  }

  zoomTo(bounds) {
    this.map.fitBounds(bounds, { maxZoom: 15, padding: [70, 70], animate: false });
  }

  /* --- the map --- */

  /** What lies under a point of the map: a facility before a unit. */
  under(point) {
    const there = this.onCanvas(point);
    const facility = nearestRow(this.layer.view, this.view.rows, this.study.facilities, there);
    return { facility, unit: this.layer.unitAt(point) };
  }

  /** Give a point of the map's container on the canvas. @returns {[number, number]} */
  onCanvas(point) {
    const { x, y } = this.map.containerPointToLayerPoint(point).subtract(this.layer._bounds.min)
      .multiplyBy(this.layer.view.ratio);
    return [x, y];
  }

  click(point) {
    if (this.dropped) { // the click that ends a drag, however long the figures took
      this.dropped = false;
      return;
    }
    const steps = toSteps(this.map.containerPointToLatLng(point), this.study.bits);
    if (this.state.tool === "place") { this.place(steps); return; }
    if (this.state.tool === "circle") { this.take({ point: steps, tab: "detail" }); return; }
    const { facility, unit } = this.under(point);
    if (facility >= 0) this.chooseFacility(facility);
    else if (unit >= 0) this.chooseUnit(unit, this.state.tab === "units" ? "units" : "detail");
    else this.take({});
  }

  hover(point) {
    const { tip } = this.parts;
    const { facility, unit } = point ? this.under(point) : { facility: -1, unit: -1 };
    tip.hidden = facility < 0 && unit < 0;
    const aims = this.state.tool !== "select";
    this.map.getContainer().style.cursor = aims ? "crosshair" : facility >= 0 || unit >= 0 ? "pointer" : "";
    if (tip.hidden || this.held !== undefined) return;
    const why = facility < 0 && this.view.figures.covered[unit] === 0 ? whyNot(this.view, unit) : "";
    tip.replaceChildren(...(facility >= 0 ? [make("b", {}, this.words.facility(facility))]
      : [make("b", {}, this.words.unit(unit)), make("span", {}, valueOf(this.view, unit)),
        why ? make("small", {}, why) : ""]));
    placeTip(this.map, tip, point);
  }

  /** Show all of the study, beside the legend. */
  home() {
    const wide = this.map.getSize().x > 700;
    this.map.fitBounds(this.study.bounds,
      { paddingTopLeft: [wide ? 220 : 8, 50], paddingBottomRight: [8, 24], animate: false });
  }

  /* --- what lies beneath --- */

  showGround(said = "") {
    const { view, parts, state } = this;
    const held = parts.ground.contains(document.activeElement) ? document.activeElement.id : null;
    parts.ground.replaceChildren(...groundChooser({ ...view, state, said }, {
      choose: (id, key) => this.chooseBasemap(id, key),
      relief: (shown) => {
        this.state = { ...this.state, relief: shown };
        this.layer.setRelief(shown ? this.relief : null);
      },
    }));
    if (held) document.getElementById(held)?.focus();
  }

  /** Put an online basemap beneath; one that needs a key waits for it. */
  chooseBasemap(id, key) {
    const asked = this.study.basemaps.find((each) => each.id === id) ?? null;
    this.state = { ...this.state, basemap: id, basemapKey: key };
    this.showGround();
    this.basemap.choose(asked?.key && !key ? null : asked, key);
    if (id) document.documentElement.dataset.basemap = id;
    else delete document.documentElement.dataset.basemap;
  }

  /* --- on paper --- */

  askToPrint() {
    const dialog = printDialog(this.view, (paper, sheetWords) => {
      this.state = { ...this.state, sheetWords };
      this.lay(paper);
      window.addEventListener("afterprint", () => this.lay(null), { once: true });
      window.print();
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  /** Lay the page out as a sheet of paper, or with null as a page again. */
  lay(paper) {
    for (const part of document.querySelectorAll("[id^=sheet-], #paper")) part.remove();
    const { map } = this;
    if (paper && this.state.swipe) this.change({ swipe: false, compare: true });
    document.documentElement.dataset.theme = paper ? "light" : this.state.theme;
    if (paper) document.documentElement.dataset.sheet = paper;
    else delete document.documentElement.dataset.sheet;
    this.layer.setTheme(THEMES[paper ? "light" : this.state.theme]);
    this.layer.fineness = paper ? 2 : null;
    map.invalidateSize({ animate: false });
    if (this.state.township === null) this.home();
    else this.zoomToTownship(this.state.township);
    if (!paper) return;
    document.head.append(paperStyle(paper));
    document.body.append(...sheetParts(this.view, map));
  }

  /* --- the frame --- */

  build() {
    const { study, words, state, map } = this;
    const { say, word } = words;
    dressDocument(state, say("title", { name: study.name }));
    this.layer.setTheme(THEMES[state.theme]);
    if (!this.parts) {
      this.parts = { aside: make("main", { id: "panel" }), ...mapParts(() => this.home()), ground: make("details", { id: "ground", className: "ground" }),
        finder: make("div", { className: "finder-frame" }),
        tools: make("div", { className: "map-tools segments", role: "group" }),
        runs: make("div", { className: "map-tools segments runs-shown", role: "group", id: "choose-runs", hidden: !this.earlier }) };
      placeParts(map, this.parts, ["finder", "tools", "runs", "ground", "legend"].map((name) => this.parts[name]));
      dressMap(map, this.layer, { click: (point) => this.click(point), hover: (point) => this.hover(point) });
      this.dragSites();
      this.home();
    }
    nameParts(map, this.parts, say, say("map.label"));
    this.parts.runs.replaceChildren(...["change", "new", "swipe"].map((shown) => button(say(`runs.show_${shown}`),
      () => this.change({ compare: shown === "change", swipe: shown === "swipe" }), { "data-value": shown })));
    this.parts.tools.replaceChildren(...this.tools().map((tool) => button(say(`tool.${tool}`), () => this.change({ tool }),
      { id: `tool-${tool}`, title: say(`tool.${tool}_how`), "aria-pressed": String(tool === state.tool) })));
    this.parts.tools.hidden = this.tools().length === 0;
    this.parts.tools.setAttribute("aria-label", say("tool.label"));
    this.parts.finder.replaceChildren(finder(study, words, {
      goToUnit: (unit) => this.goToUnit(unit), goToFacility: (at) => this.goToFacility(at) }));
    const parts = { controls: make("div", { className: "controls-frame" }), summary: make("div", { className: "summary" }),
      body: make("div", { className: "body", role: "tabpanel", id: "body", tabIndex: 0 }), tabs: this.tabs() };
    Object.assign(this.parts, parts);
    const other = state.lang === "zh" ? "en" : "zh";
    this.parts.aside.setAttribute("aria-label", say("panel"));
    this.parts.aside.replaceChildren(
      make("header", {},
        make("h1", {}, study.name, study.runs ? make("span", { className: "badge" }, say("runs.badge")) : null, study.simulated ? make("span", { className: "badge" }, word("simulated")) : null, study.public ? make("span", { className: "badge" }, say("public.badge")) : null),
        make("div", { className: "tools" },
          button(say("language"), () => this.change({ lang: other }), { id: "language", lang: other === "zh" ? "zh-CN" : "en" }),
          button(say("sheet.button"), () => this.askToPrint(), { id: "print" }),
          button(say(`theme.${state.theme}`), () => this.change({ theme: state.theme === "light" ? "dark" : "light" }), { id: "theme" }))),
      parts.controls, parts.summary, parts.tabs, parts.body, this.footer());
  }

  tabs() {
    const there = { sites: this.study.answers?.length > 0, fair: hasFairness(this.study) };
    const names = Object.keys(this.tabsShown).filter((name) => there[name] ?? true);
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

  /** Give what a click on the map may do; a page for everybody knows no streets to plan on. */
  tools() {
    return this.study.public ? [] : TOOLS.filter((tool) => tool !== "place" || !this.earlier);
  }

  footer() {
    const { study } = this;
    const { say, list } = this.words;
    const notes = [
      study.public && say("public.note"),
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
      readyAt: performance.now(),
      state: () => ({ ...this.state }),
      figures: () => {
        const { figures } = this.view;
        return { county: areaFigures(study, figures), townships: townshipFigures(this.view),
          units: Object.fromEntries(["ms", "limit", "reachedOf", "people", "reached", "covered"]
            .map((name) => [name, Array.from(figures[name])])) };
      },
      before: () => this.view.base && { county: areaFigures(study, this.view.base),
        covered: Array.from(this.view.base.covered), ms: Array.from(this.view.base.ms) },
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
      unitAt: (x, y) => this.layer.unitAt(L.point(x, y)),
      plan: () => this.planning.text(),
      times: (mode, category) => {
        const { times } = this.planning;
        const unit = times.unit(mode, category);
        return { ms: Array.from(times.ms(mode, category)), nearest: Array.from(times.nearest(mode, category)),
          unit: { ms: Array.from(unit.ms), facility: Array.from(unit.facility) } };
      },
      reasons: () => Array.from(this.view.figures.covered, (covered, unit) => (covered === 1 ? null
        : reasonOf(study, this.view.times, this.view.choice, this.view.figures, unit))),
      way: () => this.view.way,
      siting: () => this.view.siting && { ...this.view.siting, record: undefined },
      sites: () => this.planning.sites().map(({ x, y }) => this.map.latLngToContainerPoint(toDegrees(x, y, study.bits)))
        .map(({ x, y }) => ({ x, y })),
      timing: () => ({ ...this.layer.timing }),
      map: this.map,
    };
  }
}
