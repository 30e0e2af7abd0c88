"""Where people are: residences, and a unit's own point where it has none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.distance import rounded
from layers.vocabulary import COHORTS, Cohort

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]

Basis = Literal["people", "dwellings"]
WHOLE = 1 << 40


@dataclass(frozen=True)
class Demand:
    """The places demand comes from, one row each, sorted by unit and residence.

    ``frame`` holds residence_id, unit_id, stands_in, the cohorts and a point; ``unit`` is each
    place's row in the units frame. Where too few units know their people ``basis`` is dwellings
    and every place weighs 1.
    """

    frame: gpd.GeoDataFrame
    unit: Ints
    units: int
    basis: Basis

    @cached_property
    def x(self) -> Floats:
        """Eastings in metres."""
        return np.asarray(self.frame.geometry.x, dtype=np.float64)

    @cached_property
    def y(self) -> Floats:
        """Northings in metres."""
        return np.asarray(self.frame.geometry.y, dtype=np.float64)

    def weight(self, cohort: Cohort = "people") -> Floats:
        """Give the weight of each place: people of a cohort, NaN where unknown, or 1."""
        return self._weights[cohort]

    @cached_property
    def _weights(self) -> dict[Cohort, Floats]:
        if self.basis == "dwellings":
            return dict.fromkeys(COHORTS, np.ones(len(self.frame)))
        return {cohort: self.frame[cohort].to_numpy(dtype=np.float64) for cohort in COHORTS}

    @cached_property
    def unit_weight(self) -> Floats:
        """Weigh places within their unit: by people, or by 1 where they are unknown or nobody."""
        people = self.weight()
        alike = ~(self.of_units(people) > 0)
        weight: Floats = np.where(alike[self.unit], 1.0, people)
        return weight

    @cached_property
    def parts(self) -> Ints:
        """Give each place's weight as parts of its unit's WHOLE: whole numbers, which add up.

        Sums of weights over many units would blur a small unit behind a large one.
        """
        return rounded(self.unit_weight / self._unit_weights[self.unit] * WHOLE)

    def enough(self, inside: Flags, share: float) -> Flags:
        """Say of which units at least a share of the people live in some places."""
        part = self.of_units(np.where(inside, self.unit_weight, 0.0))
        # Sums in another order differ by rounding of about 1e-12 of themselves.
        found: Flags = part >= share * self._unit_weights * (1 - 1e-9)
        return found

    @cached_property
    def _unit_weights(self) -> Floats:
        return self.of_units(self.unit_weight)

    def of_units(self, values: Floats) -> Floats:
        """Add places' values up by unit; NaN for a unit with an unknown one or without places."""
        total = np.bincount(self.unit, weights=values, minlength=self.units)
        return np.where(self._empty, np.nan, total)

    @cached_property
    def _empty(self) -> Flags:
        """Which units have no place."""
        empty: Flags = np.bincount(self.unit, minlength=self.units) == 0
        return empty


def demand(
    units: gpd.GeoDataFrame, residences: gpd.GeoDataFrame, *, known_share: float = 0.5
) -> Demand:
    """Gather the places of a study; a unit without residences stands in with its own point.

    People are counted where at least ``known_share`` of the units with places know theirs.
    """
    columns = ["residence_id", "unit_id", *COHORTS, "geometry"]
    homes = residences[residences["unit_id"].isin(units["unit_id"])][columns]
    bare = units[~units["unit_id"].isin(homes["unit_id"]) & ~_nowhere(units)]
    points = bare.geometry.representative_point()
    stand_ins = gpd.GeoDataFrame(
        bare[["unit_id", *COHORTS]].assign(residence_id="unit:" + bare["unit_id"]),
        geometry=gpd.points_from_xy(points.x.round(2), points.y.round(2), crs=units.crs),
    )
    parts = [homes.assign(stands_in=False), stand_ins.assign(stands_in=True)]
    frame = pd.concat([part for part in parts if len(part)] or parts[:1])
    frame = gpd.GeoDataFrame(frame, geometry="geometry", crs=units.crs)
    frame = frame.sort_values(["unit_id", "residence_id"]).reset_index(drop=True)
    known = frame["people"].notna().groupby(frame["unit_id"]).all()
    counted = known.any() and known.mean() >= known_share
    row = pd.Series(np.arange(len(units)), index=units["unit_id"])
    return Demand(
        frame=frame[["residence_id", "unit_id", "stands_in", *COHORTS, "geometry"]],
        unit=row.reindex(frame["unit_id"]).to_numpy(dtype=np.int64),
        units=len(units),
        basis="people" if counted else "dwellings",
    )


def _nowhere(units: gpd.GeoDataFrame) -> pd.Series[bool]:
    nowhere: pd.Series[bool] = units.geometry.isna() | units.geometry.is_empty
    return nowhere
