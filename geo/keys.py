"""What goes into a search and comes out of it: keys, seeds, stops.

A key carries a whole time and a facility in one number, ``milliseconds * 2**20 + rank``, so that
the shortest key is the earliest facility and, of equally early ones, the lowest id. Keys stay
below 2**53 and are exact in float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

RANK_BITS = 20
MAX_RANK = (1 << RANK_BITS) - 2
UNREACHED = np.int64(1) << 53


@dataclass(frozen=True)
class Seeds:
    """Where a search begins: nodes, the keys they start with, and the length beyond them."""

    node: Ints
    key: Ints
    micrometres: Ints

    def first(self) -> Seeds:
        """Keep the least key of every node, of equal ones the least length; rows by node."""
        order = np.lexsort((self.micrometres, self.key, self.node))
        order = order[np.unique(self.node[order], return_index=True)[1]]
        return Seeds(self.node[order], self.key[order], self.micrometres[order])


@dataclass(frozen=True)
class Reached:
    """What a search found: keys of nodes (UNREACHED if none) and how many micrometres it is there.

    The length is 0 where nothing was found.
    """

    key: Ints
    micrometres: Ints


@dataclass(frozen=True)
class Stops:
    """Nodes on the way from origins, each by its number: sparse rows of a table of times.

    Given to a search, the nodes where each origin enters the graph, with the time and length up
    to there; given back, every node it reaches.
    """

    origin: Ints
    node: Ints
    milliseconds: Ints
    micrometres: Ints

    def first(self, size: int) -> Stops:
        """Keep the earliest row of every origin and node (of ``size``), by origin, then node."""
        pair = self.origin * size + self.node
        order = np.lexsort((self.micrometres, self.milliseconds, pair))
        return self.take(order[np.unique(pair[order], return_index=True)[1]])

    def take(self, rows: NDArray[np.bool_] | Ints | slice) -> Stops:
        """Give some rows."""
        return Stops(**{name: column[rows] for name, column in vars(self).items()})


def all_stops(parts: Iterable[Stops]) -> Stops:
    """Give the rows of all parts."""
    nothing = np.empty(0, dtype=np.int64)
    every = [Stops(nothing, nothing, nothing, nothing), *parts]
    columns = zip(*(vars(part).values() for part in every), strict=True)
    return Stops(*(np.concatenate(column) for column in columns))


def pack(milliseconds: Ints, rank: Ints) -> Ints:
    """Put a time and a facility's rank (from 0) into one key."""
    return (milliseconds << RANK_BITS) + rank + 1


def unpack(key: Ints) -> tuple[Ints, Ints]:
    """Give back time and rank of keys."""
    return key >> RANK_BITS, (key & ((1 << RANK_BITS) - 1)) - 1
