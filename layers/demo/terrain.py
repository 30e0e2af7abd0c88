"""Ridges and valleys: a land that its rivers have carved.

Every point of a mesh drains along the cheapest way to an outlet; a channel is the flatter the
more it drains (Flint's law), so heights follow from the rivers and not the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from rasterio import Affine
from rasterio.features import geometry_mask
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from layers.demo.facts import chance, numbers
from layers.demo.mesh import Mesh, hexagons, smooth_noise

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from layers.demo.mesh import Flags, Floats, Ints

NODATA = -9999.0
SMOOTH_METRES = 130.0
STREAM_KM2, GENTLE, RIM_METRES = 2.5, 0.2, 1100.0
MARGIN = 2  # rings of points drawn around the county, in spacings
EDGE = 4  # the county keeps as many from the edge of all that is drawn
ROUNDS = 8  # of filling holes and taking as much away again at the edge


@dataclass(frozen=True)
class Land:
    """The mesh of the county and its rim: what is inside, where water runs, how high it is."""

    mesh: Mesh
    inside: Flags
    downstream: Ints
    drained_km2: Floats
    heights: Floats

    @property
    def rivers(self) -> Ints:
        """The points of the rivers that only bridges cross."""
        return np.flatnonzero(self.drained_km2 >= numbers()["relief"]["river_km2"])

    @property
    def grades(self) -> Floats:
        """The steepness of every edge of the mesh, rise over run."""
        rise = np.diff(self.heights[self.mesh.edges], axis=1).ravel()
        return np.asarray(np.abs(rise) / self.mesh.lengths)

    @cached_property
    def building_ground(self) -> Flags:
        """Where a village would be built: gentle ground beside a stream, not at the edge."""
        xy = self.mesh.xy
        steep = np.zeros(len(xy))
        np.maximum.at(steep, self.mesh.edges.ravel(), np.repeat(self.grades, 2))
        rim = cKDTree(xy[~self.inside]).query(xy, distance_upper_bound=RIM_METRES)[0]
        stream = cKDTree(xy[self.drained_km2 > STREAM_KM2]).query(xy)[0]
        river = cKDTree(xy[self.rivers]).query(xy, distance_upper_bound=150)[0]
        beside = (stream < 400) & np.isinf(river) & np.isinf(rim)  # noqa: PLR2004  # metres
        return np.asarray(self.inside & (steep < GENTLE) & beside)


@dataclass(frozen=True)
class Relief:
    """Heights on a grid, north up, ``NODATA`` outside the county."""

    heights: NDArray[np.float32]
    transform: Affine

    def at(self, xy: Floats) -> Floats:
        """Give the height of the cell that each place lies in."""
        cell, west, north = self.transform.a, self.transform.c, self.transform.f
        columns = ((xy[:, 0] - west) / cell).astype(int)
        rows = ((north - xy[:, 1]) / cell).astype(int)
        return np.asarray(self.heights[rows, columns], dtype=np.float64)


def raise_land(seats: Floats) -> Land:
    """Draw the county around its seats and give it heights."""
    spacing = numbers()["relief"]["spacing_metres"]
    points, county = lie_of_the_land(seats)
    rim = cKDTree(points[county]).query(points)[0] < MARGIN * spacing
    mesh = Mesh(np.round(points[rim], 2), longest=2.5 * spacing)
    downstream, drained = _drain(mesh, _corridor(seats))
    heights = _carve(mesh, downstream, drained)
    return Land(mesh, county[rim], downstream, drained, heights)


def lie_of_the_land(seats: Floats) -> tuple[Floats, Flags]:
    """Give points (n, 2) around the seats and say which lie in the county: one piece, no holes."""
    spacing = numbers()["relief"]["spacing_metres"]
    corridor = _corridor(seats)
    around = 14_000.0
    points = hexagons(seats.min(axis=0) - around, seats.max(axis=0) + around, spacing, chance(1))
    away = _distance(points, corridor)
    near = away < around
    points, away = points[near], away[near]
    edge = away > around - EDGE * spacing  # what lies there has no points around it on every side
    away = (
        away
        + 4200 * smooth_noise(points, 14_000, chance(2))
        + 1800 * smooth_noise(points, 4500, chance(3))
    )
    away[edge] = np.inf
    cell_km2 = spacing**2 * np.sqrt(3) / 2 / 1e6
    wanted = count = round(numbers()["area"]["km2"] / cell_km2)
    mesh, order = Mesh(points, longest=2.5 * spacing), np.sort(away)
    for _ in range(ROUNDS):
        county = _in_one_piece(mesh, away < order[count], edge)
        if county.sum() == wanted:
            break
        count += wanted - int(county.sum())
    return points, county


def _in_one_piece(mesh: Mesh, some: Flags, outside: Flags) -> Flags:
    """Take the largest piece of some points, and what it keeps from the outside."""
    piece = mesh.pieces(some)
    largest = piece == np.bincount(piece[some]).argmax()
    piece = mesh.pieces(~largest)
    return np.asarray(~np.isin(piece, piece[outside]))


def draw_relief(land: Land, county: BaseGeometry) -> Relief:
    """Draw the heights on a grid, with a little roughness, inside the county only."""
    cell = numbers()["relief"]["cell_metres"]
    west, south, east, north = (cell * round(edge / cell) for edge in county.buffer(400).bounds)
    transform = Affine(cell, 0, west, 0, -cell, north)
    shape = (round((north - south) / cell), round((east - west) / cell))
    outside = geometry_mask([county.buffer(3 * cell)], shape, transform)
    x, y = np.meshgrid(
        west + cell * (np.arange(shape[1]) + 0.5), north - cell * (np.arange(shape[0]) + 0.5)
    )
    cells = np.column_stack([x[~outside], y[~outside]])
    # A mean of the points around, the nearer the heavier: as smooth as old hills are.
    away, near = land.mesh.tree.query(cells, k=6)
    weight = np.exp(-((away / SMOOTH_METRES) ** 2) / 2)
    heights = np.full(shape, NODATA)
    heights[~outside] = (weight * land.heights[near]).sum(axis=1) / weight.sum(axis=1)
    heights[~outside] += 5 * smooth_noise(cells, 500, chance(4))
    return Relief(np.round(heights, 1).astype(np.float32), transform)


def _corridor(seats: Floats) -> Floats:
    """Give the lines that join the seats most shortly: the county lies along them."""
    start, end = minimum_spanning_tree(cdist(seats, seats)).nonzero()
    return np.stack([seats[start], seats[end]], axis=1)


def _distance(points: Floats, corridor: Floats) -> Floats:
    """Give the distance of each point to the nearest line of the corridor."""
    nearest = np.full(len(points), np.inf)
    for start, end in corridor:
        way = end - start
        along = np.clip((points - start) @ way / (way @ way), 0, 1)
        nearest = np.minimum(nearest, np.hypot(*(points - start - along[:, None] * way).T))
    return nearest


def _drain(mesh: Mesh, corridor: Floats) -> tuple[Ints, Floats]:
    """Lead every point to an outlet, along the corridor where it can, and add up what drains."""
    outlets = mesh.nearest(np.array(numbers()["relief"]["outlets"], dtype=np.float64))
    middles = mesh.xy[mesh.edges].mean(axis=1)
    along = 0.3 + np.minimum(_distance(middles, corridor) / 2400, 1)
    cost = mesh.lengths * along * np.exp(0.95 * smooth_noise(middles, 2600, chance(5)))
    cost *= np.exp(0.6 * smooth_noise(middles, 700, chance(6)))
    found, downstream, _ = mesh.cheapest(cost, outlets)
    drained = np.full(
        len(mesh.xy), numbers()["relief"]["spacing_metres"] ** 2 * np.sqrt(3) / 2 / 1e6
    )
    # From the far end down: each point hands on what it has, so the order is the method.
    for point in np.argsort(-found, kind="stable").tolist():
        if downstream[point] >= 0:
            drained[downstream[point]] += drained[point]
    return downstream, drained


def _carve(mesh: Mesh, downstream: Ints, drained: Floats) -> Floats:
    """Raise every point above the one it drains to: gently beside rivers, steeply on hillsides."""
    relief = numbers()["relief"]
    slope = np.clip(relief["steepness"] * drained ** -relief["concavity"], 0.003, 0.42)
    for least_km2, width in ((relief["river_km2"], 650.0), (8.0, 380.0)):
        away = cKDTree(mesh.xy[drained >= least_km2]).query(mesh.xy)[0]
        slope = slope * (1 - 0.88 * np.exp(-((away / width) ** 4)) * (drained < least_km2))
    slope = slope * np.exp(0.25 * smooth_noise(mesh.xy, 6000, chance(7)))
    run = np.hypot(*(mesh.xy - mesh.xy[np.maximum(downstream, 0)]).T)
    heights = np.full(len(mesh.xy), float(relief["lowest_metres"]))
    for point in _upwards(downstream):
        heights[point] = heights[downstream[point]] + slope[point] * run[point]
    return heights


def _upwards(downstream: Ints) -> list[int]:
    """Order the points so that each comes after the one it drains to; outlets are left out."""
    steps = np.zeros(len(downstream), dtype=np.int64)
    at = downstream.copy()
    while (moving := at >= 0).any():
        steps += moving
        at = np.where(moving, downstream[np.maximum(at, 0)], -1)
    return [int(point) for point in np.argsort(steps, kind="stable") if steps[point] > 0]
