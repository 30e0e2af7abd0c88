"""Travel time computed a second time, from the words of the design alone.

Nothing of ``geo`` is used. Every vertex of every street is a node, time is float seconds, nothing
is contracted or rounded, and networkx finds the way: slow, and short enough to be checked by eye.
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import networkx as nx  # type: ignore[import-untyped]  # publishes no types
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.project import Mode, Rules

STEEPEST = 0.5
JOINED, MOVED, OFF = "joined", "moved_to_main", "off_network"


def oracle_milliseconds(
    streets: gpd.GeoDataFrame,
    mode: Mode,
    rules: Rules,
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
) -> NDArray[np.float64]:
    """Give the time from every origin to every destination, inf where there is no way."""
    return Oracle(streets, mode, rules).milliseconds(origins.geometry, destinations.geometry)


def kmh_of(street: dict[str, Any], mode: Mode) -> float:
    """Give the flat speed of a street, NaN where it is closed to the mode but for pushing."""
    said = next((street[tag] for tag in mode.tags if isinstance(street[tag], str)), None)
    rule = mode.classes.get(street["class"])
    if rule is None:
        granted = said in mode.granted and street["class"] not in mode.closed
        return mode.granted_kmh if granted else np.nan
    if said in mode.denied:
        return np.nan
    posted = street["speed_kmh"]
    kmh = posted if mode.use_posted_speed and posted > 0 else rule.kmh
    return min(kmh, mode.max_kmh)


def tobler(slope: float) -> float:
    """Walk as Tobler (1993): 6 exp(-3.5 |s + 0.05|), over its value on the flat."""
    return math.exp(-3.5 * abs(slope + 0.05)) / math.exp(-3.5 * 0.05)


# Flügel et al. (2019), log speed by per cent of gradient, -10 to -1, against the flat.
OSLO = (0.0491, 0.1081, 0.1081, 0.1357, 0.1795, 0.1802, 0.1494, 0.1124, 0.0589, 0.0412)
ZURICH = 0.669  # Maurer et al. (2025), steeper than -10 %, taken at -15 %


def bicycle(slope: float) -> float:
    """Ride up as Parkin & Rotheram (2010), 6.01 m/s less 0.4002 for each 1 %; down as measured."""
    if slope >= 0:
        return 1 - 40.02 * min(slope, 0.14) / 6.01
    if slope >= -0.10:
        grades = [math.exp(beta) for beta in (*OSLO, 0.0)]
        below = min(math.floor(slope * 100 + 10), 9)
        return grades[below] + (grades[below + 1] - grades[below]) * (slope * 100 + 10 - below)
    a_metre = (math.exp(OSLO[0]) - ZURICH) / 0.05
    return math.exp(OSLO[0]) - a_metre * (-0.10 - max(slope, -0.23))


def e_bike(slope: float) -> float:
    """Climb with 400 W and 135 kg, at 17 km/h at most; no faster down than on the flat."""
    if slope <= 0:
        return min(1.0, bicycle(slope))
    force = 9.81 * 135 * (slope + 0.01)
    roots = np.roots([0.5 * 1.2 * 0.6, 0.0, force, -400.0])
    metres_a_second = roots[np.abs(roots.imag) < 1e-9].real.max()
    return float(min(1.0, metres_a_second * 3.6 / 17))


CURVES = {"tobler": tobler, "bicycle": bicycle, "e-bike": e_bike}


def slope_factor(
    rise: NDArray[np.float64], metres: NDArray[np.float64], mode: Mode
) -> NDArray[np.float64]:
    """Give the speed on a slope over the speed on the flat, in the direction of travel."""
    if mode.slope is None:
        return np.ones(len(metres))
    slope = np.clip(np.nan_to_num(rise) / metres, -STEEPEST, STEEPEST)
    return np.array([CURVES[mode.slope.id](each) for each in slope.tolist()])


def seconds_of(
    pieces: pd.DataFrame, streets: gpd.GeoDataFrame, mode: Mode, *, way: int
) -> NDArray[np.float64]:
    """Give the seconds over each piece of street, 1 along it or -1 against; inf where closed."""
    kmh = np.array([kmh_of(street, mode) for street in streets.to_dict("records")])
    signed = streets["oneway"].to_numpy()
    if mode.contraflow:
        signed = np.where(streets[mode.contraflow] == "no", 0, signed)
    if mode.oneway:
        kmh[signed == -way] = np.nan
    rise, metres, row = (pieces[name].to_numpy() for name in ("rise", "metres", "row"))
    with_slope = kmh[row] * slope_factor(way * rise, metres, mode)
    seconds = np.nan_to_num(metres / (np.minimum(with_slope, mode.max_kmh) / 3.6), nan=np.inf)
    if mode.push is None:
        return seconds
    return np.minimum(seconds, seconds_of(pieces, streets, mode.push, way=way))


def segments_of(streets: gpd.GeoDataFrame, mode: Mode) -> pd.DataFrame:
    """Cut the streets a mode may use at every vertex: start, end, metres, seconds each way."""
    xyz, row = shapely.get_coordinates(streets.geometry, include_z=True, return_index=True)
    within = row[:-1] == row[1:]
    start, end, row = xyz[:-1][within], xyz[1:][within], row[:-1][within]
    metres = np.hypot(*(end - start)[:, :2].T)
    pieces = pd.DataFrame({"metres": metres, "rise": end[:, 2] - start[:, 2], "row": row})
    pieces = pieces[metres > 0]
    forward, backward = (seconds_of(pieces, streets, mode, way=way) for way in (1, -1))
    closed = streets["class"].isin(mode.no_step_on) | streets["bridge"] | streets["tunnel"]
    found = pd.DataFrame(
        {
            "start": list(map(tuple, start[metres > 0, :2])),
            "end": list(map(tuple, end[metres > 0, :2])),
            "metres": pieces["metres"].to_numpy(),
            "forward": forward,
            "backward": backward,
            "may_step": ~closed.to_numpy(dtype=bool)[pieces["row"]],
        }
    )
    return found[np.isfinite(found[["forward", "backward"]]).any(axis=1)].reset_index(drop=True)


@dataclass(frozen=True)
class Oracle:
    """One street network for one mode, asked for times between any places."""

    streets: gpd.GeoDataFrame
    mode: Mode
    rules: Rules

    @cached_property
    def segments(self) -> pd.DataFrame:
        """The usable segments, told apart: on the main network, on a short island, on neither."""
        segments = segments_of(self.streets, self.mode)
        ways = nx.Graph()
        ways.add_edges_from(zip(segments["start"], segments["end"], strict=True))
        parts = enumerate(nx.connected_components(ways))
        part_of = {node: number for number, nodes in parts for node in nodes}
        part = segments["start"].map(part_of)
        length = segments["metres"].groupby(part).sum()
        main = part == (length.idxmax() if len(length) else -1)
        short = part.map(length) < self.rules.min_island_metres
        return segments.assign(main=main, island=short & ~main)

    @cached_property
    def network(self) -> nx.DiGraph:
        """Every vertex a node, every segment an edge in each direction open to the mode."""
        network = nx.DiGraph()
        ways = self.segments[["start", "end", "forward", "backward"]].to_numpy().tolist()
        for start, end, forward, backward in ways:
            network.add_nodes_from((start, end))
            link(network, start, end, forward)
            link(network, end, start, backward)
        return network

    def attach(self, points: gpd.GeoSeries) -> pd.DataFrame:
        """Say where each point joins the network: segment, fraction along it, metres, status."""
        steppable = self.segments[self.segments["may_step"]]
        nearest = nearest_of(steppable, points)
        main = nearest_of(steppable[steppable["main"]], points)
        island = nearest["segment"].isin(self.segments.index[self.segments["island"]])
        moved = island & (main["metres"] <= self.rules.max_access_metres)
        joined = nearest.where(~moved, main)
        far = ~(joined["metres"] <= self.rules.max_access_metres)
        return joined.assign(status=np.where(far, OFF, np.where(moved, MOVED, JOINED)))

    def milliseconds(
        self, origins: gpd.GeoSeries, destinations: gpd.GeoSeries
    ) -> NDArray[np.float64]:
        """Give the time from every origin to every destination, inf where there is no way."""
        network = self._with_places(origins, destinations)
        times = np.full((len(origins), len(destinations)), np.inf)
        for row in range(len(origins)):
            reached = nx.single_source_dijkstra_path_length(
                network, ("from", row), cutoff=self._cutoff, weight="seconds"
            )
            for column in range(len(destinations)):
                times[row, column] = reached.get(("to", column), np.inf) * 1000
        return times

    def nearest_milliseconds(
        self,
        origins: gpd.GeoSeries,
        destinations: gpd.GeoSeries,
        *,
        asked: Iterable[str] | None = None,
        offered: Iterable[str] | None = None,
    ) -> NDArray[np.float64]:
        """Give the time from every origin to the nearest destination, inf where there is none.

        Where categories are given, to the nearest that offers what the origin asks for.
        """
        network = self._with_places(origins, destinations)
        wanted = list(asked or [""] * len(origins))
        network.add_nodes_from(("any", category) for category in wanted)
        for column, category in enumerate(offered or [""] * len(destinations)):
            network.add_edge(("to", column), ("any", category), seconds=0.0)
        times = np.full(len(origins), np.inf)
        for row, category in enumerate(wanted):
            with suppress(nx.NetworkXNoPath):
                seconds, _ = nx.single_source_dijkstra(
                    network, ("from", row), ("any", category), self._cutoff, weight="seconds"
                )
                times[row] = seconds * 1000
        return times

    @property
    def _cutoff(self) -> float:
        return self.rules.search_minutes * 60

    def _with_places(self, origins: gpd.GeoSeries, destinations: gpd.GeoSeries) -> nx.DiGraph:
        """Copy the network and put both sides into it: access legs, stretches, straight walks."""
        network = self.network.copy()
        off_road = self.mode.off_road_kmh / 3.6
        stops = pd.concat([self._stops("from", origins), self._stops("to", destinations)])
        for place, status, metres in stops[["place", "status", "metres"]].to_numpy().tolist():
            at = ("at", *place)
            network.add_nodes_from((place, at))
            if status != OFF:
                start, end = (place, at) if place[0] == "from" else (at, place)
                link(network, start, end, metres / off_road)
        for segment, places in stops[stops["status"] != OFF].groupby("segment"):
            stretch(network, self.segments.loc[[segment]].iloc[0], places)
        tree = shapely.STRtree(np.asarray(destinations))
        near = tree.query(
            np.asarray(origins), predicate="dwithin", distance=self.rules.direct_metres
        )
        for row, column in near.T.tolist():
            apart = origins.iloc[row].distance(destinations.iloc[column])
            link(network, ("from", row), ("to", column), apart / off_road)
        return network

    def _stops(self, side: str, points: gpd.GeoSeries) -> pd.DataFrame:
        stops = self.attach(points)
        stops["place"] = pd.Series([(side, row) for row in range(len(points))], dtype=object)
        return stops


def nearest_of(segments: pd.DataFrame, points: gpd.GeoSeries) -> pd.DataFrame:
    """Give the nearest of the segments to each point: its label, fraction along it, metres."""
    if segments.empty:
        nothing = np.full(len(points), np.nan)
        return pd.DataFrame({"segment": nothing, "fraction": nothing, "metres": nothing})
    start = np.array(segments["start"].tolist())
    end = np.array(segments["end"].tolist())
    lines = np.asarray(shapely.linestrings(np.stack([start, end], axis=1)))
    tree = shapely.STRtree(lines)
    at = tree.query_nearest(np.asarray(points), all_matches=False)[1]
    place = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    along = end[at] - start[at]
    fraction = np.sum((place - start[at]) * along, axis=1) / np.sum(along**2, axis=1)
    fraction = np.clip(fraction, 0.0, 1.0)
    metres = np.hypot(*(place - start[at] - fraction[:, None] * along).T)
    return pd.DataFrame(
        {"segment": segments.index.to_numpy()[at], "fraction": fraction, "metres": metres}
    )


def stretch(network: nx.DiGraph, segment: pd.Series, places: pd.DataFrame) -> None:
    """String the places that join one segment between its two ends, in both open directions."""
    inner = [("at", *place) for place in places.sort_values("fraction")["place"]]
    stops = [segment["start"], *inner, segment["end"]]
    marks = [0.0, *places["fraction"].sort_values(), 1.0]
    for before, after, part in zip(stops[:-1], stops[1:], np.diff(marks), strict=True):
        link(network, before, after, part * segment["forward"] if part else 0.0)
        link(network, after, before, part * segment["backward"] if part else 0.0)


def link(network: nx.DiGraph, start: object, end: object, seconds: float) -> None:
    """Open a way of so many seconds, unless it is closed or there is a quicker one."""
    known = network.get_edge_data(start, end, {"seconds": np.inf})["seconds"]
    if seconds < known:
        network.add_edge(start, end, seconds=seconds)
