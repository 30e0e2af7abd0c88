/* The study on the map: coloured units, their borders, and what lies on them, on one canvas.

   Fills come from a buffer of area numbers, one per device pixel, so that another choice of colours
   touches no geometry; borders lie above and hide the steps of the fill. They are drawn aside, once
   for each view, and laid on: every canvas that is shown takes its room three times. */

import { arcMeets, arcOf, seenIn } from "./areas.js";
import { packedColour, paint, rasterise } from "./raster.js";
import { drawRelief } from "./relief.js";

const MARGIN = 0.05; // of the view, on every side: room to drag without drawing; each canvas takes its room three times
const ROOMY = 150; // css pixels squared an average unit takes before its own borders are drawn
const DETAIL = 0.6; // device pixels the thinnest line may skip
const SKIPPED = 0.75; // of a line's width: what it may skip without showing
const STRIP = 64; // rows coloured at a time: an image of all of them would take their room again
const MOST_IN_16_BITS = 2 ** 15 - 1;
const HATCH = "#ffffff";
const AT_ONCE = 60; // lines stroked together: many more, and each stroke costs more than its share

/** Trace one arc on a canvas; says where it ended. */
function traceArc(ink, { x, y, arcs }, arc, { scale, left, top }, detail = DETAIL) {
  const last = arcs[arc + 1] - 1;
  let lastX = Infinity, lastY = Infinity;
  for (let at = arcs[arc]; at <= last; at++) {
    const px = x[at] * scale - left;
    const py = y[at] * scale - top;
    if (at === arcs[arc]) ink.moveTo(px, py);
    else if (at < last && Math.abs(px - lastX) < detail && Math.abs(py - lastY) < detail) continue;
    else ink.lineTo(px, py);
    lastX = px;
    lastY = py;
  }
}

/** Trace the whole border of one area. */
export function traceArea(ink, areas, area, view) {
  for (let use = areas.uses[areas.rings[area]]; use < areas.uses[areas.rings[area + 1]]; use++) {
    traceArc(ink, areas, arcOf(areas.refs[use]), view);
  }
}

/** Give the arcs that areas use: those of plain areas alone, and those of a marked one. */
function usedArcs(areas, marked) {
  const [PLAIN, MARKED] = [1, 2];
  const found = new Uint8Array(areas.arcs.length - 1);
  for (let area = 0; area < areas.count; area++) {
    for (let use = areas.uses[areas.rings[area]]; use < areas.uses[areas.rings[area + 1]]; use++) {
      found[arcOf(areas.refs[use])] |= marked[area] ? MARKED : PLAIN;
    }
  }
  const all = areas.arcs.map((_, arc) => arc).subarray(0, -1);
  const those = (is) => all.filter((arc) => is(found[arc]));
  return [those((each) => each === PLAIN), those((each) => each & MARKED)];
}

/** How many pixels of the page the average area takes. */
function roomOf({ boxes, count }, { scale, ratio }) {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < 4 * count; at += 4) {
    if (boxes[at] > boxes[at + 2]) continue;
    west = Math.min(west, boxes[at]); north = Math.min(north, boxes[at + 1]);
    east = Math.max(east, boxes[at + 2]); south = Math.max(south, boxes[at + 3]);
  }
  return ((east - west) * (south - north) * scale * scale) / (ratio * ratio * Math.max(count, 1));
}

export const StudyLayer = L.Renderer.extend({
  options: { padding: MARGIN, pane: "overlayPane" },

  /** ``scene``: units (areas), borders (lines, and some of them), anchors, derived, streets,
      streetsBy (narrow ones, wide ones) and bits; ``onOverlay`` draws what lies on top. */
  initialize(scene, onOverlay) {
    L.setOptions(this, {});
    this._layers = {};
    this.scene = scene;
    this.onOverlay = onOverlay;
    this.look = null;
    this.alpha = 255;
    this.shift = null; // steps as a basemap of another datum has them
    this.relief = null;
    this.fineness = null; // pixels of the canvas for one of the page; null: as many as the screen has
    [this.plainArcs, this.derivedArcs] = usedArcs(scene.units, scene.derived);
    this.theme = { border: "#ffffff", township: "#33414c", street: "#33414c" };
    this.timing = { raster: 0, paint: 0 };
  },

  getEvents() {
    return { ...L.Renderer.prototype.getEvents.call(this), move: this._keepCovered };
  },

  _initContainer() {
    this._container = document.createElement("div");
    this._container.className = "study-layer";
    [this.canvas, this.lines] = ["", ""].map(() => document.createElement("canvas"));
    this._container.append(this.canvas);
    this.stale = true; // nothing that was drawn before is on these
  },

  _destroyContainer() {
    this._container.remove();
    delete this._container;
  },

  /** While the map is dragged: draw anew only when it leaves what is drawn. Another zoom is drawn once
      the map has come to it. */
  _keepCovered() {
    const zooms = this._map._animatingZoom || this._map.getZoom() !== this._zoom;
    if (!zooms && this.view && !this._isCovered()) this._update();
  },

  /** Say whether what is drawn is all that is seen, as fine as it is asked for. */
  _isCovered() {
    const map = this._map;
    if (this.stale || map.getZoom() !== this._zoom || this.view.ratio !== this._ratio()) return false;
    if (!map.getPixelOrigin().equals(this.origin)) return false; // nothing drawn lies where it lay
    const min = map.containerPointToLayerPoint([0, 0]);
    return this._bounds.contains(L.bounds(min, min.add(map.getSize())));
  },

  _ratio() {
    return this.fineness ?? (window.devicePixelRatio || 1);
  },

  /** Leaflet's own would put the canvas between pixels, where every line is blurred. */
  _reset() {
    this._update();
  },

  /** The map has come to rest: after a short way what is drawn reaches still. */
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    const covered = this._isCovered();
    if (!covered) L.Renderer.prototype._update.call(this);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    if (covered) return;
    this.stale = false;
    const ratio = this._ratio();
    const size = this._bounds.getSize();
    const [width, height] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
    for (const canvas of [this.canvas, this.lines]) {
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
    }
    this.canvas.style.width = `${size.x}px`;
    this.canvas.style.height = `${size.y}px`;
    this.origin = this._map.getPixelOrigin();
    const corner = this.origin.add(this._bounds.min);
    this.view = {
      scale: (256 * 2 ** this._zoom * ratio) / 2 ** this.scene.bits,
      left: corner.x * ratio, top: corner.y * ratio, width, height, ratio, shift: this.shift,
    };
    if (this.ids?.length !== width * height) {
      this.ids = new (this.scene.units.count > MOST_IN_16_BITS ? Int32Array : Int16Array)(width * height);
      this.image = new ImageData(width, STRIP);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    const began = performance.now();
    rasterise(this.scene.units, this.view, this.ids, this.scene.anchors);
    this.timing.raster = performance.now() - began;
    this.roomy = roomOf(this.scene.units, this.view) >= ROOMY;
    this._drawLines();
    this._paint();
  },

  /** Colour the units by their classes (#rrggbb) and hatch some. @param {import("./measures.js").Look} asked */
  recolour(asked) {
    const classes = asked.classes.map(({ colour }) => packedColour(colour, this.alpha));
    const colours = new Uint32Array(asked.index.length);
    for (let unit = 0; unit < colours.length; unit++) colours[unit] = classes[asked.index[unit]];
    this.asked = asked;
    this.look = { colours, hatched: asked.hatched, ink: packedColour(HATCH, this.alpha) };
    if (this.view) this._paint();
  },

  /** Let what lies beneath shine through. */
  setAlpha(alpha) {
    if (alpha === this.alpha) return;
    this.alpha = alpha;
    if (this.asked) this.recolour(this.asked);
  },

  /** Draw another scene of the same units, moved by ``shift``. */
  setGround(scene, shift) {
    this.scene = scene;
    this.shift = shift;
    this.stale = true;
  },

  setRelief(relief) {
    this.relief = relief;
    if (this.view) this._paint();
  },

  setTheme(theme) {
    if (this.theme === theme) return;
    this.theme = theme;
    if (this.view) this._drawLines();
    this.redrawOverlay();
  },

  _paint() {
    if (!this.look) return;
    const began = performance.now();
    const ink = this.canvas.getContext("2d");
    const { width, height, top } = this.view;
    for (let row = 0; row < height; row += STRIP) {
      const rows = Math.min(STRIP, height - row);
      paint(this.ids.subarray(row * width, (row + rows) * width), this.pixels, { ...this.view, top: top + row }, this.look);
      ink.putImageData(this.image, 0, row, 0, 0, width, rows);
    }
    if (this.relief) drawRelief(ink, this.relief, this.view);
    ink.drawImage(this.lines, 0, 0);
    this.onOverlay(ink, this.view);
    this.timing.paint = performance.now() - began;
  },

  _drawLines() {
    const ink = this.lines.getContext("2d");
    const { units, borders, streets } = this.scene;
    const { ratio } = this.view;
    ink.clearRect(0, 0, this.view.width, this.view.height);
    ink.lineJoin = "bevel";
    if (this.roomy) {
      this._arcs(ink, units, this.plainArcs, { colour: this.theme.border, width: 0.9 * ratio });
      this._arcs(ink, units, this.derivedArcs, { colour: this.theme.border, width: 0.9 * ratio,
        dash: [3 * ratio, 2.5 * ratio] });
    }
    if (this.scene.water) this._water(ink, this.scene.water);
    for (const wide of [0, 1]) {
      ink.globalAlpha = wide ? 0.5 : 0.3;
      ink.strokeStyle = this.theme.street;
      ink.lineWidth = (wide ? 1.5 : 0.8) * ratio;
      this._stroke(ink, streets, this.scene.streetsBy[wide]);
    }
    ink.globalAlpha = 1;
    this._arcs(ink, borders.lines, borders.some, { colour: this.theme.border, width: 3.2 * ratio });
    this._arcs(ink, borders.lines, borders.some, { colour: this.theme.township, width: 1.3 * ratio });
  },

  /** Draw rivers and shores as lines with light beside them: blue alone would be a class. */
  _water(ink, { x, y, arcs, closed }) {
    const { ratio } = this.view;
    const paths = [new Path2D(), new Path2D()], seen = seenIn(this.view);
    for (let path = 0; path < closed.length; path++) {
      if (!arcMeets({ x, y, arcs }, path, seen)) continue;
      traceArc(paths[closed[path]], { x, y, arcs }, path, this.view);
      if (closed[path]) paths[1].closePath();
    }
    ink.fillStyle = this.theme.border;
    ink.fill(paths[1], "evenodd");
    for (const [width, colour] of [[3, this.theme.border], [1.5, this.theme.water]]) {
      ink.lineWidth = width * ratio;
      ink.strokeStyle = colour;
      for (const path of paths) ink.stroke(path);
    }
  },

  /** Draw some arcs of the areas. */
  _arcs(ink, areas, some, { colour, width, dash = [] }) {
    ink.strokeStyle = colour;
    ink.lineWidth = width;
    ink.setLineDash(dash);
    this._stroke(ink, areas, some);
    ink.setLineDash([]);
  },

  _stroke(ink, lines, some) {
    const seen = seenIn(this.view);
    let held = 0;
    ink.beginPath();
    for (let at = 0; at < some.length; at++) {
      const line = some[at];
      if (!arcMeets(lines, line, seen)) continue;
      traceArc(ink, lines, line, this.view, Math.max(DETAIL, SKIPPED * ink.lineWidth));
      if (++held % AT_ONCE) continue;
      ink.stroke();
      ink.beginPath();
    }
    ink.stroke();
  },

  /** Draw anew what lies on top: with all that is beneath, which takes no geometry. */
  redrawOverlay() {
    if (this.view) this._paint();
  },

  /** Give the unit under a point of the map's container, -1 for none. */
  unitAt(point) {
    const at = this._map.containerPointToLayerPoint(point).subtract(this._bounds.min)
      .multiplyBy(this.view.ratio).floor();
    const { width, height } = this.view;
    if (at.x < 0 || at.y < 0 || at.x >= width || at.y >= height) return -1;
    return this.ids[at.y * width + at.x];
  },
});
