/* The next best place: of some candidates the one that serves most people who are not served. */

import { msOf } from "./travel.js";

/**
 * @typedef {object} Asked
 * @property {string} category id
 * @property {[{mode: string, limit: number}, {mode: string, limit: number}]} standards of rural and
 *   of urban units, milliseconds
 * @property {string} cohort whose people count
 * @property {{x_cm: number, y_cm: number}[]} [candidates] by default the residences whose time is
 *   their unit's, where the unit has people who are not served
 */

/**
 * @typedef {object} Step
 * @property {number} done @property {number} of candidates
 * @property {{candidate: number, x_cm: number, y_cm: number, people: number} | null} best so far
 */

/**
 * Try every candidate and tell after each how far it is, so that a page stays awake. People count as
 * served by time alone: a new facility is taken to have room. Of equal ones the first is best.
 * @param {import("./whatif.js").WhatIf} whatIf
 * @param {import("./whatif.js").PlannedTimes} times
 * @param {Asked} asked
 * @returns {Generator<Step>}
 */
export function* nextBest(whatIf, times, asked) {
  const { model } = whatIf;
  const left = leftOut(model, times, asked);
  const candidates = asked.candidates ?? unitCandidates(whatIf, left);
  let best = null;
  for (let at = 0; at < candidates.length; at++) {
    const people = gained(whatIf, candidates[at], left, asked);
    if (people > (best?.people ?? 0)) best = { candidate: at, ...candidates[at], people };
    yield { done: at + 1, of: candidates.length, best };
  }
}

/** Give the weight of every residence that is not served, 0 for the others. */
function leftOut(model, times, { category, standards, cohort }) {
  const { unit } = model.residences;
  const weight = model.weight(cohort);
  const columns = standards.map(({ mode }) => times.ms(mode, category));
  return Float64Array.from(unit, (of, row) => {
    const which = model.units.urban[of], ms = columns[which]?.[row] ?? -1;
    return ms >= 0 && ms <= standards[which].limit ? 0 : weight[row] || 0;
  });
}

/** Give one place for every unit with people left out: the one with most of them. */
function unitCandidates(whatIf, left) {
  const { unit } = whatIf.model.residences;
  const most = new Map();
  left.forEach((people, row) => {
    if (people > 0 && !(people <= left[most.get(unit[row])])) most.set(unit[row], row);
  });
  const [east, north] = whatIf.meta.origin;
  const x = whatIf.columns("network/places/x"), y = whatIf.columns("network/places/y");
  return [...most.values()].map((row) => ({ x_cm: x[row] + east, y_cm: y[row] + north }));
}

function gained(whatIf, { x_cm, y_cm }, left, { standards }) {
  const { model, meta } = whatIf;
  const x = x_cm - meta.origin[0], y = y_cm - meta.origin[1];
  const found = new Map();
  const longest = Math.max(...standards.map(({ limit }) => limit));
  for (const { mode } of standards) {
    if (!found.has(mode)) found.set(mode, whatIf.alone(mode, x, y, longest));
  }
  let people = 0;
  for (let row = 0; row < left.length; row++) {
    if (!left[row]) continue;
    const { mode, limit } = standards[model.units.urban[model.residences.unit[row]]];
    const ms = msOf(found.get(mode).key[row]);
    if (ms >= 0 && ms <= limit) people += left[row];
  }
  return people;
}
