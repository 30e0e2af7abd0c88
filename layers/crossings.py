"""Places where lines cross, or one ends on another, without a vertex that both share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.dead_ends import Ways
    from layers.vertices import Ints, Vertices

    Flags = NDArray[np.bool_]
    Corners = tuple[Ints, Ints, Ints, Ints]


@dataclass(frozen=True)
class Crossings:
    """Vertices that are missing: on which segment of which line, and where (centimetres).

    ``other`` is the line that is crossed; a crossing of two lines may lack a vertex in one of
    them, or in both: then it has two rows.
    """

    segment: Ints
    line: Ints
    other: Ints
    x: Ints
    y: Ints

    def places(self, lines: Flags) -> int:
        """Count the places where some lines (flags) cross others, or others them."""
        theirs = lines[self.line] | lines[self.other]
        places = np.unique(np.stack([self.x[theirs], self.y[theirs]]), axis=1)
        return int(places.shape[1])


def crossings(vertices: Vertices, ways: Ways, lines: Flags) -> Crossings:
    """Give the crossings of some lines (flags) with any other; none of bridges and tunnels.

    Lines on different levels do not meet. Crossings are rounded to whole centimetres.
    """
    if not lines.any():
        return Crossings(*np.empty((5, 0), dtype=np.int64))
    one, other = _pairs(vertices, ways, lines)
    found = [*_crossed(vertices, one, other), *_touched(vertices, one, other)]
    segment, by, x, y = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Crossings(segment, vertices.line[segment], vertices.line[by], x, y)


def _pairs(vertices: Vertices, ways: Ways, lines: Flags) -> tuple[Ints, Ints]:
    """Give the pairs of segments whose boxes meet, of lines that meet if they cross, once each."""
    segment = vertices.segments[~ways.span[vertices.line[vertices.segments]]]
    ends = np.stack([segment, segment + 1], axis=1)
    corners = np.stack([vertices.x[ends], vertices.y[ends]], axis=2)
    drawn = np.asarray(shapely.linestrings(corners), dtype=object)
    asked = np.flatnonzero(lines[vertices.line[segment]])
    one, other = shapely.STRtree(drawn).query(drawn[asked])
    one = asked[one]
    once = (one < other) | ~np.isin(other, asked)
    one, other = segment[one[once]], segment[other[once]]
    meet = (vertices.line[one] != vertices.line[other]) & ways.same_ground(
        vertices.line[one], vertices.line[other]
    )
    return _ordered(vertices, one[meet], other[meet])


def _ordered(vertices: Vertices, one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Give every pair in the order of its coordinates, whatever the order of lines was."""
    first, second = _corners(vertices, one), _corners(vertices, other)
    swap = np.zeros(one.size, dtype=bool)
    same = np.ones(one.size, dtype=bool)
    for a, b in zip(first, second, strict=True):
        swap |= same & (b < a)
        same &= a == b
    return np.where(swap, other, one), np.where(swap, one, other)


def _corners(vertices: Vertices, segment: Ints) -> Corners:
    """Give the two ends of segments, the lower first."""
    a, b = segment, segment + 1
    flip = (vertices.x[b] < vertices.x[a]) | (
        (vertices.x[b] == vertices.x[a]) & (vertices.y[b] < vertices.y[a])
    )
    a, b = np.where(flip, b, a), np.where(flip, a, b)
    return vertices.x[a], vertices.y[a], vertices.x[b], vertices.y[b]


def _crossed(vertices: Vertices, one: Ints, other: Ints) -> list[tuple[Ints, ...]]:
    """Give the vertices missing where segments run right across each other."""
    first, second = _corners(vertices, one), _corners(vertices, other)
    ax, ay, bx, by = first
    cx, cy, dx, dy = second
    left, right = _side(first, cx, cy), _side(first, dx, dy)
    before, behind = _side(second, ax, ay), _side(second, bx, by)
    across = (np.sign(left) * np.sign(right) < 0) & (np.sign(before) * np.sign(behind) < 0)
    share = before[across] / (before[across] - behind[across])
    x = ax[across] + np.rint(share * (bx - ax)[across]).astype(np.int64)
    y = ay[across] + np.rint(share * (by - ay)[across]).astype(np.int64)
    one, other = one[across], other[across]
    return [_missing(vertices, one, other, x, y), _missing(vertices, other, one, x, y)]


def _touched(vertices: Vertices, one: Ints, other: Ints) -> list[tuple[Ints, ...]]:
    """Give the vertices missing where a vertex of one segment lies exactly on the other."""
    found = []
    for segment, by in ((one, other), (other, one)):
        ax, ay, bx, by_ = corners = _corners(vertices, segment)
        for vertex in (by, by + 1):
            x, y = vertices.x[vertex], vertices.y[vertex]
            inside = (ax <= x) & (x <= bx)
            inside &= (np.minimum(ay, by_) <= y) & (y <= np.maximum(ay, by_))
            on = inside & (_side(corners, x, y) == 0)
            found.append(_missing(vertices, segment[on], by[on], x[on], y[on]))
    return found


def _side(corners: Corners, x: Ints, y: Ints) -> Ints:
    """Say on which side of a segment a point lies: positive, negative, or 0 in line with it."""
    ax, ay, bx, by = corners
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax)


def _missing(vertices: Vertices, segment: Ints, by: Ints, x: Ints, y: Ints) -> tuple[Ints, ...]:
    a, b = segment, segment + 1
    there = ((vertices.x[a] == x) & (vertices.y[a] == y)) | (
        (vertices.x[b] == x) & (vertices.y[b] == y)
    )
    return segment[~there], by[~there], x[~there], y[~there]
