"""How little a median can cost at least: the Lagrangian bound, every place's demand priced.

Each place pays a price for being served; a candidate is worth the sum of what the prices leave
after its costs, and the most worthy ones the purse allows are taken. Whatever the prices, that is a
lower bound (Cornuejols, Fisher and Nemhauser 1977). Prices climb by deflected subgradients.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_costs import Costs
    from geo.solver_purse import Purse

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_MEMORY = 0.3
_SLOWER = 0.6
_LEAST_STEP = 1e-4
_BEYOND = 1e-3


@dataclass(frozen=True)
class MedianBound:
    """The best bound found: its prices, each candidate's worth (most negative best), its choice.

    ``size`` is the size of the steps it ended with.
    """

    value: float
    price: Floats
    worth: Floats
    picked: Ints
    size: float

    @property
    def stuck(self) -> bool:
        """Say whether steps have become too small to go on."""
        return self.size < _LEAST_STEP


@dataclass(frozen=True)
class Climb:
    """How far to climb: to a bound that proves a choice (``target``), or so many steps.

    ``size`` is that of the first step; after ``patience`` idle ones steps become shorter.
    """

    target: float
    clock: Clock
    steps: int
    size: float = 1.0
    patience: int = 20


def median_bound(costs: Costs, purse: Purse, *, price: Floats, climb: Climb) -> MedianBound:
    """Climb from prices until the bound passes the target, or the steps run out."""
    price = np.minimum(price, costs.base)
    direction = np.zeros_like(price)
    best = MedianBound(-np.inf, price, np.zeros(costs.candidates), np.zeros(0, dtype=np.int64), 0.0)
    size, idle = climb.size, 0
    aim = climb.target + _BEYOND * abs(climb.target)
    ends = np.cumsum(np.bincount(costs.place, minlength=costs.places))
    heavy = _Columns(costs)
    for _ in range(climb.steps):
        left = np.minimum(costs.cost - np.repeat(price, np.diff(ends, prepend=0)), 0.0)
        worth = np.bincount(costs.candidate, left, costs.candidates).astype(np.float64)
        picked, most = purse.picks(worth)
        value = float(price.sum()) + most
        idle = 0 if value > best.value + 1e-7 * abs(best.value) else idle + 1
        if value > best.value:
            best = MedianBound(value, price, worth, picked, 0.0)
        if best.value > climb.target or climb.clock.left() == 0:
            break
        if idle >= climb.patience:
            size, idle = size * _SLOWER, 0
            price, direction = best.price, np.zeros_like(price)
            if size < _LEAST_STEP:
                break
            continue
        slope = 1.0 - heavy.served(picked, price)
        slope[(price >= costs.base) & (slope > 0)] = 0.0
        direction = (1 - _MEMORY) * slope + _MEMORY * direction
        length = float(direction @ direction)
        if length <= 0:
            break
        price = np.minimum(price + size * (aim - value) / length * direction, costs.base)
    return replace(best, size=size)


class _Columns:
    """The pairs of single candidates, to count which of a few serve a place below its price."""

    def __init__(self, costs: Costs) -> None:
        order = np.argsort(costs.candidate, kind="stable")
        self.place, self.cost = costs.place[order], costs.cost[order]
        count = np.bincount(costs.candidate, minlength=costs.candidates)
        self.start = np.concatenate(([0], np.cumsum(count)))
        self.places = costs.places

    def served(self, picked: Ints, price: Floats) -> Floats:
        count = self.start[picked + 1] - self.start[picked]
        rows = np.arange(count.sum()) + np.repeat(
            self.start[picked] - np.cumsum(count) + count, count
        )
        place = self.place[rows]
        hit = place[self.cost[rows] < price[place]]
        return np.bincount(hit, minlength=self.places).astype(np.float64)
