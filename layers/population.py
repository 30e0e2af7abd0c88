"""People of units, spread over the residences of each by weight, to the person."""

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


def spread_people(residences: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Fill in the people and cohorts of residences that have none, where their unit has some.

    What the other residences of the unit have already is taken off first. Frames are those of
    the study, sorted by key; units without residences keep their people to themselves.
    """
    place = pd.Index(units["unit_id"]).get_indexer(pd.Index(residences["unit_id"]))
    filled: dict[str, Floats] = {}
    for cohort in COHORTS:
        known = residences[cohort].to_numpy(dtype=np.float64)
        of_unit = np.where(place >= 0, units[cohort].to_numpy(dtype=np.float64)[place], np.nan)
        empty = np.isnan(known) & ~np.isnan(of_unit)
        weights = _weights(filled.get(_PART_OF.get(cohort, "")), residences["weight"].to_numpy())
        left = _left(known, of_unit, place)
        filled[cohort] = known.copy()
        filled[cohort][empty] = share_out(left[empty], weights[empty], place[empty])
    return residences.assign(**filled)


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
    size = groups.max() + 1
    sums = np.bincount(groups, weights, size)[groups]
    weights = np.where(sums > 0, weights, 1.0)
    exact = whole * weights / np.bincount(groups, weights, size)[groups]
    shares = np.floor(exact)
    short = np.rint(whole - np.bincount(groups, shares, size)[groups])
    # Remainders that differ by less than rounding are equal.
    order = np.lexsort((np.arange(len(groups)), np.round(shares - exact, 9), groups))
    first = np.searchsorted(groups[order], groups[order])
    rank = np.empty(len(groups))
    rank[order] = np.arange(len(groups)) - first
    return np.asarray(shares + (rank < short), dtype=np.float64)


def _weights(whole: Floats | None, weight: Floats) -> Floats:
    """Give the people a cohort is part of; the residence's weight where nobody is known there."""
    plain = np.nan_to_num(weight, nan=1.0)
    return plain if whole is None else np.where(np.isnan(whole), plain, whole)


def _left(known: Floats, of_unit: Floats, place: Groups) -> Floats:
    """Give what the residences with figures of their own leave of their unit's total."""
    inside = place >= 0
    own = np.bincount(place[inside], np.nan_to_num(known[inside]), place.max(initial=0) + 1)
    return np.maximum(of_unit - np.where(inside, own[place], 0.0), 0.0)
