"""The priority people of some places: minors, the elderly and the disabled, added up by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from layers.vocabulary import PRIORITY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.demand import Demand

    Floats = NDArray[np.float64]
    Ints = NDArray[np.integer[Any]]


def priority_sums(
    where: Demand, place: Ints, group: Ints, *, groups: int, part: Floats | None = None
) -> dict[str, Floats]:
    """Give by cohort how many of it live in each group of places, of those that are known.

    ``place`` are rows of ``where``, ``group`` is each one's group, from 0; ``part`` is the share
    of its people that counts, all of them by default. Missing where no place of a group knows the
    cohort, and throughout where none of the study does or dwellings are counted; a group of no
    places has nobody.
    """
    found: dict[str, Floats] = {}
    places = np.bincount(group, minlength=groups)
    for cohort in PRIORITY:
        if where.basis == "dwellings" or where.frame[cohort].isna().all():
            found[cohort] = np.full(groups, np.nan)
            continue
        people = where.weight(cohort)[place]
        known = ~np.isnan(people)
        told = np.where(known, people if part is None else people * part, 0.0)
        total = np.bincount(group, told, groups).astype(np.float64)
        unknown = (places > 0) & (np.bincount(group[known], minlength=groups) == 0)
        found[cohort] = np.where(unknown, np.nan, total)
    return found


def added_up(sums: dict[str, Floats]) -> dict[str, Floats]:
    """Add groups up one after the other; missing until one of them is known."""
    return {
        cohort: np.where(np.logical_and.accumulate(np.isnan(each)), np.nan, np.nancumsum(each))
        for cohort, each in sums.items()
    }
