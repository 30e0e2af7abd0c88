"""Searches in buckets of time, compiled: for what lies within a limit.

A bucket holds the nodes whose time lies in its span; every node is in one bucket at most, linked to
those before and after it there. A node that is improved goes back into its bucket, so that labels
end up exact however wide the buckets are.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.compiled import Desks, compiled, side_by_side, threads, written_in
from geo.keys import RANK_BITS, UNREACHED, Reached, Seeds, Stops, all_stops

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.graph import Graph

    Ints = NDArray[np.int64]
    Shorts = NDArray[np.int32]

_BUCKET_BITS = 12
_PIECE = 100_000  # nodes: what is written for so many a processor keeps near
_SPREAD = 2  # nodes within n mean arcs of one, by n squared: as far as streets spread in the plane
NOWHERE = -2


class Roads(NamedTuple):
    """A graph as compiled code takes it; see Graph."""

    first: Ints
    head: Shorts
    ms: Ints
    um: Ints


class Desk(NamedTuple):
    """What one search at a time writes on: 28 bytes a node.

    ``far`` is the least key of every node so far and the least length of such a way, side by side.
    ``beside`` are the nodes after and before a node in its bucket, ``top`` the first of every
    bucket, ``span`` the bits of a key below its bucket. ``seen`` lists the nodes reached.
    """

    far: Ints
    beside: Shorts
    top: Shorts
    seen: Shorts
    span: int


class Starts(NamedTuple):
    """Seeds as compiled code takes them, by key."""

    node: Ints
    key: Ints
    um: Ints


@written_in
def put_in(beside: Shorts, top: Shorts, node: int, bucket: int | np.integer) -> None:
    """Put a node that is in no bucket into one."""
    behind = top[bucket & (top.size - 1)]
    top[bucket & (top.size - 1)], beside[node, 0], beside[node, 1] = node, behind, -1
    if behind >= 0:
        beside[behind, 1] = node


@written_in
def take_out(beside: Shorts, top: Shorts, node: int, bucket: int | np.integer) -> None:
    """Take a node out of its bucket."""
    behind, ahead = beside[node, 0], beside[node, 1]
    if ahead >= 0:
        beside[ahead, 0] = behind
    else:
        top[bucket & (top.size - 1)] = behind
    if behind >= 0:
        beside[behind, 1] = ahead
    beside[node, 1] = NOWHERE


@written_in
def _leave(far: Ints, beside: Shorts, top: Shorts, node: int, span: int) -> int:
    """Take a node out of its bucket if it is in one; tell how many that are."""
    if beside[node, 1] == NOWHERE:
        return 0
    take_out(beside, top, node, far[node, 0] >> span)
    return 1


@written_in
def _enter(far: Ints, beside: Shorts, top: Shorts, node: int, way: tuple[int, int, int]) -> None:
    """Give a node in no bucket a label (key, length, bits below its bucket), and put it in one."""
    key, um, span = way
    far[node, 0], far[node, 1] = key, um
    put_in(beside, top, node, key >> span)


@compiled
def spread(  # noqa: C901 - pieces of it as functions of their own take a fifth more time
    roads: Roads, starts: Starts, limit: int, desk: Desk
) -> int:
    """Search from seeds through keys up to a limit; give the number of nodes newly reached.

    No bucket must be filled before; none is afterwards.
    """
    # Arrays by their own names: taken from a tuple each time, their references would be counted.
    far, beside, top, seen, span = desk
    first, head, ms, um = roads
    waiting = count = at = 0
    bucket = np.int64(0)
    while waiting > 0 or at < starts.node.size:
        if waiting == 0:
            bucket = starts.key[at] >> span
        while at < starts.node.size and starts.key[at] >> span <= bucket:
            node, way = starts.node[at], (starts.key[at], starts.um[at], span)
            had, at = far[node, 0], at + 1
            if way[0] < had or (way[0] == had and way[1] < far[node, 1]):
                if had == UNREACHED:
                    seen[count] = node
                    count += 1
                waiting += 1 - _leave(far, beside, top, node, span)
                _enter(far, beside, top, node, way)
        tail = top[bucket & (top.size - 1)]
        if tail < 0:
            bucket += 1
            continue
        take_out(beside, top, tail, bucket)
        waiting -= 1
        key, so_far = far[tail, 0], far[tail, 1]
        for arc in range(first[tail], first[tail + 1]):
            there, then = head[arc], key + (ms[arc] << RANK_BITS)
            had = far[there, 0]
            if then > limit or then > had:
                continue
            length = so_far + um[arc]
            if then == had and length >= far[there, 1]:
                continue
            if had == UNREACHED:
                seen[count] = there
                count += 1
            else:
                waiting -= _leave(far, beside, top, there, span)
            _enter(far, beside, top, there, (then, length, span))
            waiting += 1
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
            node[row], far[row, 0], far[row, 1] = at, desk.far[at, 0], desk.far[at, 1]
            desk.far[at, 0], desk.far[at, 1] = UNREACHED, 0
            row += 1
        begins[origin + 1] = row
    return begins, node[:row], far[:row]


def lay(graph: Graph) -> Roads:
    """Hand a graph to compiled code, as it is."""
    return Roads(graph.indptr, graph.heads, graph.weights, graph.micrometres)


def bucket_bits(ms: Ints | Shorts) -> tuple[int, int]:
    """Give the bits of milliseconds within one bucket, and how many buckets arcs can span."""
    longest = int(ms.max(initial=0))
    bits = max(0, longest.bit_length() - _BUCKET_BITS)
    return bits, 1 << ((longest >> bits) + 2).bit_length()


def desk_for(roads: Roads) -> Desk:
    """Give what a search on a graph needs to write on."""
    size = roads.first.size - 1
    bits, buckets = bucket_bits(roads.ms)
    far = np.zeros((size, 2), dtype=np.int64)
    far[:, 0] = UNREACHED
    return Desk(
        far=far,
        beside=np.full((size, 2), NOWHERE, dtype=np.int32),
        top=np.full(buckets, -1, dtype=np.int32),
        seen=np.empty(size, dtype=np.int32),
        span=bits + RANK_BITS,
    )


@lru_cache(maxsize=2)
def desks_for(graph: Graph) -> Desks[Desk]:
    """Give desks for searches on a graph; those of the two graphs asked last are kept."""
    return Desks(partial(desk_for, lay(graph)))


def key_limit(limit_ms: int) -> int:
    """Give the greatest key within a limit."""
    return ((limit_ms + 1) << RANK_BITS) - 1


def _pieces(graph: Graph, limit_ms: int) -> int:
    """Give in how many parts a group's seeds are searched from.

    Seeds come by node, and nodes along a curve: some neighbours at a time, so that what is written
    lies close together. Whoever comes later betters what was found; where one gets farther than
    its neighbours that would be everything again, and all are searched from at once.
    """
    arcs = limit_ms / max(1.0, float(graph.weights.mean())) if graph.weights.size else 0.0
    return 1 + graph.size // _PIECE if _SPREAD * arcs * arcs <= _PIECE else 1


def search_all(
    graph: Graph, groups: Sequence[Seeds], *, at: Ints, limit_ms: int
) -> Iterator[Reached]:
    """Search from each group of seeds by itself; see kernels.search_all."""
    roads, limit, pieces = lay(graph), key_limit(limit_ms), _pieces(graph, limit_ms)

    def one(seeds: Seeds, desk: Desk) -> Reached:
        count = 0
        for part in np.array_split(np.flatnonzero(seeds.key <= limit), pieces):
            order = part[np.argsort(seeds.key[part], kind="stable")]
            starts = Starts(seeds.node[order], seeds.key[order], seeds.micrometres[order])
            count += spread(roads, starts, limit, desk._replace(seen=desk.seen[count:]))
        seen = desk.seen[:count]
        found = Reached(*desk.far.take(at, axis=0).T)
        desk.far[seen, 0], desk.far[seen, 1] = UNREACHED, 0
        return found

    return side_by_side(one, groups, desks_for(graph))


def reach(graph: Graph, origins: Stops, limit_ms: int) -> Stops:
    """Search from every origin by itself; see kernels.reach."""
    roads, limit = lay(graph), key_limit(limit_ms)
    names, begin = np.unique(origins.origin, return_index=True)
    first = np.append(begin, origins.origin.size)
    key = origins.milliseconds << RANK_BITS
    order = np.lexsort((key, origins.origin))
    starts = Starts(origins.node[order], key[order], origins.micrometres[order])

    def some(part: Ints, desk: Desk) -> Stops:
        bounds = first[np.append(part, part[-1] + 1)]
        begins, node, far = _balls(roads, starts, bounds, limit, desk)
        origin = np.repeat(names[part], np.diff(begins))
        return Stops(origin, node.astype(np.int64), far[:, 0] >> RANK_BITS, far[:, 1])

    parts = [part for part in np.array_split(np.arange(names.size), threads()) if part.size]
    return all_stops(side_by_side(some, parts, desks_for(graph)))
