"""A graph with its nodes taken out one by one, ready to be swept for many categories at once.

Taking a node out joins its neighbours to each other by the ways through it, so that no least time
among the rest changes (elimination in the algebra of least sums; customizable contraction
hierarchies rest on the same). Nodes of few neighbours go first, in rounds; the few that are left
when every node has many neighbours are the kernel graph, which is searched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.buckets import lay
from geo.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.buckets import Roads
    from geo.graph import Graph

    Ints = NDArray[np.int64]
    Shorts = NDArray[np.int32]

CLOSED = (1 << 30) - 1  # milliseconds that no way takes: twelve days; twice it is a 32-bit number
_MOST = 20  # neighbours with which a node is still taken out
_ROUND = 16  # a round that takes out less than one node in so many is the last of its kind


class Rows(NamedTuple):
    """Every node's neighbours, in rows with room to grow.

    A row lies at ``first`` and holds ``size`` of the ``room`` there. ``way`` has for each neighbour
    the milliseconds there and back.
    """

    first: Ints
    size: Shorts
    room: Shorts
    mate: Shorts
    way: Shorts


class Kernel(NamedTuple):
    """What is left of a graph: arcs in rows of tails, their heads, their milliseconds."""

    first: Ints
    head: Shorts
    ms: Shorts


class Prepared(NamedTuple):
    """A graph taken apart. Nodes are numbered in the order they went out, the kernel's last.

    ``rank`` is the new number of each node. Row i (from ``first``) lists what node i was joined to
    when it went: ``head``, and in ``way`` milliseconds there and back, CLOSED where there is no
    way. The heads of ``kernel`` count from 0.
    """

    rank: Shorts
    first: Ints
    head: Shorts
    way: Shorts
    kernel: Kernel


@compiled
def _rows(roads: Roads) -> Rows:
    """Put both ways between two nodes side by side."""
    nodes = roads.first.size - 1
    room = np.zeros(nodes, np.int32)
    for tail in range(nodes):
        for arc in range(roads.first[tail], roads.first[tail + 1]):
            room[tail] += 1
            room[roads.head[arc]] += 1
    first, size = np.zeros(nodes, np.int64), np.zeros(nodes, np.int32)
    total = 0
    for node in range(nodes):
        first[node] = total
        total += room[node]
    mate, way = np.empty(total, np.int32), np.empty((total, 2), np.int32)
    for tail in range(nodes):
        for arc in range(roads.first[tail], roads.first[tail + 1]):
            head = roads.head[arc]
            for back in range(2):
                here, there = (head, tail) if back else (tail, head)
                at, end = first[here], first[here] + size[here]
                while at < end and mate[at] != there:
                    at += 1
                if at == end:
                    mate[at] = there
                    way[at, 0] = way[at, 1] = CLOSED
                    size[here] += 1
                way[at, back] = min(roads.ms[arc], CLOSED)
    return Rows(first, size, room, mate, way)


@compiled
def _make_room(rows: Rows, node: int, end: int) -> tuple[Rows, int]:
    """Move the rows of a node's neighbours that may become too long to the end of all rows."""
    first, size, room, mate, way = rows
    for a in range(first[node], first[node] + size[node]):
        other = mate[a]
        need = size[other] + size[node]
        if need > room[other]:
            low, wide = first[other], need + need // 2
            if end + wide > mate.size:
                longer = np.empty(end + wide + mate.size // 2, np.int32)
                wider = np.empty((longer.size, 2), np.int32)
                longer[:end], wider[:end] = mate[:end], way[:end]
                mate, way = longer, wider
            for j in range(size[other]):
                mate[end + j] = mate[low + j]
                way[end + j, 0], way[end + j, 1] = way[low + j, 0], way[low + j, 1]
            first[other], room[other] = end, wide
            end += wide
    return Rows(first, size, room, mate, way), end


@compiled
def _bridge(rows: Rows, node: int, spot: Shorts) -> None:
    """Take a node out: join its neighbours to each other by the ways through it.

    ``spot`` is -1 for every node, and so again afterwards.
    """
    first, size, _, mate, way = rows
    low, high = first[node], first[node] + size[node]
    for a in range(low, high):
        tail = mate[a]
        row, held = first[tail], size[tail] - 1
        for j in range(held + 1):
            spot[mate[row + j]] = j
        gap = spot[node]
        mate[row + gap] = mate[row + held]
        way[row + gap, 0], way[row + gap, 1] = way[row + held, 0], way[row + held, 1]
        spot[mate[row + gap]] = gap
        spot[node] = -1
        to, fro = way[a, 1], way[a, 0]
        for b in range(low, high):
            if b == a:
                continue
            at = spot[mate[b]]
            if at < 0:
                at = held
                held += 1
                mate[row + at] = mate[b]
                way[row + at, 0] = way[row + at, 1] = CLOSED
            way[row + at, 0] = min(way[row + at, 0], to + way[b, 0])
            way[row + at, 1] = min(way[row + at, 1], fro + way[b, 1])
        for j in range(held):
            spot[mate[row + j]] = -1
        size[tail] = held


@compiled
def _take_apart(rows: Rows, most: int) -> tuple[Shorts, int, Rows]:
    """Take nodes out while they have no more than ``most`` neighbours.

    Gives the nodes in the order they went, those left last, and how many went.
    """
    nodes = rows.size.size
    end = rows.mate.size
    alive = np.arange(nodes).astype(np.int32)
    order, spot = np.empty(nodes, np.int32), np.full(nodes, np.int32(-1))
    left, gone, degree = nodes, 0, 1
    while degree <= most and left > 0:
        before, kept = gone, 0
        for i in range(left):
            node = alive[i]
            if rows.size[node] > degree:
                alive[kept] = node
                kept += 1
                continue
            order[gone] = node
            gone += 1
            rows, end = _make_room(rows, node, end)
            _bridge(rows, node, spot)
        left = kept
        if (gone - before) * _ROUND < left:
            degree += 1
    order[gone:] = alive[:left]
    return order, gone, rows


@compiled
def _collect(order: Shorts, rank: Shorts, rows: Rows) -> tuple[Ints, Shorts, Shorts]:
    """Give the rows of some nodes one after the other, the neighbours by rank."""
    first = np.zeros(order.size + 1, np.int64)
    for i in range(order.size):
        first[i + 1] = first[i] + rows.size[order[i]]
    head, way = np.empty(first[-1], np.int32), np.empty((first[-1], 2), np.int32)
    for i in range(order.size):
        low = rows.first[order[i]]
        for j in range(rows.size[order[i]]):
            head[first[i] + j] = rank[rows.mate[low + j]]
            way[first[i] + j, 0] = rows.way[low + j, 0]
            way[first[i] + j, 1] = rows.way[low + j, 1]
    return first, head, way


def prepare(graph: Graph) -> Prepared:
    """Take a graph apart; see the module's text."""
    order, gone, rows = _take_apart(_rows(lay(graph)), _MOST)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size, dtype=np.int32)
    first, head, way = _collect(order[:gone], rank, rows)
    return Prepared(rank, first, head, way, _kernel(*_collect(order[gone:], rank, rows), gone))


def _kernel(first: Ints, head: Shorts, way: Shorts, gone: int) -> Kernel:
    is_open = way[:, 0] < CLOSED
    tail = np.repeat(np.arange(first.size - 1), np.diff(first))[is_open]
    begins = np.cumsum(np.bincount(tail, minlength=first.size - 1))
    heads = (head[is_open] - gone).astype(np.int32)
    return Kernel(np.concatenate(([0], begins)), heads, way[is_open, 0].copy())
