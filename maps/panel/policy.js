/* The policy's indicators: base, now and target, for the county or the chosen township. */

import { bar } from "./bar.js";
import { shownShare } from "./figures.js";
import { make } from "./elements.js";
import { areaAtOf, swingSaid } from "./sensitivity.js";

const FULL = 1.25; // of the target: how far the bar of an amount reaches

/** Give the figures of one indicator in an area (0: the county, then townships). */
function figuresOfIndicator({ packed, scorecard }, indicator, area) {
  const at = area * scorecard.length + indicator;
  const real = (name) => (packed.has(`scorecard/${name}`) ? packed.real(`scorecard/${name}`)[at] : NaN); // an older run's page
  return { value: real("value"), low: real("low"), high: real("high"), swing: { low: real("swing_low"), high: real("swing_high") },
    numerator: real("numerator"), denominator: real("denominator"), unknown: real("unknown"),
    met: packed.whole("scorecard/met")[at] };
}

/** Give where the chosen area stands among those of the scorecard, -1 for nowhere. */
const areaOf = ({ study, state }) => areaAtOf(study, state.township);

/** Give the figure of an earlier run in the same area, null where it is the same or there is none. */
function earlierValue({ earlier, state, study }, { id }, now) {
  if (!earlier) return null;
  const old = earlier.study;
  const indicator = old.scorecard.findIndex((each) => each.id === id);
  const area = state.township === null ? 0 : old.packed.words("scorecard/area").indexOf(study.townships.id[state.township]);
  if (indicator < 0 || area < 0) return null;
  const { value } = figuresOfIndicator(old, indicator, area);
  return Object.is(value, now) ? null : value;
}

function shownValue(indicator, value, lang) {
  if (Number.isNaN(value)) return "—";
  if (indicator.share) return shownShare(value);
  return `${Number(value.toPrecision(4)).toLocaleString(lang)} ${indicator.unit[lang]}`;
}

/** Give one line: name, bar, value and target, and whether it is met. */
function line(view, at, area) {
  const { study, words } = view;
  const { say, lang } = words;
  const indicator = study.scorecard[at];
  const found = figuresOfIndicator(study, at, area);
  const { target } = indicator;
  const scale = indicator.share ? 1 : FULL * Math.max(target?.value ?? 0, found.value || 0) || 1;
  const part = (value) => (value === null || Number.isNaN(value) ? null : value / scale);
  const value = shownValue(indicator, found.value, lang);
  const aim = target ? say("policy.target", { sign: target.comparison === ">=" ? "≥" : target.comparison,
    value: shownValue(indicator, target.value, lang) }) : say("policy.no_target");
  const met = metOf(indicator, found.met);
  const was = earlierValue(view, indicator, found.value);
  const swing = Number.isNaN(found.swing.low) ? null : found.swing;
  const base = indicator.base !== null && area === 0 ? say("policy.base",
    { value: shownValue(indicator, indicator.base, lang), year: indicator.baseYear ?? "" }) : "";
  return make("div", { className: "policy-line", title: [indicator.source[lang] ?? indicator.source, indicator.missing?.[lang]].filter(Boolean).join("\n") },
    make("div", { className: "policy-name" }, make("span", {}, words.named(indicator)),
      make("b", { className: `met ${met}` }, say(`policy.met.${met}`))),
    bar({ now: part(found.value), base: area === 0 ? part(indicator.base) : null,
      target: target ? part(target.value) : null, low: part(found.low), high: part(found.high), swing },
    `${words.named(indicator)} ${value} ${aim}`),
    make("small", {}, [was === null ? value : `${shownValue(indicator, was, lang)} → ${value}`, aim, base, swing && swingSaid(words, swing), words.word(`measure.${indicator.measure}`)]
      .filter(Boolean).join(" · ")),
    Number.isNaN(found.value) && indicator.missing ? make("small", { className: "missing" }, indicator.missing[lang]) : null);
}

/** Give one indicator of the policy for a sheet: its line, and its value in every township. */
export function indicatorSheet(view, at) {
  const { study, words, state } = view;
  const indicator = study.scorecard[at];
  const whose = study.packed.words("scorecard/area");
  const rows = study.townships.id.flatMap((id, town) => {
    const area = whose.indexOf(id);
    return area < 0 ? [] : [[words.township(town), figuresOfIndicator(study, at, area), town]];
  });
  const row = ([name, { value, met }, town]) => make("tr", { "aria-current": town === state.township ? "true" : null },
    make("td", {}, name), make("td", { className: "number" }, shownValue(indicator, value, words.lang)),
    make("td", { className: "number" }, indicator.target ? words.say(`policy.met.${metOf(indicator, met)}`) : ""));
  return [line(view, at, Math.max(0, areaOf(view))),
    make("table", { id: "areas" }, make("caption", {}, words.named(indicator)), make("tbody", {}, ...rows.map(row)))];
}

const metOf = ({ target }, met) => (!target ? "none" : { 1: "yes", 0: "no" }[met] ?? "open");

/** Say which indicators speak of what is chosen: its category, or the whole living circle. */
function concerned({ study, state }) {
  const about = ({ categories, every }) => (state.category === null ? every
    : !every && categories.includes(state.category));
  return study.scorecard.flatMap((indicator, at) => (about(indicator) ? [at] : []));
}

/** Give the first lines about what is chosen, those with a target first, and how many more. */
export function policyLines(view, most) {
  const area = areaOf(view);
  if (area < 0) return { lines: [], more: 0 };
  const found = concerned(view);
  const aimed = (at) => (view.study.scorecard[at].target ? 0 : 1);
  found.sort((one, other) => aimed(one) - aimed(other) || one - other);
  return { lines: found.slice(0, most).map((at) => line(view, at, area)),
    more: Math.max(0, found.length - most) };
}

/** Give all indicators, those about what is chosen first. */
export function policyTab(view) {
  const { study, words } = view;
  const area = areaOf(view);
  if (area < 0 || !study.scorecard.length) return make("p", {}, words.say("policy.none"));
  const first = new Set(concerned(view));
  const rest = study.scorecard.map((_, at) => at).filter((at) => !first.has(at));
  const group = (title, rows) => (rows.length ? [make("h3", {}, title),
    ...rows.map((at) => line(view, at, area))] : []);
  return make("div", { className: "policy" },
    ...group(words.say("policy.concerned"), [...first]), ...group(words.say("policy.others"), rest));
}
