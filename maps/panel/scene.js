/* What the map shows of a study: its shapes, and what lies on top for the view of the moment. */

import { areasOf, boxesOfGroups, starts } from "./areas.js";
import { milliseconds, served, standards } from "./figures.js";
import { minutesClass } from "./measures.js";
import { drawChosen, drawDots, drawFacilities, drawNames, drawReach, drawRuns, drawSites, drawWay } from "./overlay.js";
import { drawAnswer } from "./sites_map.js";

const [CIRCLE, SERVICE] = [0, 1]; // as maps/places.py numbers them
const NAMED = 68; // css pixels a unit is wide before its name is written

/** Read the shapes that do not change. */
export function sceneOf(study) {
  const { packed, units, bits, townships } = study;
  const areas = areasOf(packed, "units");
  return { bits, units: areas, anchors: units, derived: units.derived, ...streetsOf(packed), water: waterOf(packed),
    borders: bordersOf(packed, areas), townships: boxesOfGroups(areas.boxes, units.township, townships.id.length) };
}

/** Give the lines on which townships end: some of the units', or where those overlap their own. */
function bordersOf(packed, units) {
  if (packed.has("townships/borders")) return { lines: units, some: packed.once("townships/borders") };
  return allOf(areasOf(packed, "townships"));
}

/** Give all lines of some areas. */
export const allOf = (areas) => ({ lines: areas, some: areas.arcs.map((_, arc) => arc).subarray(0, -1) });

function streetsOf(packed) {
  const wide = packed.once("streets/wide"), all = wide.map((_, line) => line);
  return { streets: linesOf(packed, "streets"), streetsBy: [0, 1].map((which) => all.filter((line) => wide[line] === which)) };
}

/** Give rivers as lines and lakes as closed ones; null where the page carries none. */
function waterOf(packed) {
  return packed.has("water/closed") ? { ...linesOf(packed, "water"), closed: packed.whole("water/closed") } : null;
}

function linesOf(packed, name) {
  return { x: packed.once(`${name}/x`), y: packed.once(`${name}/y`), arcs: starts(packed.once(`${name}/count`)) };
}

/** Give the circles of units and the service areas of facilities, looked up by kind and owner. */
export function reachOf(study) {
  const { packed } = study;
  const kind = packed.once("reach/kind");
  const owner = packed.once("reach/owner");
  const minutes = packed.real("reach/minutes");
  const rings = starts(packed.once("reach/rings"));
  const runs = starts(packed.once("reach/count"));
  const [x, y] = [packed.once("reach/x"), packed.once("reach/y")];
  const found = new Map();
  for (let at = 0; at < kind.length; at++) {
    const shape = { x, y, minutes: minutes[at], rings: Array.from(
      { length: rings[at + 1] - rings[at] }, (_, ring) => [runs[rings[at] + ring], runs[rings[at] + ring + 1]]) };
    const key = `${kind[at]}/${owner[at]}`;
    found.set(key, [...(found.get(key) ?? []), shape]);
  }
  return (which, at) => found.get(`${which}/${at}`) ?? [];
}

/** Give the way from a unit's telling residence to its nearest facility: along the streets where
    the page carries them, else a straight hint. */
export function wayOf({ study, choice, times, state, planning }) {
  if (state.unit === null || state.facility !== null || choice.category === null) return null;
  const { mode } = standards(study, choice)[study.units.urban[state.unit]];
  const { id } = study.categories[choice.category];
  const columns = times.unit(mode, id);
  const [place, facility] = [columns?.place[state.unit] ?? -1, columns?.facilityOf(state.unit) ?? -1];
  if (place < 0 || facility < 0) return null;
  if (planning.hasStreets(mode)) {
    const points = planning.way(mode, id, place);
    return points && { points, hint: false };
  }
  const { residences, facilities } = study;
  const known = facilities.id.length;
  const site = facility < known ? null : planning.sites()[facility - known];
  const to = site ? [site.x, site.y] : [facilities.x[facility], facilities.y[facility]];
  return { points: [[residences.x[place], residences.y[place]], to], hint: true };
}

/** Draw what lies on the units. */
export function drawTop(ink, onScreen, { view, scene, reach, colours }) {
  const { study, state, rows } = view;
  const { palette, facilities } = study;
  const paper = colours.paper;
  if (state.level === "residence") drawHomes(ink, onScreen, view, paper);
  if (state.unit !== null && state.facility === null) {
    drawChosen(ink, onScreen, scene.units, state.unit, { colour: palette.chosen, paper });
    if (state.category === null) drawReach(ink, onScreen, reach(CIRCLE, state.unit), palette.chosen);
  }
  if (state.facility !== null) drawReach(ink, onScreen, reach(SERVICE, state.facility), palette.chosen);
  if (state.point) drawCircle(ink, onScreen, view, paper);
  const { way, planning } = view;
  if (way) drawWay(ink, onScreen, way.points, { colour: palette.chosen, paper, dash: way.hint });
  drawFacilities(ink, onScreen, { ...facilities, rows, colour: palette.facility, paper: "#ffffff", closed: planning.closed() });
  if (state.facility !== null) {
    drawDots(ink, onScreen, { ...facilities, rows: [state.facility], colourOf: () => palette.chosen, radius: 7, rim: "#ffffff" });
  }
  if (view.siting && state.tab === "sites") drawAnswer(ink, onScreen, view, { scene, paper });
  drawAllNames(ink, onScreen, { study, scene, colours });
  drawSites(ink, onScreen, { sites: planning.sites(), colour: palette.proposed, paper: "#ffffff", held: view.held });
}

/** Draw the streets of a point's circle, those of the shortest minutes on top. */
function drawCircle(ink, onScreen, view, paper) {
  const { study, state, circles } = view;
  const { limits, minutes: colours } = study.palette;
  for (const { minutes, runs } of circles) {
    const colour = colours[minutesClass(limits, milliseconds(minutes))];
    drawRuns(ink, onScreen, runs, { colour, paper });
  }
  drawDots(ink, onScreen, { x: [state.point[0]], y: [state.point[1]], rows: [0],
    colourOf: () => study.palette.chosen, radius: 7, rim: "#ffffff" });
}

function drawAllNames(ink, onScreen, { study, scene, colours }) {
  const taken = [];
  const townships = study.townships.name.map((text, at) =>
    ({ text, x: study.townships.x[at], y: study.townships.y[at] }));
  const look = { colour: colours.ink, halo: colours.halo, taken };
  drawNames(ink, onScreen, { ...look, places: townships, size: 13.5, weight: "bold" });
  const { boxes } = scene.units;
  const wide = (unit) => (boxes[4 * unit + 2] - boxes[4 * unit]) * onScreen.scale > NAMED * onScreen.ratio;
  const units = [];
  for (let unit = 0; unit < study.count; unit++) {
    if (wide(unit)) units.push({ text: study.units.name.at(unit), x: study.units.x[unit], y: study.units.y[unit] });
  }
  if (units.length < 400) drawNames(ink, onScreen, { ...look, places: units, size: 11.5, weight: "normal" });
}

/** Draw every home by its own time, or by whether it reaches the whole circle. */
function drawHomes(ink, onScreen, { study, choice, times }, paper) {
  const { limits, minutes, unreached, covered, notCovered } = study.palette;
  const { unit, x, y } = study.residences;
  const rows = Array.from(unit, (_, row) => row);
  let colourOf;
  if (choice.category === null) {
    const within = served(study, times, choice);
    colourOf = (row) => (within[row] ? covered : notCovered);
  } else {
    const bounds = standards(study, choice);
    const ms = bounds.map(({ mode }) => times.ms(mode, study.categories[choice.category].id));
    const colours = [...minutes, unreached];
    colourOf = (row) => colours[minutesClass(limits, ms[study.units.urban[unit[row]]]?.[row] ?? -1)];
  }
  drawDots(ink, onScreen, { rows, x, y, colourOf, radius: 2.6, rim: paper });
}
