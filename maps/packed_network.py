"""The networks of a study as columns of the page, so that it can ask what if.

Everything is a whole number: centimetres from the study's origin, milliseconds, places in other
columns. No slope, speed or length is worked out in the page; it adds up what is here, and takes
square roots of centimetres by the steps of ``geo.distance``. ``maps/panel/whatif.js`` reads it.

network/places/x, y           by residence, in the order of geo.demand: from the vertex before it on
                              the streets of the mode ``base``, off them from the origin
network/facilities/x, y       the same by facility of the page, 0 where ``network/facilities/there``
                              is 0: no point; ``network/facilities/placed`` is 0 where its status
                              does not count either
network/<mode>/...            node_x and node_y, by node; start (node), reach (node of the end less
                              that of the start), bends (vertices between), open (1 along, 2
                              against), kind (0 ordinary, 1 main, 2 short island) and pace (of the
                              settings' ``paces``), by arc; x and y (from the vertex before), by
                              bend; ahead and back (milliseconds more than the piece would take at
                              the arc's pace), street and step_on, by piece; places and facilities
                              (the vertex before the place on its street, -1 off the network)

A pace is milliseconds a micrometre. What an arc's length takes by it is rounded as everything is,
and what a piece really takes, slope and all, is told as the rest: of flat streets nothing is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from geo.demand import demand
from geo.distance import centimetres, rounded
from geo.speed import reach_metres, whole_milliseconds
from geo.times import located_facilities, straight_kmh

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.network import Arcs, Network
    from geo.study import Study
    from geo.times import ModeTimes
    from layers.project import Mode
    from maps.packed import Columns

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Json = dict[str, Any]

ALONG, AGAINST = 1, 2
MAIN, ISLAND = 1, 2
MS_PER_UM_AT_1_KMH = 0.0036
MOST_PACES = 16  # more, and a choice would cost more than it saves
AS_THEY_ARE = ("x", "y", "reach", "bends", "open", "kind", "pace", "ahead", "back", "step_on")


def add_networks(columns: Columns, study: Study) -> Json:
    """Add the networks of a study whose facilities are those of the page; give the settings."""
    found, settings = network_columns(study, study.area.facilities)
    for name, values in found.items():
        columns.whole(name, values, steps=name.rpartition("/")[2] not in AS_THEY_ARE)
    return settings


def network_columns(study: Study, facilities: gpd.GeoDataFrame) -> tuple[dict[str, Ints], Json]:
    """Give the columns by name, and the settings a what-if goes by.

    ``facilities`` are those of the study that the page knows, in its order, which is that of ids.
    The settings are ``origin`` (centimetres of the study CRS), ``base`` (the first mode with
    streets, or nothing), ``direct`` and ``maxAccess``
    (metres), ``limit`` (milliseconds of a search), ``detour``, ``per1000`` (places for 1000 people,
    by category) and ``modes``: ``method``, ``offRoadKmh``, the ``kmh`` of straight lines,
    ``paces`` and ``reach`` (metres a search can get).
    """
    rules, project = study.project.rules, study.project
    columns = _points(study, facilities)
    for name, measured in study.measured.items():
        if measured.network is not None:
            island = rules.min_island_metres
            parts = street_columns(
                measured.network, min_island_metres=island, paces=paces_of(measured.mode)
            )
            parts |= _joins(measured, facilities)
            columns |= {f"network/{name}/{part}": values for part, values in parts.items()}
    origin = _to_origin(columns)
    base = next((name for name, each in study.measured.items() if each.network is not None), None)
    if base is not None:
        _from_streets(columns, study.measured[base], origin)
    settings = {
        "origin": origin,
        "base": base,
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
                "paces": paces_of(each.mode),
                "reach": reach_metres(each.mode, rules.search_minutes),
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
    there = (facilities.geometry.notna() & ~facilities.geometry.is_empty).to_numpy()
    x, y = (np.zeros(len(facilities)) for _ in range(2))
    x[there], y[there] = facilities.geometry[there].x, facilities.geometry[there].y
    return {
        "network/places/x": _whole(people.x),
        "network/places/y": _whole(people.y),
        "network/facilities/x": _whole(x),
        "network/facilities/y": _whole(y),
        "network/facilities/there": there.astype(np.int64),
        "network/facilities/placed": placed.astype(np.int64),
    }


def _whole(metres: NDArray[np.float64]) -> Ints:
    return centimetres(metres).astype(np.int64)


def _to_origin(columns: dict[str, Ints]) -> list[int]:
    """Move everything near the origin, so that 32 bits hold it; give where the origin is."""
    there = columns["network/facilities/there"] > 0
    origin = []
    for axis in "xy":
        names = [f"network/places/{axis}", f"network/facilities/{axis}"]
        names += [name for name in columns if name.endswith(f"/node_{axis}")]
        low = [
            values.min()
            for name in names
            if (values := columns[name][there] if "facilities" in name else columns[name]).size
        ]
        least = int(min(low, default=0))
        for name in names:
            columns[name] = columns[name] - least
        columns[f"network/facilities/{axis}"][~there] = 0
        origin.append(least)
    return origin


def _from_streets(columns: dict[str, Ints], measured: ModeTimes, origin: list[int]) -> None:
    """Tell places and facilities from the vertex before them: near things are small numbers."""
    arcs = cast("Network", measured.network).arcs
    for things in ("places", "facilities"):
        at = columns[f"network/{measured.mode.id}/{things}"]
        for axis, vertices, least in zip("xy", (arcs.x, arcs.y), origin, strict=True):
            name = f"network/{things}/{axis}"
            columns[name] = columns[name] - np.where(at >= 0, _whole(vertices)[at] - least, 0)


def paces_of(mode: Mode) -> list[float]:
    """Give the paces of the speeds that a mode's streets have, in milliseconds a micrometre."""
    speeds = sorted({rule.kmh for rule in mode.classes.values()} or {mode.off_road_kmh})
    return [MS_PER_UM_AT_1_KMH / kmh for kmh in speeds[-MOST_PACES:]]


def street_columns(
    network: Network, *, min_island_metres: float, paces: list[float]
) -> dict[str, Ints]:
    """Give the columns of one network, in centimetres of the study CRS."""
    arcs, segments = network.arcs, network.segments
    component = network.arc_component()
    street = np.zeros(arcs.x.size, dtype=np.int64)
    street[segments.at] = segments.street
    first, last = arcs.first[:-1], arcs.first[1:] - 1
    whole = np.ones(arcs.x.size, dtype=bool)
    whole[last] = False
    bend = whole.copy()
    bend[first] = False
    street = street[whole]
    x, y = _whole(arcs.x), _whole(arcs.y)
    ways = np.column_stack((arcs.forward_ms >= 0, arcs.backward_ms >= 0))
    pace, left = _over_pace(arcs, ways, np.array(paces))
    return {
        "node_x": _whole(network.node_x),
        "node_y": _whole(network.node_y),
        "start": arcs.start,
        "reach": arcs.end - arcs.start,
        "bends": last - first - 1,
        "x": np.diff(x, prepend=0)[bend],
        "y": np.diff(y, prepend=0)[bend],
        "open": ways @ [ALONG, AGAINST],
        "kind": MAIN * (component == network.main)
        + ISLAND * network.is_island(min_island_metres)[component],
        "pace": pace,
        "ahead": left[0][whole],
        "back": left[1][whole],
        "street": street,
        "step_on": network.step_on[street].astype(np.int64),
    }


def _over_pace(arcs: Arcs, ways: Flags, paces: Floats) -> tuple[Ints, list[Ints]]:
    """Give the pace of each arc that explains its time best, and what each piece takes beyond it.

    Nothing is explained of a way that is closed: it has no time.
    """
    times = [whole_milliseconds(ns) for ns in (arcs.forward_ns, arcs.backward_ns)]
    end = arcs.first[1:] - 1
    by_pace = rounded(arcs.micrometres[end, None] * paces)
    off = [
        np.where(way[:, None], abs(ms[end, None] - by_pace), 0)
        for ms, way in zip(times, ways.T, strict=True)
    ]
    pace = (off[0] + off[1]).argmin(axis=1)
    size = np.diff(arcs.first)
    explained = rounded(arcs.micrometres * np.repeat(paces[pace], size))
    left = [ms - explained * np.repeat(way, size) for ms, way in zip(times, ways.T, strict=True)]
    return pace, [np.append(np.diff(each), 0) for each in left]


def _joins(measured: ModeTimes, facilities: gpd.GeoDataFrame) -> dict[str, Ints]:
    found = {} if measured.places is None else {"places": measured.places.at}
    if measured.joined is not None:
        ids = pd.Index(measured.facilities["facility_id"])
        row = ids.get_indexer(pd.Index(facilities["facility_id"]))
        found["facilities"] = np.append(measured.joined.at, -1)[row]
    return found
