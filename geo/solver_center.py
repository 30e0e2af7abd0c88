"""The shortest longest trip with a number of sites: the p-center problem (Minieka 1970).

The longest trip is one of the times there are, so a binary search over them asks each time whether
so few sites can cover everybody within it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.solver_answer import Answer, rows_of
from geo.solver_cover import cover_of
from geo.solver_fewest import least_cost

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_costs import Costs

    Ints = NDArray[np.int64]


def center(costs: Costs, count: int, *, clock: Clock) -> Answer:
    """Choose ``count`` candidates so that the dearest place costs the least.

    Costs are those of trips, not weighted. The objective is the greatest cost of any place.
    """
    steps = np.unique(np.concatenate((costs.cost, costs.base)))
    least = costs.nearest(np.arange(costs.candidates)).max()
    low, high = int(np.searchsorted(steps, least)), int(np.searchsorted(steps, costs.base.max()))
    best = rows_of([])
    proved = low
    while low < high:
        middle = (low + high) // 2
        chosen, refuted = _within(costs, float(steps[middle]), count, clock.share(0.5))
        if chosen is not None:
            best, high = chosen, int(np.searchsorted(steps, costs.nearest(chosen).max()))
        else:
            low = middle + 1
            # A radius refuted for certain refutes all below it, whatever was doubtful there.
            proved = low if refuted else proved
    value = float(costs.nearest(best).max())
    return Answer(best, value, min(value, float(steps[proved])), "least", "bisection").within(clock)


def _within(costs: Costs, radius: float, count: int, clock: Clock) -> tuple[Ints | None, bool]:
    """Give few enough sites that cover everybody within a radius, or whether that is refuted."""
    far = np.flatnonzero(costs.base > radius)
    row = np.full(costs.places, -1)
    row[far] = np.arange(far.size)
    use = (costs.cost <= radius) & (row[costs.place] >= 0)
    cover = cover_of(
        row[costs.place[use]],
        costs.candidate[use],
        weight=np.ones(far.size),
        candidates=costs.candidates,
    )
    if cover.most() < far.size:
        return None, True
    found = least_cost(cover, np.ones(costs.candidates), far.size, clock=clock)
    if found.objective <= count:
        return found.chosen, True
    return None, found.bound > count
