"""Sums of withheld counts: which of them can be told beside each other, so that none is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from geo.disclosure import narrowest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Cells = frozenset[int]

_TRIES = 8  # solutions that move many counts at once, before each is asked for itself
_SEED = 20261126


class ToldSums:
    """The sums over withheld cells that are told, and what may not be known from them.

    Cells go by number: what they count, and ``least`` and ``most``, which anybody knows it to be.
    What is guarded are cells, or sums of some, that must stay open: by all that is told, linear
    programming finds how low and how high each could be, and these must be a person apart.
    """

    def __init__(self, counts: Floats, least: Floats, most: Floats) -> None:
        """Begin with nothing told and nothing guarded."""
        self._counts, self._least, self._most = counts, least, most
        self._told: set[Cells] = set()
        self._guarded: list[Cells] = []

    def guard(self, cells: Iterable[int]) -> None:
        """Say that the sum of some cells, or one cell, may not be known."""
        if some := frozenset(cells):
            self._guarded.append(some)

    def tell(self, cells: Iterable[int]) -> None:
        """Say that the sum of some cells is told."""
        if some := frozenset(cells):
            self._told.add(some)

    def may_tell(self, cells: Iterable[int]) -> bool:
        """Say whether the sum of some cells can be told beside the others, and if so that it is."""
        some = frozenset(cells)
        if not some or some in self._told:
            return True
        sums = self._joined(some)
        near = frozenset().union(*sums)
        guarded = [each for each in self._guarded if each & near]
        if guarded and self._gives_away(guarded, sums):
            return False
        self._told.add(some)
        return True

    def _joined(self, some: Cells) -> list[Cells]:
        """Give the told sums that share a cell with some, or with one that does, and so on."""
        found, reached, left = [some], set(some), sorted(self._told, key=sorted)
        while near := [each for each in left if each & reached]:
            found += near
            reached.update(*near)
            left = [each for each in left if each not in near]
        return found

    def _gives_away(self, guarded: Sequence[Cells], sums: Sequence[Cells]) -> bool:
        """Say whether sums leave any guarded one within a person.

        Solutions are looked for in which many differ from what they are; what differs in none is
        asked for itself, how low and how high it could be.
        """
        cells = sorted(frozenset().union(*sums, *guarded))
        asked, equal = _matrix(guarded, cells), _matrix(sums, cells).toarray()
        counts, least, most = (each[cells] for each in (self._counts, self._least, self._most))
        bounds = list(zip(least.tolist(), most.tolist(), strict=True))
        wide = narrowest(asked @ (most - least))

        def moved(weights: Floats) -> Floats:
            found = linprog(asked.T @ weights, A_eq=equal, b_eq=equal @ counts, bounds=bounds)
            # Counts that do not fit what is known of them are taken for known.
            return asked @ (np.zeros(len(counts)) if found.x is None else found.x - counts)

        signs, still = np.random.default_rng(_SEED), np.ones(len(guarded), dtype=bool)
        for _ in range(_TRIES):
            weights = np.where(still, signs.choice((-1.0, 1.0), len(guarded)), 0.0)
            still &= abs(moved(weights)) < wide
            if not still.any():
                return False
        for at in np.flatnonzero(still):
            one = np.zeros(len(guarded))
            one[at] = 1.0
            if moved(-one)[at] - moved(one)[at] < wide[at]:
                return True
        return False


def _matrix(rows: Sequence[Cells], cells: Sequence[int]) -> csr_array:
    """Give a row for every sum, a column for every cell: 1 where it is in it."""
    place = {cell: at for at, cell in enumerate(cells)}
    entries = [(at, place[cell]) for at, row in enumerate(rows) for cell in sorted(row)]
    at, column = np.array(entries, dtype=np.int32).T
    return csr_array((np.ones(len(entries)), (at, column)), shape=(len(rows), len(cells)))
