"""Catchments: every place and every facility of a category within one limit of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.coverage import is_urban, limit_milliseconds

if TYPE_CHECKING:
    from geo.coverage import Coverage
    from layers.project import Category, Limit, Project


def catchment_limit(judge: Coverage, category: Category) -> Limit:
    """Give the widest of the limits that units of the study take: the farthest at full speed.

    Who asks for places and how far is one question for all; by limits of their own those who
    may drive would stand before those who must walk.
    """
    return widest_limit(judge.area.units, category, judge.project)


def widest_limit(units: pd.DataFrame, category: Category, project: Project) -> Limit:
    """Give the one of the limits that units take by which one gets farthest."""
    urban, modes = is_urban(units), project.modes
    taken = {category.limit(urban=flag) for flag in (True, False) if (urban == flag).any()}
    return max(taken, key=lambda each: (each.minutes * modes[each.mode].max_kmh, each.mode))


def catchment_pairs(judge: Coverage, category: Category) -> pd.DataFrame:
    """Give place, facility (rows), milliseconds and limit_milliseconds of a category's catchment.

    One row per pair, by place and facility; times are those of the mode of ``catchment_limit``.
    """
    limit = catchment_limit(judge, category)
    measured, bound = judge.times[limit.mode], limit_milliseconds(limit.minutes)
    farthest = min(bound, limit_milliseconds(judge.project.rules.search_minutes))
    found = measured.travel.pairs(measured.rows_of(category.id), limit_ms=farthest)
    return pd.DataFrame(
        {
            "place": found.place,
            "facility": found.facility,
            "milliseconds": found.milliseconds,
            "limit_milliseconds": np.full(found.place.size, bound),
        }
    )
