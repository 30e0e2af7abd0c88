"""Searches by scipy's Dijkstra: nothing to compile, for every study that is not large.

Two runs each: the first finds the least times, the second, on the arcs of earliest ways alone,
the least lengths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.keys import RANK_BITS, UNREACHED, Reached, Stops, all_stops
from geo.pairs import Pairs, put_together

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.graph import Graph
    from geo.keys import Seeds

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_TABLE = 4_000_000
_FIRST_BATCH = 64
_ROWS = 4_000_000


def search_all(
    graph: Graph, groups: Sequence[Seeds], *, at: Ints, limit_ms: int
) -> Iterator[Reached]:
    """Search from each group of seeds: heads of arcs out of one added node."""
    weights = graph.weights << RANK_BITS
    tails = graph.tails()
    for seeds in groups:
        start = np.zeros_like(seeds.node), seeds.node, seeds.key
        cost = _from_added(graph, weights, start, (limit_ms + 1) << RANK_BITS).ravel()
        key = np.where(np.isfinite(cost), cost, UNREACHED).astype(np.int64)
        on = (key[tails] < UNREACHED) & (key[tails] + weights == key[graph.heads])
        arcs = tails[on], graph.heads[on], graph.micrometres[on]
        first = key[seeds.node] == seeds.key
        um = _lengths(arcs, (seeds.node[first], seeds.micrometres[first]), graph.size)
        yield Reached(key[at], um[at])


def reach(graph: Graph, origins: Stops, limit_ms: int) -> Stops:
    """Search from every origin by itself, as many at once as fit a table of modest size.

    ``origins`` come sorted, one row per origin and node, none beyond the limit.
    """
    names, number = np.unique(origins.origin, return_inverse=True)
    step = max(1, _TABLE // max(1, graph.size))
    parts = []
    for begin in range(0, names.size, step):
        here = slice(*np.searchsorted(number, (begin, begin + step)))
        batch = origins.take(here)
        row = number[here] - begin
        cost = _from_added(graph, graph.weights, (row, batch.node, batch.milliseconds), limit_ms)
        found = _rows(graph, cost, Stops(row, batch.node, batch.milliseconds, batch.micrometres))
        parts.append(Stops(names[begin + found.origin], *list(vars(found).values())[1:]))
    return all_stops(parts)


def meet(graph: Graph, near: Stops, far: Stops, others: Pairs, limit_ms: int) -> Pairs:
    """Search from every near origin, and put what each reaches beside who waits there.

    Origins are searched in batches, so that memory is bounded by what a batch reaches.
    """
    far = far.take(np.argsort(far.node, kind="stable"))
    first = np.searchsorted(far.node, np.arange(graph.size + 1))
    names = np.unique(near.origin)
    parts, begin, step = [others], 0, _FIRST_BATCH
    while begin < names.size:
        some = names[begin : begin + step]
        here = slice(
            np.searchsorted(near.origin, some[0], side="left"),
            np.searchsorted(near.origin, some[-1], side="right"),
        )
        found = reach(graph, near.take(here), limit_ms)
        count = np.diff(first)[found.node]
        row = np.repeat(np.arange(count.size), count)
        at = np.arange(row.size) - np.repeat(np.cumsum(count) - count - first[found.node], count)
        ways = Pairs(
            found.origin[row],
            far.origin[at],
            found.milliseconds[row] + far.milliseconds[at],
            found.micrometres[row] + far.micrometres[at],
        )
        parts.append(ways.take(ways.milliseconds <= limit_ms).quickest())
        begin += some.size
        step = max(1, _ROWS * some.size // max(1, found.node.size, row.size))
    return put_together(parts).quickest()


def _from_added(graph: Graph, weights: Ints, seeds: tuple[Ints, Ints, Ints], limit: int) -> Floats:
    """Search from nodes added to the graph, numbered from 0 in order, joined to their seeds."""
    number, node, start = seeds
    count = int(number[-1]) + 1 if number.size else 1
    more = np.cumsum(np.bincount(number, minlength=count))
    matrix = csr_array(
        (
            np.concatenate((weights, start)).astype(np.float64),
            np.concatenate((graph.heads, node)).astype(np.int32),
            np.concatenate((graph.indptr, graph.indptr[-1] + more)).astype(np.int32),
        ),
        shape=(graph.size + count, graph.size + count),
    )
    cost = dijkstra(matrix, indices=graph.size + np.arange(count), limit=float(limit))
    nodes: Floats = cost[:, : graph.size]
    return nodes


def _rows(graph: Graph, cost: Floats, origins: Stops) -> Stops:
    """Turn a table of times into rows, with the lengths of the earliest ways."""
    row, node = np.nonzero(np.isfinite(cost))
    ms = cost[row, node].astype(np.int64)
    number = np.full(cost.shape, -1)
    number[row, node] = np.arange(row.size)
    low, count = graph.indptr[node], np.diff(graph.indptr)[node]
    arc = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count - low, count)
    tail = np.repeat(np.arange(row.size), count)
    head = number[row[tail], graph.heads[arc]]
    on = np.flatnonzero((head >= 0) & (ms[tail] + graph.weights[arc] == ms[head]))
    entry = number[origins.origin, origins.node]
    first = ms[entry] == origins.milliseconds
    arcs = tail[on], head[on], graph.micrometres[arc[on]]
    um = _lengths(arcs, (entry[first], origins.micrometres[first]), row.size)
    return Stops(row, node, ms, um)


def _lengths(arcs: tuple[Ints, Ints, Ints], seeds: tuple[Ints, Ints], size: int) -> Ints:
    """Give the least length to every node along some arcs (tail, head, length) from seeds."""
    tail, head, um = arcs
    node, beyond = seeds
    matrix = csr_array(
        (
            np.concatenate((um, beyond)).astype(np.float64),
            (
                np.concatenate((tail, np.full(node.size, size))).astype(np.int32),
                np.concatenate((head, node)).astype(np.int32),
            ),
        ),
        shape=(size + 1, size + 1),
    )
    cost = dijkstra(matrix, indices=np.array([size])).ravel()[:size]
    whole: Ints = np.where(np.isfinite(cost), cost, 0.0).astype(np.int64)
    return whole
