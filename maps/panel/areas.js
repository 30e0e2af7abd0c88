/* Areas of shared arcs: the borders are kept once, rings are made of them. */

/**
 * @typedef {object} Areas
 * @property {number} count
 * @property {Int32Array} x
 * @property {Int32Array} y
 * @property {Int32Array} arcs where each arc begins among the vertices, and where the last ends
 * @property {Int32Array} rings where each area's rings begin
 * @property {Int32Array} uses where each ring's arcs begin
 * @property {Int32Array} refs arcs of the rings; below 0: -1 - arc, backwards
 * @property {Int32Array} boxes west, north, east, south of each area; empty where west > east
 */

/** Turn counts into where each begins, and where the last one ends. */
export function starts(counts) {
  const made = new Int32Array(counts.length + 1);
  for (let at = 0; at < counts.length; at++) made[at + 1] = made[at] + counts[at];
  return made;
}

/** Let a box (west, north, east, south) hold nothing. */
function empty(boxes, at) {
  boxes[at] = boxes[at + 1] = 0x7fffffff;
  boxes[at + 2] = boxes[at + 3] = -0x80000000;
}

function widen(boxes, at, west, north, east, south) {
  if (west < boxes[at]) boxes[at] = west;
  if (north < boxes[at + 1]) boxes[at + 1] = north;
  if (east > boxes[at + 2]) boxes[at + 2] = east;
  if (south > boxes[at + 3]) boxes[at + 3] = south;
}

const widenBy = (boxes, at, others, its) =>
  widen(boxes, at, others[its], others[its + 1], others[its + 2], others[its + 3]);

/** Give the box of each group of boxes: empty where west > east. */
export function boxesOfGroups(boxes, group, count) {
  const found = new Int32Array(4 * count);
  for (let at = 0; at < count; at++) empty(found, 4 * at);
  for (let row = 0; row < group.length; row++) widenBy(found, 4 * group[row], boxes, 4 * row);
  return found;
}

/**
 * Read the areas of a name.
 * @returns {Areas}
 */
export function areasOf(packed, name) {
  const column = (part) => packed.once(`${name}/arcs/${part}`);
  const areas = {
    x: column("x"), y: column("y"), refs: refsOf(column("back")), arcs: starts(column("counts")),
    rings: starts(column("rings")), uses: starts(column("uses")),
  };
  const count = areas.rings.length - 1;
  return { ...areas, count, boxes: boxesOfAreas(areas, count) };
}

/** Turn uses counted back from the next new arc (0: that one) into arcs; below 0 runs along it. */
function refsOf(back) {
  let next = 0;
  return back.map((by) => {
    if (by === 0) return next++;
    return by > 0 ? -1 - (next - by) : next + by;
  });
}

export const arcOf = (ref) => (ref < 0 ? -1 - ref : ref);

/** Give the box of each arc. */
function boxesOfArcs({ x, y, arcs }) {
  const boxes = new Int32Array(4 * (arcs.length - 1));
  for (let arc = 0; arc + 1 < arcs.length; arc++) {
    const box = 4 * arc;
    empty(boxes, box);
    for (let at = arcs[arc]; at < arcs[arc + 1]; at++) widen(boxes, box, x[at], y[at], x[at], y[at]);
  }
  return boxes;
}

function boxesOfAreas(areas, count) {
  const { rings, uses, refs } = areas, arcBoxes = boxesOfArcs(areas);
  const boxes = new Int32Array(4 * count);
  for (let area = 0; area < count; area++) {
    empty(boxes, 4 * area);
    for (let use = uses[rings[area]]; use < uses[rings[area + 1]]; use++) {
      widenBy(boxes, 4 * area, arcBoxes, 4 * arcOf(refs[use]));
    }
  }
  return boxes;
}

/** Give areas, or lines, with other vertices. */
export function shiftedAreas(areas, { x, y }) {
  const moved = { ...areas, x, y };
  if (areas.boxes) moved.boxes = boxesOfAreas(moved, areas.count);
  return moved;
}

/** Give an area that a point lies in, by even-odd; -1 for none. */
export function areaAt(areas, x, y) {
  const { boxes, count } = areas;
  for (let area = 0, at = 0; area < count; area++, at += 4) {
    const near = boxes[at] <= x && x <= boxes[at + 2] && boxes[at + 1] <= y && y <= boxes[at + 3];
    if (near && isIn(areas, area, x, y)) return area;
  }
  return -1;
}

function isIn({ rings, uses, refs, arcs, x: xs, y: ys }, area, x, y) {
  let inside = false;
  for (let use = uses[rings[area]]; use < uses[rings[area + 1]]; use++) {
    const arc = arcOf(refs[use]);
    for (let at = arcs[arc] + 1; at < arcs[arc + 1]; at++) {
      const [x0, y0, x1, y1] = [xs[at - 1], ys[at - 1], xs[at], ys[at]];
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) * (x1 - x0)) / (y1 - y0)) inside = !inside;
    }
  }
  return inside;
}

/** Give the box that a view (scale, left, top, width, height) shows, in whole steps. */
export const seenIn = ({ scale, left, top, width, height }) => ({
  west: Math.floor(left / scale), north: Math.floor(top / scale),
  east: Math.ceil((left + width) / scale), south: Math.ceil((top + height) / scale) });

/** Say whether one of some boxes lies at least partly in another. */
export const meets = (boxes, at, { west, north, east, south }) => boxes[at] <= east && boxes[at + 2] >= west
  && boxes[at + 1] <= south && boxes[at + 3] >= north;

/** Say whether the box of an arc, or line, lies at least partly in another: found anew, for kept ones take half the room of the arcs. */
export function arcMeets({ x, y, arcs }, arc, { west, north, east, south }) {
  const from = arcs[arc], to = arcs[arc + 1];
  let left = x[from], right = left, top = y[from], bottom = top;
  for (let at = from + 1; at < to; at++) {
    if (x[at] < left) left = x[at];
    else if (x[at] > right) right = x[at];
    if (y[at] < top) top = y[at];
    else if (y[at] > bottom) bottom = y[at];
  }
  return to > from && left <= east && right >= west && top <= south && bottom >= north;
}
