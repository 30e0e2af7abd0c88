import assert from "node:assert/strict";
import { test } from "node:test";
import { attach } from "../../maps/panel/attach.js";
import { circleFrom } from "../../maps/panel/circle.js";
import { clinic, network, whatIfOf } from "./town.mjs";

const STREET = { points: [[0, 0], [1000, 0]] };
const home = (x, y, people, unit = 0) => ({ at: [x, y], people, unit, spot: 0 });
const planned = (...added) => ({ name: "p", added, closed: [] });

test("a point joins beside it, and takes its share of the street's time", () => {
  const join = attach(network([STREET]), 30000, 2000);
  assert.deepEqual([join.toStart, join.toEnd, join.access], [180000, 420000, 30000]);
  assert.deepEqual([join.offset, join.accessUm], [300e6, 20e6]);
});

test("a bridge is no place to step on, and beyond the greatest access is off the network", () => {
  const two = network([{ points: [[0, 10], [1000, 10]], stepOn: false }, STREET]);
  assert.equal(attach(two, 50000, 1000).arc, 1);
  assert.equal(attach(two, 50000, 50000).at, 2);
  assert.equal(attach(two, 50000, 50001).at, -1);
});

test("beside a short island the main network is taken, if it lies within reach", () => {
  const two = network([STREET, { points: [[0, 300], [200, 300]], kind: 2 }]);
  assert.equal(attach(two, 10000, 29000).arc, 0);
  assert.equal(attach(two, 10000, 60000).arc, 1);
});

test("of equally near streets the western spot is taken, then the southern, then the first", () => {
  const [west, east] = [[[-50, -60], [-50, 60]], [[50, -60], [50, 60]]];
  const [south, north] = [[[-60, -50], [60, -50]], [[-60, 50], [60, 50]]];
  for (const [lines, expected] of [[[east, south, north, west], 3], [[north, east, south], 2],
    [[north, east], 0], [[east, east], 0]]) {
    assert.equal(attach(network(lines.map((points) => ({ points }))), 0, 0).arc, expected);
  }
});

test("a new facility takes the homes it is nearest to, and its unit takes the time of most", () => {
  const whatIf = whatIfOf([STREET], [home(100, 0, 40), home(500, 0, 35), home(900, 0, 25)]);
  const times = whatIf.times(planned(clinic("new", 200, 0)));
  assert.deepEqual([...times.ms("walk", "clinic")], [60000, 180000, 420000]);
  assert.deepEqual([...times.nearest("walk", "clinic")], [0, 0, 0]);
  const { ms, place, metresOf, facilityOf } = times.unit("walk", "clinic");
  assert.deepEqual([ms[0], place[0], metresOf(0), facilityOf(0)], [180000, 1, 300, 0]);
  const two = whatIf.times(planned(clinic("new", 200, 0), clinic("a", 900, 0)));
  assert.deepEqual([...two.nearest("walk", "clinic")], [0, 0, 1]);
});

test("of two equally near facilities the one of the lower id is named, new ones too", () => {
  const homes = [home(500, 0, 1)];
  const facilities = [{ id: "m", at: [400, 0] }];
  for (const [id, expected] of [["a", 1], ["z", 0]]) {
    const whatIf = whatIfOf([STREET], homes, { facilities, spots: [0] });
    const times = whatIf.times(planned(clinic(id, 600, 0)));
    assert.deepEqual([...times.nearest("walk", "clinic")], [expected]);
  }
});

test("what closes serves nobody, and its people go to the next", () => {
  const facilities = [{ id: "a", at: [100, 0] }, { id: "b", at: [1000, 0] }];
  const whatIf = whatIfOf([STREET], [home(0, 0, 1)], { facilities, spots: [0, 0] });
  const ms = (closed) => whatIf.times({ name: "p", added: [], closed }).ms("walk", "clinic")[0];
  assert.deepEqual([ms(["a"]), ms(["b"]), ms(["a", "b"])], [600000, 60000, -1]);
});

test("a one-way street is gone along it, to a facility and on a circle", () => {
  const oneway = { ...STREET, oneway: true };
  const whatIf = whatIfOf([oneway], [home(100, 0, 1), home(900, 0, 1)]);
  const times = whatIf.times(planned(clinic("new", 500, 0)));
  assert.deepEqual([...times.ms("walk", "clinic")], [240000, -1]);
  const runs = circleFrom(network([oneway]), 50000, 0, 60000);
  assert.deepEqual(runs.map(({ points }) => points), [[[50000, 0], [60000, 0]]]);
});

test("a circle is cut where the time is up, at the place and behind every junction", () => {
  const cross = [{ points: [[0, 0], [100, 0]] }, { points: [[100, 0], [100, 500]] },
    { points: [[100, 0], [400, 0]] }];
  const runs = circleFrom(network(cross), 5000, 1000, 90000);
  const points = runs.flatMap((run) => run.points);
  const farthest = (axis) => Math.max(...points.map((point) => point[axis]));
  // 15 s to the street, 75 s along it: 125 m, of which 50 m lie before the junction
  assert.deepEqual([farthest(0), farthest(1)], [17500, 7500]);
  assert.ok(points.some(([x, y]) => x === 0 && y === 0));
  assert.ok(runs.every(({ ms }) => ms.every((each) => each <= 90000)));
  assert.deepEqual(circleFrom(network(cross), 5000, 60000, 90000), []);
});

test("a route goes from the door along the streets to the door, and is as long as its time says", () => {
  const streets = [{ points: [[0, 0], [500, 0]] }, { points: [[500, 0], [500, 400]] },
    { points: [[500, 0], [1000, 0]] }];
  const whatIf = whatIfOf(streets, [home(100, 20, 1)]);
  const times = whatIf.times(planned(clinic("new", 510, 300)));
  const { points, um, facility } = whatIf.route(times, "walk", "clinic", 0);
  assert.equal(facility, 0);
  assert.equal(um, (20 + 400 + 300 + 10) * 1e6);
  const turns = points.filter((point, at) => String(point) !== String(points[at - 1]));
  assert.deepEqual(turns, [[10000, 2000], [10000, 0], [50000, 0], [50000, 30000], [51000, 30000]]);
  const near = whatIf.times(planned(clinic("new", 130, 20)));
  assert.deepEqual(whatIf.route(near, "walk", "clinic", 0).points, [[10000, 2000], [13000, 2000]]);
  assert.equal(whatIf.route(whatIf.times(planned(clinic("far", 5000, 0))), "walk", "clinic", 0), null);
});

test("from any point the nearest of a category is as near as it is for a home there", () => {
  const whatIf = whatIfOf([STREET], [home(100, 0, 1)]);
  const times = whatIf.times(planned(clinic("new", 300, 10)));
  assert.deepEqual(whatIf.reached(times, "walk", 10000, 0), [times.ms("walk", "clinic")[0]]);
  assert.deepEqual(whatIf.reached(whatIf.times(planned()), "walk", 10000, 0), [-1]);
});

test("the next best place serves most of those who are not served yet", () => {
  const homes = [home(0, 0, 30, 0), home(100, 0, 30, 0), home(1000, 0, 50, 1)];
  const whatIf = whatIfOf([STREET], homes);
  const standard = { mode: "walk", limit: 120000 };
  const asked = { category: "clinic", standards: [standard, standard], cohort: "people" };
  const best = (plan, candidates) =>
    [...whatIf.nextBest(whatIf.times(plan), { ...asked, candidates })].at(-1);
  assert.deepEqual(best(planned()), { done: 2, of: 2,
    best: { candidate: 0, x_cm: 0, y_cm: 0, people: 60 } });
  assert.equal(best(planned(clinic("new", 0, 0))).best.people, 50);
  const nowhere = [{ x_cm: 0, y_cm: 9000000 }];
  assert.equal(best(planned(), nowhere).best, null);
});
