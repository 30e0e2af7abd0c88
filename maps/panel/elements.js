/* Elements of the page. Text from data is only ever put in as text, never as HTML. */

/** Make an element: properties (``aria-`` and ``data-`` ones, role and such as attributes). */
export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (name in made && !name.includes("-")) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** Make a button. */
export const button = (text, onclick, properties = {}) =>
  make("button", { type: "button", onclick, ...properties }, text);

/** Make a select of [value, text] options under a label, which may be left for screen readers. */
export function chooser(id, text, options, { value, onchange, quiet = false }) {
  const select = make("select", { id, onchange: (event) => onchange(event.target.value) },
    ...options.map(([key, name]) => make("option", { value: key }, name)));
  select.value = String(value);
  return make("label", { className: "chooser", htmlFor: id }, make("span", { className: quiet ? "unseen" : "" }, text), select);
}

/** Make a row of buttons of which one is pressed. */
export function segments(id, text, options, { value, onchange }) {
  return make("div", { className: "segments", id, role: "group", "aria-label": text },
    ...options.map(([key, name]) => button(name, () => onchange(key), {
      "data-value": key, "aria-pressed": String(key === value),
    })));
}

const HEARD = ["onclick", "onchange", "oninput", "ontoggle"];
const TYPED = ["value", "checked"]; // what attributes do not tell

/**
 * Let a node become another, part by part: what stays alike is not laid out anew, and keeps its focus.
 * What hears events may ask the event for its element, but know no other of the new ones.
 * @param {any} old @param {any} fresh nodes
 * @returns the one that is in place then
 */
export function renewed(old, fresh) {
  if (old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
    return fresh;
  }
  if (old instanceof Element && fresh instanceof Element) renewElement(old, fresh);
  else if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
  return old;
}

/** Let the parts of an element become others. @param {Element} parent @param {Node[]} fresh */
export function renewParts(parent, fresh) {
  const were = [...parent.childNodes];
  fresh.forEach((each, at) => (at < were.length ? renewed(were[at], each) : parent.append(each)));
  for (const each of were.slice(fresh.length)) each.remove();
}

function renewElement(old, fresh) {
  for (const name of old.getAttributeNames()) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const name of fresh.getAttributeNames()) {
    const value = fresh.getAttribute(name);
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const event of HEARD) if (old[event] || fresh[event]) old[event] = fresh[event];
  renewParts(old, [...fresh.childNodes]);
  for (const what of TYPED) if (what in fresh && old[what] !== fresh[what]) old[what] = fresh[what];
}
