"use strict";
/* Search by name: units and facilities, by click or by key. */

const FOUND = 12;

/** Give a search field; ``goTo`` and ``goToFacility`` are called with what was chosen. */
function finder(data, words, { goTo, goToFacility }) {
  const results = make("div", { className: "results" });
  const clear = () => {
    search.value = "";
    results.replaceChildren();
  };
  const hits = (wanted, names, kind, go) => names.flatMap((name, at) =>
    (name.toLowerCase().includes(wanted) ? [{ name, kind: kind(at), go: () => go(at) }] : []));
  const line = ({ name, kind, go }) => make("button", { type: "button", onclick: () => {
    clear();
    go();
  } }, name, make("small", {}, kind));
  const find = () => {
    const wanted = search.value.trim().toLowerCase();
    const found = !wanted ? [] : [
      ...hits(wanted, data.units.name, words.township, goTo),
      ...hits(wanted, data.facilities.name, (at) => words.category(data.facilities.category[at]),
        goToFacility),
    ].slice(0, FOUND);
    const none = wanted && !found.length;
    results.replaceChildren(...(none ? [words.say("found_none")] : found.map(line)));
  };
  const search = make("input", {
    id: "search", type: "search", placeholder: words.say("search"), autocomplete: "off",
    oninput: find, onkeydown: (event) => { if (event.key === "Escape") clear(); },
  });
  search.setAttribute("aria-label", words.say("search"));
  return make("div", { className: "finder" }, search, results);
}
