"""The search itself: one seam, so that a faster kernel can take its place.

A key carries a whole time and a facility in one number, ``milliseconds * 2**20 + rank``, so that
the shortest key is the earliest facility and, of equally early ones, the lowest id. Keys stay
below 2**53 and are exact in float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network

    Ints = NDArray[np.int64]

RANK_BITS = 20
MAX_RANK = (1 << RANK_BITS) - 2
UNREACHED = np.int64(1) << 53


@dataclass(frozen=True)
class Graph:
    """Directed arcs in rows of tails, the quickest of parallel ones only.

    ``weights`` are whole milliseconds, ``micrometres`` the length of the same arc.
    """

    indptr: Ints
    heads: Ints
    weights: Ints
    micrometres: Ints

    @property
    def size(self) -> int:
        """The number of nodes."""
        return self.indptr.size - 1

    def tails(self) -> Ints:
        """Give the tail of every directed arc."""
        return np.repeat(np.arange(self.size), np.diff(self.indptr))


@dataclass(frozen=True)
class Seeds:
    """Where a search begins: nodes, the keys they start with, and the length beyond them."""

    node: Ints
    key: Ints
    micrometres: Ints


@dataclass(frozen=True)
class Reached:
    """What a search found per node: the key (UNREACHED if none) and the micrometres it is long."""

    key: Ints
    micrometres: Ints


def pack(milliseconds: Ints, rank: Ints) -> Ints:
    """Put a time and a facility's rank (from 0) into one key."""
    return (milliseconds << RANK_BITS) + rank + 1


def unpack(key: Ints) -> tuple[Ints, Ints]:
    """Give back time and rank of keys."""
    return key >> RANK_BITS, (key & ((1 << RANK_BITS) - 1)) - 1


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
    return Graph(indptr, head[new], weight[new], metres[new])


def search(graph: Graph, seeds: Seeds, *, limit_ms: int) -> Reached:
    """Search from seeds as far as ``limit_ms``, the nearest seed of every node.

    Seeds are the heads of arcs out of one added node, so that one run of scipy's Dijkstra serves
    all of a category's facilities.
    """
    order = np.lexsort((seeds.micrometres, seeds.key, seeds.node))
    order = order[np.unique(seeds.node[order], return_index=True)[1]]
    node, start = seeds.node[order], seeds.key[order]
    data = np.concatenate((graph.weights << RANK_BITS, start)).astype(np.float64)
    heads = np.concatenate((graph.heads, node)).astype(np.int32)
    indptr = np.concatenate((graph.indptr, [data.size])).astype(np.int32)
    size = graph.size + 1
    cost, before = dijkstra(
        csr_array((data, heads, indptr), shape=(size, size)),
        indices=np.array([graph.size]),
        return_predecessors=True,
        limit=float((limit_ms + 1) << RANK_BITS),
    )
    cost, tree = cost.ravel()[:-1], before.ravel()[:-1].astype(np.int64)
    reached = np.isfinite(cost)
    key = np.full(graph.size, UNREACHED)
    key[reached] = cost[reached].astype(np.int64)
    beyond = np.zeros(graph.size, dtype=np.int64)
    beyond[node] = seeds.micrometres[order]
    return Reached(key, _lengths(graph, tree, beyond))


def _lengths(graph: Graph, before: Ints, beyond: Ints) -> Ints:
    """Add up the micrometres from each node to its seed along the tree the search found.

    ``beyond`` is the length past a root of the tree. Each round doubles how far along the tree a
    node has looked.
    """
    child = np.flatnonzero((before >= 0) & (before < graph.size))
    pairs = graph.tails() * graph.size + graph.heads
    arc = np.searchsorted(pairs, before[child] * graph.size + child)
    total = np.zeros(graph.size, dtype=np.int64)
    total[child] = graph.micrometres[arc]
    jump = np.arange(graph.size)
    jump[child] = before[child]
    while True:
        total += total[jump]
        ahead = jump[jump]
        if (ahead == jump).all():
            return total + beyond[jump]
        jump = ahead
