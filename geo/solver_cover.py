"""Who is covered from where, and the exact reductions that make such a problem small.

Places covered by the same candidates are one place of their summed weight; a candidate is of no
use where another covers all it covers, and more, for no more money.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, hstack

from geo.solver_costs import Costs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_SEED = 20_260_101
_MOST_OVERLAPS = 60_000_000
_MOST_COMPARED = 600_000_000  # takes a second or two


@dataclass(frozen=True)
class Cover:
    """Places by candidates: 1 where a candidate covers a place. ``weight`` is the places' own."""

    matrix: csr_array
    weight: Floats

    @property
    def places(self) -> int:
        """The number of places."""
        return int(self.matrix.shape[0])

    @property
    def candidates(self) -> int:
        """The number of candidates."""
        return int(self.matrix.shape[1])

    def covered(self, chosen: Ints) -> Flags:
        """Say which places some chosen candidate covers."""
        flag = np.zeros(self.candidates)
        flag[chosen] = 1.0
        reached: Flags = (self.matrix @ flag) > 0
        return reached

    def value(self, chosen: Ints) -> float:
        """Add up the weight of the places covered."""
        return float(self.weight[self.covered(chosen)].sum())

    def most(self) -> float:
        """Add up the weight of the places that anything covers."""
        return float(self.weight[np.diff(self.matrix.indptr) > 0].sum())

    def take(self, *, places: Flags | None = None, candidates: Ints | None = None) -> Cover:
        """Give some places or candidates."""
        matrix, weight = self.matrix, self.weight
        if places is not None:
            matrix, weight = matrix[places], weight[places]
        if candidates is not None:
            matrix = matrix[:, candidates]
        return Cover(csr_array(matrix), weight)

    def as_costs(self) -> Costs:
        """Put it as a median: an uncovered place costs its weight, a covered one nothing."""
        indptr = self.matrix.indptr
        return Costs(
            place=np.repeat(np.arange(self.places), np.diff(indptr)),
            candidate=self.matrix.indices.astype(np.int64),
            cost=np.zeros(self.matrix.indices.size),
            base=self.weight,
            candidates=self.candidates,
        )


def cover_of(place: Ints, candidate: Ints, *, weight: Floats, candidates: int) -> Cover:
    """Make a cover of pairs of a place and a candidate, each pair once."""
    matrix = csr_array((np.ones(place.size), (place, candidate)), shape=(weight.size, candidates))
    matrix.sort_indices()
    return Cover(matrix, weight)


def merged(cover: Cover) -> Cover:
    """Make one place of all that are covered alike, and drop those without weight or cover."""
    return merged_groups(cover)[0]


def merged_groups(cover: Cover) -> tuple[Cover, Ints]:
    """Give the merged places, and which of them each place has become (-1: dropped)."""
    of_place = np.full(cover.places, -1)
    use = (np.diff(cover.matrix.indptr) > 0) & (cover.weight > 0)
    cover = cover.take(places=use)
    if cover.places == 0:
        return cover, of_place
    group, first = alike(cover.matrix)
    of_place[use] = group
    weight = np.bincount(group, weights=cover.weight, minlength=first.size).astype(np.float64)
    return Cover(csr_array(cover.matrix[first]), weight), of_place


def merged_within(cover: Cover, group: Ints) -> tuple[Cover, Ints]:
    """Merge places covered alike within each group; give the group of each, too."""
    rows = np.arange(cover.places)
    size = int(group.max(initial=-1)) + 1
    marks = csr_array((np.ones(rows.size), (rows, group)), shape=(cover.places, size))
    reached = np.diff(cover.matrix.indptr) > 0
    marked = Cover(csr_array(hstack([cover.matrix, marks])), cover.weight).take(places=reached)
    small = merged(marked)
    of_place = small.matrix[:, cover.candidates :] @ np.arange(size, dtype=np.float64)
    sites = csr_array(small.matrix[:, : cover.candidates])
    return Cover(sites, small.weight), np.rint(of_place).astype(np.int64)


def alike(matrix: csr_array) -> tuple[Ints, Ints]:
    """Give rows that are alike one number, and the first row of each; hashed, then verified.

    No row is empty, and what is listed in one is 1.
    """
    dice = np.random.default_rng(_SEED)
    size = np.diff(matrix.indptr)
    while True:
        marks = dice.integers(1, 2**63, int(matrix.shape[1]), dtype=np.uint64)
        key = np.add.reduceat(marks[matrix.indices], matrix.indptr[:-1])
        _, first, group = np.unique(key, return_index=True, return_inverse=True)
        twin = first[group]
        if (size == size[twin]).all():
            at = np.arange(matrix.indices.size) - np.repeat(matrix.indptr[:-1], size)
            theirs = matrix.indices[at + np.repeat(matrix.indptr[:-1][twin], size)]
            if (theirs == matrix.indices).all():
                return group, first


def undominated(cover: Cover, price: Floats) -> Ints:
    """Give the candidates that none beats: covering all it covers, and more, for no more.

    Of equals the first is kept. Where candidates overlap in more pairs than there is time for,
    only those that cover the very same are compared, which is no error.
    """
    columns = csr_array(cover.matrix.T)
    there = _cheapest_alike(columns, price)
    columns, price = csr_array(columns[there]), price[there]
    size, rows = np.diff(columns.indptr), csr_array(columns.T)
    work = np.cumsum(columns @ np.diff(rows.indptr).astype(np.float64))
    if work.size and work[-1] > _MOST_COMPARED:
        return there
    beaten = np.zeros(there.size, dtype=bool)
    # So many at a time that memory holds their overlaps.
    for part in np.split(
        np.arange(there.size), np.flatnonzero(np.diff(work // _MOST_OVERLAPS)) + 1
    ):
        shared = csr_array(columns[part] @ rows).tocoo()
        mine, other = part[shared.coords[0]], shared.coords[1]
        holds = (shared.data >= size[mine] - 0.5) & (mine != other) & (price[other] <= price[mine])
        # None covers the same for the same any more, so that of two only one can beat the other.
        beaten[mine[holds]] = True
    left: Ints = there[~beaten]
    return left


def _cheapest_alike(columns: csr_array, price: Floats) -> Ints:
    """Give the cheapest, and first, of the candidates (rows) that cover the very same."""
    there = np.flatnonzero(np.diff(columns.indptr) > 0)
    if not there.size:
        return there
    group, _ = alike(csr_array(columns[there]))
    order = np.lexsort((there, price[there], group))
    return np.sort(there[order[np.unique(group[order], return_index=True)[1]]])


def reduced(cover: Cover, price: Floats) -> tuple[Cover, Ints]:
    """Merge places and drop beaten candidates until neither does anything; give who is left."""
    left = np.arange(cover.candidates)
    cover = merged(cover)
    while True:
        keep = undominated(cover, price[left])
        if keep.size == left.size:
            return cover, left
        left = left[keep]
        cover = merged(cover.take(candidates=keep))


def unneeded(cover: Cover) -> Cover:
    """Leave out the places that are covered whenever some other place is."""
    if (
        float((np.diff(cover.matrix.T.tocsr().indptr).astype(np.float64) ** 2).sum())
        > _MOST_OVERLAPS
    ):
        return cover
    turned = Cover(csr_array(cover.matrix.T), np.ones(cover.candidates))
    size = np.diff(cover.matrix.indptr)
    shared = csr_array(cover.matrix @ turned.matrix).tocoo()
    mine, other = shared.coords
    holds = (shared.data >= size[other] - 0.5) & (mine != other)
    mine, other = mine[holds], other[holds]
    alike = size[mine] == size[other]
    free = mine[~alike | (other < mine)]
    keep = np.ones(cover.places, dtype=bool)
    keep[free] = False
    return cover.take(places=keep)
