"""Nearest facilities of many categories at once, swept over a graph taken apart; compiled.

Every least way rises through nodes that went out ever later and falls through ever earlier ones,
with the kernel graph between: one pass up, a search of the kernel, one pass down. Eight categories
go side by side, a node's labels in two neighbouring lines of the processor's memory.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from geo.buckets import Starts, desk_for, key_limit, spread
from geo.compiled import compiled, side_by_side
from geo.elimination import Prepared, prepare
from geo.keys import UNREACHED, Reached

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.graph import Graph
    from geo.keys import Seeds

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LANES = 8

prepared = lru_cache(maxsize=2)(prepare)
"""Graphs taken apart, of the two networks asked last."""


@compiled
def _rise(apart: Prepared, label: Floats) -> None:
    """Offer every node's labels to those that went out later."""
    first, head_of, way = apart.first, apart.head, apart.way
    for node in range(first.size - 1):
        some = False
        for k in range(LANES):
            some |= label[node, k] < np.inf
        if not some:
            continue
        for arc in range(first[node], first[node + 1]):
            head, key, um = head_of[arc], way[arc, 0], way[arc, 2]
            for k in range(LANES):
                far, long = label[node, k] + key, label[node, LANES + k] + um
                had, length = label[head, k], label[head, LANES + k]
                better = (far < had) | ((far == had) & (long < length))
                label[head, k] = far if better else had
                label[head, LANES + k] = long if better else length


@compiled
def _fall(apart: Prepared, label: Floats) -> None:
    """Offer every node the labels of those that went out later."""
    first, head_of, way = apart.first, apart.head, apart.way
    for node in range(first.size - 2, -1, -1):
        for arc in range(first[node], first[node + 1]):
            head, key, um = head_of[arc], way[arc, 1], way[arc, 3]
            for k in range(LANES):
                far, long = label[head, k] + key, label[head, LANES + k] + um
                had, length = label[node, k], label[node, LANES + k]
                better = (far < had) | ((far == had) & (long < length))
                label[node, k] = far if better else had
                label[node, LANES + k] = long if better else length


@compiled
def _hand_out(label: Floats, rank: NDArray[np.int32], at: Ints, found: Ints) -> None:
    """Give keys and lengths of some nodes, category by category."""
    for i in range(at.size):
        row = rank[at[i]]
        for k in range(found.shape[1]):
            if label[row, k] < np.inf:
                found[0, k, i] = np.int64(label[row, k])
                found[1, k, i] = np.int64(label[row, LANES + k])
            else:
                found[0, k, i], found[1, k, i] = UNREACHED, 0


def search_all(
    graph: Graph, groups: Sequence[Seeds], *, at: Ints, limit_ms: int
) -> Iterator[Reached]:
    """Search from each group of seeds by itself; see kernels.search_all.

    Nothing is saved by a limit: what lies beyond it is found, too, and forgotten.
    """
    apart = prepared(graph)
    limit = key_limit(limit_ms)

    def lanes(some: Sequence[Seeds]) -> Ints:
        label = np.full((graph.size, 2 * LANES), np.inf)
        for k, seeds in enumerate(some):
            row = apart.rank[seeds.node]
            label[row, k], label[row, LANES + k] = seeds.key, seeds.micrometres
        _rise(apart, label)
        for k in range(len(some)):
            _search_kernel(apart, label, k)
        _fall(apart, label)
        found = np.empty((2, len(some), at.size), dtype=np.int64)
        _hand_out(label, apart.rank, at, found)
        late = found[0] > limit
        found[0][late], found[1][late] = UNREACHED, 0
        return found

    together = [groups[begin : begin + LANES] for begin in range(0, len(groups), LANES)]
    for found in side_by_side(lanes, together):
        yield from (Reached(key, um) for key, um in zip(*found, strict=True))


def _search_kernel(apart: Prepared, label: Floats, lane: int) -> None:
    """Search the kernel graph for one category, from whatever its nodes have so far."""
    mine = label[apart.first.size - 1 :]
    node = np.flatnonzero(mine[:, lane] < np.inf)
    node = node[np.argsort(mine[node, lane], kind="stable")]
    starts = Starts(
        node, mine[node, lane].astype(np.int64), mine[node, LANES + lane].astype(np.int64)
    )
    desk = desk_for(apart.kernel)
    spread(apart.kernel, starts, int(UNREACHED) - 1, desk)
    key, length = desk.far.T
    reached = key < UNREACHED
    mine[reached, lane], mine[reached, LANES + lane] = key[reached], length[reached]
