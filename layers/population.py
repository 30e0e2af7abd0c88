"""People of an area, spread over its parts by weight, to the person: residences, units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.vocabulary import COHORTS, Cohort

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Groups = NDArray[np.intp]

# Each cohort is spread by the one it is part of, so that no residence has more old people than
# people; people themselves by weight.
_PART_OF: dict[Cohort, Cohort] = {
    "age_0_14": "people",
    "age_60_plus": "people",
    "age_65_plus": "age_60_plus",
    "disabled": "people",
}


def spread_people(
    parts: gpd.GeoDataFrame, wholes: pd.DataFrame, *, key: str = "unit_id"
) -> gpd.GeoDataFrame:
    """Fill in the people and cohorts of parts that have none, where their whole has some.

    ``key`` is the column of both that says what a part belongs to; parts have a ``weight``. What
    the other parts of the whole have already is taken off first. Frames are those of the study,
    sorted by key; what has no parts keeps its people to itself.
    """
    place = pd.Index(wholes[key]).get_indexer(pd.Index(parts[key]))
    filled: dict[str, Floats] = {}
    for cohort in COHORTS:
        known = parts[cohort].to_numpy(dtype=np.float64)
        total = np.append(wholes[cohort].to_numpy(dtype=np.float64), np.nan)[place]  # -1 the last
        empty = np.isnan(known) & ~np.isnan(total)
        weights = _weights(filled.get(_PART_OF.get(cohort, "")), parts["weight"].to_numpy())
        left = _left(known, total, place)
        filled[cohort] = known.copy()
        filled[cohort][empty] = share_out(left[empty], weights[empty], place[empty])
    return parts.assign(**filled)


def spread_townships(
    units: gpd.GeoDataFrame, townships: gpd.GeoDataFrame, residences: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Fill in the people and cohorts of units that have none, where their township has some.

    A unit weighs what its residences weigh together, and 1 where it has none.
    """
    of_unit = residences["weight"].fillna(1.0).groupby(residences["unit_id"]).sum()
    weight = units["unit_id"].map(of_unit).astype(np.float64).fillna(1.0)
    plain = units[["township_id", *COHORTS]].assign(weight=weight)
    spread = spread_people(plain, townships, key="township_id")
    return units.assign(**{cohort: spread[cohort] for cohort in COHORTS})


def share_out(totals: Floats, weights: Floats, groups: Groups) -> Floats:
    """Share the total of each group over its rows by weight, to the person.

    ``totals`` repeats the group's total on each of its rows; it is rounded to whole people.
    Largest remainder, the earlier row where remainders are equal; a group of no weight is shared
    evenly. The shares of a group add up to its rounded total.

    >>> share_out(np.full(3, 10.0), np.ones(3), np.zeros(3, dtype=np.intp)).tolist()
    [4.0, 3.0, 3.0]
    """
    if not len(groups):
        return totals
    whole = np.rint(totals)
    exact = part_out(whole, weights, groups)
    shares = np.floor(exact)
    short = np.rint(whole - np.bincount(groups, shares)[groups])
    # Remainders that differ by less than rounding are equal.
    order = np.lexsort((np.arange(len(groups)), np.round(shares - exact, 9), groups))
    first = np.searchsorted(groups[order], groups[order])
    rank = np.empty(len(groups))
    rank[order] = np.arange(len(groups)) - first
    return np.asarray(shares + (rank < short), dtype=np.float64)


def part_out(totals: Floats, weights: Floats, groups: Groups) -> Floats:
    """Share as ``share_out`` does, without rounding to whole people."""
    if not len(groups):
        return totals
    weights = np.where(np.bincount(groups, weights)[groups] > 0, weights, 1.0)
    return np.asarray(totals * weights / np.bincount(groups, weights)[groups])


def _weights(whole: Floats | None, weight: Floats) -> Floats:
    """Give the people a cohort is part of; the residence's weight where nobody is known there."""
    plain = np.nan_to_num(weight, nan=1.0)
    return plain if whole is None else np.where(np.isnan(whole), plain, whole)


def _left(known: Floats, total: Floats, place: Groups) -> Floats:
    """Give what the parts with figures of their own leave of their whole's total."""
    inside = place >= 0
    own = np.bincount(place[inside], np.nan_to_num(known[inside]), place.max(initial=0) + 1)
    return np.maximum(total - np.where(inside, own[place], 0.0), 0.0)
