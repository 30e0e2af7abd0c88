"use strict";
/* What the page says. Text from data is only ever put in as text, never as HTML. */

/** Make an element: properties, then children (elements or text). */
function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Give the sentences of the page and the names of what is in the data. */
function wordsOf(data) {
  const { units, facilities, townships } = data;
  const say = (key, values = {}) =>
    data.texts.page[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const word = (key) => data.texts.words[key];
  const count = (number) => Math.round(number).toLocaleString(data.lang);
  const reasonWords = (reason) => (reason === "not_reached"
    ? say("legend.unreached", { minutes: data.searchMinutes }) : word(`reason.${reason}`));
  const modeName = (id) => data.modes.find((mode) => mode.id === id)?.name ?? id;
  return {
    say, word, count,
    list: (texts) => texts.join(say("joiner")),
    clauses: (texts) => texts.join(say("semicolon")),
    people: (value) => (value >= 0 ? count(value) : say("no_people")),
    speed: (value) => String(Math.round(value * 10) / 10),
    minutes: (figure) => (figure.ms < 0 ? say("unreached") : shownMinutes(figure.ms)),
    limit: ({ mode, minutes }) => `${modeName(mode)} ${say("within", { minutes })}`,
    township: (unit) => townships.name[units.township[unit]] || say("no_township"),
    facility: (at) => (at < 0 ? "—" : facilities.name[at]),
    category: (at) => data.categories[at]?.name ?? "",
    cohort: (id) => word(data.basis === "dwellings" ? "dwellings" : id),
    share: () => say(data.basis === "dwellings" ? "measure.share_of_dwellings" : "measure.share"),
    late: (choice, figure) => (figure.covered === COVERED ? ""
      : reasonWords(reasonOf(data, choice, figure))),
  };
}
