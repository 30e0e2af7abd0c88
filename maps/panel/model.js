/* The study as the page counts with it: columns by name, and times that a plan may replace. */

import { WhatIf } from "./whatif.js";

/**
 * @typedef {object} UnitColumns
 * @property {Int32Array} ms
 * @property {Int32Array} metres
 * @property {Int32Array} facility
 * @property {Int32Array} place the residence whose time it is
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
    id: packed.words("units/id"), name: packed.words("units/name"),
    township: whole("units/township"), urban: whole("units/urban"),
    derived: whole("units/derived"), x: whole("units/x"), y: whole("units/y"),
  };
  const count = units.id.length;
  const residences = { unit: whole("residences/unit"), order: whole("residences/order"),
    x: whole("residences/x"), y: whole("residences/y") };
  const hasPlace = new Uint8Array(count);
  for (const unit of residences.unit) hasPlace[unit] = 1;
  const facilities = {
    id: packed.words("facilities/id"), name: packed.words("facilities/name"),
    status: packed.words("facilities/status"), category: whole("facilities/category"),
    counted: whole("facilities/counted"), capacity: packed.real("facilities/capacity"),
    room: packed.real("facilities/room"), x: whole("facilities/x"), y: whole("facilities/y"),
  };
  const told = new Map(); // a unit's time and facility are those of one of its residences
  /** @type {Times} */
  const times = {
    ms: (mode, category) => maybe(`times/${mode}/${category}`),
    nearest: (mode, category) => maybe(`nearest/${mode}/${category}`),
    unit: (mode, category) => {
      const name = `unit/${mode}/${category}`;
      if (!packed.has(`${name}/place`)) return null;
      if (!told.has(name)) {
        const place = whole(`${name}/place`);
        const of = (column) => place.map((row) => (row < 0 ? -1 : column[row]));
        told.set(name, { place, metres: whole(`${name}/metres`), ms: of(times.ms(mode, category)),
          facility: of(times.nearest(mode, category)) });
      }
      return told.get(name);
    },
    room: (facility) => facilities.room[facility],
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
  return { ...model, whatIf: new WhatIf(model, whole, header.network) };
}
