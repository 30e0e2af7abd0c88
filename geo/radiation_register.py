"""Radiation of registers: units on their lists, or people and units inside their areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geo.coverage_rows import coverage_rows, people_within
from geo.placement import has_point
from geo.radiation import served_by_list
from layers.vocabulary import Method, Reason

if TYPE_CHECKING:
    from geo.demand import Demand
    from geo.ledgers import Ledgers
    from layers.indicators import Indicator


def radiation_of_register(ledgers: Ledgers, indicator: Indicator, where: Demand) -> pd.DataFrame:
    """Say which units the registers of a kind serve: coverage rows by one definition.

    Where any has a list of the units it ``serves``, the lists are the definition; else the areas:
    a unit is served as far as its people live inside exactly one of them. While some have no
    outline, a unit that is not is unknown.
    """
    rows = ledgers.of_kind(indicator.kind)
    if rows["serves"].notna().any():
        listed = rows.assign(facility_id=rows["register_id"])
        return served_by_list(ledgers, listed, indicator)
    inside = _in_one(where, rows)
    judged = ledgers.judged(indicator.units)[["unit_id"]]
    row = ledgers.unit_rows.get_indexer(pd.Index(judged["unit_id"], dtype="object"))
    told = people_within(where, inside)
    found = judged.assign(**{name: values[row] for name, values in told.items()})
    weight = where.unit_weight
    share = where.of_units(np.where(inside, weight, 0.0)) / where.of_units(weight)
    half = pd.Series(share[row], found.index)
    covered = (half >= _MOST).astype("boolean")
    unsure = ~covered & bool((~has_point(rows)).any())  # it may lie in one that nobody has drawn
    reason = covered.astype(object).map({False: str(Reason.NOT_SERVED)})
    reason = reason.mask(unsure, str(Reason.NO_COORDINATES))
    served = found.columns.str.endswith("_covered")
    found.loc[unsure.to_numpy(dtype=bool), served] = np.nan
    return coverage_rows(
        found.assign(
            covered=covered.mask(half.isna() | unsure.to_numpy(dtype=bool)),
            method=str(Method.AREA),
            reason=reason.mask(half.isna(), str(Reason.NO_DATA)),
        ),
        indicator,
    )


_MOST = 0.5  # of a unit's people, as with times


def _in_one(where: Demand, rows: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say which places lie in an area and inside no second one; a shared border is no overlap."""
    areas = rows["geometry"].dropna().to_numpy(dtype=object)
    points = where.frame.geometry.to_numpy(dtype=object)
    tree = shapely.STRtree(areas)

    touching = tree.query(points, predicate="intersects")[0]
    inside = tree.query(points, predicate="within")[0]
    size = len(points)
    return (np.bincount(touching, minlength=size) > 0) & (np.bincount(inside, minlength=size) <= 1)
