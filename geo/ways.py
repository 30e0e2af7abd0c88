"""The ways between places and facilities that need no search: along one arc, and straight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from geo.distance import MICROMETRES, apart_um
from geo.entries import micrometres
from geo.pairs import Pairs, put_together
from geo.speed import straight_milliseconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network
    from geo.snap import Joins

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Points = tuple[Floats, Floats]


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
    places: cKDTree, facilities: Points, *, metres: float, kmh: float, detour: float = 1.0
) -> Pairs:
    """Let places and facilities no farther apart than so many metres walk straight.

    The way is ``detour`` times as long as the straight line. Facilities are numbered as given.
    """
    here, there = places.data, np.column_stack(facilities)
    if not (len(here) and len(there)):
        return put_together([])
    found = places.sparse_distance_matrix(
        cKDTree(there), metres * (1 + 1e-9), output_type="ndarray"
    )
    place, facility = found["i"].astype(np.int64), found["j"].astype(np.int64)
    apart = apart_um(*here[place].T, *there[facility].T) / MICROMETRES
    way = apart * detour
    ways = Pairs(place, facility, straight_milliseconds(way, kmh), micrometres(way))
    return ways.take(apart <= metres)
