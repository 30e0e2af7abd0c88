/* What follows from what is chosen: figures, colours, the way and the circles. */

import { figuresOf, standards } from "./figures.js";
import { changeOf, lookOf } from "./measures.js";
import { circleMinutes, circleMode } from "./place_detail.js";
import { wayOf } from "./scene.js";

const MOST_KNOWN = 1e5; // units whose figures are kept, over all choices
const LEAST_CHOICES = 6; // however many units they have

/** Give what of a state decides the figures. */
const choiceOf = ({ category, mode, minutes, cohort }) => ({ category, mode, minutes, cohort });

export class Views {
  /** ``earlier`` is another run's study (earlier.js), or null. */
  constructor({ study, earlier, planning }) {
    this.study = study;
    this.earlier = earlier;
    this.planning = planning;
    this.known = new Map();
    this.knownTimes = null; // the plan's, whose figures are among those known
  }

  /** Give everything that follows from a state, and with it what the page tells besides. */
  of(state, words, beside) {
    const { study, planning, earlier } = this;
    const choice = choiceOf(state);
    const { times } = planning;
    const figures = this.figuresFor(times, choice);
    const base = earlier ? earlier.figures(choice) : planning.empty ? null : this.figuresFor(study.times, choice);
    const compares = state.compare && !state.swipe && base !== null;
    const view = {
      ...beside, earlier, study, state, words, choice, times, figures, base, compares, planning,
      figuresFor: (which, asked) => this.figuresFor(which, asked),
      modes: new Set(standards(study, choice).map(({ mode }) => mode)),
      look: compares ? changeOf(study, words, base, figures) : lookOf(study, words, figures, state),
      rows: state.category === null ? [] : study.facilities.of(state.category),
    };
    return { ...view, ...drawnFor(view) };
  }

  /** Give the figures of a choice, counted once for the study and once for each plan. */
  figuresFor(times, choice) {
    const base = times === this.study.times;
    const key = `${base ? "base" : "plan"}/${Object.values(choice).join("/")}`;
    if (!base && this.knownTimes !== times) {
      for (const each of this.known.keys()) if (each.startsWith("plan")) this.known.delete(each);
      this.knownTimes = times;
    }
    const figures = this.known.get(key) ?? figuresOf(this.study, times, choice);
    this.known.delete(key);
    this.known.set(key, figures); // those asked for last come last
    const most = Math.max(LEAST_CHOICES, MOST_KNOWN / this.study.count);
    if (this.known.size > most) this.known.delete(this.known.keys().next().value);
    return figures;
  }
}

/** Give a view of the same figures in which something else is chosen: a unit, a facility, a point. */
export const chosenIn = (view, state) => ({ ...view, state, ...drawnFor({ ...view, state }) });

/** Give the way and the circles that go with what is chosen. */
function drawnFor(view) {
  const { state, planning } = view;
  const mode = circleMode(view);
  const circles = !state.point || !planning.hasStreets(mode) ? [] : circleMinutes(view)
    .map((minutes) => ({ minutes, runs: planning.circle(mode, state.point, minutes) }));
  return { way: wayOf(view), circles };
}
