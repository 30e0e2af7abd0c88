"use strict";
/* What units are coloured by: each measure gives a unit's colour and value, and the classes of
   the legend as [colour, text]. */

function measuresOf(data, words) {
  const { palette } = data;
  const { say, word } = words;
  const all = data.circle.categories.length;
  const unlessUnknown = (choose) => (figure) =>
    (figure.covered === UNKNOWN ? null : choose(figure));
  const measure = (colour, value, classes) => ({
    colour: (figure) => unlessUnknown(colour)(figure) ?? palette.noData,
    value: (figure) => unlessUnknown(value)(figure) ?? word("unknown"),
    classes,
  });
  return {
    minutes: measure(
      (figure) => minutesColour(palette, figure.ms),
      (figure) => (figure.ms < 0 ? say("unreached")
        : say("within", { minutes: words.minutes(figure) })),
      () => minutesClasses(data, say)),
    share: measure(
      (figure) => shareColour(palette, figure.share),
      (figure) => shownShare(figure.share),
      () => shareClasses(palette, say)),
    covered: measure(
      (figure) => (figure.covered === COVERED ? palette.covered : palette.notCovered),
      (figure) => word(figure.covered === COVERED ? "covered" : "uncovered"),
      () => [[palette.covered, word("covered")], [palette.notCovered, word("uncovered")]]),
    circle: measure(
      (figure) => circleColour(palette, all - figure.missing.length, all),
      (figure) => say("legend.of_circle", { count: all - figure.missing.length, of: all }),
      () => circleClasses(palette, say, all)),
  };
}

function minutesColour({ limits, minutes, unreached }, ms) {
  if (ms < 0) return unreached;
  const at = limits.findIndex((limit) => ms <= milliseconds(limit));
  return minutes[at < 0 ? limits.length : at];
}

function minutesClasses({ palette, searchMinutes }, say) {
  const { limits, minutes, unreached } = palette;
  return [
    ...limits.map((limit, at) => [minutes[at], say("legend.up_to", { minutes: limit })]),
    [minutes[limits.length], say("legend.beyond", { minutes: limits[limits.length - 1] })],
    [unreached, say("legend.unreached", { minutes: searchMinutes })],
  ];
}

/** None and all have colours of their own; between them the bounds make the classes. */
function shareColour({ shares, share: colours }, share) {
  if (share === null) return null;
  if (share === 0) return colours[0];
  if (share === 1) return colours[colours.length - 1];
  return colours[1 + shares.filter((bound) => share >= bound).length];
}

function shareClasses({ shares, share: colours }, say) {
  const bounds = [...shares, 1].map((share) => Math.round(share * 100));
  return [
    [colours[0], "0"],
    [colours[1], say("legend.below", { share: bounds[0] })],
    ...shares.map((_, at) =>
      [colours[at + 2], say("legend.from_to", { low: bounds[at], high: bounds[at + 1] })]),
    [colours[colours.length - 1], "100%"],
  ];
}

function circleColour({ share: colours }, reached, all) {
  if (reached === all) return colours[colours.length - 1];
  if (reached === 0) return colours[0];
  return colours[1 + Math.floor(((reached - 1) * (colours.length - 2)) / (all - 1))];
}

function circleClasses(palette, say, all) {
  const classes = new Map();
  for (let reached = all; reached >= 0; reached--) {
    const colour = circleColour(palette, reached, all);
    classes.set(colour, [...(classes.get(colour) ?? []), reached]);
  }
  return [...classes].map(([colour, counts]) => {
    const [high, low] = [counts[0], counts[counts.length - 1]];
    return [colour, say("legend.of_circle",
      { count: low === high ? low : `${low}–${high}`, of: all })];
  });
}
