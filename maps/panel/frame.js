/* What every page has around its figures: the document's language and colours, a map that can be
   pointed at and moved by keys, the tip beside the pointer, the way back to the whole. */

import { make } from "./elements.js";

const BESIDE = 14; // css pixels from the pointer to its tip
const MARGIN = 8;

/** Give the parts that lie on the map of every page; ``onHome`` shows all of it. */
export const mapParts = (onHome) => ({
  legend: make("section", { className: "legend" }),
  tip: make("div", { className: "tip", hidden: true }),
  cross: make("div", { className: "cross" }),
  home: make("a", { href: "#", id: "home", role: "button", onclick: (event) => { event.preventDefault(); onHome(); } }, "⌂"),
});

/**
 * @typedef {object} Frame what lies on the map of every page, and the panel beside it
 * @property {HTMLElement} aside @property {HTMLElement} home @property {HTMLElement} tip
 * @property {HTMLElement} cross @property {HTMLElement} legend
 */

/** Put the panel beside the map and parts on it; what is done in these is not done to the map. */
export function placeParts(map, { aside, home, tip, cross }, held) {
  document.body.prepend(aside);
  map.zoomControl.getContainer().append(home);
  L.DomEvent.disableClickPropagation(home); // what is chosen stays
  map.getContainer().append(...held, tip, cross);
  for (const part of held) {
    L.DomEvent.disableClickPropagation(part);
    L.DomEvent.disableScrollPropagation(part);
    // Leaflet looks where the pressed element is; one that is gone by then would be the map's.
    for (const kind of ["keydown", "click"]) part.addEventListener(kind, (event) => event.stopPropagation());
  }
}

/** Let a page speak a language in its colours. */
export function dressDocument({ lang, theme }, title) {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : lang;
  document.documentElement.dataset.theme = theme;
  document.title = title;
  document.querySelector("meta[name=viewport]").setAttribute("content", "width=device-width, initial-scale=1");
}

/** Name what lies on the map. */
export function nameParts(map, { home, legend }, say, label) {
  map.getContainer().setAttribute("aria-label", label);
  home.title = say("map.home");
  home.setAttribute("aria-label", say("map.home"));
  legend.setAttribute("aria-label", say("legend.title"));
}

/**
 * Put a layer on the map and listen: ``click`` and ``hover`` get points of its container, ``hover``
 * null where the pointer has left. Arrow keys move the map (Leaflet's own); Enter takes what lies
 * in its middle.
 */
export function dressMap(map, layer, { click, hover }) {
  const node = map.getContainer();
  layer.addTo(map);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  map.attributionControl.setPrefix("Leaflet");
  map.on("click", ({ containerPoint }) => click(containerPoint));
  map.on("mousemove", ({ containerPoint }) => hover(containerPoint));
  map.on("mouseout movestart", () => hover(null));
  node.setAttribute("role", "application");
  node.addEventListener("pointerdown", () => node.classList.remove("by-keys"));
  node.addEventListener("keydown", (event) => {
    node.classList.add("by-keys");
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    click(map.getSize().divideBy(2));
  });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(node);
  map.invalidateSize({ animate: false });
}

/** Put the tip beside a point of the map, inside it. */
export function placeTip(map, tip, point) {
  const room = map.getSize();
  tip.style.left = `${Math.min(point.x + BESIDE, room.x - tip.offsetWidth - MARGIN)}px`;
  tip.style.top = `${Math.min(point.y + BESIDE, room.y - tip.offsetHeight - MARGIN)}px`;
}
