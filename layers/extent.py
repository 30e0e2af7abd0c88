"""Whether places lie in the study area, and if not, whether their coordinates are swapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from shapely import Polygon

from layers.crs import WGS84, change

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj
    from numpy.typing import NDArray

    from layers.check import Findings

    Floats = NDArray[np.float64]

# How far a place may lie from the units and still be theirs; farther ones are misplaced.
_LEAST_MARGIN = 20_000.0
_SPREAD = 10.0  # times the usual distance from the middle of the units


def extent_of(units: gpd.GeoDataFrame) -> Polygon | None:
    """Give where places of the study may lie: around the units, misplaced ones left out."""
    shapes = units.geometry[units.geometry.notna()]
    if shapes.empty:
        return None
    centres = shapely.get_coordinates(shapely.centroid(shapes.to_numpy()))
    centre = np.median(centres, axis=0)
    distance = np.hypot(*(centres - centre).T)
    usual = float(np.median(distance))
    near = shapes[distance <= max(_SPREAD * usual, _LEAST_MARGIN)]
    west, south, east, north = near.total_bounds
    margin = max(float(np.hypot(east - west, north - south)), _LEAST_MARGIN)
    box: Polygon = shapely.box(west - margin, south - margin, east + margin, north + margin)
    return box


def tell_outside(
    layer: gpd.GeoDataFrame, extent: Polygon, findings: Findings, *, crs: pyproj.CRS
) -> None:
    """Tell places outside the extent, or in one line that their coordinates are swapped."""
    shapes = layer.geometry[layer.geometry.notna()]
    outside = shapes[~shapely.intersects(shapes.to_numpy(), extent)]
    if outside.empty:
        return
    points = shapely.get_coordinates(shapely.centroid(outside.to_numpy()))
    if _mostly_inside(_swapped(points, crs), extent) or _mostly_inside(points[:, ::-1], extent):
        findings.tell("swapped_coordinates", value=crs.name)
        return
    told = [f"{x:.0f}, {y:.0f}" for x, y in points]
    findings.tell_rows("outside_area", pd.Series(told, index=outside.index), column="geometry")


def tell_elsewhere(streets: gpd.GeoDataFrame, extent: Polygon, findings: Findings) -> None:
    """Tell that no street at all lies in the extent; some outside it do no harm."""
    if not shapely.intersects(streets.geometry.to_numpy(), extent).any():
        findings.tell("streets_elsewhere")


def _swapped(points: Floats, crs: pyproj.CRS) -> Floats:
    """Give where points lie if their longitude was taken for latitude."""
    lon, lat = change(crs, WGS84, points[:, 0], points[:, 1])
    possible = np.abs(lon) <= 90.0  # noqa: PLR2004  # what a latitude can be
    x, y = change(WGS84, crs, np.where(possible, lat, np.nan), np.where(possible, lon, np.nan))
    return np.column_stack([x, y])


def _mostly_inside(points: Floats, extent: Polygon) -> bool:
    inside = shapely.intersects_xy(extent, points[:, 0], points[:, 1])
    return float(np.mean(inside)) > 0.5  # noqa: PLR2004  # more than half
