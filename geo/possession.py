"""Possession: a unit has a facility of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.coverage_rows import counted, coverage_rows, whole_units
from geo.placement import placement, standing
from layers.vocabulary import Reason

if TYPE_CHECKING:
    from collections.abc import Collection

    from layers.indicators import Indicator


def possession(
    units: pd.DataFrame,
    facilities: pd.DataFrame,
    indicator: Indicator,
    *,
    statuses: Collection[str],
) -> pd.DataFrame:
    """Say which units have a facility of any of the indicator's categories: coverage rows.

    While some facility's own unit is unknown, a unit without one is unknown too (``covered``
    missing, reason no_data): it may be that unit's.
    """
    standing_ = standing(facilities, indicator.categories, statuses)
    place = placement(units, standing_)
    own = standing_[place == "inside"].groupby("unit_id")["facility_id"].min()
    judged = counted(units, indicator)
    has = judged["unit_id"].isin(own.index)
    unknown = (place == "unplaced").any()
    covered = has.astype("boolean").mask(~has, pd.NA if unknown else False)
    absent = Reason.NONE_IN_UNIT if (place == "inside").any() else Reason.NONE_IN_STUDY
    found = whole_units(judged, indicator, covered).assign(
        facility_id=judged["unit_id"].map(own),
        reason=has.map({False: str(Reason.NO_DATA if unknown else absent)}),
    )
    return coverage_rows(found, indicator)


def unplaced(
    units: pd.DataFrame,
    facilities: pd.DataFrame,
    indicator: Indicator,
    *,
    statuses: Collection[str],
) -> int:
    """Count the facilities whose unit is unknown: at most so many more units may have one."""
    place = placement(units, standing(facilities, indicator.categories, statuses))
    return int((place == "unplaced").sum())
