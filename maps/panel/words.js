/* What the page says, in the language chosen. */

import { COVERED, reasonOf, shownMinutes } from "./figures.js";

// the people planning puts first, told apart wherever people are counted
const PRIORITY = ["age_0_14", "age_60_plus", "disabled"];

/** Give the sentences of the page and the names of what is in the data, in one language. */
export function wordsOf(study, lang) {
  const { units, facilities, townships } = study;
  const { page, words } = study.texts[lang];
  const say = (key, values = {}) =>
    page[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const word = (key) => words[key];
  const count = (number) => Math.round(number).toLocaleString(lang);
  const modeName = (id) => study.modes.find((mode) => mode.id === id)?.name[lang] ?? id;
  const reason = (code) => word(`reason.${code}`);
  return {
    lang, say, word, count, reason,
    named: (thing) => thing.name[lang],
    text: (texts) => texts[lang],
    mode: modeName,
    list: (texts) => texts.join(say("joiner")),
    clauses: (texts) => texts.join(say("semicolon")),
    people: (value) => (value >= 0 ? count(value) : say("no_people")),
    speed: (value) => String(Math.round(value * 10) / 10),
    minutes: (ms) => (ms < 0 ? say("unreached") : shownMinutes(ms)),
    limit: ({ mode, minutes }) => `${modeName(mode)} ${say("within", { minutes })}`,
    township: (at) => townships.name[at] || say("no_township"),
    unit: (at) => units.name.at(at),
    facility: (at) => (at < 0 ? "—" : facilities.name.at(at) ?? study.planned[at - facilities.name.length].name),
    category: (at) => study.categories[at]?.name[lang] ?? "",
    cohort: (id) => word(study.basis === "dwellings" ? "dwellings" : id),
    priority: (shown, but = "people") => (study.basis === "dwellings" ? []
      : PRIORITY.filter((id) => id !== but).map((id) => [word(id), shown(id)])),
    share: () => say(study.basis === "dwellings" ? "show.share_of_dwellings" : "show.share"),
    late: (times, choice, figures, unit) => (figures.covered[unit] === COVERED ? ""
      : reason(reasonOf(study, times, choice, figures, unit))),
  };
}
