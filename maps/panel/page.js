/* The page: what is chosen, and everything that follows from it. */

import { Beneath } from "./beneath.js";
import { controls, syncControls } from "./controls.js";
import { earlierOf } from "./earlier.js";
import { renewParts } from "./elements.js";
import { dressDocument } from "./frame.js";
import { StudyLayer } from "./layer.js";
import { legend } from "./legend.js";
import { showsOf } from "./measures.js";
import { modelOf } from "./model.js";
import { unpackFrom } from "./packed.js";
import { fillPanel, placePanel, tabsOf } from "./panel.js";
import { layAsAsked } from "./paper.js";
import { Placing } from "./placing.js";
import { Planning } from "./planning.js";
import { Pointing } from "./pointing.js";
import { drawTop, reachOf, sceneOf } from "./scene.js";
import { lookingAt, sitingOf, tryAnswer } from "./siting.js";
import { stateFrom } from "./state.js";
import { summary } from "./summary.js";
import { Swipe } from "./swipe.js";
import { THEMES } from "./themes.js";
import { toldOf } from "./told.js";
import { chosenIn, Views } from "./view.js";
import { wordsOf } from "./words.js";

const NARROW = 760; // as in page.css

/** Start the page on a Leaflet map, from the data in #study, and an earlier run's in #earlier. */
export async function startPage(map) {
  const study = modelOf(await unpackFrom("study"));
  const before = document.getElementById("earlier") && await unpackFrom("earlier");
  const page = new Page(map, study, stateFrom(location.hash, study), before && earlierOf(study, before));
  page.build();
  page.show();
  layAsAsked(page);
  window.livingcircle = Object.freeze(toldOf(page));
}

export class Page {
  constructor(map, study, state, earlier) {
    this.map = map;
    this.study = study;
    this.earlier = earlier;
    const asked = study.opens === "sites" ? lookingAt(study, study.answers[0].question) : {};
    this.state = { ...state, ...asked, compare: Boolean(earlier), swipe: false };
    this.spoken = { zh: wordsOf(study, "zh"), en: wordsOf(study, "en") };
    this.tabs = tabsOf(this);
    this.legendOpen = window.innerWidth > NARROW;
    this.table = { sort: null, filter: "all", scrolled: 0, reveal: undefined };
    this.siting = { answer: 0, site: null };
    this.planning = new Planning(study);
    this.views = new Views(this);
    this.view = this.swipe = null; // made when they are needed
    /** @type {Record<string, any> & import("./frame.js").Frame | null} the elements that change, by name */
    this.parts = null;
    this.scene = sceneOf(study);
    const reach = reachOf(study);
    this.layer = new StudyLayer(this.scene, (ink, onScreen) => {
      if (this.view) drawTop(ink, onScreen, { view: this.view, scene: this.layer.scene, reach,
        colours: THEMES[document.documentElement.dataset.theme] });
    });
    this.pointing = new Pointing(this);
    this.placing = new Placing(this);
    this.beneath = new Beneath(this);
    this.act = this.actions();
  }

  /** Give what the tabs can do to the page. */
  actions() {
    const { study, placing, planning, pointing } = this;
    return {
      change: (what) => this.change(what),
      open: (tab) => this.open(tab),
      goToUnit: (unit) => this.goToUnit(unit),
      goToFacility: (facility) => this.goToFacility(facility),
      plan: (what, ...values) => placing.step(what, ...values),
      alter: (at, what) => placing.step("alter", at, what),
      showSite: (at) => placing.look(at),
      moveHere: (at) => placing.moveTo(at, pointing.middle()),
      read: (text) => placing.read(text),
      best: (category) => placing.best(category),
      siting: (what) => this.lookAtSite(what),
      tryAnswer: () => this.change(tryAnswer(study, planning, this.view.siting)),
    };
  }

  get words() {
    return this.spoken[this.state.lang];
  }

  /* --- what follows from the state --- */

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

  /** Make the frame in the state's language and colours. */
  build() {
    const { study, state, words } = this;
    dressDocument(state, words.say("title", { name: study.name }));
    this.layer.setTheme(THEMES[state.theme]);
    if (!this.parts) {
      this.parts = placePanel(this);
      this.placing.listen();
      if (state.township === null) this.pointing.home();
      else this.zoomToTownship(state.township);
    }
    Object.assign(this.parts, fillPanel(this));
  }

  show() {
    this.view = this.views.of(this.state, this.words, { legendOpen: this.legendOpen, keepLegend: (open) => { this.legendOpen = open; },
      siting: sitingOf(this.study, this.planning, this.siting), ...this.placing.told });
    const { view, state, parts } = this;
    this.syncControls();
    for (const each of parts.tools.children) each.setAttribute("aria-pressed", String(each.id === `tool-${state.tool}`));
    this.layer.recolour(view.look);
    this.showRuns();
    this.beneath.speak();
    renewParts(parts.summary, summary(view, this.act));
    renewParts(parts.legend, [legend(view)]);
    this.open(state.tab);
  }

  /** Show the difference of two runs, the new one, or both beside each other. */
  showRuns() {
    const { view, state } = this;
    if (!this.earlier) return;
    this.swipe ??= new Swipe(this.map, this.layer, this.earlier.study);
    if (state.swipe) this.swipe.show(view, THEMES[document.documentElement.dataset.theme]);
    else this.swipe.hide();
    const now = state.swipe ? "swipe" : state.compare ? "change" : "new";
    for (const each of this.parts.runs.children) each.setAttribute("aria-pressed", String(each.dataset.value === now));
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
    const shown = this.tabs[tab](this.view, this.act, this.table), { body } = this.parts;
    if (body.firstChild !== shown) body.replaceChildren(shown);
    if (body.dataset.tab !== tab) body.scrollTop = 0; // another tab is read from its beginning
    body.dataset.tab = tab;
    if (this.view.siting) this.layer.redrawOverlay(); // its sites are drawn with their tab
  }

  /* --- what is chosen --- */

  /** Take up a unit, a facility or a point; nothing but what is drawn on top changes. */
  take(what) {
    this.state = { ...this.state, unit: null, facility: null, point: null, ...what };
    this.view = chosenIn(this.view, this.state);
    this.layer.redrawOverlay();
    this.open(this.state.tab);
    if (this.state.tab === "detail") this.parts.body.scrollTop = 0;
  }

  chooseUnit(unit, tab = "detail") {
    this.table.reveal = unit;
    this.take({ unit, tab });
  }

  goToUnit(unit) {
    this.pointing.zoomTo(this.scene.units.boxes, unit);
    this.chooseUnit(unit);
    this.focusDetail();
  }

  goToFacility(facility) {
    const { category, x, y } = this.study.facilities;
    if (category[facility] < 0) return;
    this.change({ category: category[facility], facility, tab: "detail" });
    if (x[facility] >= 0) this.pointing.goTo(x[facility], y[facility]);
    this.focusDetail();
  }

  focusDetail() {
    this.parts.body.querySelector("h2")?.focus({ preventScroll: true });
  }

  zoomToTownship(township) {
    this.pointing.zoomTo(this.scene.townships, township);
  }

  /** Look at an answer to a siting question, or at one of its sites. */
  lookAtSite(what) {
    this.siting = { ...this.siting, ...what };
    this.change("answer" in what ? lookingAt(this.study, this.study.answers[what.answer].question) : {});
    const { sites, site } = this.view.siting;
    if (site !== null) this.pointing.panTo(sites[site].at.x, sites[site].at.y);
  }
}
