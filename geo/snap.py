"""Joining places to the network: the nearest point on the nearest street one may step on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from geo.distance import MICROMETRES, centimetres, rounded
from geo.speed import straight_milliseconds, whole_milliseconds
from geo.spots import NO_STREET, Streets, nearest_spots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geo.network import Network
    from geo.spots import Spots
    from layers.project import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

Status = Literal["joined", "moved_to_main", "off_network"]
_CENTIMETRES = 100.0


@dataclass(frozen=True)
class Joins:
    """Places joined to a network, one row per place in the order given.

    ``arc`` is -1 off the network, ``at`` the vertex before the place in the arcs' vertex arrays (-1
    off it). ``to_end_ms`` and ``to_start_ms`` leave the place along and
    against its arc, ``from_start_ms`` and ``from_end_ms`` arrive at it; -1 where the arc is closed
    that way. A split arc's parts sum to the whole arc. ``offset_um`` is the length from the arc's
    start. The access leg is in ``access_ms`` and ``access_metres`` (NaN where there is no street).
    """

    x: Floats
    y: Floats
    arc: Ints
    at: Ints
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
class Near:
    """Places with the nearest spot of any street, before it is asked how far one may go.

    ``main`` are the nearest spots on the main network of the ``stranded`` places (their rows),
    whose own are on islands.
    """

    x: Floats
    y: Floats
    spots: Spots
    stranded: Ints
    main: Spots


def attach(network: Network, x: Floats, y: Floats, rules: Rules) -> Joins:
    """Join places (metres in the study CRS, taken to the centimetre) to a network.

    Where the nearest street belongs to an island shorter than ``min_island_metres`` and the main
    network lies within ``max_access_metres``, the main network is used. A place farther than
    ``max_access_metres`` stays off the network.
    """
    (near,) = near_streets(network, [(x, y)], rules)
    return join(network, near, rules)


def near_streets(
    network: Network, sides: Iterable[tuple[Floats, Floats]], rules: Rules
) -> tuple[Near, ...]:
    """Find the nearest spots of places, side by side; of rules ``min_island_metres`` matters."""
    component, small = _street_component(network), network.is_island(rules.min_island_metres)
    every = Streets(network, np.flatnonzero(network.step_on & (component >= 0)))
    on_main = Streets(network, np.flatnonzero(network.step_on & (component == network.main)))
    found = []
    for side in sides:
        x, y = (centimetres(each) / _CENTIMETRES for each in side)
        near = nearest_spots(every, x, y)
        stranded = np.flatnonzero((near.street >= 0) & small[component[near.street]])
        main = nearest_spots(on_main, x[stranded], y[stranded])
        found.append(Near(x, y, near, stranded, main))
    return tuple(found)


def join(network: Network, near: Near, rules: Rules) -> Joins:
    """Join places whose nearest spots are known, as ``attach`` does."""
    better = (near.main.street >= 0) & (_metres(near.main) <= rules.max_access_metres)
    moved = np.zeros(near.x.size, dtype=bool)
    moved[near.stranded[better]] = True
    spots = near.spots.replaced(near.stranded[better], near.main.take(better))
    return _joins(network, (near.x, near.y), spots, moved, rules)


def _street_component(network: Network) -> Ints:
    component = np.full(network.lines.size, -1, dtype=np.int64)
    component[network.segments.street] = network.arc_component()[network.segments.arc]
    return component


def _metres(spots: Spots) -> Floats:
    return np.where(spots.street >= 0, spots.micrometres / MICROMETRES, np.nan)


def _joins(
    network: Network, at: tuple[Floats, Floats], near: Spots, moved: Flags, rules: Rules
) -> Joins:
    """Turn spots on the streets into offsets and times on their contracted arcs."""
    arcs, metres = network.arcs, _metres(near)
    on = (near.street >= 0) & (metres <= rules.max_access_metres)
    arc = np.where(on, near.arc, NO_STREET)
    offset, f_ms, b_ms = _parts(network, near)
    forward, backward = arcs.forward_ms[arc], arcs.backward_ms[arc]
    closed_f, closed_b = ~on | (forward < 0), ~on | (backward < 0)
    # A place at a junction is the junction, whatever way the arc it was found on is open.
    first = on & (offset == 0)
    last = on & (offset == arcs.micrometres[arcs.first[1:] - 1][arc])
    return Joins(
        x=at[0],
        y=at[1],
        arc=arc,
        at=np.where(on, near.at, NO_STREET),
        street=np.where(on, near.street, NO_STREET),
        offset_um=np.where(on, offset, 0),
        to_end_ms=np.where(last, 0, np.where(closed_f, -1, forward - f_ms)),
        to_start_ms=np.where(first, 0, np.where(closed_b, -1, b_ms)),
        from_start_ms=np.where(first, 0, np.where(closed_f, -1, f_ms)),
        from_end_ms=np.where(last, 0, np.where(closed_b, -1, backward - b_ms)),
        access_ms=straight_milliseconds(np.nan_to_num(metres), network.mode.off_road_kmh),
        access_metres=metres,
        moved=moved & on,
    )


def _parts(network: Network, near: Spots) -> tuple[Ints, Ints, Ints]:
    """Give how far along its arc each spot lies: micrometres, forward and backward milliseconds.

    Times are those of the vertices before and after, shared by length: whole milliseconds all,
    so that the map page can carry them.
    """
    arcs, low = network.arcs, near.at
    um = arcs.micrometres[low], arcs.micrometres[low + 1]
    step = rounded(near.share * (um[1] - um[0]))
    part = step / (um[1] - um[0])
    times = []
    for totals in (arcs.forward_ns, arcs.backward_ns):
        before, after = whole_milliseconds(totals[low]), whole_milliseconds(totals[low + 1])
        times.append(before + rounded(part * (after - before)))
    return um[0] + step, times[0], times[1]
