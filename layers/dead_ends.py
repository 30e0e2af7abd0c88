"""What lies near the ends of lines that they do not touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.vertices import MICROMETRES, PER_METRE, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.vertices import Ints, Vertices

    Flags = NDArray[np.bool_]

# A line that leaves another at a sharp angle runs close beside it at first: within so many times
# the reach, counted back along the line, it has met the other line already.
_BACK = 3


@dataclass(frozen=True)
class Ways:
    """What is known of every line: bridge or tunnel (``span``), and the level it lies on."""

    span: Flags
    level: NDArray[np.float64]

    def same_ground(self, one: Ints, other: Ints) -> Flags:
        """Say which pairs of lines would meet where they cross."""
        spans = self.span[one] | self.span[other]
        return np.asarray((self.level[one] == self.level[other]) & ~spans)


@dataclass(frozen=True)
class Nearby:
    """Points of other lines near ends, one row each.

    ``end`` counts the ends asked about; ``at`` is the vertex where the point is an end of ``line``
    (``is_end``), else the segment it lies on; ``square`` is the distance in square centimetres.
    """

    end: Ints
    line: Ints
    is_end: Flags
    at: Ints
    x: Ints
    y: Ints
    square: Ints

    def rows(self, chosen: Flags | Ints) -> Nearby:
        """Give some of the rows."""
        return Nearby(**{name: values[chosen] for name, values in vars(self).items()})


def near_ends(vertices: Vertices, ways: Ways, ends: Ints, reach: Ints) -> Nearby:
    """Give the nearest points of lines within reach of ends (vertices; cm) that do not touch them.

    Of bridges, tunnels and lines on another level only the ends count. Points are whole
    centimetres, and the distance is that to the point as rounded.
    """
    end, line = _untouched(vertices, ends, reach, *_close(vertices, ends, reach))
    own = vertices.line[ends[end]]
    ground = ~ways.span[line] & (ways.span[own] | (ways.level[own] == ways.level[line]))
    points = [
        _on_segments(vertices, ends, end[ground], line[ground]),
        _at_ends(vertices, ends, end, line),
    ]
    found = Nearby(*(np.concatenate(parts) for parts in zip(*points, strict=True)))
    return found.rows(found.square <= reach[found.end] ** 2)


def back_along(reach: Ints) -> Ints:
    """Give how far back along its line (micrometres) what an end meets is met already."""
    return _BACK * MICROMETRES * reach


def _close(vertices: Vertices, ends: Ints, reach: Ints) -> tuple[Ints, Ints]:
    """Give the pairs of an end and a line that may be within its reach."""
    if not ends.size:
        return ends, ends
    places = np.column_stack([vertices.x[ends], vertices.y[ends]]) / PER_METRE
    tree = shapely.STRtree(np.asarray(shapely.points(places), dtype=object))
    farthest = (float(reach.max()) + 1) / PER_METRE  # the exact distance is seen to later
    line, end = tree.query(vertices.lines(), predicate="dwithin", distance=farthest)
    return end.astype(np.int64), line.astype(np.int64)


def _untouched(
    vertices: Vertices, ends: Ints, reach: Ints, end: Ints, line: Ints
) -> tuple[Ints, Ints]:
    """Leave out pairs whose end's own line meets the other line close by, itself included."""
    own = vertices.line[ends]
    here, vertex = spread(vertices.first[own], np.diff(vertices.first)[own])
    back = np.abs(vertices.along[vertex] - vertices.along[ends[here]])
    near = back <= back_along(reach[here])
    here, node = here[near], vertices.node[vertex[near]]
    order = np.argsort(vertices.node, kind="stable")
    at = vertices.node[order]
    first = np.searchsorted(at, node)
    which, there = spread(first, np.searchsorted(at, node, side="right") - first)
    lines = vertices.first.size
    met = here[which] * lines + vertices.line[order[there]]
    apart = ~np.isin(end * lines + line, met)
    return end[apart], line[apart]


def _on_segments(vertices: Vertices, ends: Ints, end: Ints, line: Ints) -> tuple[NDArray[Any], ...]:
    """Give the point of every segment of a line that is nearest to an end."""
    pair, segment = spread(vertices.first[line], np.diff(vertices.first)[line] - 1)
    a, b = segment, segment + 1
    flip = (vertices.x[b] < vertices.x[a]) | (
        (vertices.x[b] == vertices.x[a]) & (vertices.y[b] < vertices.y[a])
    )  # either way round a segment gives the same point
    a, b = np.where(flip, b, a), np.where(flip, a, b)
    at = ends[end[pair]]
    run, rise = vertices.x[b] - vertices.x[a], vertices.y[b] - vertices.y[a]
    dot = (vertices.x[at] - vertices.x[a]) * run + (vertices.y[at] - vertices.y[a]) * rise
    share = np.clip(dot / (run * run + rise * rise), 0.0, 1.0)
    x = vertices.x[a] + np.rint(share * run).astype(np.int64)
    y = vertices.y[a] + np.rint(share * rise).astype(np.int64)
    is_end = np.zeros(pair.size, dtype=bool)
    return end[pair], line[pair], is_end, segment, x, y, _square(vertices, at, x, y)


def _at_ends(vertices: Vertices, ends: Ints, end: Ints, line: Ints) -> tuple[NDArray[Any], ...]:
    vertex = np.concatenate([vertices.first[line], vertices.first[line + 1] - 1])
    end, line = np.tile(end, 2), np.tile(line, 2)
    x, y = vertices.x[vertex], vertices.y[vertex]
    square = _square(vertices, ends[end], x, y)
    return end, line, np.ones(end.size, dtype=bool), vertex, x, y, square


def _square(vertices: Vertices, vertex: Ints, x: Ints, y: Ints) -> Ints:
    return (vertices.x[vertex] - x) ** 2 + (vertices.y[vertex] - y) ** 2
