/* The study as the page counts with it: columns by name, and times that a plan may replace. */

import { groupsOf } from "./groups.js";
import { narrow } from "./packed.js";
import { byGroup } from "./texts.js";
import { warpInto } from "./warp.js";
import { WhatIf } from "./whatif.js";

/**
 * @typedef {object} UnitColumns
 * @property {Int32Array} ms
 * @property {Int32Array} place the residence whose time it is
 * @property {(unit: number) => number} metresOf asked of the units that are told, few of all
 * @property {(unit: number) => number} facilityOf
 */

/**
 * Where times come from: the study itself, or a plan laid over it. Each is by mode and category
 * id, null where nothing was measured.
 * @typedef {object} Times
 * @property {(mode: string, category: string) => Int32Array | null} ms of residences
 * @property {(mode: string, category: string) => Int32Array | null} nearest of residences
 * @property {(mode: string, category: string) => UnitColumns | null} unit
 * @property {(facility: number) => number} room how many people a facility serves
 */

/** Give what the page knows of a study. */
export function modelOf(packed) {
  const { header } = packed;
  const whole = (name) => packed.whole(name);
  const maybe = (name) => (packed.has(name) ? whole(name) : null);
  const units = {
    id: packed.texts("units/id"), name: packed.texts("units/name"),
    township: whole("units/township"), urban: whole("units/urban"),
    derived: whole("units/derived"), x: whole("units/x"), y: whole("units/y"),
  };
  const count = units.id.length;
  let whatIf; // lays out the streets that places are told from, and finds who is nearest
  const column = spotsOf(packed, () => whatIf, header.network.base);
  const residences = { unit: whole("residences/unit"), order: whole("residences/order") };
  const hasPlace = new Uint8Array(count);
  for (const unit of residences.unit) hasPlace[unit] = 1;
  const small = (name) => narrow(packed.once(name)); // there may be a hundred thousand facilities
  const category = small("facilities/category"), byCategory = groupsOf(category);
  const facilities = {
    id: packed.texts("facilities/id"), name: byGroup(category, byCategory, packed.texts("facilities/name")),
    status: packed.texts("facilities/status"), category, of: byCategory.of,
    counted: small("facilities/counted"), capacity: packed.few("facilities/capacity"),
    room: packed.few("facilities/room"), lost: small("facilities/lost"),
    there: small("network/facilities/there"), placed: small("network/facilities/placed"),
  };
  const told = new Map(); // a unit's time and facility are those of one of its residences
  /** @type {Times} */
  const times = {
    ms: (mode, category) => maybe(`times/${mode}/${category}`),
    nearest: (mode, category) => maybe(`nearest/${mode}/${category}`)
      ?? (times.ms(mode, category) ? whatIf.nearest(mode, category) : null),
    unit: (mode, category) => {
      const name = `unit/${mode}/${category}`;
      if (!packed.has(`${name}/place`)) return null;
      if (!told.has(name)) {
        const place = small(`${name}/place`), known = maybe(`${name}/metres`);
        const ms = msAt(place, times.ms(mode, category));
        const facilityOf = (unit) => (place[unit] < 0 ? -1 : times.nearest(mode, category)[place[unit]]);
        told.set(name, { place, ms, facilityOf, metresOf: (unit) => (known ? known[unit] : ms[unit] < 0 ? -1
          : whole(`${name}/beyond`)[unit] + whatIf.usualMetres(mode, place[unit], facilityOf(unit), ms[unit])) });
      }
      return told.get(name);
    },
    room: facilities.room,
  };
  const model = {
    ...header, packed, times, facilities, residences, count, planned: [],
    units: { ...units, hasPlace },
    townships: { id: packed.words("townships/id"), name: packed.words("townships/name"),
      x: whole("townships/x"), y: whole("townships/y") },
    weight: (cohort) => packed.real(`residences/weight/${cohort}`),
    reason: (mode, category) => maybe(`reasons/${mode}/${category}`),
    offNetwork: (mode) => maybe(`off_network/${mode}`),
  };
  whatIf = new WhatIf(model, column, header.network);
  Object.assign(residences, stepsOf(header, column, "places"));
  Object.assign(facilities, stepsOf(header, column, "facilities", facilities.there));
  return { ...model, whatIf };
}

/** Give the times of some places: where units are their own places, the very column. */
function msAt(place, column) {
  const ms = Int32Array.from(place, (row) => (row < 0 ? -1 : column[row]));
  return ms.length === column.length && ms.every((each, row) => each === column[row]) ? column : ms;
}

/** Give a function of columns in which places and facilities are told from the origin. */
function spotsOf({ whole, once }, whatIfOf, base) {
  const known = new Map();
  return (name) => {
    if (known.has(name)) return known.get(name);
    const [, things, axis] = name.match(/^network\/(places|facilities)\/([xy])$/) ?? [];
    if (!things || base === null) known.set(name, whole(name));
    else {
      const at = whole(`network/${base}/${things}`), vertices = whatIfOf().streets(base)[axis];
      known.set(name, once(name).map((from, row) => (at[row] < 0 ? from : from + vertices[at[row]])));
    }
    return known.get(name);
  };
}

/** Give where things are in steps of the page, -1 where there is nothing. */
function stepsOf({ warps, network: { origin: [east, north] } }, column, things, there = null) {
  const [x, y] = ["x", "y"].map((axis) => column(`network/${things}/${axis}`));
  const put = warpInto(warps.to_steps);
  const made = { x: new Int32Array(x.length).fill(-1), y: new Int32Array(x.length).fill(-1) };
  for (let row = 0; row < x.length; row++) {
    if (there && !there[row]) continue;
    put(made, row, (x[row] + east) / 100, (y[row] + north) / 100);
  }
  return made;
}
