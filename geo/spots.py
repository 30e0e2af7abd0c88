"""The nearest spot of the streets to a place, one rule on every machine.

Each straight piece of street offers its nearest spot; of all offers the least distance wins, in
whole micrometres, then the lowest spot (west before east, then south before north, in whole
millimetres), then the lowest street id, then the lowest vertex. ``maps/panel/attach.js`` goes
by the same steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geo.distance import centimetres, length_um, rounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NO_STREET = -1
# What GEOS may be out by at coordinates of tens of thousands of kilometres, and a micrometre.
_SLACK_METRES = 1e-5
_MILLIMETRES = 10.0  # a centimetre
_PIECES_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Spots:
    """The nearest spot of each place; ``street`` is -1 where there is none.

    ``at`` is the vertex before the spot in the arcs' vertex arrays, ``share`` the part of the way
    from there to the next, ``micrometres`` how far the place lies off.
    """

    street: Ints
    arc: Ints
    at: Ints
    share: Floats
    micrometres: Ints

    def replaced(self, rows: Ints, other: Spots) -> Spots:
        """Give these spots with those of some rows replaced by others, row by row."""
        found = {name: values.copy() for name, values in vars(self).items()}
        for name, values in vars(other).items():
            found[name][rows] = values
        return Spots(**found)

    def take(self, rows: NDArray[np.bool_] | Ints) -> Spots:
        """Give some rows."""
        return Spots(**{name: values[rows] for name, values in vars(self).items()})


@dataclass(frozen=True)
class Streets:
    """Some streets of a network (rows of its own), laid out once to be looked for from anywhere."""

    network: Network
    rows: Ints

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The streets by where they run."""
        return shapely.STRtree(self.network.lines[self.rows])

    @cached_property
    def corners(self) -> cKDTree:
        """Where they begin, bend and end."""
        corners = shapely.get_coordinates(self.network.lines[self.rows])
        return cKDTree(corners, balanced_tree=False, compact_nodes=False)


def nearest_spots(streets: Streets, x: Floats, y: Floats) -> Spots:
    """Find the nearest spot of some streets to each place, in metres."""
    none, network = np.full(x.size, NO_STREET), streets.network
    found = Spots(none, none.copy(), none.copy(), np.zeros(x.size), none.copy())
    place, street = _likely(streets, x, y)
    begin, count = _pieces_of(network, street)
    batch = np.cumsum(count) // _PIECES_AT_ONCE
    # A place's streets stay in one batch, or the best of it would be lost.
    batch = batch[np.searchsorted(place, place, side="left")]
    for each in np.unique(batch):
        here = batch == each
        row = np.repeat(place[here], count[here])
        step = np.arange(row.size) - np.repeat(np.cumsum(count[here]) - count[here], count[here])
        piece = np.repeat(begin[here], count[here]) + step
        rows, best = _best(network, x, y, place=row, piece=piece)
        found = found.replaced(rows, best)
    return found


def _likely(streets: Streets, x: Floats, y: Floats) -> tuple[Ints, Ints]:
    """Give every place with the streets that may be nearest to it, by place.

    No street is nearest that is farther than the nearest corner of any; few come nearer than that
    which have no corner there.
    """
    if x.size == 0 or streets.rows.size == 0:
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing
    metres, _ = streets.corners.query(np.column_stack((x, y)))
    points, farthest = np.asarray(shapely.points(x, y)), metres + _SLACK_METRES
    place, hit = streets.tree.query(points, predicate="dwithin", distance=farthest)
    order = np.argsort(place, kind="stable")
    return place[order].astype(np.int64), streets.rows[hit[order]]


def _pieces_of(network: Network, street: Ints) -> tuple[Ints, Ints]:
    """Give the first of each street's pieces and how many there are."""
    begin = np.searchsorted(network.segments.street, street, side="left")
    return begin, np.searchsorted(network.segments.street, street, side="right") - begin


def _best(
    network: Network, x: Floats, y: Floats, *, place: Ints, piece: Ints
) -> tuple[Ints, Spots]:
    """Choose the best of the pieces given for each place, rows by place: places and spots."""
    arcs, segments = network.arcs, network.segments
    at = segments.at[piece]
    ax, ay = centimetres(arcs.x[at]), centimetres(arcs.y[at])
    dx, dy = centimetres(arcs.x[at + 1]) - ax, centimetres(arcs.y[at + 1]) - ay
    px, py = centimetres(x[place]) - ax, centimetres(y[place]) - ay
    share = np.clip((px * dx + py * dy) / (dx * dx + dy * dy), 0.0, 1.0)
    ex, ey = px - share * dx, py - share * dy
    off = length_um(ex, ey)
    first = np.flatnonzero(np.diff(place, prepend=-1))
    least = np.repeat(np.minimum.reduceat(off, first), np.diff(np.append(first, place.size)))
    near = np.flatnonzero(off == least)
    # How far west and south of the place the spot lies: the farther, the lower the spot.
    west, south = -rounded(ex[near] * _MILLIMETRES), -rounded(ey[near] * _MILLIMETRES)
    street = segments.street[piece[near]]
    order = near[np.lexsort((at[near], street, south, west, place[near]))]
    order = order[np.unique(place[order], return_index=True)[1]]
    won = piece[order]
    spots = Spots(segments.street[won], segments.arc[won], at[order], share[order], off[order])
    return place[order], spots
