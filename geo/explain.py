"""Why a unit is left out, with the figures that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo.arrival import at_places
from geo.speed import straight_milliseconds
from layers.vocabulary import Method, Reason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.demand import Demand
    from geo.times import ModeTimes

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

EVIDENCE_COLUMNS = ("residence_id", "straight_metres", "access_metres")


def evidence(
    measured: ModeTimes, category: str, place: Ints, demand: Demand, *, reach_metres: float
) -> pd.DataFrame:
    """Give what is known of each unit's telling place (-1: the unit has no place).

    residence_id, straight_metres to the nearest facility of the category, access_metres to the
    street, on_network, linked (not cut off: of the facilities of the category that stand within
    ``reach_metres``, as far as one gets in a search at all, one lies on the same piece of
    network, or there is none).
    """
    stands = measured.standing_of(category)
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
            near = _straight(stands[stands["island"] == each], demand, place[mine])
            linked[mine] |= near <= reach_metres
    return pd.DataFrame(
        {
            "residence_id": at_places(ids, place, None),
            "straight_metres": straight.round(2),
            "access_metres": access.round(2),
            "somewhere": somewhere,
            "on_network": on_network,
            "linked": linked,
        }
    )


def _straight(stands: pd.DataFrame, demand: Demand, place: Ints) -> Floats:
    """Give the metres from places to the nearest of what stands somewhere, NaN to nothing."""
    if stands.empty or not place.size:
        return np.full(place.size, np.nan)
    tree = cKDTree(stands[["x", "y"]].to_numpy())
    metres, _ = tree.query(np.column_stack((demand.x[place], demand.y[place])))
    return np.asarray(metres, dtype=np.float64)


def reasons(
    found: pd.DataFrame,
    known: pd.DataFrame,
    *,
    limit_ms: int,
    kmh: float,
) -> pd.Series:
    """Name the most telling reason of each row that is not covered; None where it is.

    ``found`` are coverage rows and ``known`` their evidence; ``kmh`` judges the straight line,
    where there are streets that could have barred it.
    """
    straight = known["straight_metres"].to_numpy(dtype=np.float64)
    located = ~np.isnan(straight)
    near = straight_milliseconds(np.nan_to_num(straight), kmh) <= limit_ms
    by_streets = found["method"] == str(Method.NETWORK)
    late = found["minutes"].isna() | (found["minutes"] > limit_ms / 60_000)
    tests = {
        Reason.NO_DATA: ~known["somewhere"],
        Reason.NO_COORDINATES: found["covered"].isna(),
        Reason.OFF_NETWORK: ~known["on_network"],
        Reason.NO_PATH: located & found["minutes"].isna() & ~known["linked"],
        Reason.BARRIER: located & near & late & by_streets,
        Reason.OVER_CAPACITY: located & ~late,
        Reason.TOO_FAR: located,
    }
    names = np.select(
        [np.asarray(test, dtype=bool) for test in tests.values()],
        [str(name) for name in tests],
        str(Reason.NONE_IN_STUDY),
    )
    covered = found["covered"].fillna(value=False).to_numpy(dtype=bool)
    told = names.astype(object)
    told[covered] = None
    return pd.Series(told, found.index)
