/* The plan in the making: what is added and closed, every step of it undone, and what it would do. */

import { planText, readPlan } from "./plan.js";
import { placeOf } from "./texts.js";
import { warpOf } from "./warp.js";

const CENTIMETRES = 100;

export class Planning {
  /** @param {object} study what model.js gives */
  constructor(study) {
    this.study = study;
    this.whatIf = study.whatIf;
    this.toSteps = warpOf(study.warps.to_steps);
    this.toMetres = warpOf(study.warps.to_metres);
    this.plan = { name: study.name, added: [], closed: [] };
    this.past = [];
    this.future = [];
    this.base = this.whatIf.times(this.plan);
    this.times = this.base;
  }

  get empty() {
    return !this.plan.added.length && !this.plan.closed.length;
  }

  /** Say whether a mode's streets are in the page: ways and circles need them. */
  hasStreets(mode) {
    return this.study.network.modes[mode]?.method === "network";
  }

  /** Put another plan in place; ``kept`` plans can be gone back to. */
  put(plan, { keep = true } = {}) {
    if (keep) {
      this.past.push(this.plan);
      this.future = [];
    }
    this.plan = plan;
    this.times = this.whatIf.times(plan);
    this.study.planned = plan.added.map(({ name, category, capacity = null }) => ({ name, capacity,
      category: this.study.categories.findIndex(({ id }) => id === category) }));
  }

  undo() {
    if (!this.past.length) return;
    this.future.push(this.plan);
    this.put(this.past.pop(), { keep: false });
  }

  redo() {
    if (!this.future.length) return;
    this.past.push(this.plan);
    this.put(this.future.pop(), { keep: false });
  }

  /** Give a point of the page's steps as whole centimetres of the study CRS. */
  centimetres(point) {
    const [x, y] = this.toMetres(point).map((metres) => Math.round(metres * CENTIMETRES));
    return { x_cm: x, y_cm: y };
  }

  /** Give centimetres of the study CRS as steps. */
  steps(x_cm, y_cm) {
    return this.toSteps([x_cm / CENTIMETRES, y_cm / CENTIMETRES]);
  }

  /** Add a facility of a category (its position) at whole centimetres. */
  add(category, { x_cm, y_cm }, nameOf) {
    const isTaken = (id) => placeOf(this.study.facilities.id, id) >= 0 || this.plan.added.some((each) => each.facility_id === id);
    let number = this.plan.added.length + 1;
    while (isTaken(`plan-${number}`)) number++;
    const { id } = this.study.categories[category];
    const made = { facility_id: `plan-${number}`, name: nameOf(number), category: id, x_cm, y_cm };
    this.put({ ...this.plan, added: [...this.plan.added, made] });
  }

  /** Change one addition; ``keep`` is false while it is being dragged. */
  alter(at, what, options) {
    const added = this.plan.added.map((each, row) => (row === at ? { ...each, ...what } : each));
    this.put({ ...this.plan, added }, options);
  }

  remove(at) {
    this.put({ ...this.plan, added: this.plan.added.filter((_, row) => row !== at) });
  }

  clear() {
    this.put({ ...this.plan, added: [], closed: [] });
  }

  /** Close an existing facility, or open it again. */
  toggle(facility) {
    const id = this.study.facilities.id.at(facility);
    const closed = this.isClosed(facility) ? this.plan.closed.filter((each) => each !== id)
      : [...this.plan.closed, id];
    this.put({ ...this.plan, closed });
  }

  isClosed(facility) {
    return this.plan.closed.includes(this.study.facilities.id.at(facility));
  }

  /** Give the positions of the facilities that the plan closes. */
  closed() {
    return new Set(this.plan.closed.map((id) => placeOf(this.study.facilities.id, id)));
  }

  /** Give where the additions are, in steps. */
  sites() {
    return this.plan.added.map(({ x_cm, y_cm }) => {
      const [x, y] = this.steps(x_cm, y_cm);
      return { x, y };
    });
  }

  /** Give the plan as its file says it. */
  text() {
    return planText(this.plan, { name: this.study.name, crs: this.study.crs.code });
  }

  /** Take a plan from a file; give what is wrong with it, and change nothing then. */
  read(text) {
    const { study } = this;
    const { plan, problems } = readPlan(text, { name: study.name, crs: study.crs.code,
      categories: study.categories.map(({ id }) => id), facilities: study.facilities.id });
    if (plan) this.put(plan);
    return problems;
  }

  /** Give the way of a residence to its nearest, in steps; null where there is none. */
  way(mode, category, place) {
    const found = this.whatIf.route(this.times, mode, category, place);
    return found && found.points.map(([x, y]) => this.steps(x, y));
  }

  /** Give the streets reached from a point of the page within some minutes, in steps. */
  circle(mode, point, minutes) {
    const { x_cm, y_cm } = this.centimetres(point);
    return this.whatIf.circle(mode, x_cm, y_cm, minutes).map(({ points, ms }) =>
      ({ ms, points: points.map(([x, y]) => this.steps(x, y)) }));
  }

  /** Give the milliseconds from a point of the page to the nearest of every category. */
  reached(mode, point) {
    const { x_cm, y_cm } = this.centimetres(point);
    return this.whatIf.reached(this.times, mode, x_cm, y_cm);
  }
}
