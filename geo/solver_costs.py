"""Sparse costs between places and candidates: what the median's search and bound work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Costs:
    """What serving each place from each candidate costs, cheapest first within a place.

    ``base`` is what a place costs where no candidate is chosen (its present facility, or a fine
    for being left out); pairs that cost as much or more are not listed. ``place``, ``candidate``
    and ``cost`` are one row per pair, sorted by place and cost.
    """

    place: Ints
    candidate: Ints
    cost: Floats
    base: Floats
    candidates: int

    @property
    def places(self) -> int:
        """The number of places."""
        return self.base.size

    def keep(self, flags: Flags) -> Costs:
        """Give some of the pairs."""
        return Costs(
            self.place[flags], self.candidate[flags], self.cost[flags], self.base, self.candidates
        )

    def under(self, base: Floats) -> Costs:
        """Lower the base, and leave out the pairs that no longer help."""
        use = self.cost < base[self.place]
        kept = self.keep(use)
        return Costs(kept.place, kept.candidate, kept.cost, base, self.candidates)

    def nearest(self, chosen: Ints) -> Floats:
        """Give each place's cost with some candidates chosen."""
        flag = np.zeros(self.candidates, dtype=bool)
        flag[chosen] = True
        least = self.base.copy()
        use = flag[self.candidate]
        np.minimum.at(least, self.place[use], self.cost[use])
        return least

    def total(self, chosen: Ints) -> float:
        """Add up the places' costs with some candidates chosen."""
        return float(self.nearest(chosen).sum())


def sparse_costs(
    place: Ints, candidate: Ints, cost: Floats, *, base: Floats, candidates: int
) -> Costs:
    """Sort pairs by place and cost, without those that cost no less than the base."""
    use = cost < base[place]
    place, candidate, cost = place[use], candidate[use], cost[use]
    order = np.lexsort((candidate, cost, place))
    return Costs(place[order], candidate[order], cost[order], base, candidates)


def dense_costs(matrix: Floats) -> Costs:
    """Give the costs of a full matrix, places by candidates; some candidate must be chosen."""
    rows, columns = np.indices(matrix.shape)
    return sparse_costs(
        rows.ravel(),
        columns.ravel(),
        matrix.ravel().astype(np.float64),
        base=matrix.max(axis=1).astype(np.float64),
        candidates=matrix.shape[1],
    )
