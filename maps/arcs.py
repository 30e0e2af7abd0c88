"""Areas as shared arcs: a border between two areas is kept once, and cannot come apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Geometries = NDArray[np.object_]

BRANCHLESS = 2  # borders that meet at a point which only lies along one


@dataclass(frozen=True)
class Arcs:
    """The borders of areas and who uses them.

    ``counts`` are the vertices of each arc, ``x`` and ``y`` those of all arcs in a row. ``rings``
    says how many rings each area has, ``uses`` how many arcs each ring; ``refs`` are those arcs
    in order, the number of an arc, or ``-1 - number`` where the ring runs against it. Arcs are
    numbered in the order of their first use.
    """

    counts: Ints
    x: Ints
    y: Ints
    rings: Ints
    uses: Ints
    refs: Ints

    def back(self) -> Ints:
        """Give each use's arc counted back from the next new one: 0 where it is that one.

        Above 0 the ring runs against the arc, below 0 along it; a new arc is run along.
        """
        number = np.where(self.refs < 0, -1 - self.refs, self.refs)
        newest = np.maximum.accumulate(np.append(-1, number))[:-1]
        back = newest + 1 - number
        return np.where(self.refs < 0, back, -back)

    def users(self) -> tuple[Ints, Ints]:
        """Give the arc and the area of every use."""
        ring = np.repeat(np.arange(self.uses.size), self.uses)
        area = np.repeat(np.arange(self.rings.size), self.rings)[ring]
        return np.where(self.refs < 0, -1 - self.refs, self.refs), area


@dataclass(frozen=True)
class _Edges:
    """The sides of all rings, ring by ring: from one vertex to the next, and which border it is."""

    start: Ints
    end: Ints
    border: Ints
    ring: Ints


def shared_arcs(areas: Geometries) -> Arcs:
    """Cut the rings of areas where borders meet; coordinates are whole numbers already.

    A ring that has shrunk to a single point is left out; an area may so be left without any.
    """
    polygons, area = shapely.get_parts(areas, return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    whole = np.rint(corners).astype(np.int64)
    places, place = np.unique(whole, axis=0, return_inverse=True)
    edges = _edges(place.ravel(), ring)
    starts = _starts(edges, len(places))
    edges, starts = _from_the_first_start(edges, starts)
    first = np.flatnonzero(starts)
    refs, vertices, counts = _named(edges, first)
    kept = np.unique(edges.ring)
    return Arcs(
        counts=counts,
        x=places[vertices, 0] if vertices.size else vertices,
        y=places[vertices, 1] if vertices.size else vertices,
        rings=np.bincount(area[polygon[kept]], minlength=len(areas)),
        uses=np.bincount(edges.ring[first], minlength=len(rings))[kept],
        refs=refs,
    )


def _edges(place: Ints, ring: Ints) -> _Edges:
    moves = np.flatnonzero((ring[:-1] == ring[1:]) & (place[:-1] != place[1:]))
    start, end = place[moves], place[moves + 1]
    sides = np.stack((np.minimum(start, end), np.maximum(start, end)), axis=1)
    _, border = np.unique(sides, axis=0, return_inverse=True)
    return _Edges(start, end, border.ravel().astype(np.int64), ring[moves])


def _starts(edges: _Edges, places: int) -> Flags:
    """Say which sides begin an arc: where borders meet, else at a ring's lowest vertex."""
    _, once = np.unique(edges.border, return_index=True)
    meeting = np.bincount(np.concatenate((edges.start[once], edges.end[once])), minlength=places)
    starts: Flags = meeting[edges.start] != BRANCHLESS
    begins = np.flatnonzero(np.diff(edges.ring, prepend=-1))
    if begins.size == 0:
        return starts
    size = np.diff(np.append(begins, edges.ring.size))
    bare = np.repeat(np.add.reduceat(starts, begins) == 0, size)
    lowest = np.repeat(np.minimum.reduceat(edges.start, begins), size)
    starts |= bare & (edges.start == lowest)
    return starts


def _from_the_first_start(edges: _Edges, starts: Flags) -> tuple[_Edges, Flags]:
    """Turn every ring so that it begins with an arc's beginning."""
    begins = np.flatnonzero(np.diff(edges.ring, prepend=-1))
    size = np.diff(np.append(begins, edges.ring.size))
    first = np.full(begins.size, edges.ring.size)
    which = np.repeat(np.arange(begins.size), size)
    np.minimum.at(first, which[starts], np.flatnonzero(starts))
    turned = (np.arange(edges.ring.size) - first[which]) % np.repeat(size, size)
    order = np.lexsort((turned, which))
    moved = _Edges(*(values[order] for values in vars(edges).values()))
    return moved, starts[order]


def _named(edges: _Edges, first: Ints) -> tuple[Ints, Ints, Ints]:
    """Give each use of an arc its number and sense, and each arc its vertices at first use."""
    if first.size == 0:
        return first, first, first
    size = np.diff(np.append(first, edges.ring.size))
    name = np.minimum.reduceat(edges.border, first)
    telling = np.flatnonzero(edges.border == np.repeat(name, size))
    _, once = np.unique(np.repeat(np.arange(first.size), size)[telling], return_index=True)
    ahead = (edges.start < edges.end)[telling[once]]
    _, original, number = np.unique(name, return_index=True, return_inverse=True)
    place = np.empty_like(original)
    place[np.argsort(original)] = np.arange(original.size)
    original, number = np.sort(original), place[number]
    refs = np.where(ahead == ahead[original][number], number, -1 - number)
    runs = [
        np.append(edges.start[a : a + n], edges.end[a + n - 1])
        for a, n in zip(first[original], size[original], strict=True)
    ]
    return refs.astype(np.int64), np.concatenate(runs), size[original].astype(np.int64) + 1
