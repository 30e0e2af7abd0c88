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


def evidence(measured: ModeTimes, category: str, place: Ints, demand: Demand) -> pd.DataFrame:
    """Give what is known of each unit's telling place (-1: the unit has no place).

    residence_id, straight_metres to the nearest facility of the category, access_metres to the
    street, on_network, linked (a facility of the category lies on the same piece of network).
    """
    rows = measured.rows_of(category)
    somewhere = place >= 0
    straight = np.full(place.size, np.nan)
    if rows.size and somewhere.any():
        points = measured.facilities.geometry.iloc[rows]
        tree = cKDTree(np.column_stack((points.x, points.y)))
        here = place[somewhere]
        straight[somewhere] = tree.query(np.column_stack((demand.x[here], demand.y[here])))[0]
    ids = demand.frame["residence_id"].to_numpy(dtype=object)
    access, on_network, linked = _joining(measured, rows, place)
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


def _joining(measured: ModeTimes, rows: Ints, place: Ints) -> tuple[Floats, Flags, Flags]:
    if measured.network is None or measured.places is None or measured.joined is None:
        return np.full(place.size, np.nan), np.ones(place.size, bool), np.ones(place.size, bool)
    component = measured.network.arc_component()
    places, joined = measured.places, measured.joined.take(rows)
    served = np.unique(component[joined.arc[joined.on_network]])
    linked = np.isin(component[places.arc], served) & places.on_network
    return (
        at_places(places.access_metres, place, np.nan),
        at_places(places.on_network, place, nothing=False),
        at_places(linked, place, nothing=False),
    )


def reasons(
    found: pd.DataFrame,
    known: pd.DataFrame,
    *,
    listed: int,
    limit_ms: int,
    kmh: float,
) -> pd.Series:
    """Name the most telling reason of each row that is not covered; None where it is.

    ``found`` are coverage rows and ``known`` their evidence; ``listed`` counts the category's
    facilities, with or without a point; ``kmh`` judges the straight line, where there are streets
    that could have barred it.
    """
    straight = known["straight_metres"].to_numpy(dtype=np.float64)
    located = ~np.isnan(straight)
    near = straight_milliseconds(np.nan_to_num(straight), kmh) <= limit_ms
    by_streets = found["method"] == str(Method.NETWORK)
    late = found["minutes"].isna() | (found["minutes"] > limit_ms / 60_000)
    tests = {
        Reason.NO_DATA: ~known["somewhere"] | (~located & (listed > 0)),
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
