/* What a page tells of itself to whoever tests it; nothing here changes the page. */

import { areaFigures, reasonOf } from "./figures.js";
import { townshipFigures } from "./townships.js";

const FIGURES = ["ms", "limit", "reachedOf", "people", "reached", "covered"];

/** Give what can be asked of a page. @param {import("./page.js").Page} page */
export function toldOf(page) {
  const { study, planning, pointing } = page;
  return {
    ready: true,
    readyAt: performance.now(),
    map: page.map,
    state: () => ({ ...page.state }),
    timing: () => ({ ...page.layer.timing }),
    ...figuresTold(page),
    ...mapTold(page),
    plan: () => planning.text(),
    sites: () => planning.sites().map(({ x, y }) => pointing.pixel(x, y)),
    pixel: (unit) => pointing.pixel(study.units.x[unit], study.units.y[unit]),
    facilityPixel: (at) => pointing.pixel(study.facilities.x[at], study.facilities.y[at]),
  };
}

function figuresTold(page) {
  const { study, planning } = page;
  return {
    figures: () => {
      const { figures } = page.view;
      return { county: areaFigures(study, figures), townships: townshipFigures(page.view),
        units: Object.fromEntries(FIGURES.map((name) => [name, Array.from(figures[name])])) };
    },
    before: () => {
      const { base } = page.view;
      return base && { county: areaFigures(study, base), covered: Array.from(base.covered), ms: Array.from(base.ms) };
    },
    times: (mode, category) => {
      const { times } = planning;
      const unit = times.unit(mode, category);
      return { ms: Array.from(times.ms(mode, category)), nearest: Array.from(times.nearest(mode, category)),
        unit: { ms: Array.from(unit.ms), facility: Array.from(unit.ms, (_, at) => unit.facilityOf(at)) } };
    },
    reasons: () => {
      const { figures, times, choice } = page.view;
      return Array.from(figures.covered, (covered, unit) => (covered === 1 ? null : reasonOf(study, times, choice, figures, unit)));
    },
  };
}

function mapTold(page) {
  return {
    colours: () => Array.from(page.view.look.index, (at) => page.view.look.classes[at].colour),
    hatched: () => Array.from(page.view.look.hatched),
    unitAt: (x, y) => page.layer.unitAt(L.point(x, y)),
    way: () => page.view.way,
    siting: () => page.view.siting && { ...page.view.siting, record: undefined },
  };
}
