/* Any point of the map: what is reached from there, and the streets of its living circle. */

import { milliseconds } from "./figures.js";
import { make } from "./elements.js";

/** Give the minutes of the circles drawn, the longest first. */
export const circleMinutes = ({ study, state }) =>
  (state.minutes === null ? [...study.circle.minutes] : [state.minutes]).sort((one, other) => other - one);

/** Give the mode a point's circle goes by. */
export const circleMode = ({ study, state }) => state.mode ?? study.circle.mode;

/** Give the detail of a point that was chosen. */
export function placeDetail(view) {
  const { study, words, state, planning } = view;
  const { say } = words;
  const mode = circleMode(view);
  const [longest] = circleMinutes(view);
  const found = planning.reached(mode, state.point);
  const rows = study.categories.map((_, at) => at)
    .sort((one, other) => late(found[one], longest) - late(found[other], longest) || one - other);
  const line = (at) => make("tr", { className: late(found[at], longest) ? "late" : "" },
    make("td", {}, words.category(at)),
    make("td", { className: "number" }, words.minutes(found[at])));
  const inCircle = study.circle.categories.filter((at) => !late(found[at], longest)).length;
  const reached = say("legend.of_circle", { count: inCircle, of: study.circle.categories.length });
  return make("div", { className: "detail", id: "detail" },
    make("h2", { tabIndex: -1 }, say("point.title")),
    make("p", {}, `${words.limit({ mode, minutes: longest })} · ${words.named(study.circle)} ${reached}`),
    make("table", { id: "unit" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, say("column.category")),
        make("th", { scope: "col", className: "number" }, say("column.minutes")))),
      make("tbody", {}, ...rows.map(line))));
}

const late = (ms, minutes) => (ms < 0 || ms > milliseconds(minutes) ? 1 : 0);
