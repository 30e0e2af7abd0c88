"use strict";
/* The legend: what the colours mean, and always by which mode, speed, method and limit. */

function standardsOf({ data, words, state, isCircle }) {
  const asked = (own) =>
    words.limit({ mode: state.mode ?? own.mode, minutes: state.minutes ?? own.minutes });
  if (isCircle) return asked(data.circle);
  const [urban, rural] = ["urban", "rural"].map((kind) => asked(data.categories[state.category][kind]));
  if (urban === rural) return urban;
  return words.clauses([`${words.word("urban")} ${urban}`, `${words.word("rural")} ${rural}`]);
}

function speedsOf({ data, words, figures }) {
  const { say, word } = words;
  const used = new Set(figures.map((figure) => figure.mode));
  return data.modes.filter(({ id }) => used.has(id)).map((mode) => {
    const [slow, fast] = [mode.slowest, mode.fastest].map(words.speed);
    const speed = slow === fast ? say("legend.kmh", { speed: slow })
      : say("legend.kmh_range", { slow, fast });
    const methods = words.list(mode.methods.map((method) => word(`method.${method}`)));
    return [mode.name, words.clauses([speed + (mode.slope ? say("legend.slope") : ""), methods])];
  });
}

function swatch(colour, text, kind = "") {
  const box = make("i", { className: kind });
  box.style.backgroundColor = colour;
  return make("div", {}, box, text);
}

function legendParts(view) {
  const { data, words, state, isCircle, measure, facilities } = view;
  const { say, word } = words;
  const counted = (wanted) => facilities.some((at) => data.facilities.counted[at] === wanted);
  const method = [[say("legend.limit"), standardsOf(view)], ...speedsOf(view)];
  return [
    make("b", {}, isCircle ? data.circle.name : words.category(state.category)),
    make("div", {}, state.measure === "share" ? words.share() : say(`measure.${state.measure}`)),
    ...measure.classes().map(([colour, text]) => swatch(colour, text)),
    swatch(data.palette.noData, say("legend.no_data")),
    data.units.derived.some(Boolean) ? swatch("#8a8a8a", say("legend.derived"), "hatched") : null,
    counted(true) ? swatch(data.palette.facility, say("legend.existing"), "dot") : null,
    counted(false) ? swatch("", say("legend.planned"), "ring") : null,
    make("div", { className: "method" },
      ...method.map(([what, how]) => make("div", {}, make("em", {}, what), how))),
    data.simulated ? make("div", { className: "badge" }, word("simulated")) : null,
  ].filter(Boolean);
}
