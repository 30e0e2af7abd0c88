"""The neighbours of every node of a graph, in rows that grow and give room back; compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from geo.buckets import lay
from geo.compiled import compiled, written_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.buckets import Roads
    from geo.graph import Graph

    Ints = NDArray[np.int64]
    Shorts = NDArray[np.int32]

_Whole = TypeVar("_Whole", np.int32, np.int64)

CLOSED = (1 << 30) - 1  # milliseconds that no way takes: twelve days; twice it is a 32-bit number
BLOCK = 4  # neighbours in one block: few nodes of streets have more


class Rows(NamedTuple):
    """Every node's neighbours, in chains of blocks.

    The first of a node's lies at ``first``, there are ``size``; ``link`` is the block after each,
    -1 if there is none. ``ms`` and ``um`` have for each neighbour the milliseconds and micrometres
    of the best way there and back. ``store`` tells how many blocks have been used, and one that
    is free again and linked to others, or -1.
    """

    first: Ints
    size: Shorts
    mate: Shorts
    ms: Shorts
    um: Ints
    link: Shorts
    store: Shorts


@written_in
def after(link: Shorts, at: int) -> int:
    """Give where the neighbour after one lies."""
    return at + 1 if (at + 1) % BLOCK else BLOCK * int(link[at // BLOCK])


@written_in
def block(link: Shorts, store: Shorts) -> int:
    """Take a free block, linked to none."""
    free: int = store[1]
    if free >= 0:
        store[1] = link[free]
    else:
        free = store[0]
        store[0] += 1
    link[free] = -1
    return free


@written_in
def begin(row: tuple[Shorts, Shorts, Ints], at: int, mate: int | np.integer) -> None:
    """Write down a neighbour to whom no way is known yet."""
    row[0][at] = mate
    row[1][at, 0] = row[1][at, 1] = CLOSED
    row[2][at, 0] = row[2][at, 1] = 0


@written_in
def move(row: tuple[Shorts, Shorts, Ints], at: int, gap: int) -> None:
    """Let a neighbour take the place of one that is gone."""
    row[0][gap] = row[0][at]
    row[1][gap, 0], row[1][gap, 1] = row[1][at, 0], row[1][at, 1]
    row[2][gap, 0], row[2][gap, 1] = row[2][at, 0], row[2][at, 1]


@written_in
def give_back(link: Shorts, store: Shorts, first: int) -> None:
    """Let others have a chain of blocks."""
    last = first
    while link[last] >= 0:
        last = link[last]
    link[last], store[1] = store[1], first


@compiled
def _fill(roads: Roads, rows: Rows) -> None:
    """Put both ways between two nodes side by side, into rows that are empty."""
    first, size, mate, ms, um, link, store = rows
    for node in range(first.size):
        first[node] = BLOCK * block(link, store)
    for tail in range(first.size):
        for arc in range(roads.first[tail], roads.first[tail + 1]):
            head = roads.head[arc]
            for back in range(2):
                here, there = (head, tail) if back else (tail, head)
                at = last = first[here]
                left = size[here]
                while left > 0 and mate[at] != there:
                    last, left = at, left - 1
                    if left > 0:
                        at = after(link, at)
                if left == 0:
                    if size[here] > 0 and (last + 1) % BLOCK == 0:
                        link[last // BLOCK] = block(link, store)
                    at = after(link, last) if size[here] > 0 else last
                    begin((mate, ms, um), at, there)
                    size[here] += 1
                if roads.ms[arc] < CLOSED:
                    ms[at, back], um[at, back] = roads.ms[arc], roads.um[arc]


def rows_of(graph: Graph) -> Rows:
    """Give the neighbours of a graph's nodes, and about as much room again."""
    count = np.diff(graph.indptr) + np.bincount(graph.heads, minlength=graph.size)
    blocks = int((count // BLOCK + 1).sum())
    rows = Rows(
        np.empty(graph.size, np.int64),
        np.zeros(graph.size, np.int32),
        *empty_row(BLOCK * blocks),
        np.empty(blocks, np.int32),
        np.array([0, -1], np.int32),
    )
    _fill(lay(graph), rows)
    return rows


def empty_row(size: int) -> tuple[Shorts, Shorts, Ints]:
    """Give room for so many neighbours: who, and milliseconds and micrometres there and back."""
    # Memory that is never written to is never taken.
    return np.empty(size, np.int32), np.empty((size, 2), np.int32), np.empty((size, 2), np.int64)


def roomier(rows: Rows, blocks: int) -> Rows:
    """Give the rows with room for so many more blocks, and half of what they have."""
    size = rows.link.size + rows.link.size // 2 + blocks
    return rows._replace(
        mate=longer(rows.mate, BLOCK * size),
        ms=longer(rows.ms, BLOCK * size),
        um=longer(rows.um, BLOCK * size),
        link=longer(rows.link, size),
    )


def longer(array: NDArray[_Whole], size: int) -> NDArray[_Whole]:
    """Give an array that begins like another."""
    found = np.empty((size, *array.shape[1:]), array.dtype)
    found[: len(array)] = array
    return found
