"""Joining places to the network: the nearest point on the nearest street one may step on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from geo.network import MICROMETRES
from geo.speed import straight_milliseconds, whole_milliseconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network
    from layers.project import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

Status = Literal["joined", "moved_to_main", "off_network"]
NO_STREET = -1
_AT_VERTEX_METRES = 1e-4


@dataclass(frozen=True)
class Joins:
    """Places joined to a network, one row per place in the order given.

    ``arc`` is -1 off the network. ``to_end_ms`` and ``to_start_ms`` leave the place along and
    against its arc, ``from_start_ms`` and ``from_end_ms`` arrive at it; -1 where the arc is closed
    that way. A split arc's parts sum to the whole arc. ``offset_um`` is the length from the arc's
    start. The access leg is in ``access_ms`` and ``access_metres`` (NaN where there is no street).
    """

    x: Floats
    y: Floats
    arc: Ints
    street: Ints
    offset_um: Ints
    to_end_ms: Ints
    to_start_ms: Ints
    from_start_ms: Ints
    from_end_ms: Ints
    access_ms: Ints
    access_metres: Floats
    moved: Flags

    @property
    def on_network(self) -> Flags:
        """Say which places are joined."""
        return np.not_equal(self.arc, NO_STREET)

    def status(self) -> NDArray[np.object_]:
        """Name how each place was joined: joined, moved_to_main or off_network."""
        names = np.where(self.moved, "moved_to_main", "joined").astype(object)
        names[~self.on_network] = "off_network"
        return names

    def take(self, rows: Ints | Flags) -> Joins:
        """Give the joins of some places."""
        return Joins(**{name: values[rows] for name, values in vars(self).items()})


@dataclass(frozen=True)
class _Nearest:
    """The nearest street of each place: row of the street or -1, distance, length along it."""

    street: Ints
    metres: Floats
    along: Floats


def attach(network: Network, x: Floats, y: Floats, rules: Rules) -> Joins:
    """Join places (metres in the study CRS) to a network by the rules of a study.

    Where the nearest street belongs to an island shorter than ``min_island_metres`` and the main
    network lies within ``max_access_metres``, the main network is used. A place farther than
    ``max_access_metres`` stays off the network.
    """
    component = _street_component(network)
    near = _nearest(network, x, y, np.flatnonzero(network.step_on & (component >= 0)))
    small = network.is_island(rules.min_island_metres)
    stranded = np.flatnonzero((near.street >= 0) & small[component[near.street]])
    on_main = np.flatnonzero(network.step_on & (component == network.main))
    main = _nearest(network, x[stranded], y[stranded], on_main)
    better = main.metres <= rules.max_access_metres
    moved = np.zeros(x.size, dtype=bool)
    moved[stranded[better]] = True
    for mine, other in zip(vars(near).values(), vars(main).values(), strict=True):
        mine[stranded[better]] = other[better]
    return _joins(network, (x, y), near, moved, rules)


def _street_component(network: Network) -> Ints:
    component = np.full(network.lines.size, -1, dtype=np.int64)
    component[network.segments.street] = network.arc_component()[network.segments.arc]
    return component


def _nearest(network: Network, x: Floats, y: Floats, streets: Ints) -> _Nearest:
    """Find the nearest street; of equally near ones the lowest nearest point, then street id."""
    count = x.size
    found = _Nearest(np.full(count, -1), np.full(count, np.nan), np.zeros(count))
    if count == 0 or streets.size == 0:
        return found
    points = np.asarray(shapely.points(x, y))
    tree = shapely.STRtree(network.lines[streets])
    (place, hit), metres = tree.query_nearest(points, all_matches=True, return_distance=True)
    street = streets[hit]
    along = np.asarray(shapely.line_locate_point(network.lines[street], points[place]))
    at = shapely.get_coordinates(shapely.line_interpolate_point(network.lines[street], along))
    at = np.rint(at * 1000)
    best = np.lexsort((street, at[:, 1], at[:, 0], place))
    best = best[np.unique(place[best], return_index=True)[1]]
    found.street[place[best]] = street[best]
    found.metres[place[best]] = metres[best]
    found.along[place[best]] = along[best]
    return found


def _joins(
    network: Network, at: tuple[Floats, Floats], near: _Nearest, moved: Flags, rules: Rules
) -> Joins:
    """Turn a length along a street into offsets and times on its contracted arc."""
    arcs = network.arcs
    on = (near.street >= 0) & (near.metres <= rules.max_access_metres)
    arc = np.full(on.size, NO_STREET)
    offset, f_part, b_part = (np.zeros(on.size, dtype=np.int64) for _ in range(3))
    arc[on], low, share = _locate(network, near.street[on], near.along[on])
    for part, totals in (
        (offset, arcs.micrometres),
        (f_part, arcs.forward_ns),
        (b_part, arcs.backward_ns),
    ):
        step = np.rint(share * (totals[low + 1] - totals[low])).astype(np.int64)
        part[on] = totals[low] + step
    forward, backward = arcs.forward_ms[arc], arcs.backward_ms[arc]
    f_ms, b_ms = whole_milliseconds(f_part), whole_milliseconds(b_part)
    closed_f, closed_b = ~on | (forward < 0), ~on | (backward < 0)
    # A place at a junction is the junction, whatever way the arc it was found on is open.
    first = on & (offset == 0)
    last = on & (offset == arcs.micrometres[arcs.first[1:] - 1][arc])
    return Joins(
        x=at[0],
        y=at[1],
        arc=arc,
        street=np.where(on, near.street, NO_STREET),
        offset_um=offset,
        to_end_ms=np.where(last, 0, np.where(closed_f, -1, forward - f_ms)),
        to_start_ms=np.where(first, 0, np.where(closed_b, -1, b_ms)),
        from_start_ms=np.where(first, 0, np.where(closed_f, -1, f_ms)),
        from_end_ms=np.where(last, 0, np.where(closed_b, -1, backward - b_ms)),
        access_ms=straight_milliseconds(np.nan_to_num(near.metres), network.mode.off_road_kmh),
        access_metres=near.metres,
        moved=moved & on,
    )


def _locate(network: Network, street: Ints, along: Floats) -> tuple[Ints, Ints, Floats]:
    """Give arc, lower vertex position and share between the vertices of a spot on a street."""
    segments, um = network.segments, network.arcs.micrometres
    length = (um[segments.at + 1] - um[segments.at]) / MICROMETRES
    total = np.concatenate(([0.0], np.cumsum(length)))
    begin = np.searchsorted(segments.street, street, side="left")
    end = np.searchsorted(segments.street, street, side="right") - 1
    spot = total[begin] + along
    piece = np.clip(np.searchsorted(total, spot, side="right") - 1, begin, end)
    share = np.clip((spot - total[piece]) / length[piece], 0.0, 1.0)
    # Lengths along a street carry rounding of micrometres: so near to a vertex is the vertex.
    share = np.where(share * length[piece] < _AT_VERTEX_METRES, 0.0, share)
    share = np.where((1.0 - share) * length[piece] < _AT_VERTEX_METRES, 1.0, share)
    share = np.where(segments.flipped[piece], 1.0 - share, share)
    return segments.arc[piece], segments.at[piece], share
