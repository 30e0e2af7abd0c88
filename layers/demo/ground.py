"""The mesh that roads run along: settlements, rivers with their banks, and the land between."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from layers.demo.facts import numbers
from layers.demo.mesh import Mesh, walk_back
from layers.demo.rivers import keep_apart, river_lines

if TYPE_CHECKING:
    from layers.demo.mesh import Flags, Floats, Ints
    from layers.demo.settlements import Settlements
    from layers.demo.terrain import Land, Relief

RIVER, OPEN = -2, -1  # points of the ground that belong to no settlement


@dataclass(frozen=True)
class Ground:
    """Where roads can run: ``of`` is the settlement of each point, or RIVER, or OPEN."""

    mesh: Mesh
    of: Ints
    heights: Floats
    places: Settlements

    @cached_property
    def grades(self) -> Floats:
        """The steepness of every edge, rise over run."""
        rise = np.diff(self.heights[self.mesh.edges], axis=1).ravel()
        return np.asarray(np.abs(rise) / self.mesh.lengths)

    @cached_property
    def wet(self) -> Flags:
        """Which edges have an end in a river: used by a road, they are its bridge."""
        return np.asarray((self.of[self.mesh.edges] == RIVER).any(axis=1))

    @cached_property
    def centres(self) -> Ints:
        """The points in the middle of the settlements."""
        return self.mesh.nearest(self.places.places[["x", "y"]].to_numpy())

    def open_edges(self, lonely: Ints) -> Flags:
        """Say which edges a way may use.

        None runs along a river, crosses it where it has no bridge, or comes near the lonely
        settlements.
        """
        roads, mesh = numbers()["roads"], self.mesh
        stretch = roads["unbridged"]
        in_river = self.of[mesh.edges] == RIVER
        far = np.hypot(*(mesh.xy - stretch["at"]).T) > stretch["within_metres"]
        unbridged = in_river.any(axis=1) & ~far[mesh.edges].all(axis=1)
        theirs = cKDTree(mesh.xy[np.isin(self.of, lonely)])
        apart = theirs.query(mesh.xy)[0] > roads["lonely_metres"]
        return np.asarray(~in_river.all(axis=1) & ~unbridged & apart[mesh.edges].all(axis=1))

    def road_cost(self) -> Floats:
        """Give what a metre of road costs on every edge: more uphill, and much more as a bridge."""
        roads = numbers()["roads"]
        steep = np.minimum(self.grades / roads["easy_grade"], 6)
        bridge = np.where(self.wet, roads["bridge_metres"] / 2, 0.0)
        return np.asarray(self.mesh.lengths * (1 + steep**2) + bridge)

    def used(self, before: Ints, starts: Ints) -> Ints:
        """Count how many of the ways from ``starts`` back to their source use each edge."""
        paths = [walk_back(before, int(start)) for start in starts]
        ends = np.vstack([np.column_stack([path[:-1], path[1:]]) for path in paths])
        ends = np.sort(ends.astype(np.int64), axis=1)
        edges, size = self.mesh.edges, len(self.mesh.xy)
        row = np.searchsorted(edges[:, 0] * size + edges[:, 1], ends[:, 0] * size + ends[:, 1])
        return np.bincount(row, minlength=len(edges))


def break_ground(land: Land, relief: Relief, places: Settlements) -> Ground:
    """Put settlement corners, rivers and their banks into the mesh of the land."""
    river, banks = river_lines(land)
    banks = keep_apart(banks, cKDTree(places.corners), 40)
    fixed = cKDTree(np.vstack([places.corners, river, banks]))
    wild = keep_apart(land.mesh.xy[land.inside], fixed, 110)
    xy = np.vstack([places.corners, river, banks, wild])
    open_ = np.full(len(banks) + len(wild), OPEN)
    of = np.concatenate([places.of, np.full(len(river), RIVER), open_])
    mesh = Mesh(xy, longest=2.5 * numbers()["relief"]["spacing_metres"])
    return Ground(mesh, of, relief.at(xy), places)
