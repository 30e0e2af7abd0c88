"""The way from one place to its facility, leg by leg, as the search found it.

A search keeps times and lengths, not ways. The way is traced from them afterwards, for one place
at a time: its legs add up to exactly the milliseconds and micrometres that were found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from geo.distance import MICROMETRES, apart_um
from geo.entries import micrometres
from geo.kernels import reach
from geo.keys import Stops
from geo.speed import straight_milliseconds, whole_milliseconds
from geo.travel import NetworkTravel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo.snap import Joins
    from geo.times import ModeTimes

    Sum = tuple[int, int]  # milliseconds and micrometres

Kind = Literal["access", "street", "egress", "straight"]


@dataclass(frozen=True)
class Leg:
    """One leg of a way: to the street, along one street, from the street, or straight across."""

    kind: Kind
    milliseconds: int
    micrometres: int
    street_id: str | None = None


@dataclass(frozen=True)
class _Spot:
    """A spot of an arc, so far from its start by the way that is walked; ``at``: vertex before."""

    um: int
    ms: int
    at: int


@dataclass(frozen=True)
class _Exit:
    """One end of the arc that a place is joined to: its node, and the legs between the two."""

    node: int
    legs: tuple[Leg, ...]


def itinerary(measured: ModeTimes, category: str, place: int) -> tuple[Leg, ...]:
    """Trace the way from a place (its row) to its nearest facility of a category.

    Legs come as they are walked, neighbouring pieces of one street as one leg. Empty where nothing
    is reached.
    """
    nearest = measured.nearest[category]
    row, ms = int(nearest.facility[place]), int(nearest.milliseconds[place])
    if ms < 0:
        return ()
    found = ms, round(float(nearest.metres[place]) * MICROMETRES)
    travel = measured.travel
    if not isinstance(travel, NetworkTravel):
        return (Leg("straight", *found),)
    here, there = travel.places.take(np.array([place])), travel.facilities.take(np.array([row]))
    across = apart_um(here.x, here.y, there.x, there.y)
    kmh = travel.network.mode.off_road_kmh
    walked = straight_milliseconds(across / MICROMETRES, kmh)
    if found == (walked[0], across[0]):
        return (Leg("straight", *found),)
    trace = _Trace(travel)
    for legs in trace.along_one_arc(here, there):
        if _sum(legs) == found:
            return _by_street(legs)
    return _by_street(trace.through_nodes(here, there, found))


class _Trace:
    """Traces ways on one network."""

    def __init__(self, travel: NetworkTravel) -> None:
        self._travel = travel
        self._arcs, segments = travel.network.arcs, travel.network.segments
        self._street = np.zeros(self._arcs.x.size, dtype=np.int64)  # of the piece after a vertex
        self._street[segments.at] = segments.street

    def along_one_arc(self, here: Joins, there: Joins) -> Iterator[tuple[Leg, ...]]:
        """Give the ways along the arc that both are joined to, if it is one."""
        if here.arc[0] != there.arc[0] or not here.on_network[0]:
            return
        for ahead in (True, False):
            spots = _spot(here, ahead=ahead), _spot(there, ahead=ahead)
            back = (spots[1].um < spots[0].um) if ahead else (spots[1].um > spots[0].um)
            if not back:
                pieces = self._pieces(*spots, ahead=ahead)
                yield _access(here, "access"), *pieces, _access(there, "egress")

    def through_nodes(self, here: Joins, there: Joins, found: Sum) -> list[Leg]:
        """Walk back from the facility by the nodes that the place reaches earliest."""
        leaving = {each.node: each.legs for each in self._exits(here, arriving=False)}
        at = self._reached({node: _sum(legs) for node, legs in leaving.items()}, found[0])
        node, end = next(
            (each.node, each.legs)
            for each in self._exits(there, arriving=True)
            if each.node in at and _plus(at[each.node], _sum(each.legs)) == found
        )
        parts = [end]
        while node not in leaving or at[node] != _sum(leaving[node]):
            node, legs = self._before(node, at)
            parts.append(legs)
        return [leg for part in (leaving[node], *reversed(parts)) for leg in part]

    def _reached(self, starts: dict[int, Sum], limit_ms: int) -> dict[int, Sum]:
        """Give every node within a limit of the starts, with its least time and length."""
        sums = np.array([*starts.values()], dtype=np.int64).reshape(-1, 2)
        nodes = np.array([*starts], dtype=np.int64)
        origins = Stops(np.zeros_like(nodes), nodes, *sums.T)
        found = reach(self._travel.towards_facilities, origins, limit_ms=limit_ms)
        sums_found = zip(found.milliseconds.tolist(), found.micrometres.tolist(), strict=True)
        return dict(zip(found.node.tolist(), sums_found, strict=True))

    def _before(self, node: int, at: dict[int, Sum]) -> tuple[int, tuple[Leg, ...]]:
        """Give the node before one on its earliest, shortest way, and the arc between the two."""
        graph = self._travel.from_facilities
        row = slice(graph.indptr[node], graph.indptr[node + 1])
        columns = (graph.heads, graph.weights, graph.micrometres)
        for tail, ms, um in zip(*(column[row].tolist() for column in columns), strict=True):
            if tail in at and _plus(at[tail], (ms, um)) == at[node]:
                return tail, self._whole(tail, node, (ms, um))
        message = "no arc leads to a node that was reached"
        raise AssertionError(message)

    def _whole(self, tail: int, head: int, taken: Sum) -> tuple[Leg, ...]:
        """Give the pieces of the arc between two nodes that takes so long and is so long."""
        arcs = self._arcs
        length = arcs.micrometres[arcs.first[1:] - 1] == taken[1]
        ahead = length & (arcs.start == tail) & (arcs.end == head) & (arcs.forward_ms == taken[0])
        back = length & (arcs.start == head) & (arcs.end == tail) & (arcs.backward_ms == taken[0])
        arc = int(np.flatnonzero(ahead | back)[0])
        way = bool(ahead[arc])
        ends = self._ends(arc, ahead=way)
        return self._pieces(*(ends if way else ends[::-1]), ahead=way)

    def _exits(self, joins: Joins, *, arriving: bool) -> list[_Exit]:
        """Give both ends of the arc of one place, as far as they are open; of one node the best."""
        if not joins.on_network[0]:
            return []
        arc, found = int(joins.arc[0]), []
        for ahead in (True, False):
            spot, (start, end) = _spot(joins, ahead=ahead), self._ends(arc, ahead=ahead)
            far = (start if arriving else end) if ahead else (end if arriving else start)
            leg = (
                (joins.from_start_ms if ahead else joins.from_end_ms)
                if arriving
                else (joins.to_end_ms if ahead else joins.to_start_ms)
            )
            if leg[0] < 0:
                continue
            node = self._arcs.start[arc] if far is start else self._arcs.end[arc]
            between = (far, spot) if arriving else (spot, far)
            pieces = () if far.um == spot.um else self._pieces(*between, ahead=ahead)
            access = _access(joins, "egress" if arriving else "access")
            found.append(_Exit(int(node), (*pieces, access) if arriving else (access, *pieces)))
        best = sorted(found, key=lambda each: _sum(each.legs), reverse=True)
        return [*{each.node: each for each in best}.values()]

    def _ends(self, arc: int, *, ahead: bool) -> tuple[_Spot, _Spot]:
        arcs = self._arcs
        first, last = int(arcs.first[arc]), int(arcs.first[arc + 1]) - 1
        whole = int((arcs.forward_ms if ahead else arcs.backward_ms)[arc])
        return _Spot(0, 0, first), _Spot(int(arcs.micrometres[last]), whole, last - 1)

    def _pieces(self, begin: _Spot, end: _Spot, *, ahead: bool) -> tuple[Leg, ...]:
        """Cut the way between two spots of an arc at its vertices."""
        ns = self._arcs.forward_ns if ahead else self._arcs.backward_ns
        inner = np.arange(begin.at + 1, end.at + 1) if ahead else np.arange(begin.at, end.at, -1)
        times = [begin.ms, *whole_milliseconds(ns[inner]).tolist(), end.ms]
        along = [begin.um, *self._arcs.micrometres[inner].tolist(), end.um]
        streets = self._street[[begin.at, *(inner if ahead else inner - 1)]]
        steps = zip(pairwise(times), pairwise(along), streets, strict=True)
        return tuple(
            Leg("street", abs(t[1] - t[0]), abs(s[1] - s[0]), str(self._name(street)))
            for t, s, street in steps
        )

    def _name(self, street: int) -> object:
        return self._travel.network.street_ids[street]


def _spot(joins: Joins, *, ahead: bool) -> _Spot:
    ms = joins.from_start_ms if ahead else joins.to_start_ms
    return _Spot(int(joins.offset_um[0]), int(ms[0]), int(joins.at[0]))


def _access(joins: Joins, kind: Kind) -> Leg:
    return Leg(kind, int(joins.access_ms[0]), int(micrometres(joins.access_metres)[0]))


def _plus(one: Sum, other: Sum) -> Sum:
    return one[0] + other[0], one[1] + other[1]


def _sum(legs: Iterable[Leg]) -> Sum:
    legs = tuple(legs)
    return sum(leg.milliseconds for leg in legs), sum(leg.micrometres for leg in legs)


def _by_street(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """Put neighbouring pieces of one street together, and leave out those of no length."""
    walked = (leg for leg in legs if leg.micrometres or leg.milliseconds or leg.kind != "street")
    found = []
    for _, group in groupby(walked, key=lambda leg: (leg.kind, leg.street_id)):
        same = tuple(group)
        ms, um = _sum(same)
        found.append(replace(same[0], milliseconds=ms, micrometres=um))
    return tuple(found)
