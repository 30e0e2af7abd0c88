/* A bar of a share: how far it is, where it was, and where it should be. */

import { make } from "./elements.js";

/** Give a bar of a share: base as a notch, now as the fill, the target as a mark. */
export function bar({ now, base = null, target = null, low = null, high = null }, label) {
  const at = (share) => `${Math.max(0, Math.min(1, share)) * 100}%`;
  const mark = (className, share, size = {}) => {
    if (share === null || Number.isNaN(share)) return null;
    const made = make("i", { className });
    Object.assign(made.style, size.width ? { width: at(share) } : { left: at(share) });
    return made;
  };
  const range = low !== null && high > low ? make("i", { className: "range" }) : null;
  if (range) Object.assign(range.style, { left: at(low), width: at(high - low) });
  return make("div", { className: "bar", role: "img", "aria-label": label },
    mark("now", now ?? 0, { width: true }), range, mark("base", base), mark("target", target));
}
