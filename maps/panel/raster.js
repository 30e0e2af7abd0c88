/* Says of every pixel which area it lies in, by even-odd scan lines through pixel centres. */

import { arcOf, meets, seenIn } from "./areas.js";

/**
 * Fill ``ids`` (one per pixel) with the number of the area there, -1 for none.
 *
 * A view turns steps into pixels: x * scale - left, y * scale - top. Of an area that holds no
 * pixel's centre the pixel of its ``anchor`` is taken, so that every area can be seen and found.
 * @param {import("./areas.js").Areas} areas
 * @param {{scale: number, left: number, top: number, width: number, height: number}} view
 * @param {Int32Array | Int16Array} ids
 * @param {{x: Int32Array, y: Int32Array}} anchors
 */
export function rasterise(areas, view, ids, anchors) {
  const crossings = new Crossings(view.height), seen = seenIn(view);
  const tiny = [];
  ids.fill(-1);
  for (let area = 0; area < areas.count; area++) {
    if (!meets(areas.boxes, 4 * area, seen)) {
      if (areas.boxes[4 * area] > areas.boxes[4 * area + 2]) tiny.push(area);
      continue;
    }
    for (let use = areas.uses[areas.rings[area]]; use < areas.uses[areas.rings[area + 1]]; use++) {
      crossings.addArc(areas, arcOf(areas.refs[use]), view);
    }
    if (!crossings.fill(ids, view.width, area)) tiny.push(area);
  }
  for (const area of tiny) {
    const column = Math.floor(anchors.x[area] * view.scale - view.left);
    const row = Math.floor(anchors.y[area] * view.scale - view.top);
    if (anchors.x[area] < 0 || column < 0 || column >= view.width) continue;
    if (row >= 0 && row < view.height) ids[row * view.width + column] = area;
  }
}

/** Where the borders of one area cross the rows of pixels. */
class Crossings {
  constructor(height) {
    this.height = height;
    this.size = 0;
    this.at = new Float64Array(1 << 13);
    this.row = new Int32Array(1 << 13);
    this.inRow = new Int32Array(height + 1);
    this.sorted = new Float64Array(1 << 13);
    this.first = height;
    this.last = -1;
  }

  addArc({ x, y, arcs }, arc, { scale, left, top }) {
    let y0 = y[arcs[arc]] * scale - top - 0.5, row0 = Math.ceil(y0);
    for (let at = arcs[arc] + 1; at < arcs[arc + 1]; at++) {
      const y1 = y[at] * scale - top - 0.5, row1 = Math.ceil(y1);
      // A line downward crosses the rows from its upper end on, the lower end itself no longer.
      const begin = Math.max(0, Math.min(row0, row1));
      const end = Math.min(this.height, Math.max(row0, row1));
      if (begin < end) {
        const x0 = x[at - 1] * scale - left - 0.5, x1 = x[at] * scale - left - 0.5;
        if (this.size + end - begin > this.at.length) this.grow(this.size + end - begin);
        const down = y0 < y1;
        const fromX = down ? x0 : x1, fromY = down ? y0 : y1;
        const slope = ((down ? x1 : x0) - fromX) / ((down ? y1 : y0) - fromY);
        for (let row = begin; row < end; row++) {
          this.at[this.size] = fromX + (row - fromY) * slope;
          this.row[this.size++] = row;
          this.inRow[row]++;
        }
        if (begin < this.first) this.first = begin;
        if (end > this.last) this.last = end - 1;
      }
      y0 = y1;
      row0 = row1;
    }
  }

  grow(needed) {
    const size = 2 * Math.max(needed, this.at.length);
    const [at, row] = [this.at, this.row];
    this.at = new Float64Array(size);
    this.at.set(at);
    this.row = new Int32Array(size);
    this.row.set(row);
    this.sorted = new Float64Array(size);
  }

  /** Fill between every two crossings of a row, and forget them. Say whether any pixel was. */
  fill(ids, width, area) {
    const { at, row, inRow, sorted, first, last } = this;
    let begin = 0;
    for (let each = first; each <= last; each++) {
      const count = inRow[each];
      inRow[each] = begin;
      begin += count;
    }
    for (let each = 0; each < this.size; each++) sorted[inRow[row[each]]++] = at[each];
    let any = false;
    for (let each = first, from = 0; each <= last; each++) {
      const to = inRow[each];
      inRow[each] = 0;
      sort(sorted, from, to);
      for (let pair = from; pair + 1 < to; pair += 2) {
        const west = Math.max(0, Math.ceil(sorted[pair]));
        const east = Math.min(width - 1, Math.ceil(sorted[pair + 1]) - 1);
        if (west > east) continue;
        ids.fill(area, each * width + west, each * width + east + 1);
        any = true;
      }
      from = to;
    }
    this.size = 0;
    this.first = this.height;
    this.last = -1;
    return any;
  }
}

/** Sort a few numbers in place. */
function sort(values, from, to) {
  for (let next = from + 1; next < to; next++) {
    const value = values[next];
    let at = next - 1;
    while (at >= from && values[at] > value) {
      values[at + 1] = values[at];
      at--;
    }
    values[at + 1] = value;
  }
}

/**
 * Colour pixels by the area they lie in.
 * @param {Int32Array | Int16Array} ids area of each pixel, -1 for none
 * @param {Uint32Array} pixels
 * @param {{width: number, left: number, top: number, ratio: number}} view ``ratio``: device
 *   pixels of one on the page
 * @param {{colours: Uint32Array, hatched: Uint8Array, ink: number}} look by area
 */
export function paint(ids, pixels, { width, left, top, ratio }, { colours, hatched, ink }) {
  const period = Math.max(4, Math.round(6 * ratio));
  const thick = Math.max(1, Math.round(1.1 * ratio));
  const shift = (((Math.round(left) + Math.round(top)) % period) + period) % period;
  for (let row = 0, begin = 0; begin < ids.length; row++, begin += width) {
    const stripe = (row + shift) % period - begin;
    for (let at = begin, end = begin + width; at < end;) {
      const area = ids[at], from = at, colour = area < 0 ? 0 : colours[area];
      for (; at < end && ids[at] === area; at++) pixels[at] = colour;
      if (area < 0 || !hatched[area]) continue;
      for (let line = from - (from + stripe) % period; line < at; line += period) {
        for (let each = Math.max(from, line); each < Math.min(at, line + thick); each++) pixels[each] = ink;
      }
    }
  }
}

/** Give a colour as one number of four bytes: alpha, blue, green, red. */
export function packedColour(code, alpha = 255) {
  const value = parseInt(code.slice(1), 16);
  const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255];
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
