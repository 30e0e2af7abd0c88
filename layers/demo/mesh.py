"""A planar mesh: points and the Delaunay edges between them.

Terrain, unit outlines and roads are all drawn along the edges of a mesh, so that nothing ever
crosses anything without sharing a point with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import map_coordinates
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Delaunay, cKDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Mesh:
    """Points (n, 2) in metres and the Delaunay edges between them, ``longest`` metres at most."""

    xy: Floats
    longest: float = np.inf

    @cached_property
    def delaunay(self) -> Delaunay:
        """The triangulation."""
        return Delaunay(self.xy)

    @cached_property
    def edges(self) -> Ints:
        """Every edge once (m, 2), the lower point first, sorted."""
        corners = self.delaunay.simplices.astype(np.int64)
        pairs = np.sort(
            np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1
        )
        keys = np.unique(pairs[:, 0] * len(self.xy) + pairs[:, 1])
        edges = np.column_stack([keys // len(self.xy), keys % len(self.xy)])
        return np.asarray(edges[np.hypot(*np.diff(self.xy[edges], axis=1)[:, 0].T) <= self.longest])

    @cached_property
    def lengths(self) -> Floats:
        """The length of every edge, metres."""
        ends = self.xy[self.edges]
        return np.asarray(np.hypot(*(ends[:, 0] - ends[:, 1]).T))

    @cached_property
    def tree(self) -> cKDTree:
        """The index of the points."""
        return cKDTree(self.xy)

    def nearest(self, xy: Floats) -> Ints:
        """Give the point of the mesh nearest to each place."""
        return np.asarray(self.tree.query(xy)[1], dtype=np.int64)

    def graph(self, cost: Floats) -> csr_array:
        """Give the edges as a graph both ways; an infinite cost leaves an edge out."""
        open_ = np.isfinite(cost)
        start, end = self.edges[open_].T
        both = np.concatenate([start, end]), np.concatenate([end, start])
        weights = np.tile(cost[open_], 2)
        return csr_array((weights, both), shape=(len(self.xy), len(self.xy)))

    def cheapest(self, cost: Floats, sources: Ints) -> tuple[Floats, Ints, Ints]:
        """Give each point's cost to the nearest source, its next point on the way, that source.

        The next point and the source are negative where no source can be reached.
        """
        found, before, source = dijkstra(
            self.graph(cost), indices=np.unique(sources), min_only=True, return_predecessors=True
        )
        return found, before.astype(np.int64), source.astype(np.int64)

    def pieces(self, among: Flags) -> Ints:
        """Give each point the number of its piece: some hang together, others stand alone."""
        joined = np.where(among[self.edges].all(axis=1), 1.0, np.inf)
        return np.asarray(connected_components(self.graph(joined), directed=False)[1])


def walk_back(before: Ints, start: int) -> list[int]:
    """Follow the next points of ``Mesh.cheapest`` from one point to its source."""
    path = [start]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return path


def hexagons(low: Floats, high: Floats, spacing: float, rng: np.random.Generator) -> Floats:
    """Give a jittered triangular lattice that fills a box."""
    columns = np.arange(low[0], high[0], spacing)
    rows = np.arange(low[1], high[1], spacing * np.sqrt(3) / 2)
    x, y = np.meshgrid(columns, rows)
    x[1::2] += spacing / 2
    lattice = np.column_stack([x.ravel(), y.ravel()])
    return np.asarray(lattice + rng.uniform(-0.27, 0.27, lattice.shape) * spacing)


def smooth_noise(xy: Floats, wavelength: float, rng: np.random.Generator) -> Floats:
    """Give a smooth random field, about -1 to 1, at each place."""
    steps = (xy - xy.min(axis=0)) / wavelength + 2
    shape = np.ceil(steps.max(axis=0)).astype(int) + 3
    field = rng.uniform(-1, 1, tuple(shape))
    return np.asarray(map_coordinates(field, steps.T, order=3), dtype=np.float64)
