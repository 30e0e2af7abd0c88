/* The legend: what the colours mean, and always by which mode, speed, method and limit. */

import { make } from "./elements.js";

/** Say the limits that hold: one, or the urban and the rural one. */
export function limitsSaid({ study, words, state }) {
  const asked = (own) =>
    words.limit({ mode: state.mode ?? own.mode, minutes: state.minutes ?? own.minutes });
  if (state.category === null) {
    return asked({ mode: study.circle.mode, minutes: study.circle.minutes.at(-1) });
  }
  const category = study.categories[state.category];
  const [urban, rural] = ["urban", "rural"].map((kind) => asked(category[kind]));
  if (urban === rural) return urban;
  return words.clauses([`${words.word("urban")} ${urban}`, `${words.word("rural")} ${rural}`]);
}

/** Say of every mode in use how fast it is and how it was measured. */
function modesSaid({ study, words, modes }) {
  const { say, word } = words;
  return study.modes.filter(({ id }) => modes.has(id)).map((mode) => {
    const [slow, fast] = [mode.slowest, mode.fastest].map(words.speed);
    const speed = slow === fast ? say("legend.kmh", { speed: slow })
      : say("legend.kmh_range", { slow, fast });
    const methods = words.list(mode.methods.map((method) => word(`method.${method}`)));
    return [words.named(mode), words.clauses([speed + (mode.slope ? say("legend.slope") : ""), methods])];
  });
}

/** Give one line of a legend. */
export function swatch(colour, text, kind = "") {
  const box = make("i", { className: kind });
  if (colour) box.style.backgroundColor = colour;
  return make("li", {}, box, text);
}

/** Give the legend of a view, which a small screen may fold. */
export function legend(view) {
  const { study, words, state, look, rows, compares } = view;
  const { say, word } = words;
  const title = state.category === null ? words.named(study.circle) : words.category(state.category);
  const shown = compares ? say(view.earlier ? "show.change_runs" : "show.change")
    : state.show === "share" ? words.share() : say(`show.${state.show}`);
  const counted = (wanted) => rows.some((at) => Boolean(study.facilities.counted[at]) === wanted);
  const method = [[say("legend.limit"), limitsSaid(view)], ...modesSaid(view),
    ...(state.show === "access" ? [[say("access.method"), words.text(study.supply.method)]] : []),
    ...(study.dataDate ? [[say("data_date"), study.dataDate]] : [])];
  const parts = [
    make("div", { className: "shown" }, shown),
    make("ul", {},
      ...look.classes.map(({ colour, text, hatched }) => swatch(colour, text, hatched ? "hatched" : "")),
      state.show === "minutes" && !compares ? swatch(study.palette.notCovered, say("legend.hatched"), "hatched") : null,
      study.units.derived.some(Boolean) ? swatch("", say("legend.derived"), "dashed") : null,
      study.packed.has("water/closed") && study.packed.whole("water/closed").length
        ? swatch("", say("legend.water"), "river") : null,
      counted(true) ? swatch("", say("legend.existing"), "dot") : null,
      counted(false) ? swatch("", say("legend.planned"), "ring") : null),
    make("dl", { className: "method" },
      ...method.flatMap(([what, how]) => [make("dt", {}, what), make("dd", {}, how)])),
  ];
  return make("details", { open: view.legendOpen, ontoggle: (event) => view.keepLegend(event.target.open) },
    make("summary", {}, make("b", {}, title)), ...parts,
    study.plan ? make("span", { className: "badge" }, say("legend.plan", study.plan)) : null,
    study.simulated ? make("span", { className: "badge" }, word("simulated")) : null);
}
