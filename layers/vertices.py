"""Vertices of many lines in flat arrays of whole centimetres, where equal means equal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Lines = NDArray[np.object_]

PER_METRE = 100  # whole centimetres
MICROMETRES = 10_000  # in a centimetre


@dataclass(frozen=True)
class Vertices:
    """Every vertex of every line, in order; those of line n begin at ``first[n]``.

    ``x`` and ``y`` are centimetres in the study CRS; ``first`` has one entry more than there are
    lines. A vertex is named by its position in ``x`` and ``y``, a segment by the vertex before it.
    """

    x: Ints
    y: Ints
    first: Ints

    @cached_property
    def line(self) -> Ints:
        """The line of every vertex."""
        return np.repeat(np.arange(self.first.size - 1), np.diff(self.first))

    @cached_property
    def ends(self) -> Ints:
        """The first and the last vertex of every line."""
        return np.concatenate([self.first[:-1], self.first[1:] - 1])

    @cached_property
    def segments(self) -> Ints:
        """The vertex before every segment."""
        return np.flatnonzero(self.line[:-1] == self.line[1:])

    @cached_property
    def node(self) -> Ints:
        """A number for every vertex; those at the same place have the same."""
        height = int(np.ptp(self.y)) + 1
        place = (self.x - self.x.min()) * height + (self.y - self.y.min())
        return np.asarray(np.unique(place, return_inverse=True)[1], dtype=np.int64)

    @cached_property
    def along(self) -> Ints:
        """How far every vertex lies along its line, in micrometres: whole, so sums are exact."""
        steps = np.rint(np.hypot(np.diff(self.x), np.diff(self.y)) * MICROMETRES)
        total = np.concatenate([[0], np.cumsum(steps.astype(np.int64))])
        return np.asarray(total - total[self.first[self.line]])

    def dead_ends(self) -> Ints:
        """Give the ends of lines that no other vertex meets."""
        met = np.bincount(self.node)
        return np.asarray(self.ends[met[self.node[self.ends]] == 1])

    def lines(self) -> Lines:
        """Give the lines, in metres."""
        metres = np.column_stack([self.x, self.y]) / PER_METRE
        return np.asarray(shapely.linestrings(metres, indices=self.line), dtype=object)

    def moved(self, vertex: Ints, x: Ints, y: Ints) -> Vertices:
        """Give all with some vertices elsewhere; one that falls on its neighbour goes."""
        new_x, new_y = self.x.copy(), self.y.copy()
        new_x[vertex], new_y[vertex] = x, y
        same = (np.diff(new_x) == 0) & (np.diff(new_y) == 0) & (np.diff(self.line) == 0)
        kept = np.concatenate([[True], ~same])
        return _rows(new_x[kept], new_y[kept], self.line[kept], self.first.size - 1)

    def inserted(self, segment: Ints, x: Ints, y: Ints) -> Vertices:
        """Give all with new vertices, each on a segment; one asked for twice comes once."""
        if not segment.size:
            return self
        segment, x, y = np.unique(np.stack([segment, x, y]), axis=1)
        a, b = segment, segment + 1
        far = (x - self.x[a]) * (self.x[b] - self.x[a]) + (y - self.y[a]) * (self.y[b] - self.y[a])
        before = np.concatenate([np.arange(self.x.size), segment])
        within = np.concatenate([np.full(self.x.size, np.iinfo(np.int64).min), far])
        order = np.lexsort((within, before))
        all_x, all_y = np.concatenate([self.x, x]), np.concatenate([self.y, y])
        line = self.line[before[order]]
        return _rows(all_x[order], all_y[order], line, self.first.size - 1)


def vertices_of(lines: Lines) -> Vertices:
    """Give the vertices of lines in metres, 2D, none of them empty."""
    points, line = shapely.get_coordinates(lines, return_index=True)
    whole = np.rint(points * PER_METRE).astype(np.int64)
    return _rows(whole[:, 0], whole[:, 1], line, len(lines))


def spread(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Give ranges laid out one after another: which range each entry is of, and the entry.

    >>> [part.tolist() for part in spread(np.array([5, 8]), np.array([2, 1]))]
    [[0, 0, 1], [5, 6, 8]]
    """
    owner = np.repeat(np.arange(first.size), count)
    begin = np.concatenate([[0], np.cumsum(count)])[:-1]
    return owner, np.arange(owner.size) - begin[owner] + first[owner]


def _rows(x: Ints, y: Ints, line: Ints, lines: int) -> Vertices:
    return Vertices(x, y, np.searchsorted(line, np.arange(lines + 1)).astype(np.int64))
