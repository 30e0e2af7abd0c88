"""The street network of one mode: junctions joined by arcs, with time kept at every bend.

Lines that share an exact vertex (whole centimetres) share a node. Chains between junctions are
contracted into arcs; each arc keeps, at every vertex, its cumulative length and its cumulative
time forward and backward, so that a place can be joined anywhere along it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.contract import Chains, Ends, chains
from geo.curve import along_a_curve
from geo.distance import MICROMETRES, length_um
from geo.speed import may_step_on, nanoseconds, travel_kmh, usable, whole_milliseconds
from layers.errors import NetworkError, Problem

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.project import Mode
    from layers.study_area import Islands

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Arcs:
    """Contracted chains. Arrays per arc, and per vertex of an arc (``first`` .. next ``first``).

    Arcs lie in the order of the nodes they start at, then of those they end at.

    ``forward_ms`` and ``backward_ms`` are the whole milliseconds along and against an arc; -1
    where it is closed that way. ``x``, ``y`` are metres in the study CRS; ``forward_ns``,
    ``backward_ns`` and ``micrometres`` are cumulative from the arc's start (no time where the
    arc is closed that way).
    """

    start: Ints
    end: Ints
    forward_ms: Ints
    backward_ms: Ints
    first: Ints
    x: Floats
    y: Floats
    forward_ns: Ints
    backward_ns: Ints
    micrometres: Ints

    def length_metres(self) -> Floats:
        """Give the length of every arc in metres."""
        return self.micrometres[self.first[1:] - 1] / MICROMETRES


@dataclass(frozen=True)
class Segments:
    """Straight pieces of the usable streets, in street order.

    ``street`` is the row in the network's ``street_ids``; ``at`` the position in the arcs'
    vertex arrays where the piece begins along its arc; ``flipped`` where the street runs the
    other way than the arc.
    """

    street: Ints
    arc: Ints
    at: Ints
    flipped: Flags


@dataclass(frozen=True)
class Network:
    """The network of one mode; see the module's text. ``lines`` are the usable streets in 2D."""

    mode: Mode
    street_ids: NDArray[np.object_]
    lines: NDArray[np.object_]
    step_on: Flags
    node_x: Floats
    node_y: Floats
    component: Ints
    component_metres: Floats
    arcs: Arcs
    segments: Segments

    @property
    def main(self) -> int:
        """The component of the greatest total length: the main network."""
        return int(np.argmax(self.component_metres))

    def is_island(self, min_metres: float) -> Flags:
        """Say which components are islands: shorter than ``min_metres`` and not the main one."""
        small = self.component_metres < min_metres
        small[self.main] = False
        return small

    def arc_component(self) -> Ints:
        """Give the component of every arc."""
        return self.component[self.arcs.start]


@dataclass(frozen=True)
class StreetPieces:
    """Segments of the usable streets before contraction, ends as vertex numbers."""

    street: Ints
    ends: Ends
    forward_ns: Ints
    backward_ns: Ints
    micrometres: Ints
    vertex_x: Floats
    vertex_y: Floats


def build_network(streets: gpd.GeoDataFrame, mode: Mode, islands: Islands | None = None) -> Network:
    """Build the network of one mode from a streets frame.

    Its components are the ``islands`` of a whole where the streets are a part of one. Raises
    NetworkError where the mode may use none of the streets.
    """
    return network_of(usable_streets(streets, mode), mode, islands)


def network_of(streets: gpd.GeoDataFrame, mode: Mode, islands: Islands | None) -> Network:
    """Build the network of ``build_network`` from the usable streets, by id."""
    if streets.empty:
        raise NetworkError(Problem("streets", "empty_network", value=mode.id))
    pieces = street_pieces(streets, mode)
    contracted = chains(pieces.ends)
    nodes = np.unique(np.concatenate((contracted.start, contracted.end)))
    # neighbours in town are neighbours in memory
    nodes = nodes[along_a_curve(pieces.vertex_x[nodes], pieces.vertex_y[nodes])]
    number = np.full(pieces.vertex_x.size, -1)
    number[nodes] = np.arange(nodes.size)
    arcs, segments = _arcs(pieces, contracted.along(number))
    arcs = replace(arcs, start=number[arcs.start], end=number[arcs.end])
    if islands is None:
        component, metres = _components(arcs, segments, nodes.size)
    else:
        component, metres = _numbered(arcs, segments, streets, islands), islands.metres
    return Network(
        mode=mode,
        street_ids=streets["street_id"].to_numpy(dtype=object),
        lines=shapely.force_2d(streets.geometry.to_numpy()),
        step_on=may_step_on(streets, mode),
        node_x=pieces.vertex_x[nodes],
        node_y=pieces.vertex_y[nodes],
        component=component,
        component_metres=metres,
        arcs=arcs,
        segments=segments,
    )


def usable_streets(streets: gpd.GeoDataFrame, mode: Mode) -> gpd.GeoDataFrame:
    """Give the streets that a mode may use, by id."""
    streets = streets.sort_values("street_id", ignore_index=True)
    return streets[usable(streets, mode)].reset_index(drop=True)


def street_pieces(streets: gpd.GeoDataFrame, mode: Mode) -> StreetPieces:
    """Give the segments of usable streets, with the time each takes both ways."""
    points, street = shapely.get_coordinates(
        streets.geometry.to_numpy(), include_z=True, return_index=True
    )
    whole = np.rint(points[:, :2] * 100).astype(np.int64)
    vertex, unique = _vertices(whole)
    begins = np.flatnonzero((street[:-1] == street[1:]) & (vertex[:-1] != vertex[1:]))
    a, b = begins, begins + 1
    steps = (whole[b] - whole[a]).T.astype(np.float64)
    metres = np.hypot(*steps / 100.0)
    rise = np.nan_to_num(points[b, 2] - points[a, 2])
    forward, backward = (
        travel_kmh(streets, mode, street[a], rise / metres, against=against)
        for against in (False, True)
    )
    return StreetPieces(
        street=street[a],
        ends=Ends(vertex[a], vertex[b], ~np.isnan(forward), ~np.isnan(backward)),
        forward_ns=nanoseconds(metres, np.nan_to_num(forward, nan=np.inf)),
        backward_ns=nanoseconds(metres, np.nan_to_num(backward, nan=np.inf)),
        micrometres=length_um(*steps),
        vertex_x=unique[:, 0] / 100.0,
        vertex_y=unique[:, 1] / 100.0,
    )


def _vertices(points: Ints) -> tuple[Ints, Ints]:
    """Give the number of each point (whole x, y), and the point of each number.

    Points are numbered from west to east, then from south to north, those at one place alike.
    """
    west, south = points.min(axis=0)
    height = points[:, 1].max() - south + 1
    # One number for both: sorted in a fraction of the time that pairs take.
    unique, vertex = np.unique(
        (points[:, 0] - west) * height + (points[:, 1] - south), return_inverse=True
    )
    return vertex, np.column_stack((unique // height + west, unique % height + south))


def _arcs(pieces: StreetPieces, found: Chains) -> tuple[Arcs, Segments]:
    """Lay the segments out chain by chain and add up lengths and times from each start."""
    order, flipped, chain = found.order, found.flipped, found.chain
    count = np.bincount(chain, minlength=found.start.size)
    first = np.concatenate(([0], np.cumsum(count + 1)))
    at = np.arange(order.size) + chain
    tail = np.where(flipped, pieces.ends.b[order], pieces.ends.a[order])
    vertices = np.empty(first[-1], dtype=np.int64)
    vertices[at] = tail
    vertices[first[1:] - 1] = found.end
    forward = np.where(flipped, pieces.backward_ns[order], pieces.forward_ns[order])
    backward = np.where(flipped, pieces.forward_ns[order], pieces.backward_ns[order])
    opens = np.where(flipped, pieces.ends.backward[order], pieces.ends.forward[order])
    closes = np.where(flipped, pieces.ends.forward[order], pieces.ends.backward[order])
    totals = [_cumulative(v, at, first) for v in (forward, backward, pieces.micrometres[order])]
    last = first[1:] - 1
    begin = np.concatenate(([0], np.cumsum(count)))[:-1]
    arcs = Arcs(
        start=found.start,
        end=found.end,
        forward_ms=np.where(opens[begin], whole_milliseconds(totals[0][last]), -1),
        backward_ms=np.where(closes[begin], whole_milliseconds(totals[1][last]), -1),
        first=first,
        x=pieces.vertex_x[vertices],
        y=pieces.vertex_y[vertices],
        forward_ns=totals[0],
        backward_ns=totals[1],
        micrometres=totals[2],
    )
    back = np.empty_like(order)
    back[order] = np.arange(order.size)
    return arcs, Segments(pieces.street, chain[back], at[back], flipped[back])


def _cumulative(values: Ints, at: Ints, first: Ints) -> Ints:
    """Add values up along each arc, beginning with 0 at its first vertex."""
    total = np.zeros(first[-1], dtype=np.int64)
    total[at + 1] = values
    total = np.cumsum(total)
    length = np.diff(first)
    base = np.concatenate(([0], total[first[1:-1] - 1])) if first.size > 1 else total[:0]
    summed: Ints = total - np.repeat(base, length)
    return summed


def _components(arcs: Arcs, segments: Segments, nodes: int) -> tuple[Ints, Floats]:
    """Give each node its island, whatever way streets are open, and each island its length.

    Islands are numbered by their first street, so that the number means the same in any order.
    """
    joined = coo_array((np.ones(arcs.start.size), (arcs.start, arcs.end)), shape=(nodes, nodes))
    count, label = connected_components(joined.tocsr(), directed=False)
    first = np.unique(label[arcs.start[segments.arc]], return_index=True)[1]
    number = np.empty(count, dtype=np.int64)
    number[np.argsort(first, kind="stable")] = np.arange(count)
    component: Ints = number[label]
    length = arcs.micrometres[arcs.first[1:] - 1]
    # Whole micrometres add up to the same in any order.
    metres = np.bincount(component[arcs.start], weights=length, minlength=count) / MICROMETRES
    return component, metres


def _numbered(arcs: Arcs, segments: Segments, streets: gpd.GeoDataFrame, islands: Islands) -> Ints:
    """Give each node the island of the streets that meet there."""
    found = islands.number.reindex(streets["street_id"]).fillna(-1)
    number = found.to_numpy(dtype=np.int64)[segments.street]
    component = np.zeros(max(arcs.start.max(), arcs.end.max()) + 1, dtype=np.int64)
    component[arcs.start[segments.arc]] = number
    component[arcs.end[segments.arc]] = number
    return component
