/* The overview of a province: its counties and units at their own limits, and the way to each. */

import { chooser, button, make, segments } from "./elements.js";
import { dressDocument, dressMap, mapParts, nameParts, placeParts, placeTip } from "./frame.js";
import { cornersOf, toDegrees } from "./ground.js";
import { StudyLayer } from "./layer.js";
import { swatch } from "./legend.js";
import { lookOf } from "./measures.js";
import { drawChosen, drawNames } from "./overlay.js";
import { countiesTable, countyDetail, overviewSummary } from "./overview_parts.js";
import { overviewOf, overviewScene } from "./overview_model.js";
import { unpackFrom } from "./packed.js";
import { THEMES } from "./themes.js";
import { valueOf } from "./values.js";
import { wordsOf } from "./words.js";

const WIDE = 90; // css pixels a township or unit is wide before its name is written

/** Start the overview on a Leaflet map, from the data in #study. */
export async function startPage(map) {
  const page = new Overview(map, overviewOf(await unpackFrom("study")));
  page.build();
  page.show();
  window.livingcircle = Object.freeze(page.told());
}

const showsOf = (category, { circle }) => (category ? ["minutes", "covered", "share"]
  : circle.categories.length ? ["count", "covered", "share"] : ["covered", "share"]);

class Overview {
  constructor(map, study) {
    this.map = map;
    this.study = study;
    this.scene = overviewScene(study);
    this.spoken = { zh: wordsOf(study, "zh"), en: wordsOf(study, "en") };
    /** @type {Record<string, any> & import("./frame.js").Frame | null} the elements that change, by name */
    this.parts = null;
    this.view = null; // what follows from the state
    const asked = new URLSearchParams(location.hash.replace(/^#/, ""));
    const category = Math.max(0, study.categories.findIndex(({ id }) => id === asked.get("category")));
    this.state = { category, show: showsOf(category, study)[0], county: null, unit: null, lang: study.lang,
      theme: "light", sort: { key: "share", down: false } };
    this.layer = new StudyLayer(this.scene, (ink, onScreen) => this.drawTop(ink, onScreen));
    this.act = { sort: (sort) => this.change({ sort }, `[data-sort=${sort.key}]`), choose: (county) => this.choose(county) };
  }

  get words() {
    return this.spoken[this.state.lang];
  }

  change(what, focus) {
    const before = this.state;
    this.state = { ...before, ...what };
    if (!showsOf(this.state.category, this.study).includes(this.state.show)) [this.state.show] = showsOf(this.state.category, this.study);
    if (before.lang !== this.state.lang || before.theme !== this.state.theme) this.build();
    this.show();
    if (focus) document.querySelector(focus)?.focus({ preventScroll: true });
  }

  /** Go to a county; what is told of it follows. */
  choose(county, unit = null) {
    this.change({ county, unit }, unit === null ? "#county h2" : null);
    const box = this.scene.counties.boxes.subarray(4 * county, 4 * county + 4);
    if (unit === null && box[0] <= box[2]) this.map.fitBounds(cornersOf(box, this.study.bits), { padding: [30, 30], animate: false });
  }

  show() {
    const { study, state, words, parts } = this;
    const figures = study.figures(state.category);
    const look = lookOf(study, words, figures, state);
    this.view = { study, state, words, figures, look, told: (unit) => this.valueOf(unit) };
    this.layer.recolour(look);
    parts.controls.replaceChildren(this.controls());
    parts.summary.replaceChildren(overviewSummary(this.view));
    parts.detail.replaceChildren(countyDetail(this.view));
    parts.table.replaceChildren(...countiesTable(this.view, this.act));
    parts.legend.replaceChildren(...this.legend());
  }

  valueOf(unit) {
    return valueOf(this.view, unit);
  }

  controls() {
    const { study, state, words } = this;
    const { say } = words;
    const held = document.activeElement?.id;
    const made = make("div", { className: "controls-frame" },
      chooser("choose-category", say("choose.category"), study.categories.map((each, at) => [String(at), words.named(each)]),
        { value: state.category, quiet: true, onchange: (value) => this.change({ category: Number(value) }, "#choose-category") }),
      segments("choose-show", say("choose.show"), showsOf(state.category, study).map((show) => [show, say(`show.${show}`)]),
        { value: state.show, onchange: (show) => this.change({ show }, `#choose-show [data-value=${show}]`) }));
    if (held) queueMicrotask(() => document.activeElement === document.body && document.getElementById(held)?.focus());
    return made;
  }

  legend() {
    const { study, state, words, view } = this;
    const { say, word } = words;
    const category = study.categories[state.category];
    const limit = ({ urban, rural }) => {
      const [town, land] = [words.limit(urban), words.limit(rural)];
      return town === land ? town : words.clauses([`${word("urban")} ${town}`, `${word("rural")} ${land}`]);
    };
    const limits = category.limits.length === 1 ? limit(category.limits[0]) : say("overview.own_limits");
    return [make("b", {}, words.named(category)), make("div", { className: "shown" }, say(`show.${state.show}`)),
      make("ul", {}, ...view.look.classes.map(({ colour, text, hatched }) => swatch(colour, text, hatched ? "hatched" : "")),
        state.show === "minutes" ? swatch(study.palette.notCovered, say("legend.hatched"), "hatched") : null,
        study.units.derived.some(Boolean) ? swatch("", say("legend.derived"), "dashed") : null),
      make("dl", { className: "method" }, make("dt", {}, say("legend.limit")), make("dd", {}, limits)),
      study.counties.some(({ simulated }) => simulated) ? make("span", { className: "badge" }, word("simulated")) : null];
  }

  /* --- the map --- */

  drawTop(ink, onScreen) {
    const { study, scene, state } = this;
    const theme = THEMES[state.theme];
    if (state.county !== null) drawChosen(ink, onScreen, scene.counties, state.county, { colour: study.palette.chosen, paper: theme.paper });
    if (state.unit !== null) drawChosen(ink, onScreen, scene.units, state.unit, { colour: study.palette.chosen, paper: theme.paper });
    const look = { colour: theme.ink, halo: theme.halo, taken: [] };
    const named = (names, { x, y }, boxes) => names.flatMap((text, at) => (!boxes
      || (boxes[4 * at + 2] - boxes[4 * at]) * onScreen.scale > WIDE * onScreen.ratio ? [{ text, x: x[at], y: y[at] }] : []));
    drawNames(ink, onScreen, { ...look, places: named(study.counties.map(({ name }) => name), study.places), size: 13.5, weight: "bold" });
    const groups = [[study.townships.name, study.townships, scene.towns.boxes], [study.units.name, study.units, scene.units.boxes]];
    groups.forEach(([names, at, boxes], fine) => {
      const places = named(names, at, boxes);
      if (places.length < 400) drawNames(ink, onScreen, { ...look, places, size: fine ? 11 : 12, weight: "normal" });
    });
  }

  click(point) {
    const unit = this.layer.unitAt(point);
    if (unit < 0) this.change({ unit: null, county: null });
    else this.choose(this.study.units.county[unit], unit);
  }

  hover(point) {
    const { tip } = this.parts;
    const unit = point ? this.layer.unitAt(point) : -1;
    tip.hidden = unit < 0;
    if (unit < 0) return;
    const { study, words } = this;
    const where = [study.counties[study.units.county[unit]].name, study.townships.name[study.units.town[unit]]];
    tip.replaceChildren(make("b", {}, words.unit(unit)), make("span", {}, this.valueOf(unit)), make("small", {}, where.join(" ")));
    placeTip(this.map, tip, point);
  }

  home() {
    const wide = this.map.getSize().x > 700;
    this.map.fitBounds(this.study.bounds, { paddingTopLeft: [wide ? 220 : 8, 30], paddingBottomRight: [8, 24], animate: false });
  }

  build() {
    const { study, state, words, map } = this;
    const { say, word } = words;
    dressDocument(state, say("title", { name: study.name }));
    this.layer.setTheme(THEMES[state.theme]);
    if (!this.parts) {
      this.parts = { aside: make("main", { id: "panel", className: "overview" }), ...mapParts(() => this.home()) };
      placeParts(map, this.parts, [this.parts.legend]);
      dressMap(map, this.layer, { click: (point) => this.click(point), hover: (point) => this.hover(point) });
      this.home();
    }
    nameParts(map, this.parts, say, say("overview.map"));
    Object.assign(this.parts, { controls: make("div"), summary: make("div", { className: "summary" }),
      detail: make("div", { className: "detail" }), table: make("div", { className: "counties", role: "region", tabIndex: 0, "aria-label": say("overview.counties") }) });
    const other = state.lang === "zh" ? "en" : "zh";
    const { aside, controls, summary, detail, table } = this.parts;
    aside.setAttribute("aria-label", say("panel"));
    aside.replaceChildren(
      make("header", {}, make("h1", {}, study.name, study.counties.some(({ simulated }) => simulated) ? make("span", { className: "badge" }, word("simulated")) : null),
        make("div", { className: "tools" },
          button(say("language"), () => this.change({ lang: other }, "#language"), { id: "language", lang: other === "zh" ? "zh-CN" : "en" }),
          button(say(`theme.${state.theme}`), () => this.change({ theme: state.theme === "light" ? "dark" : "light" }, "#theme"), { id: "theme" }))),
      controls, summary, table, detail,
      make("footer", {}, make("details", {}, make("summary", {}, [say("not_reviewed"), say("sources")].join(" · ")),
        ...[...new Set(study.counties.flatMap(({ attribution }) => attribution))].map((note) => make("div", {}, note)))));
  }

  /** What the tests read; nothing here changes the page. */
  told() {
    const { study } = this;
    return {
      ready: true,
      readyAt: performance.now(),
      state: () => ({ ...this.state }),
      figures: () => ({ all: study.sum(this.view.figures), counties: study.counties.map((_, at) => study.sum(this.view.figures, at)),
        units: Object.fromEntries(["ms", "covered", "people", "reached", "reachedOf"].map((name) => [name, Array.from(this.view.figures[name])])) }),
      colours: () => Array.from(this.view.look.index, (at) => this.view.look.classes[at].colour),
      pixel: (unit) => {
        const { lat, lng } = toDegrees(study.units.x[unit], study.units.y[unit], study.bits);
        const { x, y } = this.map.latLngToContainerPoint([lat, lng]);
        return { x, y };
      },
      timing: () => ({ ...this.layer.timing }),
      map: this.map,
    };
  }
}
