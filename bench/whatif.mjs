/* Times what-ifs: node whatif.mjs BLOCK CATEGORY MODE, milliseconds of the processor as JSON. */

import { readFileSync } from "node:fs";
import { modelOf } from "../maps/panel/model.js";
import { unpack } from "../maps/panel/packed.js";

const [, , path, category, mode] = process.argv;
const { whatIf } = modelOf(await unpack(readFileSync(path, "utf8")));
const { origin: [east, north] } = whatIf.meta;
const x = whatIf.columns("network/places/x"), y = whatIf.columns("network/places/y");
const ROUNDS = 40;

const took = (work) => {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
};
const click = (round, index = 0) => ({
  facility_id: `new-${index}`, name: "", category,
  x_cm: x[(round * 7919 + index * 104729) % x.length] + east + 4000,
  y_cm: y[(round * 7919 + index * 104729) % y.length] + north,
});
const plan = (round, count, closed = []) => ({ name: "", closed,
  added: Array.from({ length: count }, (_, index) => click(round, index)) });
const ask = (asked) => took(() => whatIf.times(asked).unit(mode, category));
const median = (work) => {
  const times = Array.from({ length: ROUNDS }, (_, round) => work(round));
  times.sort((one, other) => one - other);
  return { median: times[ROUNDS / 2], p95: times[Math.floor(ROUNDS * 0.95)] };
};
const existing = [...whatIf.model.facilities.id].filter((_, at) => whatIf.model.facilities.placed[at]
  && whatIf.model.categories[whatIf.model.facilities.category[at]].id === category);

const network = took(() => whatIf.network(mode));
const first = ask(plan(0, 1));
process.stdout.write(JSON.stringify({
  nodes: whatIf.network(mode).network.nodes, vertices: whatIf.network(mode).network.x.length,
  homes: x.length, facilities: existing.length, network, first,
  one: median((round) => ask(plan(round, 1))),
  five: median((round) => ask(plan(round, 5))),
  // each closes another one, so that all the others are searched from anew
  close: median((round) => ask(plan(round, 1, [existing[round % existing.length]]))),
  circle: median((round) => took(() => whatIf.circle(mode, click(round).x_cm, click(round).y_cm, 15))),
}));
