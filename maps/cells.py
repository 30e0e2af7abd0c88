"""A place on the map for units that are known as points only: drawn, never used to attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Geometries = NDArray[np.object_]

AREAS = ("Polygon", "MultiPolygon")
HULL_MARGIN = 0.1  # of the hull's extent: outer cells get some room beyond their own point
SINGLE_MARGIN_METRES = 500.0


def unit_cells(units: gpd.GeoDataFrame, townships: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the units with an area each, and ``derived``: whether it is a Voronoi cell.

    Cells share out what the polygons leave of a township; where its own outline is not known, of
    the buffered convex hull of its points. Same rows, same order, same CRS; units without a
    geometry keep none.
    """
    shapes = np.array(units.geometry, dtype=object)
    is_area = np.isin(units.geom_type.to_numpy(dtype=object), AREAS)
    is_point = (units.geom_type == "Point").to_numpy()
    groups = _township_of(units, townships)
    outlines = dict(zip(townships["township_id"], townships.geometry, strict=True))
    taken = shapely.union_all(shapes[is_area])
    rows = pd.Series(np.flatnonzero(is_point))
    for township, points in rows.groupby(groups[is_point], sort=True):
        room = outlines.get(township, _hull(shapes[points]))
        shapes[points] = _cells(shapes[points], shapely.difference(room, taken))
    drawn = units.set_geometry(gpd.GeoSeries(shapes, index=units.index, crs=units.crs))
    return drawn.assign(derived=is_point)


def _township_of(units: gpd.GeoDataFrame, townships: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Give the township of each unit, by its code or else by where it lies; "" for none."""
    known = units["township_id"].where(units["township_id"].isin(townships["township_id"]))
    if known.notna().all() or townships.empty:
        return np.array(known.fillna(units["township_id"]).fillna(""), dtype=object)
    inside = units.set_geometry(units.representative_point())[["geometry"]].sjoin(
        townships[["township_id", "geometry"]], predicate="within"
    )
    lies_in = inside["township_id"][~inside.index.duplicated()].reindex(units.index)
    return np.array(known.fillna(lies_in).fillna(units["township_id"]).fillna(""), dtype=object)


def _hull(points: Geometries) -> shapely.Geometry:
    """Give the convex hull of some points with a margin around it."""
    hull: shapely.Geometry = shapely.convex_hull(shapely.union_all(points))
    west, south, east, north = shapely.bounds(hull).tolist()
    margin = max(HULL_MARGIN * max(east - west, north - south), SINGLE_MARGIN_METRES)
    roomy: shapely.Geometry = shapely.buffer(hull, margin)
    return roomy


def _cells(points: Geometries, room: shapely.Geometry) -> Geometries:
    """Give each point its Voronoi cell within ``room``; points at one place share one cell.

    A point whose whole cell lies outside the room keeps the cell as it is: it is still drawn.
    """
    distinct, which = np.unique(shapely.get_coordinates(points), axis=0, return_inverse=True)
    frame = shapely.union_all([room, _hull(points)])
    if len(distinct) == 1:
        cells = np.array([frame], dtype=object)
    else:
        ordered = shapely.voronoi_polygons(
            shapely.MultiPoint(distinct), extend_to=frame, ordered=True
        )
        cells = shapely.get_parts(ordered)
    within = _areal(shapely.intersection(cells, room))
    kept: Geometries = np.where(
        shapely.is_empty(within), shapely.intersection(cells, frame), within
    )
    return kept[which.ravel()]


def _areal(shapes: Geometries) -> Geometries:
    """Keep the polygons of each shape: clipping can leave lines and points along a border."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    polygons = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    kept: Geometries = shapely.multipolygons(
        parts[polygons], indices=row[polygons], out=np.full(len(shapes), shapely.MultiPolygon())
    )
    return kept
