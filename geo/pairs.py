"""Ways between places and facilities, many to many, with the time and length of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from geo.distance import MICROMETRES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Ways from places to facilities, each by its row: whole milliseconds and micrometres."""

    place: Ints
    facility: Ints
    milliseconds: Ints
    micrometres: Ints

    @property
    def metres(self) -> Floats:
        """The length of every way."""
        return self.micrometres / MICROMETRES

    def quickest(self) -> Pairs:
        """Keep one way of each pair: the quickest, of equally quick ones the shortest.

        Rows are sorted by place, then facility.
        """
        pair = self.place * (self.facility.max(initial=0) + 1) + self.facility
        order = np.argsort(pair, kind="stable")
        pair = pair[order]
        new = np.ones(order.size, dtype=bool)
        new[1:] = pair[1:] != pair[:-1]
        first = np.flatnonzero(new)
        if first.size == 0:
            return self
        group = np.cumsum(new) - 1
        ms = np.minimum.reduceat(self.milliseconds[order], first)
        late = self.milliseconds[order] > ms[group]
        um = np.where(late, np.iinfo(np.int64).max, self.micrometres[order])
        some = order[first]
        return Pairs(self.place[some], self.facility[some], ms, np.minimum.reduceat(um, first))

    def turned(self) -> Pairs:
        """Let places and facilities change sides."""
        return replace(self, place=self.facility, facility=self.place)

    def by_place(self) -> Pairs:
        """Sort rows by place, those of one place as they are, in linear time."""
        if (self.place[1:] >= self.place[:-1]).all():
            return self
        size = self.place.size
        columns = (1, int(self.place.max(initial=0)) + 1)
        # Turning a table of one row counts how often each column occurs, and needs no comparison.
        table = csr_array((np.arange(size), self.place, np.array([0, size])), shape=columns)
        return self.take(table.tocsc().data)

    def of(self, rows: Ints) -> Pairs:
        """Name the facilities by their rows, numbered by their place among those so far."""
        return replace(self, facility=rows[self.facility])

    def at(self, rows: Ints) -> Pairs:
        """Name the places by their rows, likewise."""
        return replace(self, place=rows[self.place])

    def take(self, rows: NDArray[np.bool_] | Ints | slice) -> Pairs:
        """Give some rows."""
        return Pairs(**{name: column[rows] for name, column in vars(self).items()})


def put_together(parts: Iterable[Pairs]) -> Pairs:
    """Give the rows of all parts."""
    some = [part for part in parts if part.place.size]
    if len(some) == 1:
        return some[0]
    nothing = np.empty(0, dtype=np.int64)
    every = [Pairs(nothing, nothing, nothing, nothing), *some]
    columns = zip(*(vars(part).values() for part in every), strict=True)
    return Pairs(*(np.concatenate(column) for column in columns))
