"""Streets as they are drawn by hand: some ends stop short of the street they should meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from layers.demo.facts import chance, numbers

if TYPE_CHECKING:
    from layers.demo.mesh import Floats

JOIN_METRES = 1.0
"""The tolerance that joins them again; nothing else of the county lies so near to a street."""

_SHORTEST = 5.0  # metres of a last piece that can lose its end


def unjoined(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the streets with some of their ends drawn short, one at most at any junction.

    Only ends where two other streets end as well, so that the place where they meet stays.
    """
    wanted, gap = (numbers()["roads"][name] for name in ("short_ends", "short_metres"))
    lines = np.asarray(streets.geometry.array, dtype=object)
    last = shapely.get_coordinates(shapely.get_point(lines, -1))
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(lines, 0)), last])
    _, which, count = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    which = which.ravel()
    before = shapely.get_coordinates(shapely.get_point(lines, -2))
    long_enough = np.hypot(*(last - before).T) > _SHORTEST
    local = streets["class"].isin(["residential", "unclassified", "track"]).to_numpy()
    meeting = which[len(lines) :]
    fit = np.flatnonzero((count[meeting] > 2) & long_enough & local)  # noqa: PLR2004  # it and two others
    fit = fit[np.unique(meeting[fit], return_index=True)[1]]
    chosen = np.sort(chance(95).choice(fit, wanted, replace=False))
    found = lines.copy()
    for row in chosen.tolist():
        found[row] = _short(shapely.get_coordinates(lines[row]), gap)
    return gpd.GeoDataFrame(streets.set_geometry(gpd.GeoSeries(found, streets.index, streets.crs)))


def _short(xy: Floats, gap: float) -> shapely.LineString:
    """Draw the last point of a line back along it, to the centimetre."""
    way = xy[-2] - xy[-1]
    xy = xy.copy()
    xy[-1] = np.round(xy[-1] + way * gap / np.hypot(*way), 2)
    return shapely.LineString(xy)
