"""A graph with its nodes taken out one by one, ready to be swept for many categories at once.

Taking a node out joins its neighbours to each other by the ways through it, so that no best way
among the rest is lost: none of the least time, of those none of the least length (elimination in
the algebra of least sums; customizable contraction hierarchies rest on the same). Nodes of few
neighbours go first, in rounds; the few that are left when every node has many neighbours are the
kernel graph, which is searched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.buckets import Roads
from geo.compiled import compiled, written_in
from geo.neighbours import (
    BLOCK,
    CLOSED,
    Rows,
    after,
    begin,
    block,
    empty_row,
    give_back,
    longer,
    move,
    roomier,
    rows_of,
)
from geo.thinning import thinned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.graph import Graph

    Ints = NDArray[np.int64]
    Shorts = NDArray[np.int32]

_MOST = 6  # neighbours with which a node is still taken out
_ROUND = 16  # a round that takes out less than one node in so many is the last of its kind


class Ladder(NamedTuple):
    """What every node that went out was joined to then, in rows (from ``first``) as they went.

    ``head`` is whom, ``ms`` and ``um`` are milliseconds and micrometres of the best way there and
    back; CLOSED where there is none.
    """

    first: Ints
    head: Shorts
    ms: Shorts
    um: Ints


class Apart(NamedTuple):
    """A graph taken apart. Nodes are numbered in the order they went out, the kernel's last.

    ``rank`` is the new number of each node. The nodes of ``kernel``, the graph that is left, count
    from 0.
    """

    rank: Shorts
    ladder: Ladder
    kernel: Roads


@written_in
def _better(ms: Shorts, um: Ints, at: int, back: int, way: tuple[int, int]) -> None:
    """Keep a way if it is earlier, or as early and shorter."""
    if way[0] < ms[at, back]:
        ms[at, back], um[at, back] = way
    elif way[0] == ms[at, back] and way[1] < um[at, back]:
        um[at, back] = way[1]


@written_in
def _write(rows: Rows, node: int, ladder: Ladder, gone: int) -> None:
    """Put a node's row on the ladder, which has room for it."""
    _, size, mate, ms, um, link, _ = rows
    first, head, way_ms, way_um = ladder
    here = rows.first[node]
    for rung in range(first[gone], first[gone] + size[node]):
        head[rung] = mate[here]
        for back in range(2):
            way_ms[rung, back], way_um[rung, back] = ms[here, back], um[here, back]
        here = after(link, here)
    first[gone + 1] = first[gone] + size[node]


@compiled
def _bridge(rows: Rows, node: int, ladder: Ladder, gone: int, spot: Shorts) -> None:
    """Take a node out that is on the ladder: join its neighbours to each other by ways through it.

    ``spot`` is -1 for every node, and so again afterwards.
    """
    first, size, mate, ms, um, link, store = rows
    rungs, head, way_ms, way_um = ladder
    for a in range(rungs[gone], rungs[gone + 1]):
        tail = head[a]
        at = last = first[tail]
        for _ in range(size[tail]):
            spot[mate[at]] = last = at
            at = after(link, at)
        gap = spot[node]
        spot[node] = -1
        to, fro, far, back = way_ms[a, 1], way_ms[a, 0], way_um[a, 1], way_um[a, 0]
        for b in range(rungs[gone], rungs[gone + 1]):
            if b == a:
                continue
            at = spot[head[b]]
            if at < 0:
                at, gap = gap, -1
                if at < 0:
                    if (last + 1) % BLOCK == 0 and link[last // BLOCK] < 0:
                        link[last // BLOCK] = block(link, store)
                    at = last = after(link, last)
                    size[tail] += 1
                begin((mate, ms, um), at, head[b])
            _better(ms, um, at, 0, (to + way_ms[b, 0], far + way_um[b, 0]))
            _better(ms, um, at, 1, (fro + way_ms[b, 1], back + way_um[b, 1]))
        at = first[tail]
        for _ in range(size[tail]):
            spot[mate[at]] = -1
            at = after(link, at)
        if gap >= 0:
            move((mate, ms, um), last, gap)
            size[tail] -= 1
    give_back(link, store, first[node] // BLOCK)


@compiled
def _round(
    rows: Rows, ladder: Ladder, lists: tuple[Shorts, Shorts, Shorts], state: Ints, degree: int
) -> bool:
    """Take nodes out that have no more than so many neighbours, as long as there is room.

    ``lists`` are the nodes that are left, room for those that went, and what ``_bridge`` needs;
    ``state`` is how many of the first have been looked at and stay, and how many have gone. False
    where more room is needed to go on.
    """
    alive, order, spot = lists
    size, link, store, first, head = rows.size, rows.link, rows.store, ladder.first, ladder.head
    while state[0] < alive.size:
        node, gone = alive[state[0]], state[2]
        if size[node] > degree:
            alive[state[1]] = node
            state[1] += 1
        else:
            blocks = size[node] * (size[node] // BLOCK + 1)
            if store[0] + blocks > link.size or first[gone] + size[node] > head.size:
                return False
            _write(rows, node, ladder, gone)
            _bridge(rows, node, ladder, gone, spot)
            order[gone] = node
            state[2] += 1
        state[0] += 1
    return True


@compiled
def _leave(rows: Rows, ladder: Ladder, left: Shorts, gone: int) -> None:
    """Put those who stay on the ladder, too."""
    for i in range(left.size):
        _write(rows, left[i], ladder, gone + i)


def _out_in_turn(rows: Rows, ladder: Ladder) -> tuple[Shorts, int, Ladder]:
    """Take nodes out while they have few neighbours.

    Gives the nodes in the order they went, those left last, and how many went.
    """
    alive = np.arange(rows.size.size, dtype=np.int32)
    order, spot = np.empty_like(alive), np.full_like(alive, -1)
    gone, degree = 0, 1
    while degree <= _MOST and alive.size:
        state = np.array([0, 0, gone])
        while not _round(rows, ladder, (alive, order, spot), state, degree):
            rows, ladder = roomier(rows, _MOST * (_MOST // BLOCK + 1)), _higher(ladder, _MOST)
        alive, before, gone = alive[: state[1]], gone, int(state[2])
        if (gone - before) * _ROUND < alive.size:
            degree += 1
    order[gone:] = alive
    rest = int(rows.size[alive].sum())
    if ladder.first[gone] + rest > ladder.head.size:
        ladder = _higher(ladder, rest)
    _leave(rows, ladder, alive, gone)
    return order, gone, ladder


def _higher(ladder: Ladder, more: int) -> Ladder:
    """Give the ladder with room for so many more rungs, and half of what it has."""
    size = ladder.head.size + ladder.head.size // 2 + more
    first, head, ms, um = ladder
    return Ladder(first, longer(head, size), longer(ms, size), longer(um, size))


def take_apart(graph: Graph) -> Apart:
    """Take a graph apart; see the module's text."""
    rows = rows_of(graph)
    none = Ladder(np.zeros(graph.size + 1, np.int64), *empty_row(2 * graph.heads.size))
    order, gone, (first, head, ms, um) = _out_in_turn(rows, none)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size, dtype=np.int32)
    cut, end = first[gone], first[-1]
    head[:end] = rank[head[:end]]
    left = Ladder(first[gone:] - cut, head[cut:end] - np.int32(gone), ms[cut:end], um[cut:end])
    ladder = Ladder(first[: gone + 1], head[:cut], ms[:cut], um[:cut])
    return Apart(rank, ladder, thinned(_ahead(left)))


def _ahead(rows: Ladder) -> Roads:
    """Give the ways there of some rows as a graph."""
    is_open = rows.ms[:, 0] < CLOSED
    return Roads(
        np.concatenate(([0], np.cumsum(is_open)))[rows.first],
        rows.head[is_open],
        rows.ms[is_open, 0].astype(np.int64),
        rows.um[is_open, 0],
    )
