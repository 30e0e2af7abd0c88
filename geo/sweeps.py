"""Nearest facilities of many categories at once, swept over a graph taken apart; compiled.

Every best way rises through nodes that went out ever later and falls through ever earlier ones,
with the kernel graph between: one pass up, a search of the kernel, one pass down. Four categories
go side by side, each label a key and a length.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from geo.buckets import Starts, desk_for, key_limit, spread
from geo.compiled import Desks, compiled, side_by_side, written_in
from geo.elimination import Apart, Ladder, take_apart
from geo.keys import RANK_BITS, UNREACHED, Reached
from geo.neighbours import CLOSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.buckets import Roads
    from geo.graph import Graph
    from geo.keys import Seeds

    Ints = NDArray[np.int64]
    Shorts = NDArray[np.int32]

LANES = 4
FARTHEST = CLOSED - 1  # milliseconds: the longest time that can be found
_BEYOND = CLOSED << RANK_BITS  # no key of a way is as great


@lru_cache(maxsize=2)
def apart_of(graph: Graph) -> Apart:
    """Take a graph apart; those of the two asked last are kept."""
    return take_apart(graph)


@written_in
def _offer(label: Ints, here: int, there: int, ms: int, um: int) -> None:
    """Offer the labels of a node to another, some milliseconds and micrometres from there."""
    # How many lanes there are the compiler must not know: else it goes through them one by one.
    for k in range(label.shape[2]):
        key, far = label[here, 0, k] + (np.int64(ms) << RANK_BITS), label[here, 1, k] + um
        had, was = label[there, 0, k], label[there, 1, k]
        better = (key < had) | ((key == had) & (far < was))
        label[there, 0, k] = key if better else had
        label[there, 1, k] = far if better else was


@compiled
def _rise(ladder: Ladder, label: Ints) -> None:
    """Offer every node's labels to those that went out later."""
    first, head, ms, um = ladder
    for node in range(first.size - 1):
        least = UNREACHED
        for k in range(label.shape[2]):
            least = min(least, label[node, 0, k])
        if least >= _BEYOND:
            continue
        for arc in range(first[node], first[node + 1]):
            _offer(label, node, head[arc], ms[arc, 0], um[arc, 0])


@compiled
def _fall(ladder: Ladder, label: Ints) -> None:
    """Offer every node the labels of those that went out later."""
    first, head, ms, um = ladder
    for node in range(first.size - 2, -1, -1):
        for arc in range(first[node], first[node + 1]):
            _offer(label, head[arc], node, ms[arc, 1], um[arc, 1])


@compiled
def _tell(label: Ints, node: Shorts, limit: int, found: Ints) -> None:
    """Write down key and length of some nodes as far as a limit, category by category."""
    for i in range(node.size):
        for k in range(found.shape[0]):
            reached = label[node[i], 0, k] <= limit
            found[k, 0, i] = label[node[i], 0, k] if reached else UNREACHED
            found[k, 1, i] = label[node[i], 1, k] if reached else 0


def search_all(
    graph: Graph, groups: Sequence[Seeds], *, at: Ints, limit_ms: int
) -> Iterator[Reached]:
    """Search from each group of seeds by itself; see kernels.search_all.

    Nothing is saved by a limit: what lies beyond it is found, too, and forgotten. No limit is
    beyond FARTHEST.
    """
    apart = apart_of(graph)
    gone, asked = apart.ladder.first.size - 1, apart.rank[at]

    def lanes(some: Sequence[Seeds], label: Ints) -> list[Reached]:
        label[:] = UNREACHED
        for k, seeds in enumerate(some):
            label[apart.rank[seeds.node], 0, k] = seeds.key
            label[apart.rank[seeds.node], 1, k] = seeds.micrometres
        _rise(apart.ladder, label)
        for k in range(len(some)):
            _search_kernel(apart.kernel, label[gone:, :, k])
        _fall(apart.ladder, label)
        found = np.empty((len(some), 2, at.size), np.int64)
        _tell(label, asked, key_limit(limit_ms), found)
        return [Reached(*each) for each in found]

    together = [groups[begin : begin + LANES] for begin in range(0, len(groups), LANES)]
    desks = Desks(lambda: np.empty((graph.size, 2, LANES), np.int64))
    for each in side_by_side(lanes, together, desks):
        yield from each


def _search_kernel(kernel: Roads, label: Ints) -> None:
    """Search the kernel graph for one category, from whatever its nodes have so far."""
    start = np.flatnonzero(label[:, 0] < _BEYOND)
    start = start[np.argsort(label[start, 0], kind="stable")]
    desk = desk_for(kernel)
    spread(kernel, Starts(start, label[start, 0], label[start, 1]), _BEYOND - 1, desk)
    label[:] = desk.far
