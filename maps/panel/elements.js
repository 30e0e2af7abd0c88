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
  const select = make("select", { id, onchange: () => onchange(select.value) },
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
