/* The figures that are always in view: shares against their target, and gaps. */

import { areaFigures, cohortOf, shownShare } from "./figures.js";
import { bar } from "./bar.js";
import { make } from "./elements.js";
import { policyLines } from "./policy.js";
import { swingOf, swingSaid } from "./sensitivity.js";

const MOST_LINES = 1;

/** Give the boxes of one area: people, units, gaps; before and after where there is a plan. */
function areaBoxes(view, township) {
  const { study, words, state, choice, figures, base } = view;
  const { say, count } = words;
  const now = areaFigures(study, figures, township);
  const was = base ? areaFigures(study, base, township) : null;
  const id = township === null ? "county" : "township";
  const people = words.cohort(cohortOf(study, choice));
  const step = (key, shown) => (was && was[key] !== now[key]
    ? [make("del", {}, shown(was[key])), " → ", make("ins", { className: worse(key, was, now) ? "worse" : "" }, shown(now[key]))]
    : [shown(now[key])]);
  const swing = (key) => (key === "gaps" ? null : swingOf(view, township, key));
  const swingText = (key) => (swing(key) ? swingSaid(words, swing(key)) : "");
  const box = (name, key, shown, text, detail) => make("div", { id: `${id}-${name}`, className: "box" },
    make("strong", {}, ...step(key, shown)), make("span", {}, text),
    key === "gaps" ? null : bar({ now: now[key], base: was ? was[key] : null, swing: swing(key) },
      [text, shown(now[key]), swingText(key)].join(" ").trim()),
    detail ? make("small", {}, detail) : null,
    swing(key) ? make("small", { className: "swings", title: say("sensitivity.how") }, swingText(key)) : null);
  return make("section", { className: "area", "aria-label": areaName(view, township) },
    make("h2", { className: state.township === null ? "unseen" : "" }, areaName(view, township)),
    make("div", { className: "boxes" },
      box("share", "share", shownShare, say(study.public ? "figure.by_unit" : "figure.share", { people }),
        say(`figure.of_${study.basis}`, { part: count(now.reached), whole: count(now.people) })),
      box("units", "unitShare", shownShare,
        say(state.category === null ? "figure.circle" : "figure.unit_share"),
        say("figure.of_units", { part: now.covered, whole: now.units })),
      box("gaps", "gaps", String, say("figure.gaps"), null)));
}

const worse = (key, was, now) => (key === "gaps" ? now[key] > was[key] : now[key] < was[key]);

function areaName({ words }, township) {
  return township === null ? words.word("county") : words.township(township);
}

/** Give the figures of the county and of the chosen township, and the policy's own beside them. */
export function summary(view, act) {
  const { state } = view;
  const { lines, more } = policyLines(view, MOST_LINES);
  return [
    areaBoxes(view, null),
    state.township === null ? null : areaBoxes(view, state.township),
    lines.length ? make("section", { className: "policy-lines",
      "aria-label": view.words.say("policy.title") }, ...lines,
    more ? make("button", { type: "button", className: "plain", onclick: () => act.open("policy") },
      view.words.say("policy.more", { count: more })) : null) : null,
  ].filter(Boolean);
}
