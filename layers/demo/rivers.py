"""The rivers that roads cross by bridges only: points along them and along both banks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from layers.demo.mesh import Floats
    from layers.demo.terrain import Land


def river_lines(land: Land) -> tuple[Floats, Floats]:
    """Give points along the rivers every 65 m and the places on both banks beside them."""
    start = land.rivers[land.downstream[land.rivers] >= 0]
    source, mouth = land.mesh.xy[start], land.mesh.xy[land.downstream[start]]
    way = mouth - source
    across = np.column_stack([-way[:, 1], way[:, 0]]) / np.hypot(*way.T)[:, None]
    parts = np.array([0.0, 0.25, 0.5, 0.75])[:, None, None]
    middle = (source + parts * way).reshape(-1, 2)
    sides = np.stack([source + parts[1:] * way + side * across for side in (-45.0, 45.0)])
    banks = sides.reshape(-1, 2)
    return np.round(middle, 2), np.round(keep_apart(banks, cKDTree(middle), 38), 2)


def keep_apart(points: Floats, others: cKDTree, metres: float) -> Floats:
    """Keep the points that lie farther than so many metres from all others."""
    return np.asarray(points[np.isinf(others.query(points, distance_upper_bound=metres)[0])])
