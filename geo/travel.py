"""Travel time from every place to its nearest facility, along streets or in a straight line."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from geo.distance import MICROMETRES, apart_um
from geo.entries import entries, micrometres
from geo.graph import search_graph
from geo.kernels import meet, search_all
from geo.keys import MAX_RANK, RANK_BITS, UNREACHED, Seeds, pack, unpack
from geo.pairs import Pairs, put_together
from geo.speed import straight_milliseconds
from geo.ways import along_one_arc, straight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.graph import Graph
    from geo.keys import Stops
    from geo.network import Network
    from geo.snap import Joins
    from layers.project import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_CHUNK = 4_000_000
_FAR = np.iinfo(np.int64).max
_MS_PER_METRE_AT_1_KMH = 3600


@dataclass(frozen=True)
class Nearest:
    """The nearest facility of each place: whole milliseconds (-1 if none), its row, metres."""

    milliseconds: Ints
    facility: Ints
    metres: Floats


@dataclass(frozen=True)
class _Best:
    """The best key so far of each place and how long that way is."""

    key: Ints
    micrometres: Ints

    def offer(self, place: Ints, key: Ints, micrometres: Ints) -> None:
        """Take every offer that beats what a place has; of equal keys the shorter.

        Offers to one place follow one another.
        """
        if place.size == 0:
            return
        new = np.diff(place, prepend=-1) != 0
        first = np.flatnonzero(new)
        place, least = place[first], np.minimum.reduceat(key, first)
        later = key > least[np.cumsum(new) - 1]
        key = least
        micrometres = np.minimum.reduceat(np.where(later, _FAR, micrometres), first)
        wins = (key < self.key[place]) | (
            (key == self.key[place]) & (micrometres < self.micrometres[place])
        )
        self.key[place[wins]] = key[wins]
        self.micrometres[place[wins]] = micrometres[wins]

    def offer_pairs(self, ways: Pairs) -> None:
        """Take the ways that beat what a place has; of equally quick facilities the first row."""
        ways = ways.by_place()
        self.offer(ways.place, pack(ways.milliseconds, ways.facility), ways.micrometres)

    def result(self, limit_ms: int) -> Nearest:
        """Turn keys back into times and facilities, none beyond a limit."""
        milliseconds, facility = unpack(self.key)
        none = (self.key >= UNREACHED) | (milliseconds > limit_ms)
        return Nearest(
            milliseconds=np.where(none, -1, milliseconds),
            facility=np.where(none, -1, facility),
            metres=np.where(none, np.nan, self.micrometres / MICROMETRES),
        )


def _none_yet(places: int) -> _Best:
    return _Best(np.full(places, UNREACHED), np.zeros(places, dtype=np.int64))


class NetworkTravel:
    """Ways on one network: places and facilities joined once, searched often."""

    def __init__(self, network: Network, places: Joins, facilities: Joins, rules: Rules) -> None:
        """Keep both sides; facilities are ranked by their row, ties go to the first."""
        if facilities.x.size > MAX_RANK:
            message = f"at most {MAX_RANK} facilities"
            raise OverflowError(message)
        self.network = network
        self.places = places
        self.facilities = facilities
        self.rules = rules

    def at_places(self, rows: Ints) -> NetworkTravel:
        """Give the ways of some of the places; graphs that were laid out already are shared."""
        some = copy(self)
        some.places = self.places.take(rows)
        for name in ("_leaving", "_places_tree"):
            vars(some).pop(name, None)
        return some

    @cached_property
    def towards_facilities(self) -> Graph:
        """The graph along the arcs, for searching from places."""
        return search_graph(self.network, reverse=False)

    @cached_property
    def from_facilities(self) -> Graph:
        """The graph against the arcs, for searching from facilities."""
        return search_graph(self.network, reverse=True)

    @cached_property
    def _leaving(self) -> Stops:
        """Where places enter the network, place by place."""
        there = np.flatnonzero(self.places.on_network)
        stops = entries(self.network, self.places, there, arriving=False)
        return stops.take(np.argsort(stops.origin, kind="stable"))

    @cached_property
    def _places_tree(self) -> cKDTree:
        return cKDTree(np.column_stack((self.places.x, self.places.y)))

    def _arriving(self, rows: Ints) -> Stops:
        joined = rows[self.facilities.on_network[rows]]
        return entries(self.network, self.facilities, joined, arriving=True)

    def nearest(self, rows: Ints) -> Nearest:
        """Find each place's nearest of some facilities (rows of the joined facilities)."""
        return self.nearest_of_each([rows])[0]

    def nearest_of_each(self, groups: Sequence[Ints]) -> list[Nearest]:
        """Find each place's nearest of every group of facilities: quicker than one by one."""
        limit_ms = round(self.rules.search_minutes * 60_000)
        here, arriving = self._leaving, [self._arriving(rows) for rows in groups]
        seeds = [
            Seeds(stops.node, pack(stops.milliseconds, stops.origin), stops.micrometres)
            for stops in arriving
        ]
        searched = search_all(self.from_facilities, seeds, at=here.node, limit_ms=limit_ms)
        known = self._without_search(np.unique(np.concatenate([*groups, here.node[:0]])))
        found = []
        for rows, reached in zip(groups, searched, strict=True):
            best = _none_yet(self.places.x.size)
            way = reached.key + (here.milliseconds << RANK_BITS)
            best.offer(here.origin, way, reached.micrometres + here.micrometres)
            best.offer_pairs(known.take(np.isin(known.facility, rows)))
            found.append(best.result(limit_ms))
        return found

    def pairs(self, rows: Ints, *, limit_ms: int) -> Pairs:
        """Find every pair of a place and one of some facilities within a limit, itself included.

        The search runs from whichever side is smaller. One row per pair, by place, then facility.
        """
        here, there = self._leaving, self._arriving(rows)
        others = self._without_search(rows)
        others = others.take(others.milliseconds <= limit_ms)
        if there.node.size < here.node.size:
            graph = self.from_facilities
            return meet(graph, there, here, others.turned(), limit_ms=limit_ms).turned().by_place()
        return meet(self.towards_facilities, here, there, others, limit_ms=limit_ms)

    def _without_search(self, rows: Ints) -> Pairs:
        """Give the ways along one arc, and straight ones of neighbours."""
        kmh, reach = self.network.mode.off_road_kmh, self.rules.direct_metres
        there = self.facilities.x[rows], self.facilities.y[rows]
        direct = straight(self._places_tree, there, metres=reach, kmh=kmh).of(rows)
        return put_together(
            [along_one_arc(self.network, self.places, self.facilities, rows), direct]
        )


class StraightTravel:
    """Nearest facilities in a straight line times a detour factor, where there are no streets."""

    def __init__(
        self,
        places: tuple[Floats, Floats],
        facilities: tuple[Floats, Floats],
        *,
        kmh: float,
        rules: Rules,
    ) -> None:
        """Keep the points, metres in the study CRS, and the speed along the assumed way."""
        self.here = np.column_stack(places)
        self.there = np.column_stack(facilities)
        self.kmh = kmh
        self.rules = rules

    def at_places(self, rows: Ints) -> StraightTravel:
        """Give the ways of some of the places."""
        some = copy(self)
        some.here = self.here[rows]
        return some

    def nearest_of_each(self, groups: Sequence[Ints]) -> list[Nearest]:
        """Find each place's nearest of every group of facilities."""
        return [self.nearest(rows) for rows in groups]

    def nearest(self, rows: Ints) -> Nearest:
        """Find each place's nearest of some facilities; of equally near ones the first row."""
        best = _none_yet(len(self.here))
        step = max(1, _CHUNK // max(1, rows.size))
        for begin in range(0, len(self.here) if rows.size else 0, step):
            here = self.here[begin : begin + step]
            sides = (*here.T[:, :, None], *self.there[rows].T[:, None, :])
            metres = apart_um(*sides) / MICROMETRES * self.rules.detour_factor
            keys = pack(straight_milliseconds(metres, self.kmh), rows[None, :])
            choice = keys.argmin(axis=1)
            at = np.arange(len(here))
            best.offer(begin + at, keys[at, choice], micrometres(metres[at, choice]))
        return best.result(round(self.rules.search_minutes * 60_000))

    def pairs(self, rows: Ints, *, limit_ms: int) -> Pairs:
        """Find every pair of a place and one of some facilities within a limit, itself included.

        One row per pair, by place, then facility.
        """
        detour = self.rules.detour_factor
        reach = (limit_ms + 1) * self.kmh / _MS_PER_METRE_AT_1_KMH / detour
        x, y = self.there[rows].T
        ways = straight(cKDTree(self.here), (x, y), metres=reach, kmh=self.kmh, detour=detour)
        return ways.of(rows).take(ways.milliseconds <= limit_ms).quickest()
