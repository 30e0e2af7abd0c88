"""Branch and bound for the median: open a candidate for good, or close it, until the bound closes.

A branch is a smaller problem of the same kind: what is opened lowers the base cost of every place,
what is closed loses its pairs. Branches are taken lowest bound first, so the bound left on the
list is a bound of the whole.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from geo.solver_interchange import interchange
from geo.solver_median_bound import Climb, median_bound
from geo.solver_purse import counting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_costs import Costs
    from geo.solver_median_bound import MedianBound

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

# Steps, the size of the first, and how many idle ones shorten them: whole problem, branch.
_ROOT = (300, 0.3, 20)
_NODE = (120, 0.5, 8)
_WORTH_SWAPPING = 1.01


@dataclass(order=True)
class _Branch:
    """A smaller problem: its bound, what is open, the pairs of what is free, and last prices."""

    bound: float
    number: int
    open_: Ints = field(compare=False)
    costs: Costs = field(compare=False)
    found: MedianBound = field(compare=False)


class MedianTree:
    """The tree of one median problem. ``step`` is the least by which costs can differ."""

    def __init__(
        self, costs: Costs, count: int, *, chosen: Ints, step: float, clock: Clock
    ) -> None:
        """Begin with a known choice; ``costs`` judge every choice that turns up."""
        self.whole, self.count, self.clock, self.step = costs, count, clock, step
        self.chosen, self.best = chosen, costs.total(chosen)
        self.purse = counting(costs.candidates, count)
        self.nodes = 0
        self._waiting: list[_Branch] = []

    @property
    def target(self) -> float:
        """The bound that shows a branch holds nothing better."""
        return self.best - self.step

    def solve(self, near: Costs, price: Floats) -> float:
        """Search; give the bound that holds for all of it.

        ``near`` may leave out dear pairs, its base lowered to match: bounds stay true.
        """
        nothing = np.zeros(0, dtype=np.int64)
        self._try(nothing, near, price, _ROOT)
        while self._waiting and self.clock.left() > 0:
            branch = heapq.heappop(self._waiting)
            if branch.bound > self.target:
                self._waiting.clear()
                break
            self._split(branch)
        return min([self.best, *(each.bound for each in self._waiting)])

    def _split(self, branch: _Branch) -> None:
        """Close a branch's most worthy candidate, then open it instead."""
        self._improve(branch)
        costs = branch.costs
        there = np.unique(costs.candidate)
        pick = there[branch.found.worth[there].argmin()]
        closed = costs.keep(costs.candidate != pick)
        self._try(branch.open_, closed, branch.found.price, _NODE)
        open_, nearer = opened_for_good(branch.open_, costs, np.array([pick]))
        self._try(open_, nearer, branch.found.price, _NODE)

    def _try(self, open_: Ints, costs: Costs, price: Floats, pace: tuple[int, float, int]) -> None:
        """Bound a branch, fix what can be fixed, and keep it if it may hold something better."""
        left = self.count - open_.size
        if left == 0 or costs.cost.size == 0:
            self._offer(open_)
            return
        purse = counting(costs.candidates, left)
        climb = Climb(self.target, self.clock, *pace)
        found = median_bound(costs, purse, price=price, climb=climb)
        if found.value > self.target:
            return
        self.nodes += 1
        slack = self.target - found.value
        opened, closed = purse.settled(found.worth, found.picked, slack)
        costs = costs.keep(~closed[costs.candidate])
        open_, costs = opened_for_good(open_, costs, np.flatnonzero(opened))
        if open_.size == self.count or costs.cost.size == 0:
            self._offer(open_)
            return
        found = _restricted(found, opened | closed)
        heapq.heappush(self._waiting, _Branch(found.value, self.nodes, open_, costs, found))

    def _improve(self, branch: _Branch) -> None:
        whole = np.unique(np.concatenate((branch.open_, branch.found.picked)))
        self._offer(whole)

    def _offer(self, chosen: Ints) -> None:
        """Take a choice, or what swapping makes of it, if it beats the best one."""
        value = self.whole.total(chosen)
        if self.best <= value < self.best * _WORTH_SWAPPING:
            chosen = interchange(self.whole, chosen, self.clock, purse=self.purse)
            value = self.whole.total(chosen)
        if value < self.best:
            self.chosen, self.best = chosen, value


def opened_for_good(open_: Ints, costs: Costs, more: Ints) -> tuple[Ints, Costs]:
    """Open candidates for good: places never cost more than from the nearest of them."""
    if more.size == 0:
        return open_, costs
    base = costs.nearest(more)
    flag = np.zeros(costs.candidates, dtype=bool)
    flag[more] = True
    rest = costs.keep(~flag[costs.candidate])
    return np.concatenate((open_, more)), rest.under(base)


def _restricted(found: MedianBound, gone: NDArray[np.bool_]) -> MedianBound:
    worth = found.worth.copy()
    worth[gone] = 0.0
    return replace(found, picked=found.picked[~gone[found.picked]], worth=worth)
