/* Search by name: units and facilities, by click or by key. */

import { button, make } from "./elements.js";

const FOUND = 12;

/** Give a search field; ``goToUnit`` and ``goToFacility`` are called with what was chosen. */
export function finder(study, words, { goToUnit, goToFacility }) {
  const results = make("ul", { className: "results", id: "results" });
  const status = make("div", { className: "unseen", role: "status" });
  const clear = () => {
    field.value = "";
    results.replaceChildren();
    status.textContent = "";
  };
  const hits = (wanted, names, kind, go) => {
    const found = [];
    let at = 0;
    for (const name of names) {
      if (name.toLowerCase().includes(wanted)) found.push({ at, name, kind: kind(at), go });
      if (found.length === FOUND) break;
      at++;
    }
    return found;
  };
  const line = ({ at, name, kind, go }) => make("li", {}, button(name, () => {
    clear();
    go(at);
  }, {}), make("small", {}, kind));
  const find = () => {
    const wanted = field.value.trim().toLowerCase();
    const found = !wanted ? [] : [
      ...hits(wanted, study.units.name, (at) => words.township(study.units.township[at]), goToUnit),
      ...hits(wanted, study.facilities.name,
        (at) => words.category(study.facilities.category[at]), goToFacility),
    ].slice(0, FOUND);
    const none = wanted && !found.length;
    results.replaceChildren(...(none ? [make("li", { className: "none" }, words.say("found_none"))]
      : found.map(line)));
    status.textContent = wanted ? words.say("found", { count: found.length }) : "";
  };
  const move = (event, from) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Escape") { clear(); field.focus(); }
    if (!(event.key in steps)) return;
    const all = [field, ...results.querySelectorAll("button")];
    const next = all[all.indexOf(from) + steps[event.key]];
    if (next) { event.preventDefault(); next.focus(); }
  };
  results.onkeydown = (event) => move(event, event.target);
  const field = make("input", {
    id: "search", type: "search", placeholder: words.say("search"), autocomplete: "off",
    "aria-label": words.say("search"), oninput: find, onkeydown: (event) => move(event, field),
  });
  return make("div", { className: "finder", role: "search" }, field, results, status);
}
