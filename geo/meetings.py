"""Many to many, compiled: each origin's search meets who waits at the nodes that it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.buckets import Desk, Roads, Starts, desks_for, key_limit, lay, spread
from geo.compiled import compiled, side_by_side, threads, written_in
from geo.keys import RANK_BITS, UNREACHED
from geo.pairs import Pairs, put_together

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.graph import Graph
    from geo.keys import Stops

    Ints = NDArray[np.int64]
    Shorts = NDArray[np.int32]


class Waiting(NamedTuple):
    """Who waits where: rows of each node, or of each origin, with what is left of the way.

    At a node those with least left come first.
    """

    first: Ints
    name: Shorts
    ms: Ints
    um: Ints


class Met(NamedTuple):
    """Whom one origin at a time has met: the least time and length to everybody, and a list."""

    ms: Ints
    um: Ints
    names: Shorts


@written_in
def _offer(best: Ints, length: Ints, who: int, way: tuple[int, int]) -> bool:
    """Give one who waits a way if it is better; tell whether it is the first."""
    ms, um = way
    new = bool(best[who] == UNREACHED)
    if ms < best[who]:
        best[who], length[who] = ms, um
    elif ms == best[who] and um < length[who]:
        length[who] = um
    return new


@compiled
def _meet(
    search: tuple[Roads, Starts, Ints],
    waiting: tuple[Waiting, Waiting],
    written: tuple[Desk, Met],
    limit: int,
) -> tuple[Ints, Shorts, Ints, Ints]:
    """Search from one origin after the other; ``waiting`` are those at nodes and at origins.

    ``search`` is the graph, where searches start, and where each origin's starts begin. Gives where
    each origin's rows begin, whom it meets, in order, and times and lengths.
    """
    roads, starts, first = search
    (at_first, at_name, at_ms, at_um), (by_first, by_name, by_ms, by_um) = waiting
    desk, (best, length, names) = written
    far, seen = desk.far, desk.seen
    begins = np.zeros(first.size, np.int64)
    name, ms, um = np.empty(1024, np.int32), np.empty(1024, np.int64), np.empty(1024, np.int64)
    row = 0
    for origin in range(first.size - 1):
        low, high = first[origin], first[origin + 1]
        mine = Starts(starts.node[low:high], starts.key[low:high], starts.um[low:high])
        reached = spread(roads, mine, limit, desk)
        count = 0
        for other in range(by_first[origin], by_first[origin + 1]):
            if _offer(best, length, by_name[other], (by_ms[other], by_um[other])):
                names[count] = by_name[other]
                count += 1
        for node in seen[:reached]:
            so_far, so_long = far[node, 0], far[node, 1]
            far[node, 0], far[node, 1] = UNREACHED, 0
            for other in range(at_first[node], at_first[node + 1]):
                key = so_far + (at_ms[other] << RANK_BITS)
                if key > limit:
                    break
                if _offer(best, length, at_name[other], (key >> RANK_BITS, so_long + at_um[other])):
                    names[count] = at_name[other]
                    count += 1
        if row + count > name.size:
            more = row + 2 * count
            name = np.concatenate((name[:row], np.empty(more, np.int32)))
            ms = np.concatenate((ms[:row], np.empty(more, np.int64)))
            um = np.concatenate((um[:row], np.empty(more, np.int64)))
        names[:count].sort()
        for who in names[:count]:
            name[row], ms[row], um[row] = who, best[who], length[who]
            best[who] = UNREACHED
            row += 1
        begins[origin + 1] = row
    return begins, name[:row], ms[:row], um[:row]


def meet(graph: Graph, near: Stops, far: Stops, others: Pairs, limit_ms: int) -> Pairs:
    """Find every pair of a near origin and a far one; see kernels.meet."""
    roads, limit = lay(graph), key_limit(limit_ms)
    names = np.union1d(near.origin, others.place)
    key = near.milliseconds << RANK_BITS
    order = np.lexsort((key, near.origin))
    starts = Starts(near.node[order], key[order], near.micrometres[order])
    first = np.searchsorted(near.origin[order], np.append(names, names.max(initial=0) + 1))
    at_node = _rows(far.node, graph.size, far.milliseconds, (far.origin, far.micrometres))
    size = 1 + max(far.origin.max(initial=0), others.facility.max(initial=0))

    def some(part: Ints, desk: Desk) -> Pairs:
        bounds = np.append(part, part[-1] + 1)
        mine = others.take(np.isin(others.place, names[part]))
        number = np.searchsorted(names[part], mine.place)
        by = _rows(number, part.size, mine.milliseconds, (mine.facility, mine.micrometres))
        blank = Met(np.full(size, UNREACHED), np.zeros(size, np.int64), np.empty(size, np.int32))
        search = roads, starts, first[bounds]
        begins, name, ms, um = _meet(search, (at_node, by), (desk, blank), limit)
        return Pairs(np.repeat(names[part], np.diff(begins)), name.astype(np.int64), ms, um)

    parts = [part for part in np.array_split(np.arange(names.size), threads()) if part.size]
    return put_together(side_by_side(some, parts, desks_for(graph)))


def _rows(number: Ints, size: int, ms: Ints, rest: tuple[Ints, Ints]) -> Waiting:
    """Put who waits in rows of a number, the least time first."""
    name, um = rest
    order = np.lexsort((ms, number))
    first = np.concatenate(([0], np.cumsum(np.bincount(number, minlength=size))))
    return Waiting(first, name[order].astype(np.int32), ms[order], um[order])
