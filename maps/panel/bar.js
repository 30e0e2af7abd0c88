/* A bar of a share: how far it is, where it was, and where it should be. */

import { make } from "./elements.js";

/**
 * Give a bar of a share: base as a notch, now as the fill, the target as a mark; a range where not
 * all is known, and a line as far as it swings.
 * @param {{now: number | null, base?: number | null, target?: number | null, low?: number | null,
 *   high?: number | null, swing?: {low: number, high: number} | null}} shares
 * @param {string} label
 */
export function bar({ now, base = null, target = null, low = null, high = null, swing = null }, label) {
  const at = (share) => `${Math.max(0, Math.min(1, share)) * 100}%`;
  const mark = (className, share, size = {}) => {
    if (share === null || Number.isNaN(share)) return null;
    const made = make("i", { className });
    Object.assign(made.style, size.width ? { width: at(share) } : { left: at(share) });
    return made;
  };
  const between = (className, least, most) => {
    if (least === null || !(most > least)) return null;
    const made = make("i", { className });
    Object.assign(made.style, { left: at(least), width: at(most - least) });
    return made;
  };
  return make("div", { className: "bar", role: "img", "aria-label": label },
    mark("now", now ?? 0, { width: true }), between("range", low, high),
    swing && between("swing", swing.low, swing.high), mark("base", base), mark("target", target));
}
