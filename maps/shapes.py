"""Geometry as the page carries it: WGS84, simplified, whole hundred-thousandths of a degree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Geometries = NDArray[np.object_]

UNITS_PER_DEGREE = 100_000  # five decimals: about a metre
SCREEN_STEPS = 8000  # detail finer than this part of the extent is lost on any screen

Paths = list[list[int]]


def tolerance_of(shapes: gpd.GeoSeries) -> float:
    """Give the detail worth keeping, in the units of the CRS."""
    west, south, east, north = shapes.total_bounds
    return float(max(east - west, north - south)) / SCREEN_STEPS


def simplify_together(shapes: gpd.GeoSeries, tolerance: float) -> gpd.GeoSeries:
    """Simplify areas so that shared borders stay shared; each by itself where they overlap."""
    simpler = np.array(shapes, dtype=object)
    here = np.flatnonzero(~(shapely.is_missing(simpler) | shapely.is_empty(simpler)))
    areas = simpler[here]
    if shapely.coverage_is_valid(areas):
        fewer = shapely.coverage_simplify(areas, tolerance)
    else:
        fewer = shapely.simplify(areas, tolerance)
    simpler[here] = np.where(shapely.is_empty(fewer), areas, fewer)
    return gpd.GeoSeries(simpler, index=shapes.index, crs=shapes.crs)


def paths_of(shapes: gpd.GeoSeries) -> list[list[Paths]]:
    """Give each area as polygons of rings; each ring as x, y, then steps: dx, dy, dx, dy, ..."""
    areas = np.array(shapes.to_crs(4326), dtype=object)
    return [
        [
            [_steps(ring) for ring in shapely.get_rings(polygon)]
            for polygon in shapely.get_parts(area)
        ]
        for area in areas
    ]


def lines_of(lines: gpd.GeoSeries, tolerance: float) -> Paths:
    """Give lines, merged where they meet and simplified, each as x, y, dx, dy, ..."""
    merged = shapely.line_merge(shapely.union_all(shapely.force_2d(np.array(lines, dtype=object))))
    parts = shapely.get_parts(shapely.simplify(merged, tolerance))
    there = gpd.GeoSeries(parts, crs=lines.crs).to_crs(4326)
    return [_steps(line) for line in there]


def points_of(points: gpd.GeoSeries) -> tuple[list[int | None], list[int | None]]:
    """Give the x and the y of points, None where there is no point."""
    there = points.to_crs(4326)
    missing = np.array(there.isna() | there.is_empty)
    axes = (shapely.get_x(np.array(there)), shapely.get_y(np.array(there)))
    x, y = (np.where(missing, 0, np.round(axis * UNITS_PER_DEGREE)).astype(int) for axis in axes)
    return (
        [None if gone else value for value, gone in zip(x.tolist(), missing, strict=True)],
        [None if gone else value for value, gone in zip(y.tolist(), missing, strict=True)],
    )


def bounds_of(shapes: gpd.GeoSeries) -> list[list[float]]:
    """Give [[south, west], [north, east]] in degrees, five decimals."""
    west, south, east, north = np.round(shapes.to_crs(4326).total_bounds, 5).tolist()
    return [[south, west], [north, east]]


def _steps(path: shapely.LineString) -> list[int]:
    whole = np.round(shapely.get_coordinates(path) * UNITS_PER_DEGREE).astype(int)
    moves = np.diff(whole, axis=0)
    kept = np.concatenate([whole[:1], moves[np.any(moves != 0, axis=1)]])
    flat: list[int] = kept.ravel().tolist()
    return flat
