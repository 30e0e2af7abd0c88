"""Search and bound by turns: choices sharpen the bound's steps, its picks start new choices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.solver_interchange import greedy_within, interchange, perturbed, two_nearest
from geo.solver_median_bound import Climb, MedianBound, median_bound

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_costs import Costs
    from geo.solver_purse import Purse

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_TURNS = 25
_STEPS = 80
_BEYOND_SECOND = 2.0


@dataclass(frozen=True)
class Root:
    """A choice, its cost, the bound it was measured against, and the pairs the bound was made of.

    ``step`` is the least by which costs can differ.
    """

    chosen: Ints
    best: float
    found: MedianBound
    near: Costs
    step: float

    @property
    def target(self) -> float:
        """The bound that proves the choice."""
        return self.best - self.step

    @property
    def proved(self) -> bool:
        """Say whether no choice is better."""
        return self.found.value > self.target

    def unsettled(self, purse: Purse) -> Ints:
        """Give the candidates that a better choice may have or not."""
        opened, closed = self.settled(purse)
        return np.flatnonzero(~opened & ~closed)

    def settled(self, purse: Purse, part: float = 1.0) -> tuple[Flags, Flags]:
        """Say which candidates every choice so near the bound has, and which none.

        ``part`` is that of the way from the bound to the known choice.
        """
        slack = part * (self.target - self.found.value)
        return purse.settled(self.found.worth, self.found.picked, slack)


def close_in(  # noqa: PLR0913 - when to stop is asked in three ways
    costs: Costs,
    purse: Purse,
    *,
    step: float,
    clock: Clock,
    enough: float = -np.inf,
    turns: int = _TURNS,
) -> Root:
    """Search and bound until they meet or stop, or a cost of ``enough`` is found or refuted."""
    chosen = interchange(costs, greedy_within(costs, purse), clock, purse=purse)
    best = costs.total(chosen)
    first, second, _ = two_nearest(costs, chosen)
    # Prices seldom pass the second nearest's cost; pairs dearer than that only cost time.
    near = costs.under(np.minimum(costs.base, _BEYOND_SECOND * second + 1))
    price = first + 0.5 * np.minimum(second - first, first.mean() + 1)
    nothing = np.zeros(0, dtype=np.int64)
    found = MedianBound(-np.inf, price, np.zeros(costs.candidates), nothing, 1.0)
    dice = np.random.default_rng(clock.seed)
    for _ in range(turns):
        climb = Climb(best - step, clock, _STEPS, size=found.size)
        last = found
        found = median_bound(near, purse, price=found.price, climb=climb)
        found = max(last, found, key=lambda each: each.value)
        for start in (found.picked, perturbed(costs, chosen, dice)):
            if found.value > best - step or clock.left() == 0 or not purse.affords(start):
                break
            tried = interchange(costs, start, clock, purse=purse)
            value = costs.total(tried)
            if value <= best:
                chosen, best = tried, value
        if best <= enough or found.value > max(enough, best - step) or found.stuck:
            break
        if clock.left() == 0:
            break
    return Root(chosen, best, found, near, step)
