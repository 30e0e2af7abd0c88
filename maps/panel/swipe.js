/* Two runs on one map: the earlier to the left of a divider that is dragged or moved by keys. */

import { make } from "./elements.js";
import { StudyLayer } from "./layer.js";
import { lookOf } from "./measures.js";
import { nameOf } from "./runs.js";
import { drawTop, sceneOf } from "./scene.js";

const STEP = 0.05; // of the map's width, by one key
const NO_PLAN = { closed: () => new Set(), sites: () => [] };

export class Swipe {
  /** ``layer`` is this run's, already on the map. */
  constructor(map, layer, old) {
    this.map = map;
    this.layer = layer;
    this.at = 0.5;
    this.before = new StudyLayer(sceneOf(old), (ink, onScreen) => {
      if (this.top) drawTop(ink, onScreen, this.top);
    });
    this.names = ["old", "new"].map((which) => make("span", { className: `side ${which}` }));
    this.node = make("div", { className: "swipe", role: "slider", tabIndex: 0, "aria-valuemin": 0, "aria-valuemax": 100,
      onkeydown: (event) => this.keys(event), onpointerdown: (event) => this.grasp(event) }, ...this.names);
    L.DomEvent.disableClickPropagation(this.node);
    this.clip = this.clip.bind(this);
  }

  /** Show both runs by what is chosen. */
  show(view, theme) {
    const { earlier, words, state, choice, study } = view;
    const asked = earlier.choiceOf(choice);
    const figures = earlier.own(choice);
    const old = earlier.study;
    const rows = asked?.category === null || !asked ? [] : old.facilities.of(asked.category);
    this.top = asked && { scene: this.before.scene, reach: () => [], colours: theme, view: { study: old, words, rows,
      choice: asked, times: old.times, planning: NO_PLAN, way: null, circles: [],
      state: { ...state, category: asked.category, unit: null, facility: null, point: null } } };
    this.before.setTheme(theme);
    if (!this.shown) this.enter();
    this.before.recolour(figures ? lookOf(old, words, figures, { show: state.show, category: asked.category }) : nothing(old));
    this.node.setAttribute("aria-label", words.say("runs.divider"));
    this.names.forEach((name, at) => { name.textContent = words.say(`runs.${["old", "new"][at]}`);
      name.title = nameOf(study.runs[["old", "new"][at]], words); });
    this.clip();
  }

  enter() {
    this.shown = true;
    this.before.addTo(this.map);
    this.map.getContainer().append(this.node);
    this.map.on("move moveend zoomend viewreset resize", this.clip); // after the layers have drawn
  }

  hide() {
    if (!this.shown) return;
    this.shown = false;
    this.map.off("move moveend zoomend viewreset resize", this.clip);
    this.node.remove();
    this.before.remove();
    this.layer.canvas.style.clipPath = "";
  }

  clip() {
    const x = this.at * this.map.getSize().x;
    this.node.style.left = `${x}px`;
    this.node.setAttribute("aria-valuenow", String(Math.round(100 * this.at)));
    for (const [layer, side] of [[this.layer, "new"], [this.before, "old"]]) {
      const at = this.map.containerPointToLayerPoint([x, 0]).x - layer._bounds.min.x;
      layer.canvas.style.clipPath = side === "new" ? `inset(0 0 0 ${at}px)` : `inset(0 calc(100% - ${at}px) 0 0)`;
    }
  }

  put(at) {
    this.at = Math.max(0, Math.min(1, at));
    this.clip();
  }

  keys(event) {
    const to = { ArrowLeft: this.at - STEP, ArrowRight: this.at + STEP, Home: 0, End: 1 }[event.key];
    event.stopPropagation();
    if (to === undefined) return;
    event.preventDefault();
    this.put(to);
  }

  grasp(event) {
    event.stopPropagation();
    event.preventDefault();
    this.node.focus({ preventScroll: true });
    this.node.setPointerCapture(event.pointerId);
    const box = this.map.getContainer().getBoundingClientRect();
    this.node.onpointermove = (moved) => this.put((moved.clientX - box.left) / box.width);
    this.node.onpointerup = () => { this.node.onpointermove = null; };
  }
}

/** A category that the earlier run does not have. */
function nothing({ count, palette }) {
  return { classes: [{ colour: palette.noData }], index: new Uint8Array(count), hatched: new Uint8Array(count) };
}
