"""A unit's own time: when a stated share of its people have arrived."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.demand import WHOLE

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
    unit = demand.unit[order]
    first = np.searchsorted(unit, np.arange(demand.units), side="left")
    last = np.searchsorted(unit, np.arange(demand.units), side="right") - 1
    running = np.cumsum(demand.parts[order])
    before = np.concatenate(([0], running))[first]
    # A unit's parts may miss the whole by half of one each: half a share is met by half.
    need = before + math.ceil(share * WHOLE) - (last - first + 1)
    at = np.searchsorted(running, need, side="left")
    place = np.clip(np.maximum(at, first), 0, np.maximum(last, 0))
    return np.where(last >= first, order[place] if order.size else NO_PLACE, NO_PLACE)


def at_places(values: Any, place: Ints, nothing: object) -> Any:  # noqa: ANN401 - an array of any type
    """Give what holds at each unit's place, ``nothing`` where it has none.

    >>> at_places(np.array([5, 7]), np.array([1, -1]), 0).tolist()
    [7, 0]
    """
    found = np.full(place.shape, nothing, dtype=values.dtype)
    found[place >= 0] = values[place[place >= 0]]
    return found


def _unreachable_last(milliseconds: Ints) -> Ints:
    return np.where(milliseconds < 0, np.iinfo(np.int64).max, milliseconds)
