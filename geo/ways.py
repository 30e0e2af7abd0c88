"""The ways there are between places and facilities: through junctions, along one arc, straight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from geo.distance import MICROMETRES, apart_um
from geo.entries import micrometres
from geo.kernels import reach
from geo.pairs import Pairs, put_together
from geo.speed import straight_milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.graph import Graph
    from geo.keys import Stops
    from geo.network import Network
    from geo.snap import Joins

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Points = tuple[Floats, Floats]

_FIRST_BATCH = 64
_ROWS = 4_000_000


def through_nodes(graph: Graph, near: Stops, far: Stops, limit_ms: int) -> Iterator[Pairs]:
    """Give the ways through a junction at least, from the origins of ``near`` to those of ``far``.

    The graph is searched from ``near``: along its arcs from places, or turned round from
    facilities. Near origins are the places of what is given, far ones the facilities.
    Origins are searched in batches, so that memory is bounded by what a batch reaches.
    """
    far = far.take(np.argsort(far.node, kind="stable"))
    first = np.searchsorted(far.node, np.arange(graph.size + 1))
    near = near.take(np.argsort(near.origin, kind="stable"))
    names = np.unique(near.origin)
    begin, step = 0, _FIRST_BATCH
    while begin < names.size:
        some = names[begin : begin + step]
        here = slice(
            np.searchsorted(near.origin, some[0], side="left"),
            np.searchsorted(near.origin, some[-1], side="right"),
        )
        found = reach(graph, near.take(here), limit_ms=limit_ms)
        count = np.diff(first)[found.node]
        row = np.repeat(np.arange(count.size), count)
        at = np.arange(row.size) - np.repeat(np.cumsum(count) - count - first[found.node], count)
        ways = Pairs(
            found.origin[row],
            far.origin[at],
            found.milliseconds[row] + far.milliseconds[at],
            found.micrometres[row] + far.micrometres[at],
        )
        yield ways.take(ways.milliseconds <= limit_ms).quickest()
        begin += some.size
        step = max(1, _ROWS * some.size // max(1, found.node.size, row.size))


def along_one_arc(network: Network, places: Joins, facilities: Joins, rows: Ints) -> Pairs:
    """Let places and facilities (of some rows) on one arc meet along it."""
    place, row = _on_one_arc(places, facilities, rows)
    here, there = places.take(place), facilities.take(row)
    access_ms = here.access_ms + there.access_ms
    length = np.abs(there.offset_um - here.offset_um)
    length += micrometres(here.access_metres) + micrometres(there.access_metres)
    arcs = network.arcs
    ahead = (there.offset_um >= here.offset_um) & (arcs.forward_ms[here.arc] >= 0)
    behind = (there.offset_um <= here.offset_um) & (arcs.backward_ms[here.arc] >= 0)
    return put_together(
        Pairs(place[ok], row[ok], (leg + access_ms)[ok], length[ok])
        for ok, leg in (
            (ahead, there.from_start_ms - here.from_start_ms),
            (behind, here.to_start_ms - there.to_start_ms),
            (there.offset_um == here.offset_um, np.zeros_like(length)),
        )
    )


def _on_one_arc(places: Joins, facilities: Joins, rows: Ints) -> tuple[Ints, Ints]:
    """Give every pair of a place and a facility that are joined to the same arc."""
    rows = rows[np.argsort(facilities.arc[rows], kind="stable")]
    arcs = facilities.arc[rows]
    place = np.flatnonzero(places.on_network)
    low = np.searchsorted(arcs, places.arc[place], side="left")
    count = np.searchsorted(arcs, places.arc[place], side="right") - low
    index = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(place, count), rows[np.repeat(low, count) + index]


def straight(
    places: Points, facilities: Points, *, metres: float, kmh: float, detour: float = 1.0
) -> Pairs:
    """Let places and facilities no farther apart than so many metres walk straight.

    The way is ``detour`` times as long as the straight line. Facilities are numbered as given.
    """
    here, there = np.column_stack(places), np.column_stack(facilities)
    if not (len(here) and len(there)):
        return put_together([])
    found = cKDTree(here).sparse_distance_matrix(
        cKDTree(there), metres * (1 + 1e-9), output_type="ndarray"
    )
    place, facility = found["i"].astype(np.int64), found["j"].astype(np.int64)
    apart = apart_um(*here[place].T, *there[facility].T) / MICROMETRES
    way = apart * detour
    ways = Pairs(place, facility, straight_milliseconds(way, kmh), micrometres(way))
    return ways.take(apart <= metres)
