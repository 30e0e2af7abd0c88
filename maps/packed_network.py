"""The networks of a study as columns of the page, so that it can ask what if.

Everything is a whole number: centimetres from the study's origin, milliseconds, places in other
columns. No slope, speed or length is worked out in the page; it adds up what is here, and takes
square roots of centimetres by the steps of ``geo.distance``. ``maps/panel/whatif.js`` reads it.

network/places/x, y           by residence, in the order of geo.demand
network/facilities/x, y       by facility of the page, 0 where ``network/facilities/placed`` is 0:
                              no point, or a status that does not count
network/<mode>/...            start (node) and reach (node of the end less that of the start),
                              vertices, open (1 along, 2 against), kind (0 ordinary, 1 main, 2
                              short island), by arc; x, y, ahead (milliseconds from the arc's
                              start) and lag (by how much longer the way back takes), street and
                              step_on (of the piece behind it), by vertex; places and facilities
                              (the vertex before the place on its street, -1 off the network)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.demand import demand
from geo.distance import centimetres
from geo.speed import whole_milliseconds
from geo.times import located_facilities, straight_kmh

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.network import Network
    from geo.study import Study
    from geo.times import ModeTimes
    from maps.packed import Columns

    Ints = NDArray[np.int64]
    Json = dict[str, Any]

ALONG, AGAINST = 1, 2
MAIN, ISLAND = 1, 2


def add_networks(columns: Columns, study: Study) -> Json:
    """Add the networks of a study whose facilities are those of the page; give the settings."""
    found, settings = network_columns(study, study.area.facilities)
    for name, values in found.items():
        columns.whole(name, values, steps=True)
    return settings


def network_columns(study: Study, facilities: gpd.GeoDataFrame) -> tuple[dict[str, Ints], Json]:
    """Give the columns by name, and the settings a what-if goes by.

    ``facilities`` are those of the study that the page knows, in its order, which is that of ids.
    The settings are ``origin`` (centimetres of the study CRS), ``direct`` and ``maxAccess``
    (metres), ``limit`` (milliseconds of a search), ``detour``, ``per1000`` (places for 1000 people,
    by category) and ``modes``: ``method``, ``offRoadKmh`` and the ``kmh`` of straight lines.
    """
    rules, project = study.project.rules, study.project
    columns = _points(study, facilities)
    for name, measured in study.measured.items():
        if measured.network is not None:
            island = rules.min_island_metres
            parts = street_columns(measured.network, min_island_metres=island)
            parts |= _joins(measured, facilities)
            columns |= {f"network/{name}/{part}": values for part, values in parts.items()}
    settings = {
        "origin": _to_origin(columns),
        "direct": rules.direct_metres,
        "maxAccess": rules.max_access_metres,
        "limit": round(rules.search_minutes * 60_000),
        "detour": rules.detour_factor,
        "per1000": {
            each.id: each.capacity_per_1000
            for each in project.categories.values()
            if each.capacity_per_1000 is not None
        },
        "modes": {
            name: {
                "method": str(each.method),
                "offRoadKmh": each.mode.off_road_kmh,
                "kmh": straight_kmh(each.mode, project),
            }
            for name, each in study.measured.items()
        },
    }
    return columns, settings


def _points(study: Study, facilities: gpd.GeoDataFrame) -> dict[str, Ints]:
    known_share = study.project.rules.known_share
    people = demand(study.area.units, study.area.residences, known_share=known_share)
    counting = located_facilities(study.area, study.project)["facility_id"]
    placed = facilities["facility_id"].isin(counting).to_numpy()
    x, y = (np.zeros(len(facilities)) for _ in range(2))
    x[placed], y[placed] = facilities.geometry[placed].x, facilities.geometry[placed].y
    return {
        "network/places/x": _whole(people.x),
        "network/places/y": _whole(people.y),
        "network/facilities/x": _whole(x),
        "network/facilities/y": _whole(y),
        "network/facilities/placed": placed.astype(np.int64),
    }


def _whole(metres: NDArray[np.float64]) -> Ints:
    return centimetres(metres).astype(np.int64)


def _to_origin(columns: dict[str, Ints]) -> list[int]:
    """Move everything near the origin, so that 32 bits hold it; give where the origin is."""
    placed = columns["network/facilities/placed"] > 0
    origin = []
    for axis in "xy":
        names = [name for name in columns if name.endswith(f"/{axis}")]
        low = [
            values.min()
            for name in names
            if (values := columns[name][placed] if "facilities" in name else columns[name]).size
        ]
        least = int(min(low, default=0))
        for name in names:
            columns[name] = columns[name] - least
        columns[f"network/facilities/{axis}"][~placed] = 0
        origin.append(least)
    return origin


def street_columns(network: Network, *, min_island_metres: float) -> dict[str, Ints]:
    """Give the columns of one network by arc and by vertex, in centimetres of the study CRS."""
    arcs, segments = network.arcs, network.segments
    component = network.arc_component()
    ahead, back = whole_milliseconds(arcs.forward_ns), whole_milliseconds(arcs.backward_ns)
    street = np.zeros(arcs.x.size, dtype=np.int64)
    street[segments.at] = segments.street
    last = arcs.first[1:] - 1
    street[last] = street[last - 1]
    step_on = network.step_on[street]
    step_on[last] = False
    island = network.is_island(min_island_metres)[component]
    return {
        "start": arcs.start,
        "reach": arcs.end - arcs.start,
        "vertices": np.diff(arcs.first),
        "open": ALONG * (arcs.forward_ms >= 0) + AGAINST * (arcs.backward_ms >= 0),
        "kind": MAIN * (component == network.main) + ISLAND * island,
        "x": _whole(arcs.x),
        "y": _whole(arcs.y),
        "ahead": ahead,
        "lag": back - ahead,
        "street": street,
        "step_on": step_on.astype(np.int64),
    }


def _joins(measured: ModeTimes, facilities: gpd.GeoDataFrame) -> dict[str, Ints]:
    found = {} if measured.places is None else {"places": measured.places.at}
    if measured.joined is not None:
        ids = pd.Index(measured.facilities["facility_id"])
        row = ids.get_indexer(pd.Index(facilities["facility_id"]))
        found["facilities"] = np.append(measured.joined.at, -1)[row]
    return found
