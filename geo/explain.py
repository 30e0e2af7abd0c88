"""Why a unit is left out, with the figures that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from geo.arrival import at_places
from geo.speed import straight_milliseconds
from layers.vocabulary import Reason

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas.arrays import BooleanArray

    from geo.demand import Demand
    from geo.times import ModeTimes

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Texts = NDArray[np.object_]

EVIDENCE_COLUMNS = ("residence_id", "straight_metres", "access_metres")


class Evidence(NamedTuple):
    """What is known of each unit's telling place.

    ``straight_metres`` lead to the nearest facility of the category, ``access_metres`` to the
    street. A place is ``linked`` that is not cut off: of the facilities of the category that stand
    as near as one gets in a search at all, one lies on the same piece of network, or there is none.
    """

    residence_id: Texts
    straight_metres: Floats
    access_metres: Floats
    somewhere: Flags
    on_network: Flags
    linked: Flags


def evidence(
    measured: ModeTimes, category: str, place: Ints, demand: Demand, *, reach_metres: float
) -> Evidence:
    """Give what is known of each unit's telling place (-1: the unit has no place)."""
    stands, on_island = measured.standing_of(category)
    somewhere = place >= 0
    straight = np.full(place.size, np.nan)
    here = place[somewhere]
    straight[somewhere] = _straight(stands, demand, here)
    ids = demand.frame["residence_id"].to_numpy(dtype=object)
    access, on_network, linked = np.full(place.size, np.nan), *np.ones((2, place.size), dtype=bool)
    if measured.network is not None and measured.places is not None:
        access = at_places(measured.places.access_metres, place, np.nan)
        on_network = at_places(measured.places.on_network, place, nothing=False)
        island = measured.network.arc_component()[measured.places.arc[here]]
        linked = ~somewhere | (straight > reach_metres)
        for each in np.unique(island):
            mine = np.flatnonzero(somewhere)[island == each]
            near = _straight(stands[on_island == each], demand, place[mine])
            linked[mine] |= near <= reach_metres
    return Evidence(
        residence_id=at_places(ids, place, None),
        straight_metres=straight.round(2),
        access_metres=access.round(2),
        somewhere=somewhere,
        on_network=on_network,
        linked=linked,
    )


def _straight(stands: Floats, demand: Demand, place: Ints) -> Floats:
    """Give the metres from places to the nearest of what ``stands`` (x, y), NaN to nothing."""
    if not (len(stands) and place.size):
        return np.full(place.size, np.nan)
    tree = cKDTree(stands, balanced_tree=False, compact_nodes=False)  # asked once: quick to lay out
    metres, _ = tree.query(np.column_stack((demand.x[place], demand.y[place])))
    return np.asarray(metres, dtype=np.float64)


def reasons(
    known: Evidence,
    verdict: BooleanArray,
    milliseconds: Ints,
    *,
    limit_ms: Ints,
    kmh: float | None,
) -> Texts:
    """Name the most telling reason of each unit that is not covered; None where it is.

    ``verdict`` says of each whether it is covered, ``milliseconds`` when one is there (-1: never).
    ``kmh`` judges the straight line, where there are streets that could have barred it.
    """
    located = ~np.isnan(known.straight_metres)
    late = (milliseconds < 0) | (milliseconds > limit_ms)
    barred = np.zeros(late.shape, dtype=bool)
    if kmh is not None:
        straight = straight_milliseconds(np.nan_to_num(known.straight_metres), kmh)
        barred = located & late & (straight <= limit_ms)
    tests = {
        Reason.NO_DATA: ~known.somewhere,
        Reason.NO_COORDINATES: verdict.isna(),
        Reason.OFF_NETWORK: ~known.on_network,
        Reason.NO_PATH: located & (milliseconds < 0) & ~known.linked,
        Reason.BARRIER: barred,
        Reason.OVER_CAPACITY: located & ~late,
        Reason.TOO_FAR: located,
    }
    told = np.full(late.shape, str(Reason.NONE_IN_STUDY), dtype=object)
    for name, test in reversed(tests.items()):
        told[test] = str(name)
    told[verdict.to_numpy(dtype=bool, na_value=False)] = None
    return told
