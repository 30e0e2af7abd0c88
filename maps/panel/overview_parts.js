/* The panel of the overview: the figures of all, the counties in order, one county's townships. */

import { bar } from "./bar.js";
import { button, make } from "./elements.js";
import { shownShare } from "./figures.js";
import { csvOf, fileName, save } from "./saving.js";

/** Give the boxes of all counties together. */
export function overviewSummary({ study, words, figures, state }) {
  const { say, count } = words;
  const all = study.sum(figures);
  const { cohort } = study.categories[state.category];
  const basis = study.counties[0]?.basis ?? "people";
  const people = words.word(basis === "dwellings" ? "dwellings" : cohort);
  const box = (name, value, text, share, detail) => make("div", { id: `all-${name}`, className: "box" },
    make("strong", {}, value), make("span", {}, text),
    share === undefined ? null : bar({ now: share }, `${text} ${value}`), detail ? make("small", {}, detail) : null);
  return make("section", { className: "area", "aria-label": say("overview.all") },
    make("div", { className: "boxes" },
      study.mixed ? box("share", "—", say("overview.mixed"))
        : box("share", shownShare(all.share), say("figure.share", { people }), all.share ?? 0,
          say(`figure.of_${basis}`, { part: count(all.reached), whole: count(all.people) })),
      box("units", shownShare(all.unitShare), say(state.category === 0 ? "figure.circle" : "figure.unit_share"),
        all.unitShare ?? 0, say("figure.of_units", { part: count(all.covered), whole: count(all.units) })),
      box("gaps", count(all.gaps), say("figure.gaps"))));
}

/** @type {{key: string, number?: boolean, value: (row: any) => any, shown?: (row: any, words: any) => string}[]} */
const COLUMNS = [
  { key: "name", value: ({ name }) => name },
  { key: "share", number: true, value: ({ share }) => share, shown: ({ share }) => shownShare(share) },
  { key: "unitShare", number: true, value: ({ unitShare }) => unitShare, shown: ({ unitShare }) => shownShare(unitShare) },
  { key: "gaps", number: true, value: ({ gaps }) => gaps, shown: ({ gaps }, { count }) => count(gaps) },
];
const TITLES = { name: "overview.county", share: "column.people_share", unitShare: "column.unit_share", gaps: "column.gaps" };

/** Give the figures of every county, sorted: unknown ones last. */
function countiesInOrder({ study, words, figures, state }) {
  const rows = study.counties.map(({ name }, at) => ({ at, name, ...study.sum(figures, at) }));
  const { value } = COLUMNS.find(({ key }) => key === state.sort.key);
  return rows.sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null) || one.at - other.at;
    const order = typeof a === "string" ? a.localeCompare(b, words.lang) : a - b;
    return (state.sort.down ? -order : order) || one.at - other.at;
  });
}

/** Give the table of counties: sorted by a heading, chosen by name, each with its own page. */
export function countiesTable(view, act) {
  const { study, words, state } = view;
  const { say } = words;
  const head = ({ key, number = false }) => {
    const sorted = state.sort.key === key;
    return make("th", { scope: "col", className: number ? "number" : "",
      "aria-sort": sorted ? (state.sort.down ? "descending" : "ascending") : "none" },
    button(say(TITLES[key]), () => act.sort({ key, down: sorted ? !state.sort.down : Boolean(number) }), { "data-sort": key, title: say("sort") }));
  };
  const line = (row) => make("tr", { "aria-current": row.at === state.county ? "true" : null, "data-county": row.at },
    make("th", { scope: "row" }, button(row.name, () => act.choose(row.at), { className: "plain" })),
    ...COLUMNS.slice(1).map(({ shown }) => make("td", { className: "number" }, shown(row, words))),
    make("td", {}, pageLink(study.counties[row.at], say)));
  const rows = countiesInOrder(view);
  return [
    make("div", { className: "table-bar" },
      make("span", { className: "said" }, say("overview.count", { count: rows.length })),
      button(say("save_csv"), () => save(`${fileName(study.name, words.named(study.categories[state.category]))}.csv`,
        csvOf(rowsToSave(view, rows)), "text/csv"), { id: "save-csv" })),
    make("table", { id: "counties" },
      make("thead", {}, make("tr", {}, ...COLUMNS.map(head), make("th", { scope: "col" }, say("overview.page")))),
      make("tbody", {}, ...rows.map(line))),
  ];
}

function rowsToSave({ words }, rows) {
  const { say } = words;
  return [[...COLUMNS.map(({ key }) => say(TITLES[key])), say("figure.unit_share"), say("overview.units")],
    ...rows.map((row) => [...COLUMNS.map(({ value }) => value(row)), row.covered, row.units])];
}

/** Give the link to a county's own page, which carries slider, network and plans. */
function pageLink({ name, page }, say) {
  if (!page) return make("span", { title: say("overview.no_page") }, "—");
  return make("a", { href: page, "aria-label": say("overview.open_of", { name }) }, say("overview.open"));
}

/** Tell of the chosen county: when its data are of, its townships, and the unit that was clicked. */
export function countyDetail(view) {
  const { study, words, figures, state } = view;
  if (state.county === null) return make("p", { className: "hint" }, words.say("overview.hint"));
  const { say } = words;
  const county = study.counties[state.county];
  const towns = study.townships.name.flatMap((name, at) => (study.townships.county[at] === state.county
    ? [{ name: name || say("no_township"), ...study.sumOfTown(figures, at) }] : []));
  const facts = [county.dataDate && `${say("data_date")} ${county.dataDate}`, county.plan && `${say("tab.plan")} ${county.plan}`,
    county.simulated && words.word("simulated")].filter(Boolean);
  const line = ({ name, share, unitShare, gaps }) => make("tr", {}, make("th", { scope: "row" }, name),
    ...[shownShare(share), shownShare(unitShare), words.count(gaps)].map((cell) => make("td", { className: "number" }, cell)));
  return make("section", { id: "county", "aria-label": county.name },
    make("h2", { tabIndex: -1 }, county.name), make("p", {}, facts.join(" · ")), pageLink(county, say),
    state.unit === null ? null : make("p", { id: "unit-told", role: "status" }, `${words.unit(state.unit)}：${view.told(state.unit)}`),
    make("table", { id: "towns" },
      make("thead", {}, make("tr", {}, ...["township", "people_share", "unit_share", "gaps"].map((key, at) =>
        make("th", { scope: "col", className: at ? "number" : "" }, say(`column.${key}`))))),
      make("tbody", {}, ...towns.map(line))));
}
