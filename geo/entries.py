"""Where places enter and leave the network: the two ends of the arc each is joined to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.distance import MICROMETRES
from geo.keys import Stops

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network
    from geo.snap import Joins

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def legs(joins: Joins, *, arriving: bool) -> tuple[Ints, Ints]:
    """Give the milliseconds between places and the start and end of their arcs; -1 if closed."""
    if arriving:
        return joins.from_start_ms, joins.from_end_ms
    return joins.to_start_ms, joins.to_end_ms


def entries(network: Network, joins: Joins, rows: Ints, *, arriving: bool) -> Stops:
    """Give the nodes by which places (of some rows, all joined) leave, or are arrived at.

    Access legs are included; what is closed is left out. The origin of a stop is the place's row.
    """
    some, arcs = joins.take(rows), network.arcs
    whole = arcs.micrometres[arcs.first[1:] - 1][some.arc]
    node = np.concatenate((arcs.start[some.arc], arcs.end[some.arc]))
    leg = np.concatenate(legs(some, arriving=arriving))
    length = np.concatenate((some.offset_um, whole - some.offset_um))
    access_ms = np.tile(some.access_ms, 2)
    access_um = np.tile(micrometres(some.access_metres), 2)
    return Stops(np.tile(rows, 2), node, leg + access_ms, length + access_um).take(leg >= 0)


def micrometres(metres: Floats) -> Ints:
    """Give metres in whole micrometres."""
    whole: Ints = np.rint(metres * MICROMETRES).astype(np.int64)
    return whole
