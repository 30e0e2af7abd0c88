"""Supply against demand of one category: measured once, told by place, unit, facility and area."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.catchments import catchment_pairs
from geo.floating_catchment import Shared, floating_catchment
from geo.opportunities import active_opportunities, gravity, time_to_nth

if TYPE_CHECKING:
    from geo.coverage import Coverage
    from layers.project import Category

PER_1000 = 1000.0


@dataclass(frozen=True)
class CategorySupply:
    """The supply of one category whose places are known: rows of places and facilities."""

    judge: Coverage
    category: Category

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Who reaches what within the catchment; see ``catchment_pairs``."""
        return catchment_pairs(self.judge, self.category)

    @cached_property
    def people(self) -> pd.Series[float]:
        """Those the category is for, by place; missing where unknown."""
        cohort = self.judge.cohort(self.category)
        return pd.Series(self.judge.demand.weight(cohort))

    @cached_property
    def capacity(self) -> pd.Series[float]:
        """Places by facility of this category, missing where unknown."""
        return capacity_of(self.judge, self.category)

    @cached_property
    def shared(self) -> Shared:
        """The places shared out by the study's method, per person."""
        method = self.judge.project.supply
        return floating_catchment(self.pairs, self.people, self.capacity, method)

    @cached_property
    def by_place(self) -> pd.DataFrame:
        """By place: facilities and places in reach, gravity, places_per_1000, choice_milliseconds.

        The last is -1 where there is no choice.
        """
        index, method = self.people.index, self.judge.project.supply
        each = pd.Series(1.0, self.capacity.index)
        return pd.DataFrame(
            {
                "facilities": active_opportunities(self.pairs, each, index),
                "places": active_opportunities(self.pairs, self.capacity, index),
                "gravity": gravity(self.pairs, self.capacity, index, method.decay),
                "places_per_1000": self.shared.places * PER_1000,
                "choice_milliseconds": time_to_nth(self.pairs, index, method.choices),
            }
        )


def capacity_of(judge: Coverage, category: Category) -> pd.Series[float]:
    """Give the places of a category's facilities that have a point, by row of the facilities."""
    measured = judge.times[category.urban.mode]
    capacity: pd.Series[float] = measured.facilities["capacity"].astype("float64")
    return capacity.iloc[measured.rows_of(category.id)]


def standard_of(category: Category) -> float:
    """Give the places that 1000 people should have, missing where nothing states it."""
    if category.capacity_per_1000 is not None:
        return category.capacity_per_1000
    return category.standard.per_1000 if category.standard else np.nan


def known_supply(judge: Coverage) -> tuple[CategorySupply, ...]:
    """Give the categories of which a capacity is known; none where no people are."""
    if judge.demand.basis == "dwellings":
        return ()
    return tuple(
        CategorySupply(judge, category)
        for category in judge.project.categories.values()
        if np.isfinite(capacity_of(judge, category)).any()
    )
