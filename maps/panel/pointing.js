/* The pointer on the map: what lies under it, what a click there does, and where the map goes. */

import { make } from "./elements.js";
import { placeTip } from "./frame.js";
import { cornersOf, toDegrees, toSteps } from "./ground.js";
import { nearestRow } from "./overlay.js";
import { whyNot } from "./table.js";
import { valueOf } from "./values.js";

const CLOSE = 14; // the zoom from which a facility's surroundings can be seen

export class Pointing {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    this.map = page.map;
    this.bits = page.study.bits;
  }

  /** Give a point of the map's container on the canvas. @returns {[number, number]} */
  onCanvas(point) {
    const { layer } = this.page;
    const { x, y } = this.map.containerPointToLayerPoint(point).subtract(layer._bounds.min).multiplyBy(layer.view.ratio);
    return [x, y];
  }

  /** What lies under a point of the map: a facility before a unit. */
  under(point) {
    const { layer, view, study } = this.page;
    const facility = nearestRow(layer.view, view.rows, study.facilities, this.onCanvas(point));
    return { facility, unit: layer.unitAt(point) };
  }

  /** Do what a click does with the tool in hand. */
  click(point) {
    const { page } = this;
    if (page.placing.endsDrag()) return;
    const { state } = page;
    const steps = toSteps(this.map.containerPointToLatLng(point), this.bits);
    if (state.tool === "place") { page.placing.place(steps); return; }
    if (state.tool === "circle") { page.take({ point: steps, tab: "detail" }); return; }
    const { facility, unit } = this.under(point);
    if (facility >= 0) page.take({ facility, unit: state.unit, tab: "detail" });
    else if (unit >= 0) page.chooseUnit(unit, state.tab === "units" ? "units" : "detail");
    else page.take({});
  }

  /** Tell beside the pointer what lies under it; null where it has left. */
  hover(point) {
    const { page, map } = this;
    const { tip } = page.parts;
    const { facility, unit } = point ? this.under(point) : { facility: -1, unit: -1 };
    tip.hidden = facility < 0 && unit < 0;
    const aims = page.state.tool !== "select";
    map.getContainer().style.cursor = aims ? "crosshair" : tip.hidden ? "" : "pointer";
    if (tip.hidden || page.placing.held !== undefined) return;
    tip.replaceChildren(...(facility >= 0 ? [make("b", {}, page.words.facility(facility))] : this.toldOf(unit)));
    placeTip(map, tip, point);
  }

  toldOf(unit) {
    const { view, words } = this.page;
    const why = view.figures.covered[unit] === 0 ? whyNot(view, unit) : "";
    return [make("b", {}, words.unit(unit)), make("span", {}, valueOf(view, unit)), why ? make("small", {}, why) : ""];
  }

  /** Give the middle of the map in steps. */
  middle() {
    return toSteps(this.map.getCenter(), this.bits);
  }

  /** Show all of the study, beside the legend. */
  home() {
    const wide = this.map.getSize().x > 700;
    this.map.fitBounds(this.page.study.bounds,
      { paddingTopLeft: [wide ? 220 : 8, 50], paddingBottomRight: [8, 24], animate: false });
  }

  panTo(x, y) {
    this.map.panTo(toDegrees(x, y, this.bits), { animate: false });
  }

  /** Look closely at a point. */
  goTo(x, y) {
    this.map.setView(toDegrees(x, y, this.bits), Math.max(CLOSE, this.map.getZoom()), { animate: false });
  }

  /** Show one of some boxes (west, north, east, south), if there is anything in it. */
  zoomTo(boxes, at) {
    const box = boxes.subarray(4 * at, 4 * at + 4);
    if (box[0] > box[2]) return;
    this.map.fitBounds(cornersOf(box, this.bits), { maxZoom: 15, padding: [70, 70], animate: false });
  }

  /** Give where points of the page are in pixels of the map. */
  pixel(x, y) {
    const found = this.map.latLngToContainerPoint(toDegrees(x, y, this.bits));
    return { x: found.x, y: found.y };
  }
}
