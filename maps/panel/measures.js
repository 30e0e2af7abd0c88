/* What units are coloured by: classes (colour and text for the legend) and the class of each. */

import { access, hasAccess } from "./access.js";
import { COVERED, UNCOVERED, UNKNOWN, milliseconds, shareOf } from "./figures.js";

/**
 * @typedef {object} Look
 * @property {{colour: string, text: string, hatched?: boolean}[]} classes
 * @property {Uint8Array} index class of each unit
 * @property {Uint8Array} hatched by unit
 */

/** Give the ways a choice can be shown. */
export const showsOf = (choice, study) => [
  choice.category === null ? "count" : "minutes", "covered",
  ...(study.public ? [] : ["share"]), // without homes a unit has all of its people covered or none
  ...(choice.category !== null && hasAccess(study, choice.category) ? ["access"] : []),
];

/**
 * Colour the units by what is shown.
 * @returns {Look}
 */
export function lookOf(study, words, figures, { show, category }) {
  const scheme = { minutes, covered, share, count, access }[show](study, words, { category });
  const none = scheme.classes.length;
  const index = new Uint8Array(study.count);
  const hatched = new Uint8Array(study.count);
  for (let unit = 0; unit < study.count; unit++) {
    const known = figures.covered[unit] !== UNKNOWN;
    const at = known ? scheme.of(figures, unit) : -1;
    index[unit] = at < 0 ? none : at;
    hatched[unit] = known && at >= 0 && scheme.hatches(figures, unit) ? 1 : 0;
  }
  const grey = { colour: study.palette.noData, text: words.say(study.public ? "public.no_data" : "legend.no_data") };
  return { classes: [...scheme.classes, grey], index, hatched };
}

/** Say what became of a unit: gained, lost, still or never covered; unknown where either was. */
export function becameOf(before, after, unit) {
  const [was, is] = [before.covered[unit], after.covered[unit]];
  if (was === UNKNOWN || is === UNKNOWN) return "unknown";
  if (was === is) return is === COVERED ? "still" : "never";
  return is === COVERED ? "gained" : "lost";
}

/** Colour the units by what became of them: by a plan, or from an earlier run to this one. */
export function changeOf(study, words, before, after) {
  const kinds = ["gained", "lost", "still", "never", "unknown"];
  const colours = { ...study.palette.change, unknown: study.palette.noData };
  const index = Uint8Array.from({ length: study.count }, (_, unit) => kinds.indexOf(becameOf(before, after, unit)));
  const classes = kinds.map((kind) => ({ colour: colours[kind], hatched: kind === "lost",
    text: words.say(kind !== "unknown" ? `change.${kind}` : before.area ? "change.unknown" : "legend.no_data") }));
  return { classes, index, hatched: index.map((at) => (classes[at].hatched ? 1 : 0)) };
}

const uncovered = (figures, unit) => figures.covered[unit] === UNCOVERED;

function minutes({ palette, searchMinutes }, { say }) {
  const { limits, minutes: colours, unreached } = palette;
  return {
    hatches: uncovered,
    of: (figures, unit) => minutesClass(limits, figures.ms[unit]),
    classes: [
      ...limits.map((limit, at) =>
        ({ colour: colours[at], text: say("legend.up_to", { minutes: limit }) })),
      { colour: colours[limits.length], text: say("legend.beyond", { minutes: limits.at(-1) }) },
      { colour: unreached, text: say("legend.unreached", { minutes: searchMinutes }) },
    ],
  };
}

/** Give the class of a time; the last one is that of what is never reached. */
export function minutesClass(limits, ms) {
  if (ms < 0) return limits.length + 1;
  const at = limits.findIndex((limit) => ms <= milliseconds(limit));
  return at < 0 ? limits.length : at;
}

function covered({ palette }, { word }) {
  return {
    hatches: uncovered,
    of: (figures, unit) => (figures.covered[unit] === COVERED ? 0 : 1),
    classes: [{ colour: palette.covered, text: word("covered") },
      { colour: palette.notCovered, text: word("uncovered"), hatched: true }],
  };
}

/** None and all have colours of their own; between them the bounds make the classes. */
function share({ palette: { shares, share: colours } }, { say }) {
  const bounds = [...shares, 1].map((each) => Math.round(each * 100));
  const all = colours.length - 1;
  return {
    hatches: (figures, unit) => shareOf(figures, unit) === 0,
    of: (figures, unit) => {
      const found = shareOf(figures, unit);
      if (found === null || Number.isNaN(found)) return -1;
      if (found === 0) return 0;
      return found === 1 ? all : 1 + shares.filter((bound) => found >= bound).length;
    },
    classes: colours.map((colour, at) => ({ colour, hatched: at === 0, text: at === 0 ? "0"
      : at === all ? "100%"
        : at === 1 ? say("legend.below", { share: bounds[0] })
          : say("legend.from_to", { low: bounds[at - 2], high: bounds[at - 1] }) })),
  };
}

/** Complete and empty circles have colours of their own; the rest share those between. */
function count(study, { say }) {
  const { share: colours } = study.palette;
  const all = study.circle.categories.length;
  const classAt = (reached) => {
    if (reached === all) return colours.length - 1;
    if (reached === 0) return 0;
    return 1 + Math.floor(((reached - 1) * (colours.length - 2)) / (all - 1));
  };
  const used = new Map();
  for (let reached = all; reached >= 0; reached--) {
    const at = classAt(reached);
    used.set(at, [...(used.get(at) ?? []), reached]);
  }
  const order = [...used.keys()];
  return {
    hatches: (figures, unit) => all > 0 && figures.reachedOf[unit] === 0,
    of: (figures, unit) => order.indexOf(classAt(figures.reachedOf[unit])),
    classes: order.map((at) => {
      const [high, low] = [used.get(at)[0], used.get(at).at(-1)];
      return { colour: colours[at], hatched: at === 0,
        text: say("legend.of_circle", { count: low === high ? low : `${low}–${high}`, of: all }) };
    }),
  };
}
