/* Placing facilities on trial: by a click, by dragging a pin, from a file, or where they serve most. */

import { areaAt } from "./areas.js";
import { toDegrees, toSteps } from "./ground.js";
import { siteAt } from "./overlay.js";
import { searchBest } from "./plan_tab.js";

export class Placing {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    this.planning = page.planning;
    this.said = ""; // what became of the last step
    this.searching = 0; // how far the search for the best place is, 0 for none
    /** @type {number | undefined} the pin that is held */
    this.held = undefined;
    this.dropped = false;
    this.waiting = 0;
  }

  /** Give what the view tells of it. */
  get told() {
    return { planSaid: this.said, searching: this.searching, held: this.held };
  }

  /** Show what the plan changes. */
  show(said = "") {
    this.said = said;
    this.page.show();
  }

  /** Change the plan by one of its own steps. */
  step(what, ...values) {
    this.planning[what](...values);
    this.show();
  }

  /** Say whether a point is no place to build: outside every unit. */
  isOutside(point) {
    const { units } = this.page.scene;
    return units.refs.length > 0 && areaAt(units, ...point) < 0;
  }

  /** Move an addition to a point, unless nobody can build there. */
  moveTo(at, point) {
    const { words } = this.page;
    if (this.isOutside(point)) this.show(words.say("plan.outside"));
    else this.step("alter", at, this.planning.centimetres(point));
  }

  /** Place a facility of the plan's category at a point. */
  place(point) {
    const { page, planning } = this;
    const { state, words } = page;
    page.state = { ...state, tab: "plan" };
    if (this.isOutside(point)) this.show(words.say("plan.outside"));
    else this.add(state.planCategory ?? state.category ?? 0, planning.centimetres(point));
  }

  add(category, at, said = "") {
    const { words } = this.page;
    this.planning.add(category, at, (number) => words.say("plan.named", { category: words.category(category), number }));
    this.show(said);
  }

  /** Show an addition on the map. */
  look(at) {
    const { x, y } = this.planning.sites()[at];
    this.page.pointing.panTo(x, y);
  }

  /** Take a plan from a file. */
  read(text) {
    const problems = this.planning.read(text);
    const { say, list } = this.page.words;
    this.show(problems.length ? list(problems.map(([code, value]) => `${say(`plan.problem.${code}`)} ${value}`))
      : say("plan.read", { added: this.planning.plan.added.length, closed: this.planning.plan.closed.length }));
  }

  /** Look for the place that serves most people more, and place it. */
  async best(category) {
    if (this.searching) return;
    const { page, planning } = this;
    this.searching = 0.01;
    this.show(page.words.say("plan.searching"));
    const best = await searchBest(planning, { study: page.study, choice: page.view.choice, category, onStep: (part) => {
      this.searching = part;
      const shown = page.parts.body.querySelector("progress");
      if (shown) shown.value = part;
    } });
    this.searching = 0;
    const { say, count } = page.words;
    if (best) this.add(category, best, say("plan.best_found", { people: count(best.people) }));
    else this.show(say("plan.best_none"));
  }

  /** Let a pin be dragged: the figures follow, and one undo takes it back. */
  listen() {
    const { page: { map, study: { bits } }, planning } = this;
    let grip = null; // from the pointer to the pin's point, null while none is held
    const move = ({ containerPoint }) => {
      const point = toSteps(map.containerPointToLatLng(containerPoint.add(grip.by)), bits);
      if (this.isOutside(point)) return this.page.words.say("plan.outside");
      planning.alter(this.held, planning.centimetres(point), { keep: !grip.moved }); // one undo takes it all back
      grip.moved = true;
      return "";
    };
    map.on("mousedown", ({ containerPoint }) => {
      this.dropped = false;
      const held = siteAt(this.page.layer.view, planning.sites(), this.page.pointing.onCanvas(containerPoint));
      if (held < 0) return;
      map.dragging.disable();
      this.held = held;
      const { x, y } = planning.sites()[held];
      grip = { from: containerPoint, moved: false, by: map.latLngToContainerPoint(toDegrees(x, y, bits)).subtract(containerPoint) };
    });
    map.on("mousemove", (event) => {
      if (!grip || this.waiting) return;
      this.waiting = requestAnimationFrame(() => {
        this.waiting = 0;
        if (grip) this.show(move(event));
      });
    });
    map.on("mouseup", (event) => {
      if (!grip) return;
      const said = event.containerPoint.equals(grip.from) ? "" : move(event);
      grip = null;
      this.held = undefined;
      this.dropped = true;
      map.dragging.enable();
      this.show(said);
    });
  }

  /** Say whether a click only ends a drag, however long the figures took; once. */
  endsDrag() {
    const { dropped } = this;
    this.dropped = false;
    return dropped;
  }
}
