"""Where a facility of the ledger stands: in a unit of the study, outside it, or unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from layers.vocabulary import PLAN_STATUS

if TYPE_CHECKING:
    from collections.abc import Collection


def placement(units: pd.DataFrame, facilities: pd.DataFrame) -> pd.Series[str]:
    """Say of each facility: ``inside`` a unit, ``outside`` the study, or ``unplaced``.

    A facility without a unit lies outside if it has a point and every unit is an area (the
    reader gave a unit to every point inside one); else nobody knows where it stands.
    """
    unit = facilities["unit_id"]
    inside = unit.isin(units["unit_id"])
    outside = (unit.notna() & ~inside) | (unit.isna() & has_point(facilities) & _are_areas(units))
    words = np.select([inside, outside], ["inside", "outside"], "unplaced")
    return pd.Series(words, facilities.index, dtype="str")


def standing(
    facilities: pd.DataFrame, categories: Collection[str], statuses: Collection[str]
) -> pd.DataFrame:
    """Give the facilities of some categories (all where none is named) that count by status.

    What a plan adds counts whatever the statuses are.
    """
    of_status = facilities["status"].isin([*statuses, PLAN_STATUS])
    if not categories:
        return facilities[of_status]
    return facilities[of_status & facilities["category"].isin(list(categories))]


def has_point(facilities: pd.DataFrame) -> pd.Series[bool]:
    """Say of which facilities anybody knows where they stand."""
    if "geometry" not in facilities:
        return pd.Series(data=False, index=facilities.index)
    points = facilities["geometry"].to_numpy(dtype=object)
    return pd.Series(~(shapely.is_missing(points) | shapely.is_empty(points)), facilities.index)


def _are_areas(units: pd.DataFrame) -> bool:
    if "geometry" not in units:
        return False
    return all(shape is not None and shape.geom_type != "Point" for shape in units["geometry"])
