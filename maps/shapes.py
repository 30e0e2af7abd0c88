"""Geometry as the page carries it: web Mercator in whole steps, simplified together.

The world is ``2 ** bits`` steps wide, x from the date line eastward, y from the north southward,
so that the browser turns steps into pixels by one multiplication.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Geometries = NDArray[np.object_]

EQUATOR_METRES = 2 * math.pi * 6_378_137.0
MERCATOR = "EPSG:3857"
SCREEN_STEPS = 8000  # detail finer than this part of the extent is lost on any screen
STEPS_PER_DETAIL = 8  # and corners are kept to this part of such a detail
MOST_BITS = 28  # 15 cm: 32-bit numbers in the browser have room to spare


@dataclass(frozen=True)
class Grid:
    """The steps of one page: how fine its shapes are (metres) and how many steps the world has."""

    tolerance: float
    bits: int

    @classmethod
    def over(cls, shapes: gpd.GeoSeries) -> Grid:
        """Give the grid that suits the extent of some shapes; their CRS is in metres."""
        west, south, east, north = np.nan_to_num(shapes.total_bounds).tolist()
        tolerance = max(east - west, north - south, 1.0) / SCREEN_STEPS
        bits = math.ceil(math.log2(EQUATOR_METRES * STEPS_PER_DETAIL / tolerance))
        return cls(tolerance, min(bits, MOST_BITS))

    def steps(self, shapes: gpd.GeoSeries) -> Geometries:
        """Give shapes with their coordinates in steps, not yet rounded."""
        scale = 2.0**self.bits / EQUATOR_METRES
        half = 2.0 ** (self.bits - 1)
        there: Geometries = shapely.transform(
            np.array(shapes.to_crs(MERCATOR), dtype=object),
            lambda xy: np.column_stack((half + xy[:, 0] * scale, half - xy[:, 1] * scale)),
        )
        return there

    def points(self, points: gpd.GeoSeries) -> tuple[Ints, Ints]:
        """Give the steps of points, x and y; -1 where there is no point."""
        there = self.steps(points)
        gone = shapely.is_missing(there) | shapely.is_empty(there)
        there[gone] = None  # an empty point has no coordinate to ask for
        x, y = (np.where(gone, -1.0, axis(there)) for axis in (shapely.get_x, shapely.get_y))
        return np.rint(x).astype(np.int64), np.rint(y).astype(np.int64)


def simplify_together(shapes: gpd.GeoSeries, tolerance: float) -> gpd.GeoSeries:
    """Simplify areas so that shared borders stay shared; each by itself where they overlap.

    Corners are taken to the centimetre: what one border has from two layers is one border then.
    """
    simpler = shapely.transform(np.array(shapes, dtype=object), _to_the_centimetre)
    here = np.flatnonzero(~(shapely.is_missing(simpler) | shapely.is_empty(simpler)))
    areas = simpler[here]
    if shapely.coverage_is_valid(areas):
        fewer = shapely.coverage_simplify(areas, tolerance)
    else:
        fewer = shapely.simplify(areas, tolerance)
    simpler[here] = np.where(shapely.is_empty(fewer), areas, fewer)
    return gpd.GeoSeries(simpler, index=shapes.index, crs=shapes.crs)


def _to_the_centimetre(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(xy, 2)


def merged_lines(lines: gpd.GeoSeries, tolerance: float) -> gpd.GeoSeries:
    """Merge lines where they meet and simplify them."""
    flat = shapely.force_2d(np.array(lines, dtype=object))
    merged = shapely.line_merge(shapely.union_all(flat))
    return gpd.GeoSeries(shapely.get_parts(shapely.simplify(merged, tolerance)), crs=lines.crs)


def bounds_of(shapes: gpd.GeoSeries) -> list[list[float]]:
    """Give [[south, west], [north, east]] in degrees, five decimals; the whole world for none."""
    if shapes.is_empty.all() or shapes.isna().all():
        return [[-60.0, -180.0], [75.0, 180.0]]
    west, south, east, north = np.round(shapes.to_crs(4326).total_bounds, 5).tolist()
    return [[south, west], [north, east]]
