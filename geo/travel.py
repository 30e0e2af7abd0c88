"""Travel time from every place to its nearest facility, along streets or in a straight line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from geo.kernels import (
    MAX_RANK,
    RANK_BITS,
    UNREACHED,
    Graph,
    Seeds,
    pack,
    search,
    search_graph,
    unpack,
)
from geo.network import MICROMETRES
from geo.speed import straight_milliseconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.network import Network
    from geo.snap import Joins
    from layers.project import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_CHUNK = 4_000_000


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
        """Take every offer that beats what a place has; of equal keys the shorter."""
        order = np.lexsort((micrometres, key, place))
        place, key, micrometres = place[order], key[order], micrometres[order]
        first = np.unique(place, return_index=True)[1]
        place, key, micrometres = place[first], key[first], micrometres[first]
        wins = (key < self.key[place]) | (
            (key == self.key[place]) & (micrometres < self.micrometres[place])
        )
        self.key[place[wins]] = key[wins]
        self.micrometres[place[wins]] = micrometres[wins]

    def result(self) -> Nearest:
        """Turn keys back into times and facilities."""
        milliseconds, facility = unpack(self.key)
        none = self.key >= UNREACHED
        return Nearest(
            milliseconds=np.where(none, -1, milliseconds),
            facility=np.where(none, -1, facility),
            metres=np.where(none, np.nan, self.micrometres / MICROMETRES),
        )


def _none_yet(places: int) -> _Best:
    return _Best(np.full(places, UNREACHED), np.zeros(places, dtype=np.int64))


class NetworkTravel:
    """Nearest facilities on one network: places and facilities joined once, searched often."""

    def __init__(self, network: Network, places: Joins, facilities: Joins, rules: Rules) -> None:
        """Prepare the reversed graph; facilities are ranked by their row, ties go to the first."""
        if facilities.x.size > MAX_RANK:
            message = f"at most {MAX_RANK} facilities"
            raise OverflowError(message)
        self.network = network
        self.places = places
        self.facilities = facilities
        self.rules = rules
        self.graph: Graph = search_graph(network, reverse=True)

    def nearest(self, rows: Ints) -> Nearest:
        """Find each place's nearest of some facilities (rows of the joined facilities)."""
        best = _none_yet(self.places.x.size)
        limit_ms = round(self.rules.search_minutes * 60_000)
        joined = rows[self.facilities.on_network[rows]]
        if joined.size:
            self._through_nodes(best, joined, limit_ms)
            self._along_one_arc(best, joined)
        self._straight(best, rows)
        best.key[(best.key >> RANK_BITS) > limit_ms] = UNREACHED
        return best.result()

    def _through_nodes(self, best: _Best, rows: Ints, limit_ms: int) -> None:
        to, arcs = self.facilities.take(rows), self.network.arcs
        whole = arcs.micrometres[arcs.first[1:] - 1]
        access = _um(to.access_metres)
        ends = (
            (arcs.start[to.arc], to.from_start_ms, to.offset_um),
            (arcs.end[to.arc], to.from_end_ms, whole[to.arc] - to.offset_um),
        )
        node, key, um = (
            np.concatenate(parts)
            for parts in zip(
                *(
                    (
                        node[leg >= 0],
                        pack((leg + to.access_ms)[leg >= 0], rows[leg >= 0]),
                        (length + access)[leg >= 0],
                    )
                    for node, leg, length in ends
                ),
                strict=True,
            )
        )
        reached = search(self.graph, Seeds(node, key, um), limit_ms=limit_ms)
        place = np.flatnonzero(self.places.on_network)
        at = self.places.take(place)
        access = _um(at.access_metres)
        for node, leg, length in (
            (arcs.start[at.arc], at.to_start_ms, at.offset_um),
            (arcs.end[at.arc], at.to_end_ms, whole[at.arc] - at.offset_um),
        ):
            ok = (leg >= 0) & (reached.key[node] < UNREACHED)
            way = reached.key[node] + ((leg + at.access_ms) << RANK_BITS)
            um = reached.micrometres[node] + length + access
            best.offer(place[ok], way[ok], um[ok])

    def _along_one_arc(self, best: _Best, rows: Ints) -> None:
        """Let places and facilities on one arc meet along it."""
        place, row = _pairs_on_one_arc(self.places, self.facilities, rows)
        here, there = self.places.take(place), self.facilities.take(row)
        access_ms = here.access_ms + there.access_ms
        length = np.abs(there.offset_um - here.offset_um)
        length += _um(here.access_metres) + _um(there.access_metres)
        arcs = self.network.arcs
        ahead = (there.offset_um >= here.offset_um) & (arcs.forward_ms[here.arc] >= 0)
        behind = (there.offset_um <= here.offset_um) & (arcs.backward_ms[here.arc] >= 0)
        for ok, leg in (
            (ahead, there.from_start_ms - here.from_start_ms),
            (behind, here.to_start_ms - there.to_start_ms),
            (there.offset_um == here.offset_um, np.zeros_like(length)),
        ):
            best.offer(place[ok], pack(leg + access_ms, row)[ok], length[ok])

    def _straight(self, best: _Best, rows: Ints) -> None:
        """Let neighbours closer than ``direct_metres`` walk straight."""
        here = np.column_stack((self.places.x, self.places.y))
        there = np.column_stack((self.facilities.x[rows], self.facilities.y[rows]))
        if not (len(here) and len(there)):
            return
        reach = self.rules.direct_metres
        found = cKDTree(here).sparse_distance_matrix(
            cKDTree(there), reach * (1 + 1e-9), output_type="ndarray"
        )
        place, row = found["i"].astype(np.int64), rows[found["j"]]
        metres = np.hypot(*(here[place] - there[found["j"]]).T)
        ok = metres <= reach
        leg = straight_milliseconds(metres, self.network.mode.off_road_kmh)
        best.offer(place[ok], pack(leg, row)[ok], _um(metres)[ok])


def _um(metres: Floats) -> Ints:
    whole: Ints = np.rint(metres * MICROMETRES).astype(np.int64)
    return whole


def _pairs_on_one_arc(places: Joins, facilities: Joins, rows: Ints) -> tuple[Ints, Ints]:
    """Give every pair of a place and a facility that are joined to the same arc."""
    rows = rows[np.argsort(facilities.arc[rows], kind="stable")]
    arcs = facilities.arc[rows]
    place = np.flatnonzero(places.on_network)
    low = np.searchsorted(arcs, places.arc[place], side="left")
    count = np.searchsorted(arcs, places.arc[place], side="right") - low
    index = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(place, count), rows[np.repeat(low, count) + index]


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

    def nearest(self, rows: Ints) -> Nearest:
        """Find each place's nearest of some facilities; of equally near ones the first row."""
        best = _none_yet(len(self.here))
        if rows.size == 0:
            return best.result()
        step = max(1, _CHUNK // rows.size)
        for begin in range(0, len(self.here), step):
            here = self.here[begin : begin + step]
            gap = here[:, None, :] - self.there[rows][None, :, :]
            metres = np.hypot(gap[..., 0], gap[..., 1]) * self.rules.detour_factor
            keys = pack(straight_milliseconds(metres, self.kmh), rows[None, :])
            choice = keys.argmin(axis=1)
            at = np.arange(len(here))
            best.offer(begin + at, keys[at, choice], _um(metres[at, choice]))
        best.key[(best.key >> RANK_BITS) > round(self.rules.search_minutes * 60_000)] = UNREACHED
        return best.result()
