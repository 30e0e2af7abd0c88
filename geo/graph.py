"""The arcs of a network laid out for searching, along them or against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network

    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Graph:
    """Directed arcs in rows of tails: of parallel ones the quickest, of those the shortest.

    ``weights`` are whole milliseconds, ``micrometres`` the length of the same arc. Two graphs are
    the same if they are one object.
    """

    indptr: Ints
    heads: NDArray[np.int32]
    weights: Ints
    micrometres: Ints

    @property
    def size(self) -> int:
        """The number of nodes."""
        return self.indptr.size - 1

    def tails(self) -> Ints:
        """Give the tail of every directed arc."""
        return np.repeat(np.arange(self.size), np.diff(self.indptr))


def search_graph(network: Network, *, reverse: bool) -> Graph:
    """Lay the arcs out for searching: along them, or against them to search from facilities."""
    arcs = network.arcs
    length = arcs.micrometres[arcs.first[1:] - 1]
    tail = np.concatenate((arcs.start, arcs.end))
    head = np.concatenate((arcs.end, arcs.start))
    weight = np.concatenate((arcs.forward_ms, arcs.backward_ms))
    metres = np.concatenate((length, length))
    if reverse:
        tail, head = head, tail
    use = (weight >= 0) & (tail != head)
    tail, head, weight, metres = tail[use], head[use], weight[use], metres[use]
    order = np.lexsort((metres, weight, head, tail))
    tail, head, weight, metres = tail[order], head[order], weight[order], metres[order]
    new = np.ones(tail.size, dtype=bool)
    new[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    counts = np.bincount(tail[new], minlength=network.node_x.size)
    indptr = np.concatenate(([0], np.cumsum(counts)))
    return Graph(indptr, head[new].astype(np.int32), weight[new], metres[new])
