"""Coverage by single categories: who lives within the limit, and which units are covered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from geo.arrival import at_places
from geo.coverage_rows import COVERAGE_COLUMNS, people_within
from geo.explain import EVIDENCE_COLUMNS, evidence, reasons
from geo.placement import standing
from geo.speed import reach_metres
from geo.supply import served_within_capacity
from geo.times import straight_kmh
from geo.unlocated import listed, open_units
from layers.project import Limit
from layers.vocabulary import (
    COHORTS,
    MILLISECONDS_PER_MINUTE,
    PRIORITY,
    Cohort,
    Measure,
    Method,
    Reason,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.demand import Demand
    from geo.times import ModeTimes
    from layers.project import Category, Project
    from layers.study_area import StudyArea

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


_SERVED = ("people_covered", "people_share", *(f"{cohort}_covered" for cohort in PRIORITY))


def limit_milliseconds(minutes: float) -> int:
    """Give a limit as the whole milliseconds it is compared by; limits are inclusive."""
    return round(minutes * MILLISECONDS_PER_MINUTE)


def is_urban(units: pd.DataFrame) -> Flags:
    """Say which units take urban limits; of unknown class, communities do."""
    kind: pd.Series = units["kind"] == "community"
    return units["urban"].astype("boolean").fillna(kind).to_numpy(dtype=bool)


class _Arrivals(NamedTuple):
    """Each place's nearest facility (its row, -1 for none), its time, and the limit it has."""

    facility: Ints
    milliseconds: Ints
    limit: Ints

    @property
    def in_time(self) -> Flags:
        return (self.milliseconds >= 0) & (self.milliseconds <= self.limit)


@dataclass(frozen=True)
class Coverage:
    """Judges the places and units of one study by limits, capacity counted."""

    area: StudyArea
    demand: Demand
    times: Mapping[str, ModeTimes]
    project: Project

    def rows(self, *categories: Category) -> pd.DataFrame:
        """Give categories' coverage rows, one per unit of each, with EVIDENCE_COLUMNS beside them.

        Categories follow one another as they are asked for, units by id.
        """
        units, parts = len(self.area.units), list[dict[str, Any]]()
        at: list[Ints] = []
        for number, category in enumerate(categories):
            limits = category.urban.mode, category.rural.mode
            inside = self.within(category)
            modes = np.where(self._urban_units, *limits)[self._by_id]
            for mode in dict.fromkeys(limits):
                here = np.flatnonzero(modes == mode)
                if here.size:
                    at.append(here + number * units)
                    parts.append(self._rows(category, mode, self._by_id[here], inside))
        order = np.argsort(np.concatenate(at))
        found: dict[str, Any] = {
            name: np.concatenate([part[name] for part in parts])[order] for name in parts[0]
        }
        found["covered"] = pd.arrays.BooleanArray(found["covered"], found["unsure"])
        return pd.DataFrame({name: found[name] for name in (*COVERAGE_COLUMNS, *EVIDENCE_COLUMNS)})

    @cached_property
    def _by_id(self) -> Ints:
        """The rows of the units, by id."""
        return np.argsort(self._unit_ids, kind="stable")

    @cached_property
    def _unit_ids(self) -> NDArray[np.object_]:
        ids: NDArray[np.object_] = self.area.units["unit_id"].to_numpy(dtype=object)
        return ids

    def within(self, category: Category, limit: Limit | None = None) -> Flags:
        """Say which places lie within a limit, or within their own unit's where none is given."""
        if category.capacity_per_1000 is None or self.demand.basis == "dwellings":
            return self._arrivals(category, limit).in_time
        capacity = self.times[category.urban.mode].facilities["capacity"]
        queue = self.queue(category, limit)
        served = served_within_capacity(queue, capacity, per_1000=category.capacity_per_1000)
        return served.to_numpy(dtype=bool)

    def queue(self, category: Category, limit: Limit | None = None) -> pd.DataFrame:
        """Give each place its nearest facility (its row, -1 for none) and if it is in time.

        Columns: residence_id, facility_id, milliseconds, limit_milliseconds, within, people (of
        the cohort).
        """
        arrivals = self._arrivals(category, limit)
        return pd.DataFrame(
            {
                "residence_id": self.demand.frame["residence_id"],
                "facility_id": arrivals.facility,
                "milliseconds": arrivals.milliseconds,
                "limit_milliseconds": arrivals.limit,
                "within": arrivals.in_time,
                "people": self.demand.weight(self.cohort(category)),
            }
        )

    def _arrivals(self, category: Category, limit: Limit | None) -> _Arrivals:
        limits = (limit or category.urban, limit or category.rural)
        nearest = [self.times[each.mode].nearest[category.id] for each in limits]
        return _Arrivals(
            facility=np.where(self._urban, *(found.facility for found in nearest)),
            milliseconds=np.where(self._urban, *(found.milliseconds for found in nearest)),
            limit=np.where(self._urban, *(limit_milliseconds(each.minutes) for each in limits)),
        )

    @cached_property
    def _urban(self) -> Flags:
        """Which places take urban limits."""
        return self._urban_units[self.demand.unit]

    @cached_property
    def _urban_units(self) -> Flags:
        """Which units take urban limits."""
        return is_urban(self.area.units)

    def reach(
        self, categories: tuple[str, ...], minutes: float | None, mode: str | None
    ) -> pd.DataFrame:
        """Say who lives within each category's limit: the frame of indicator_access.Reach."""
        cohorts = {cohort: self.demand.weight(cohort) for cohort in COHORTS}
        places = self.demand.frame[["residence_id", "unit_id"]].assign(**cohorts)
        parts: list[pd.DataFrame] = []
        for name in categories:
            category = self.project.categories[name]
            limit = None
            if minutes is not None:
                limit = Limit(minutes, mode or category.urban.mode, "")
            within = self.within(category, limit)
            unsure = self.unsure[name][self.demand.unit] & ~within
            parts.append(places.assign(category=name, within=within, open=unsure))
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def _listed(self) -> frozenset[str]:
        return listed(self.area, self.project)

    @cached_property
    def unsure(self) -> dict[str, Flags]:
        """By category, which units a facility without a point leaves open; all, of none listed."""
        found = standing(self.area.facilities, (), self.project.rules.statuses)
        counting = pd.DataFrame(found[["category", "unit_id", "geometry"]])
        of, ids = counting["category"].to_numpy(dtype=object), self.area.units["unit_id"]
        return {
            name: open_units(counting.iloc[np.flatnonzero(of == name)], ids)
            if name in self._listed
            else np.ones(len(ids), dtype=bool)
            for name in self.project.categories
        }

    def cohort(self, category: Category) -> Cohort:
        """Give whose share a category is measured by; everyone where the cohort is unknown."""
        known = self.demand.frame[category.cohort].notna().any()
        return category.cohort if known else "people"

    def _rows(
        self, category: Category, mode: str, rows: Ints, inside: Flags
    ) -> dict[str, NDArray[Any]]:
        """Judge the units of some rows, whose limits are all of one mode."""
        measured = self.times[mode]
        nearest = measured.nearest[category.id]
        place = measured.telling[category.id][rows]
        urban, limits = self._urban_units[rows], (category.urban, category.rural)
        limit_ms = np.where(urban, *(limit_milliseconds(each.minutes) for each in limits))
        milliseconds = at_places(nearest.milliseconds, place, -1)
        reached = milliseconds >= 0
        facility = np.where(reached, at_places(nearest.facility, place, -1), -1)
        metres = np.where(reached, at_places(nearest.metres, place, np.nan), np.nan)
        # Capacity may leave out those in time.
        enough = self.demand.enough(inside, self.project.rules.unit_share)
        covered = reached & (milliseconds <= limit_ms) & enough[rows]
        # A unit nobody can place is unknown, and unknown is not no; a facility the same.
        unsure = (place < 0) | (self.unsure[category.id][rows] & ~covered)
        verdict = pd.arrays.BooleanArray(covered & ~unsure, unsure)
        reach = reach_metres(measured.mode, self.project.rules.search_minutes)
        known = evidence(measured, category.id, place, self.demand, reach_metres=reach)
        by_streets = measured.method == Method.NETWORK
        kmh = straight_kmh(measured.mode, self.project) if by_streets else None
        why = reasons(known, verdict, milliseconds, limit_ms=limit_ms, kmh=kmh)
        if category.id not in self._listed:
            why[verdict.isna()] = str(Reason.NO_DATA)
        same = {
            "indicator": category.id,
            "category": category.id,
            "measure": str(Measure.ACCESS),
            "mode": mode,
            "method": str(measured.method),
        }
        return {
            "unit_id": self._unit_ids[rows],
            **{name: np.full(rows.size, text, dtype=object) for name, text in same.items()},
            "limit_minutes": np.where(urban, *(each.minutes for each in limits)),
            "facility_id": at_places(measured.facility_ids, facility, None),
            "minutes": np.where(reached, milliseconds / MILLISECONDS_PER_MINUTE, np.nan),
            "metres": metres.round(2),
            **self._people(category, inside, rows, unsure),
            "covered": verdict.to_numpy(dtype=bool, na_value=False),
            "unsure": unsure,
            "reason": why,
            **{name: getattr(known, name) for name in EVIDENCE_COLUMNS},
        }

    def _people(
        self, category: Category, inside: Flags, rows: Ints, unsure: Flags
    ) -> dict[str, Floats]:
        """Give the people of units, all and served; of those nobody is sure of, not who is."""
        told = people_within(self.demand, inside, cohort=self.cohort(category))
        found = {name: values[rows] for name, values in told.items()}
        found["people_share"] = found["people_covered"] / np.where(
            found["people"] > 0, found["people"], np.nan
        )
        return {
            name: np.where(unsure, np.nan, values) if name in _SERVED else values
            for name, values in found.items()
        }
