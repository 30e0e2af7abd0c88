"""A unit's own time: when a stated share of its people have arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.demand import Demand
    from geo.travel import Nearest

    Ints = NDArray[np.int64]

NO_PLACE = -1


def telling_place(demand: Demand, nearest: Nearest, share: float) -> Ints:
    """Give for each unit the place by whose arrival ``share`` of its people have arrived.

    The weighted quantile of the places' times, unreachable ones last; -1 for a unit without any
    place. Where a unit's people are unknown or nobody, every place weighs 1.
    """
    order = np.lexsort((nearest.facility, _unreachable_last(nearest.milliseconds), demand.unit))
    weight = demand.unit_weight()[order]
    unit = demand.unit[order]
    first = np.searchsorted(unit, np.arange(demand.units), side="left")
    total = np.bincount(unit, weights=weight, minlength=demand.units)
    running = np.cumsum(weight)
    before = np.concatenate(([0.0], running))[first]
    need = before + share * total
    # Sums of many weights carry rounding of about 1e-12 of themselves: half a share is met by half.
    slack = 1e-9 * np.maximum(1.0, running[-1] if running.size else 1.0)
    at = np.searchsorted(running, need - slack, side="left")
    last = np.searchsorted(unit, np.arange(demand.units), side="right") - 1
    place = np.clip(np.maximum(at, first), 0, np.maximum(last, 0))
    return np.where(last >= first, order[place] if order.size else NO_PLACE, NO_PLACE)


def _unreachable_last(milliseconds: Ints) -> Ints:
    return np.where(milliseconds < 0, np.iinfo(np.int64).max, milliseconds)
