/* The table of units: sorted, filtered and linked with the map; only rows in sight are made. */

import { COVERED, UNCOVERED, UNKNOWN, cohortOf, missingOf, shareOf, shownShare } from "./figures.js";
import { button, make } from "./elements.js";
import { becameOf } from "./measures.js";
import { copy, csvOf, fileName, linesOf, save } from "./saving.js";
import { sensitiveSaid, turnsOf } from "./sensitivity.js";

const ROW = 34; // css pixels, as in page.css
const AROUND = 6; // rows made above and below those in sight

/** Say why a unit is not covered, or what it misses of the living circle. */
export function whyNot(view, unit) {
  const { study, words, choice, times, figures } = view;
  if (choice.category !== null || figures.covered[unit] === UNKNOWN) {
    return words.late(times, choice, figures, unit);
  }
  return words.list(missingOf(study, times, choice, unit).map(words.category));
}

/** Give the columns: a title, the value to sort and save by, and the text to show. */
function columnsOf(view) {
  const { study, words, choice, figures, base } = view;
  const { say } = words;
  const isCircle = choice.category === null;
  const all = study.circle.categories.length;
  const minutes = (unit) => (figures.ms[unit] < 0 ? null : Math.ceil(figures.ms[unit] / 6000) / 10);
  const told = (unit) => {
    const now = words.minutes(figures.ms[unit]);
    return base && base.ms[unit] !== figures.ms[unit] && !base.absent?.[unit]
      ? `${words.minutes(base.ms[unit])}→${now}` : now;
  };
  const known = (unit, value) => (figures.covered[unit] === UNKNOWN ? null : value);
  return [
    { key: "unit", title: say("column.unit"), long: true, value: words.unit, mark: (unit) => sensitive(view, unit) },
    { key: "people", title: words.cohort(cohortOf(study, choice)), number: true,
      value: (unit) => (Number.isNaN(figures.people[unit]) ? null : figures.people[unit]),
      shown: (unit) => words.people(figures.people[unit]) },
    isCircle
      ? { key: "reached", title: say("column.reached"), number: true,
        value: (unit) => known(unit, figures.reachedOf[unit]),
        shown: (unit) => `${known(unit, figures.reachedOf[unit]) ?? "—"} / ${all}` }
      : { key: "minutes", title: say("column.minutes"), number: true, value: minutes, shown: told },
    ...(base ? [{ key: "became", title: say("column.became"), value: became(view) }]
      : study.public ? [] : [{ key: "share", title: say("column.share"), number: true,
        value: (unit) => known(unit, shareOf(figures, unit)),
        shown: (unit) => shownShare(known(unit, shareOf(figures, unit))) }]),
    { key: "reason", title: say(isCircle ? "detail.missing" : "column.reason"), long: true,
      value: (unit) => whyNot(view, unit) },
  ];
}

/** Say which assumptions would turn a unit's verdict on what is chosen; nothing where it is robust. */
const sensitive = (view, unit) => sensitiveSaid(view, view.choice, view.figures, unit);

/** Give what became of a unit, in words. */
const became = ({ words, base, figures }) => (unit) => words.say(`change.${becameOf(base, figures, unit)}`);

/** Give all there is to save of some units: a head, and a row for each. */
export function rowsToSave(view, units) {
  const { study, words } = view;
  const columns = columnsOf(view);
  if (turnsOf(view, view.choice)) columns.push({ key: "robust", title: words.say("sensitivity.column"), value: (unit) => robust(view, unit) });
  const head = [words.say("column.code"), ...columns.map(({ title }) => title)];
  head.splice(2, 0, words.say("column.township"));
  const row = (unit) => {
    const cells = [study.units.id.at(unit), ...columns.map(({ value }) => value(unit))];
    cells.splice(2, 0, words.township(study.units.township[unit]));
    return cells;
  };
  return [head, ...units.map(row)];
}

const robust = (view, unit) => (view.figures.covered[unit] === UNKNOWN ? null
  : sensitive(view, unit) || view.words.say("sensitivity.steady"));

/** Give the units of the table in order: those with most people left out first, or as sorted. */
function ordered(view, { sort, filter }) {
  const { study, state, figures, choice } = view;
  const gap = (unit) => figures.covered[unit] === UNCOVERED;
  const why = (unit) => choice.category === null || figures.covered[unit] === 1 ? "" : whyNot(view, unit);
  const kept = [], turns = turnsOf(view, choice);
  for (let unit = 0; unit < study.count; unit++) {
    if (state.township !== null && study.units.township[unit] !== state.township) continue;
    if (filter === "gaps" && !gap(unit)) continue;
    if (filter === "sensitive" && !turns(unit)) continue;
    if (filter.startsWith("why:") && why(unit) !== filter.slice(4)) continue;
    if (filter.startsWith("became:") && becameOf(view.base, figures, unit) !== filter.slice(7)) continue;
    kept.push(unit);
  }
  const left = (unit) => { // whom nobody knows are not counted, as in geo/gaps.py
    if (figures.covered[unit] === COVERED) return -2;
    const out = gap(unit) ? figures.people[unit] - figures.reached[unit] : NaN;
    return Number.isNaN(out) ? -1 : out;
  };
  if (!sort) return kept.sort((one, other) => left(other) - left(one) || one - other);
  const column = columnsOf(view).find(({ key }) => key === sort.key) ?? columnsOf(view)[0];
  const values = new Map(kept.map((unit) => [unit, column.value(unit)]));
  const compare = (one, other) => {
    const [a, b] = [values.get(one), values.get(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order = typeof a === "number" ? a - b : a.localeCompare(b, view.words.lang);
    return sort.down ? -order : order;
  };
  return kept.sort((one, other) => compare(one, other) || one - other);
}

/** Give the filters by what became of units, where there is something to compare with. */
function changes({ study, words, base, figures }) {
  if (!base) return [];
  const counts = { gained: 0, lost: 0, unknown: 0 };
  for (let unit = 0; unit < study.count; unit++) {
    const kind = becameOf(base, figures, unit);
    if (kind in counts) counts[kind]++;
  }
  return Object.entries(counts).filter(([kind]) => kind !== "unknown" || base.area)
    .map(([kind, count]) => [`became:${kind}`, `${words.say(`change.${kind}`)} (${count})`]);
}

/** Give the filter of units whose verdict another assumption would turn, where the study tells them. */
function sensitives({ words, study, choice, times }) {
  const turns = turnsOf({ study, times }, choice);
  const count = turns && study.units.township.filter((_, unit) => turns(unit)).length;
  return turns ? [["sensitive", `${words.say("filter.sensitive")} (${count})`]] : [];
}

/** Give the filter: all units, gaps, sensitive ones, what changed, or gaps for one reason. */
function filterChooser(view, settings, again) {
  const { study, words, choice, figures } = view;
  const { say } = words;
  const reasons = new Map();
  if (choice.category !== null) {
    for (let unit = 0; unit < study.count; unit++) {
      if (figures.covered[unit] === 1) continue;
      const why = whyNot(view, unit);
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
    }
  }
  const options = [["all", say("filter.all")], ["gaps", say("filter.gaps")], ...sensitives(view),
    ...changes(view), ...[...reasons].map(([why, count]) => [`why:${why}`, `${why} (${count})`])];
  if (!options.some(([key]) => key === settings.filter)) settings.filter = "all";
  const select = make("select", { id: "filter", "aria-label": say("filter.label"),
    onchange: () => { settings.filter = select.value; again(); } },
  ...options.map(([value, text]) => make("option", { value }, text)));
  select.value = settings.filter;
  return select;
}

/** Give the tab of units. ``settings`` (sort, filter, scrolled) outlive it. */
export function unitsTab(view, act, settings) {
  const { study, words, state } = view;
  const { say } = words;
  const columns = columnsOf(view);
  const again = () => act.open("units");
  const filter = filterChooser(view, settings, again); // what cannot be filtered any more is "all"
  const units = ordered(view, settings);
  const name = fileName(study.name, state.category === null ? words.named(study.circle)
    : words.category(state.category));
  const said = make("span", { role: "status", className: "said" }, say("count", { count: units.length }));
  const bar = make("div", { className: "table-bar" }, filter, said,
    button(say("save_csv"), () => save(`${name}.csv`, csvOf(rowsToSave(view, units)), "text/csv"), { id: "save-csv" }),
    button(say("copy"), async () => {
      await copy(linesOf(rowsToSave(view, units)));
      said.textContent = say("copied", { count: units.length });
    }, { id: "copy" }));
  return make("div", { className: "units-tab" }, bar, list(view, act, { settings, columns, units, again }));
}

function head({ settings, columns, again }, words) {
  const cell = ({ key, title, number }) => {
    const sorted = settings.sort?.key === key;
    const turn = () => {
      settings.sort = { key, down: sorted ? !settings.sort.down : Boolean(number) };
      settings.refocus = key;
      again();
    };
    return make("th", { scope: "col", className: number ? "number" : "",
      "aria-sort": sorted ? (settings.sort.down ? "descending" : "ascending") : "none" },
    button(title, turn, { "data-sort": key, title: words.say("sort") }));
  };
  return make("thead", {}, make("tr", {}, ...columns.map(cell)));
}

function list({ words, state, figures, base }, act, { settings, columns, units, again }) {
  const body = make("tbody");
  const table = make("table", { id: "units", className: base ? "changed" : "", "aria-rowcount": units.length + 1 },
    head({ settings, columns, again }, words), body);
  const frame = make("div", { className: "rows", tabIndex: 0, role: "region",
    "aria-label": words.say("tab.units") }, table);
  const line = (at) => {
    const unit = units[at];
    return make("tr", {
      tabIndex: -1, "aria-rowindex": at + 2, "data-unit": unit,
      "aria-current": unit === state.unit ? "true" : null,
      className: figures.covered[unit] === UNCOVERED ? "late" : "",
      onclick: () => act.goToUnit(unit),
    }, ...columns.map(({ value, shown, number, long, mark }) => {
      const text = shown ? shown(unit) : value(unit);
      const why = mark?.(unit);
      const said = [why ? make("em", { className: "mark" }, words.say("sensitivity.mark")) : null, text];
      return make("td", { className: number ? "number" : long ? "long" : "", title: why ? `${text} ${why}` : text },
        ...(long ? [make("span", {}, ...said)] : said));
    }));
  };
  const gap = (rows) => {
    const space = make("tr", { className: "space", "aria-hidden": "true" });
    space.style.height = `${rows * ROW}px`;
    return space;
  };
  let shown = [-1, -1];
  const fill = () => {
    const from = Math.max(0, Math.floor(frame.scrollTop / ROW) - AROUND);
    const to = Math.min(units.length, from + Math.ceil((frame.clientHeight || 400) / ROW) + 2 * AROUND);
    if (from === shown[0] && to === shown[1]) return;
    shown = [from, to];
    const made = Array.from({ length: to - from }, (_, at) => line(from + at));
    body.replaceChildren(gap(from), ...made, gap(units.length - to));
  };
  const focus = (at) => {
    if (at < 0 || at >= units.length) return;
    const top = at * ROW;
    if (top < frame.scrollTop) frame.scrollTop = top;
    if (top + 2 * ROW > frame.scrollTop + frame.clientHeight) frame.scrollTop = top + 2 * ROW - frame.clientHeight;
    fill();
    body.querySelector(`[aria-rowindex="${at + 2}"]`)?.focus({ preventScroll: true });
  };
  frame.onscroll = () => { settings.scrolled = frame.scrollTop; fill(); };
  frame.onkeydown = (event) => {
    const row = event.target.closest("tr[data-unit]");
    const at = row ? Number(row.getAttribute("aria-rowindex")) - 2 : -1;
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: units.length - 1,
      PageDown: Math.min(units.length - 1, at + 10), PageUp: Math.max(0, at - 10) };
    if (event.key in steps && !event.target.closest("thead")) {
      event.preventDefault();
      focus(steps[event.key]);
    } else if (event.key === "Enter" && row) act.goToUnit(units[at]);
  };
  requestAnimationFrame(() => {
    const at = settings.reveal === undefined ? -1 : units.indexOf(settings.reveal);
    frame.scrollTop = at >= 0 ? Math.max(0, at * ROW - frame.clientHeight / 2) : settings.scrolled ?? 0;
    settings.reveal = undefined;
    shown = [-1, -1];
    fill();
    if (settings.refocus) frame.querySelector(`[data-sort="${settings.refocus}"]`)?.focus();
    settings.refocus = null;
  });
  fill();
  return frame;
}
