/* What lies on the coloured units: names, circles, homes, facilities, the way, what is chosen. */

import { meets, seenIn } from "./areas.js";
import { putDots, stamp } from "./dots.js";
import { traceArea } from "./layer.js";

const ROOM = 12; // device pixels beyond what is seen, where a dot's rim still shows
const NEAR = 9; // css pixels a click may miss a facility by
const MANY = 1200; // facilities in view from which they shrink, and are put at once
const FULL_TURN = 2 * Math.PI;

/** Give where a point of the page lies on the canvas. @returns {[number, number]} */
function placed(x, y, { scale, left, top, shift }) {
  const [east, south] = shift ? shift(x, y) : [x, y];
  return [east * scale - left, south * scale - top];
}
const inside = ([px, py], { width, height }) =>
  px > -ROOM && py > -ROOM && px < width + ROOM && py < height + ROOM;

/** Draw names, the important ones first; one that would cover another is left out. */
export function drawNames(ink, view, { places, colour, halo, size, weight, taken }) {
  const { ratio } = view;
  ink.font = `${weight} ${size * ratio}px "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif`;
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  ink.lineJoin = "round";
  for (const { text, x, y } of places) {
    const at = placed(x, y, view);
    if (!inside(at, view) || !text) continue;
    const short = [...text].slice(0, 24).join("");
    const half = ink.measureText(short).width / 2 + 3 * ratio;
    const box = [at[0] - half, at[1] - 0.7 * size * ratio, at[0] + half, at[1] + 0.7 * size * ratio];
    if (taken.some((other) => box[0] <= other[2] && box[2] >= other[0] && box[1] <= other[3] && box[3] >= other[1])) continue;
    taken.push(box);
    ink.lineWidth = 3.5 * ratio;
    ink.strokeStyle = halo;
    ink.strokeText(short, ...at);
    ink.fillStyle = colour;
    ink.fillText(short, ...at);
  }
}

/** Draw dots in colours, as many as there are. */
export function drawDots(ink, view, { rows, x, y, colourOf, radius, rim }) {
  for (const row of rows) {
    const at = placed(x[row], y[row], view);
    if (x[row] < 0 || !inside(at, view)) continue;
    ink.fillStyle = colourOf(row);
    ink.beginPath();
    ink.arc(...at, radius * view.ratio, 0, FULL_TURN);
    ink.fill();
    if (!rim) continue;
    ink.lineWidth = 0.8 * view.ratio;
    ink.strokeStyle = rim;
    ink.stroke();
  }
}

/** Draw facilities: filled where they count, a ring where they do not, crossed out where closed. */
export function drawFacilities(ink, view, { rows, x, y, counted, colour, paper, closed }) {
  const seen = seenRows(rows, x, y, view);
  const radius = (seen.length > MANY ? 2.5 : 5) * view.ratio;
  const stamps = [stamp(radius, { fill: colour, rim: paper, width: 1.5 * view.ratio }),
    stamp(radius, { fill: paper, rim: colour, width: 2 * view.ratio })];
  const left = new Int32Array(seen.length), top = new Int32Array(seen.length), which = new Uint8Array(seen.length);
  const { scale, left: west, top: north, shift } = view;
  for (let at = 0; at < seen.length; at++) { // thousands at every step: none is an array of its own
    const row = seen[at], moved = shift && shift(x[row], y[row]);
    which[at] = counted[row] ? 0 : 1;
    left[at] = Math.round((moved ? moved[0] : x[row]) * scale - west - stamps[which[at]].size / 2);
    top[at] = Math.round((moved ? moved[1] : y[row]) * scale - north - stamps[which[at]].size / 2);
  }
  if (seen.length > MANY) putDots(ink, view, { left, top, which, stamps });
  else which.forEach((kind, at) => ink.drawImage(stamps[kind].canvas, left[at], top[at]));
  for (const row of seen) if (closed.has(row)) drawCross(ink, placed(x[row], y[row], view), 1.6 * radius, colour, view.ratio);
}

/** Give the rows whose points can be seen. */
function seenRows(rows, x, y, view) {
  if (view.shift) return rows.filter((row) => x[row] >= 0 && inside(placed(x[row], y[row], view), view));
  const { west, north, east, south } = seenIn(view), room = Math.ceil(ROOM / view.scale);
  const seen = new Int32Array(rows.length);
  let count = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at];
    if (x[row] >= 0 && x[row] > west - room && x[row] < east + room
      && y[row] > north - room && y[row] < south + room) seen[count++] = row;
  }
  return seen.subarray(0, count);
}

function drawCross(ink, [px, py], reach, colour, ratio) {
  ink.strokeStyle = colour;
  ink.lineWidth = 2.2 * ratio;
  ink.beginPath();
  ink.moveTo(px - reach, py - reach); ink.lineTo(px + reach, py + reach);
  ink.moveTo(px - reach, py + reach); ink.lineTo(px + reach, py - reach);
  ink.stroke();
}

/** Draw proposed facilities: numbered pins. */
export function drawSites(ink, view, { sites, colour, paper, held }) {
  const { ratio } = view;
  sites.forEach(({ x, y }, at) => {
    const [px, py] = placed(x, y, view);
    const radius = (held === at ? 12 : 10) * ratio;
    ink.beginPath();
    ink.arc(px, py - 1.6 * radius, radius, 0.75 * Math.PI, 0.25 * Math.PI);
    ink.lineTo(px, py);
    ink.closePath();
    ink.fillStyle = colour;
    ink.fill();
    ink.lineWidth = 2 * ratio;
    ink.strokeStyle = paper;
    ink.stroke();
    ink.fillStyle = "#ffffff";
    ink.font = `bold ${11 * ratio}px sans-serif`;
    ink.textAlign = "center";
    ink.textBaseline = "middle";
    ink.fillText(String(at + 1), px, py - 1.6 * radius);
  });
}

/** Draw one area's border in a strong colour. */
export function drawChosen(ink, view, areas, area, { colour, paper }) {
  if (!meets(areas.boxes, 4 * area, seenIn(view))) return;
  for (const [width, style] of [[5.5, paper], [3, colour]]) {
    ink.lineWidth = width * view.ratio;
    ink.strokeStyle = style;
    ink.lineJoin = "round";
    ink.beginPath();
    traceArea(ink, areas, area, view);
    ink.stroke();
  }
}

/** Draw lines of [x, y] points; ``dash`` where they are a hint and no way. */
export function drawWay(ink, view, points, { colour, paper, dash = false }) {
  ink.lineJoin = ink.lineCap = "round";
  for (const [width, style] of [[6.5, paper], [3.2, colour]]) {
    ink.lineWidth = width * view.ratio;
    ink.strokeStyle = style;
    ink.setLineDash(dash ? [7 * view.ratio, 6 * view.ratio] : []);
    ink.beginPath();
    points.forEach(([x, y], at) => {
      const [px, py] = placed(x, y, view);
      if (at) ink.lineTo(px, py);
      else ink.moveTo(px, py);
    });
    ink.stroke();
  }
  ink.setLineDash([]);
}

/** Draw many runs of street in one colour. */
export function drawRuns(ink, view, runs, { colour, paper }) {
  ink.lineJoin = ink.lineCap = "round";
  ink.beginPath();
  for (const { points } of runs) {
    points.forEach(([x, y], at) => {
      const [px, py] = placed(x, y, view);
      if (at) ink.lineTo(px, py);
      else ink.moveTo(px, py);
    });
  }
  for (const [width, style] of [[6, paper], [4, colour]]) {
    ink.lineWidth = width * view.ratio;
    ink.strokeStyle = style;
    ink.stroke();
  }
}

/** Give the site whose pin lies under a point of the canvas, -1 for none. */
export function siteAt(view, sites, [px, py]) {
  const reach = 14 * view.ratio;
  for (let at = sites.length - 1; at >= 0; at--) {
    const [x, y] = placed(sites[at].x, sites[at].y, view);
    if ((x - px) ** 2 + (y - reach - py) ** 2 <= reach * reach) return at;
  }
  return -1;
}

/** Fill rings given as runs of steps; the outermost first. */
export function drawReach(ink, view, shapes, colour) {
  shapes.forEach(({ rings, x, y }) => {
    ink.beginPath();
    for (const [from, to] of rings) {
      for (let at = from; at < to; at++) {
        const [px, py] = placed(x[at], y[at], view);
        if (at === from) ink.moveTo(px, py);
        else ink.lineTo(px, py);
      }
      ink.closePath();
    }
    ink.globalAlpha = 0.16;
    ink.fillStyle = colour;
    ink.fill("evenodd");
    ink.globalAlpha = 0.9;
    ink.lineWidth = 1.6 * view.ratio;
    ink.strokeStyle = colour;
    ink.stroke();
    ink.globalAlpha = 1;
  });
}

/** Give the row nearest to a point of the canvas, -1 where none is near. */
export function nearestRow(view, rows, { x, y }, [px, py]) {
  let best = -1;
  let least = (NEAR * view.ratio) ** 2;
  for (const row of rows) {
    if (x[row] < 0) continue;
    const at = placed(x[row], y[row], view);
    const far = (at[0] - px) ** 2 + (at[1] - py) ** 2;
    if (far <= least) [best, least] = [row, far];
  }
  return best;
}
