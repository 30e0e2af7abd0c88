"use strict";
/* The tables of the panel: areas, gaps, one unit. A view holds what is chosen and its figures. */

const LISTED = 300;

function table(name, head, rows) {
  return make("table", { id: name },
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", {}, text)))),
    make("tbody", {}, ...rows));
}

function row(cells, onclick = null) {
  const made = make("tr", {}, ...cells.map((cell) => make("td", {}, cell)));
  if (onclick) {
    made.tabIndex = 0;
    made.onclick = onclick;
    made.onkeydown = (event) => { if (event.key === "Enter") onclick(); };
  }
  return made;
}

/** Give the figures of every township, in the order of the data. */
function townshipFigures({ data, figures, words }) {
  return data.townships.name.map((name, at) => ({
    name: name || words.say("no_township"),
    ...areaFigures(figures.filter(({ unit }) => data.units.township[unit] === at)),
  }));
}

function summaryBoxes({ data, figures, words, isCircle, cohort }) {
  const { say, count } = words;
  const all = areaFigures(figures);
  const box = (id, value, text, detail) => make("div", { id },
    make("strong", {}, value), make("span", {}, text), make("small", {}, detail));
  return [
    box("county-share", shownShare(all.share), say("figure.share", { people: words.cohort(cohort) }),
      say(`figure.of_${data.basis}`, { part: count(all.reached), whole: count(all.people) })),
    box("county-units", shownShare(all.unitShare),
      say(isCircle ? "figure.circle" : "figure.unit_share"),
      say("figure.of_units", { part: all.covered, whole: all.units })),
    box("county-gaps", String(all.gaps), say("figure.gaps"), ""),
  ];
}

function areasTable(view) {
  const { data, figures, words: { say, word } } = view;
  const line = ({ name, share, unitShare, gaps }) =>
    row([name, shownShare(share), shownShare(unitShare), String(gaps)]);
  const county = { name: word("county"), ...areaFigures(figures) };
  const head = ["township", `${data.basis}_share`, "unit_share", "gaps"];
  return table("areas", head.map((key) => say(`column.${key}`)),
    [county, ...townshipFigures(view)].map(line));
}

/** Give the units not covered, those with most people left out first, unknown ones last. */
function gapsOf(figures) {
  const left = ({ people, reached }) => (Number.isNaN(people) ? -1 : people - reached);
  return figures.filter((figure) => figure.covered !== COVERED)
    .sort((one, other) => left(other) - left(one) || one.unit - other.unit);
}

function gapsTable({ data, figures, words, isCircle, cohort, reason, goTo }) {
  const { say } = words;
  const found = gapsOf(figures);
  if (!found.length) return make("p", { id: "gaps" }, say("no_gaps"));
  const line = (figure) => row(
    [data.units.name[figure.unit], words.people(figure.people),
      isCircle ? "—" : words.minutes(figure), reason(figure)],
    () => goTo(figure.unit));
  const head = [say("column.unit"), words.cohort(cohort), say("column.minutes"),
    say(isCircle ? "detail.missing" : "column.reason")];
  const more = found.length - LISTED;
  return make("div", {}, table("gaps", head, found.slice(0, LISTED).map(line)),
    more > 0 ? make("p", {}, say("more", { count: more })) : null);
}

function unitTable({ data, words, chosen, choice, peopleIn }) {
  const { say, word } = words;
  if (chosen === null) return make("p", {}, say("choose_unit"));
  const line = (category) => {
    const asked = { ...choice, category };
    const figure = unitFigures(data, asked)[chosen];
    const made = row([words.category(category), words.minutes(figure),
      figure.metres < 0 ? "—" : words.count(figure.metres), words.facility(figure.facility),
      words.late(asked, figure)]);
    made.classList.toggle("late", figure.covered !== COVERED);
    return made;
  };
  const about = [words.township(chosen), word(data.units.urban[chosen] ? "urban" : "rural"),
    `${word(data.basis)} ${words.people(peopleIn(chosen))}`];
  const head = ["category", "minutes", "metres", "nearest", "reason"];
  return make("div", {},
    make("h2", {}, data.units.name[chosen]), make("p", {}, about.join(" · ")),
    table("unit", head.map((key) => say(`column.${key}`)), data.categories.map((_, at) => line(at))));
}
