"""Nearest facilities of many categories at once, swept over a graph taken apart; compiled.

Every least way rises through nodes that went out ever later and falls through ever earlier ones,
with the kernel graph between: one pass up, a search of the kernel, one pass down. Eight categories
go side by side, and times alone: facilities and lengths are found from them (geo.sources).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.buckets import NOWHERE, bucket_bits, put_in, take_out
from geo.compiled import compiled, side_by_side
from geo.elimination import CLOSED, Kernel, Prepared, prepare
from geo.keys import RANK_BITS, Reached
from geo.sources import NOBODY, NOTE_BITS, OPEN, Turned, told, trace, turned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.graph import Graph
    from geo.keys import Seeds

    Ints = NDArray[np.int64]
    Shorts = NDArray[np.int32]

LANES = 8
FARTHEST = CLOSED - 1  # milliseconds: the longest time that can be found


class Both(NamedTuple):
    """A graph taken apart, and with its arcs turned."""

    apart: Prepared
    back: Turned


@lru_cache(maxsize=2)
def prepared(graph: Graph) -> Both:
    """Make a graph ready; the two networks asked last are kept."""
    arcs = graph.indptr, graph.heads, graph.weights, graph.micrometres
    return Both(prepare(graph), turned(*arcs, CLOSED))


@compiled
def _rise(apart: Prepared, label: Shorts) -> None:
    """Offer every node's times to those that went out later."""
    first, head_of, way = apart.first, apart.head, apart.way
    for node in range(first.size - 1):
        least = CLOSED
        for k in range(LANES):
            least = min(least, label[node, k])
        if least == CLOSED:
            continue
        for arc in range(first[node], first[node + 1]):
            head, ms = head_of[arc], way[arc, 0]
            for k in range(LANES):
                label[head, k] = min(label[head, k], np.int32(label[node, k] + ms))


@compiled
def _fall(apart: Prepared, label: Shorts) -> None:
    """Offer every node the times of those that went out later."""
    first, head_of, way = apart.first, apart.head, apart.way
    for node in range(first.size - 2, -1, -1):
        for arc in range(first[node], first[node + 1]):
            head, ms = head_of[arc], way[arc, 1]
            for k in range(LANES):
                label[node, k] = min(label[node, k], np.int32(label[head, k] + ms))


@compiled
def _note(label: Shorts, rank: Shorts) -> Ints:
    """Note the times of all nodes as they were numbered at first, category by category."""
    note = np.empty((LANES, rank.size, 2), np.int64)
    for node in range(rank.size):
        for k in range(LANES):
            note[k, node, 0] = (np.int64(label[rank[node], k]) << NOTE_BITS) | OPEN | NOBODY
    return note


def search_all(
    graph: Graph, groups: Sequence[Seeds], *, at: Ints, limit_ms: int
) -> Iterator[Reached]:
    """Search from each group of seeds by itself; see kernels.search_all.

    Nothing is saved by a limit: what lies beyond it is found, too, and forgotten. No limit is
    beyond FARTHEST.
    """
    apart, back = prepared(graph)

    def lanes(some: Sequence[Seeds]) -> list[Reached]:
        label = np.full((graph.size, LANES), CLOSED, dtype=np.int32)
        for k, seeds in enumerate(some):
            start = np.minimum(seeds.key >> RANK_BITS, CLOSED)
            label[apart.rank[seeds.node], k] = start
        _rise(apart, label)
        for k in range(len(some)):
            _search_kernel(apart.kernel, label[apart.first.size - 1 :], k)
        _fall(apart, label)
        note = _note(label, apart.rank)
        return [_reached(back, note[k], seeds, at, limit_ms) for k, seeds in enumerate(some)]

    together = [groups[begin : begin + LANES] for begin in range(0, len(groups), LANES)]
    for found in side_by_side(lanes, together):
        yield from found


def _reached(back: Turned, note: Ints, seeds: Seeds, at: Ints, limit_ms: int) -> Reached:
    """Find facility and length for some nodes whose times are noted."""
    first = seeds.key >> RANK_BITS == note[seeds.node, 0] >> NOTE_BITS
    node, key = seeds.node[first], seeds.key[first]
    note[node, 0] += (key & NOBODY) - NOBODY
    note[node, 1] = seeds.micrometres[first]
    trace(back, note, at, limit_ms)
    return Reached(*told(note, at, limit_ms))


def _search_kernel(kernel: Kernel, label: Shorts, lane: int) -> None:
    """Search the kernel graph for one category, from whatever its nodes have so far."""
    time = label[:, lane].copy()
    start = np.flatnonzero(time < CLOSED).astype(np.int32)
    span, buckets = bucket_bits(kernel.ms)
    beside = np.full((time.size, 2), NOWHERE, dtype=np.int32)
    top = np.full(buckets, -1, dtype=np.int32)
    _settle(kernel, start[np.argsort(time[start])], time, (beside, top, span))
    label[:, lane] = time


@compiled
def _settle(kernel: Kernel, start: Shorts, time: Shorts, desk: tuple[Shorts, Shorts, int]) -> None:
    """Bring all times down to the least, from nodes that have one, by time; see geo.buckets."""
    first, head, ms = kernel
    beside, top, span = desk
    begun = time[start]
    waiting = at = bucket = 0
    while waiting > 0 or at < start.size:
        if waiting == 0:
            bucket = begun[at] >> span
        while at < start.size and begun[at] >> span <= bucket:
            node = start[at]
            if time[node] == begun[at]:  # or it was reached before
                put_in(beside, top, node, bucket)
                waiting += 1
            at += 1
        tail = top[bucket & (top.size - 1)]
        if tail < 0:
            bucket += 1
            continue
        take_out(beside, top, tail, bucket)
        waiting -= 1
        for arc in range(first[tail], first[tail + 1]):
            node, there = head[arc], np.int32(time[tail] + ms[arc])
            if there >= time[node]:
                continue
            if beside[node, 1] != NOWHERE:
                take_out(beside, top, node, time[node] >> span)
                waiting -= 1
            time[node] = there
            put_in(beside, top, node, there >> span)
            waiting += 1
