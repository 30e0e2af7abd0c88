/* What lies beneath the study: nothing, relief, or an online basemap with its key. */

import { button, chooser, make } from "./elements.js";

const KEPT = "livingcircle.key."; // of the browser's own storage, only if the planner says so

/** Give the key that this browser keeps for a basemap, if it keeps any. */
export function keptKey(id) {
  try {
    return localStorage.getItem(KEPT + id) ?? "";
  } catch { // a page in a frame has no storage
    return "";
  }
}

function keepKey(id, key) {
  try {
    if (key) localStorage.setItem(KEPT + id, key);
    else localStorage.removeItem(KEPT + id);
  } catch { /* the key is then asked for again */ }
}

/** Give the chooser. ``choose`` takes a basemap's id and its key, ``relief`` whether it is drawn. */
export function groundChooser({ study, words, state, said }, { choose, relief }) {
  const { say } = words;
  const none = ["", say("ground.none")];
  const chosen = study.basemaps.find(({ id }) => id === state.basemap);
  return [
    make("summary", {}, say("ground.title")),
    make("div", { className: "ground-choices" },
      chooser("choose-basemap", say("ground.basemap"), [none, ...study.basemaps.map((each) => [each.id, words.named(each)])],
        { value: state.basemap ?? "", onchange: (id) => choose(id || null, id && keptKey(id)) }),
      chosen?.key ? keyForm(chosen.id, state.basemapKey, say, choose) : null,
      study.relief ? make("label", { className: "own", htmlFor: "relief" }, make("input", { id: "relief", type: "checkbox",
        checked: state.relief, onchange: (event) => relief(event.target.checked) }), say("ground.relief")) : null,
      make("p", { className: "hint", role: "status" }, said || say(chosen ? "ground.online" : "ground.offline"))),
  ];
}

function keyForm(id, now, say, choose) {
  const key = make("input", { id: "basemap-key", type: "text", value: now ?? "", autocomplete: "off", spellcheck: false, maxLength: 80 });
  const keep = make("input", { id: "basemap-keep", type: "checkbox", checked: keptKey(id) !== "" });
  return make("form", { onsubmit: (event) => {
    event.preventDefault();
    keepKey(id, keep.checked ? key.value.trim() : "");
    choose(id, key.value.trim());
  } },
  make("label", { className: "field", htmlFor: "basemap-key" }, make("span", {}, say("ground.key")), key),
  make("label", { className: "own", htmlFor: "basemap-keep" }, keep, say("ground.keep")),
  button(say("ground.use"), null, { id: "basemap-use", type: "submit", className: "strong" }));
}
