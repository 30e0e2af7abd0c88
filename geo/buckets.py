"""Searches in buckets of time, compiled: for what lies within a limit.

A bucket holds the nodes whose time lies in its span; every node is in one bucket at most, linked to
those before and after it there. A node that is improved goes back into its bucket, so that labels
end up exact however wide the buckets are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.compiled import compiled, side_by_side, threads
from geo.keys import RANK_BITS, UNREACHED, Reached, Seeds, Stops, all_stops

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.graph import Graph

    Ints = NDArray[np.int64]
    Shorts = NDArray[np.int32]

_BUCKET_BITS = 12
_NOWHERE = -2
_WAITS, _NEW = 1, 2


class Roads(NamedTuple):
    """A graph as compiled code takes it; see Graph."""

    first: Ints
    head: Shorts
    ms: Ints
    um: Ints


class Desk(NamedTuple):
    """What one search at a time writes on: 28 bytes a node.

    ``key`` and ``um`` are the least key of every node so far and the least length of such a way.
    ``top`` is the first node of every bucket, ``after`` and ``before`` a node's neighbours in its
    bucket, ``span`` the bits of a key below its bucket. ``seen`` lists the nodes reached.
    """

    key: Ints
    um: Ints
    top: Shorts
    after: Shorts
    before: Shorts
    seen: Shorts
    span: int


class Starts(NamedTuple):
    """Seeds as compiled code takes them, by key."""

    node: Ints
    key: Ints
    um: Ints


@compiled
def _take_out(desk: Desk, node: int) -> None:
    ahead, behind = desk.before[node], desk.after[node]
    if ahead >= 0:
        desk.after[ahead] = behind
    else:
        desk.top[(desk.key[node] >> desk.span) & (desk.top.size - 1)] = behind
    if behind >= 0:
        desk.before[behind] = ahead
    desk.before[node] = _NOWHERE


@compiled
def _offer(desk: Desk, node: int, key: int, um: int) -> int:
    """Give a node a label if it is better; tell whether one more waits and whether it is new."""
    had = desk.key[node]
    if key > had or (key == had and um >= desk.um[node]):
        return 0
    told = _WAITS
    if had == UNREACHED:
        told |= _NEW
    elif desk.before[node] != _NOWHERE:
        _take_out(desk, node)
        told = 0
    desk.key[node], desk.um[node] = key, um
    bucket = (key >> desk.span) & (desk.top.size - 1)
    behind = desk.top[bucket]
    desk.top[bucket], desk.before[node], desk.after[node] = node, -1, behind
    if behind >= 0:
        desk.before[behind] = node
    return told


@compiled
def spread(roads: Roads, starts: Starts, limit: int, desk: Desk) -> int:
    """Search from seeds through keys up to a limit; give the number of nodes reached.

    Nothing must be reached and no bucket filled before; no bucket is filled afterwards.
    """
    waiting = count = at = 0
    bucket = np.int64(0)
    while waiting > 0 or at < starts.node.size:
        if waiting == 0:
            bucket = starts.key[at] >> desk.span
        while at < starts.node.size and starts.key[at] >> desk.span <= bucket:
            told = _offer(desk, starts.node[at], starts.key[at], starts.um[at])
            if told & _NEW:
                desk.seen[count] = starts.node[at]
                count += 1
            waiting += told & _WAITS
            at += 1
        tail = desk.top[bucket & (desk.top.size - 1)]
        if tail < 0:
            bucket += 1
            continue
        _take_out(desk, tail)
        waiting -= 1
        for arc in range(roads.first[tail], roads.first[tail + 1]):
            key = desk.key[tail] + (roads.ms[arc] << RANK_BITS)
            if key <= limit:
                head = roads.head[arc]
                told = _offer(desk, head, key, desk.um[tail] + roads.um[arc])
                if told & _NEW:
                    desk.seen[count] = head
                    count += 1
                waiting += told & _WAITS
    return count


@compiled
def _balls(
    roads: Roads, starts: Starts, first: Ints, limit: int, desk: Desk
) -> tuple[Ints, Shorts, Ints]:
    """Search from one origin after the other.

    Gives where each origin's rows begin, their nodes, and keys beside lengths.
    """
    begins = np.zeros(first.size, np.int64)
    node, far = np.empty(1024, np.int32), np.empty((1024, 2), np.int64)
    row = 0
    for origin in range(first.size - 1):
        low, high = first[origin], first[origin + 1]
        mine = Starts(starts.node[low:high], starts.key[low:high], starts.um[low:high])
        count = spread(roads, mine, limit, desk)
        if row + count > node.size:
            longer = np.empty(2 * (row + count), np.int32)
            wider = np.empty((longer.size, 2), np.int64)
            longer[:row], wider[:row] = node[:row], far[:row]
            node, far = longer, wider
        for at in desk.seen[:count]:
            node[row], far[row, 0], far[row, 1] = at, desk.key[at], desk.um[at]
            desk.key[at] = UNREACHED
            row += 1
        begins[origin + 1] = row
    return begins, node[:row], far[:row]


def lay(graph: Graph) -> Roads:
    """Hand a graph to compiled code, as it is."""
    return Roads(graph.indptr, graph.heads, graph.weights, graph.micrometres)


def desk_for(roads: Roads) -> Desk:
    """Give what a search on a graph needs to write on."""
    size, longest = roads.first.size - 1, int(roads.ms.max(initial=0))
    bits = max(0, longest.bit_length() - _BUCKET_BITS)
    buckets = 1 << ((longest >> bits) + 2).bit_length()
    return Desk(
        key=np.full(size, UNREACHED),
        um=np.zeros(size, dtype=np.int64),
        top=np.full(buckets, -1, dtype=np.int32),
        after=np.empty(size, dtype=np.int32),
        before=np.full(size, _NOWHERE, dtype=np.int32),
        seen=np.empty(size, dtype=np.int32),
        span=bits + RANK_BITS,
    )


def key_limit(limit_ms: int) -> int:
    """Give the greatest key within a limit."""
    return ((limit_ms + 1) << RANK_BITS) - 1


def search_all(
    graph: Graph, groups: Sequence[Seeds], *, at: Ints, limit_ms: int
) -> Iterator[Reached]:
    """Search from each group of seeds by itself; see kernels.search_all."""
    roads, limit = lay(graph), key_limit(limit_ms)

    def one(seeds: Seeds) -> Reached:
        desk = desk_for(roads)
        order = np.argsort(seeds.key, kind="stable")
        order = order[seeds.key[order] <= limit]
        starts = Starts(seeds.node[order], seeds.key[order], seeds.micrometres[order])
        spread(roads, starts, limit, desk)
        return Reached(desk.key[at], desk.um[at])

    return side_by_side(one, groups)


def reach(graph: Graph, origins: Stops, limit_ms: int) -> Stops:
    """Search from every origin by itself; see kernels.reach."""
    roads, limit = lay(graph), key_limit(limit_ms)
    names, begin = np.unique(origins.origin, return_index=True)
    first = np.append(begin, origins.origin.size)
    key = origins.milliseconds << RANK_BITS
    order = np.lexsort((key, origins.origin))
    starts = Starts(origins.node[order], key[order], origins.micrometres[order])

    def some(part: Ints) -> Stops:
        bounds = first[np.append(part, part[-1] + 1)]
        begins, node, far = _balls(roads, starts, bounds, limit, desk_for(roads))
        origin = np.repeat(names[part], np.diff(begins))
        return Stops(origin, node.astype(np.int64), far[:, 0] >> RANK_BITS, far[:, 1])

    parts = [part for part in np.array_split(np.arange(names.size), threads()) if part.size]
    return all_stops(side_by_side(some, parts))
