/* A small chart of lines and dots: axes from nought, a few round ticks, text that scales with it. */

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [400, 190];
const EDGE = { left: 46, right: 14, top: 24, bottom: 36 };
const ROUND = [1, 2, 5, 10];

function draw(tag, properties = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Give round numbers from one to another, about four steps of at least ``least``. */
export function ticks(low, high, least = 0) {
  const rough = Math.max((high - low) / 4, least) || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ROUND.map((each) => each * power).find((each) => each >= rough * 0.999);
  const from = Math.floor(low / step + 1e-9);
  const to = Math.ceil(high / step - 1e-9);
  return Array.from({ length: to - from + 1 }, (_, at) => Number(((from + at) * step).toPrecision(12)));
}

/**
 * Give a chart.
 * @param {object} asked
 * @param {string} asked.id
 * @param {string} asked.label what it shows, for those who do not see it
 * @param {{name: string, low: number, high: number, step?: number, shown: (value: number) => string}} asked.x
 * @param {{name: string, low: number, high: number, shown: (value: number) => string}} asked.y
 * @param {{kind: string, line: boolean, points: {x: number, y: number, kind?: string, told?: string}[]}[]} asked.series
 *   points with a text told are dots; ``kind`` is a class of charts.css
 */
export function chart({ id, label, x, y, series }) {
  const [along, up] = [ticks(x.low, x.high, x.step), ticks(y.low, y.high)];
  const place = (value, marks, from, to) =>
    from + ((value - marks[0]) / (marks.at(-1) - marks[0])) * (to - from);
  const px = (value) => place(value, along, EDGE.left, WIDTH - EDGE.right);
  const py = (value) => place(value, up, HEIGHT - EDGE.bottom, EDGE.top);
  const text = (tag, at, told) => draw("text", { class: tag, x: at[0], y: at[1] }, told);
  const axes = [
    ...up.flatMap((value) => [
      draw("line", { class: "grid", x1: EDGE.left, x2: WIDTH - EDGE.right, y1: py(value), y2: py(value) }),
      text("tick up", [EDGE.left - 5, py(value) + 4], y.shown(value))]),
    ...along.map((value) => text("tick along", [px(value), HEIGHT - EDGE.bottom + 14], x.shown(value))),
    text("name along", [(EDGE.left + WIDTH - EDGE.right) / 2, HEIGHT - 5], x.name),
    text("name", [4, 10], y.name),
  ];
  const lines = series.filter(({ line }) => line).map(({ kind, points }) => draw("polyline", { class: kind,
    points: points.map((each) => `${px(each.x)},${py(each.y)}`).join(" ") }));
  const dots = series.flatMap(({ kind, points }) => points.filter(({ told }) => told).map((each) =>
    draw("circle", { class: `${kind} ${each.kind ?? ""}`, cx: px(each.x), cy: py(each.y), r: each.kind ? 5.5 : 3.5 },
      draw("title", {}, each.told))));
  return draw("svg", { id, class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label },
    ...axes, ...lines, ...dots);
}
