"""Catchments: every place and every facility of a category within one limit of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.coverage import is_urban, limit_milliseconds
from geo.times import straight_kmh
from geo.travel import NetworkTravel, StraightTravel

if TYPE_CHECKING:
    from geo.coverage import Coverage
    from geo.times import ModeTimes, Travel
    from layers.project import Category, Limit

PAIR_COLUMNS = ("place", "facility", "milliseconds", "limit_milliseconds")


def catchment_limit(judge: Coverage, category: Category) -> Limit:
    """Give the widest of the limits that units of the study take: the farthest at full speed.

    Who asks for places and how far is one question for all; by limits of their own those who
    may drive would stand before those who must walk.
    """
    urban = is_urban(judge.area.units)
    taken = {category.limit(urban=flag) for flag in (True, False) if (urban == flag).any()}
    modes = judge.project.modes
    return max(taken, key=lambda each: (each.minutes * modes[each.mode].max_kmh, each.mode))


def catchment_pairs(judge: Coverage, category: Category) -> pd.DataFrame:
    """Give PAIR_COLUMNS, rows of places and of facilities that lie within the category's catchment.

    Sorted by place and facility; times are those of the mode of ``catchment_limit``.
    """
    limit = catchment_limit(judge, category)
    measured, bound = judge.times[limit.mode], limit_milliseconds(limit.minutes)
    travel = _travel(judge, measured)
    parts = [pd.DataFrame({name: np.empty(0, dtype=np.int64) for name in PAIR_COLUMNS[:3]})]
    for row in measured.rows_of(category.id).tolist():
        milliseconds = travel.nearest(np.array([row])).milliseconds
        place = np.flatnonzero((milliseconds >= 0) & (milliseconds <= bound))
        found = {"place": place, "facility": row, "milliseconds": milliseconds[place]}
        parts.append(pd.DataFrame(found))
    pairs = pd.concat(parts, ignore_index=True).assign(limit_milliseconds=bound)
    return pairs.sort_values(["place", "facility"], ignore_index=True)


def _travel(judge: Coverage, measured: ModeTimes) -> Travel:
    project = judge.project
    if measured.network is None or measured.places is None or measured.joined is None:
        points = measured.facilities.geometry
        return StraightTravel(
            (judge.demand.x, judge.demand.y),
            (np.asarray(points.x), np.asarray(points.y)),
            kmh=straight_kmh(measured.mode, project),
            rules=project.rules,
        )
    return NetworkTravel(measured.network, measured.places, measured.joined, project.rules)
