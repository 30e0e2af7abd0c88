"""Geometries of one layer: checked, repaired, in the study CRS, whole centimetres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.columns import to_number
from layers.crs import PRECISION, layer_crs, to_study

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray

    from layers.check import Findings
    from layers.frame_schema import FrameSchema
    from layers.project import LayerSource

    Geometries = NDArray[np.object_]

_POINTS = ("Point",)
_AREAS = ("Polygon", "MultiPolygon")
_GRID = 10.0**-PRECISION
_PLACE = ("x", "y")


def placed(
    frame: gpd.GeoDataFrame,
    source: LayerSource,
    schema: FrameSchema,
    findings: Findings,
    *,
    crs: pyproj.CRS,
) -> gpd.GeoSeries:
    """Give the geometry of every row in the study CRS; None where it cannot be used, as told.

    Areas stand for points by a point inside them. Raises LayerError where the layer has no
    geometry at all, or its CRS or datum is absent or refused.
    """
    raw = _raw(frame, schema, findings)
    raw = _without_empty(raw, schema, findings)
    raw = _of_type(raw, schema, findings)
    there = raw.notna().to_numpy()
    if not there.any():
        return gpd.GeoSeries(raw, crs=crs)
    shapes = np.asarray(raw[there].to_numpy(), dtype=object)
    known = layer_crs(source, _said(frame), shapely.bounds(shapes), findings)
    shapes = to_study(shapes, known, datum=source.datum, target=crs)
    found = np.full(len(raw), None, dtype=object)
    found[there] = shapes
    finite = _finite(pd.Series(found, index=raw.index, dtype=object), findings)
    return gpd.GeoSeries(_sound(finite, schema, findings), crs=crs)


def _said(frame: gpd.GeoDataFrame) -> pyproj.CRS | None:
    return frame.crs if "geometry" in frame else None


def _raw(frame: gpd.GeoDataFrame, schema: FrameSchema, findings: Findings) -> pd.Series[Any]:
    """Give the file's geometries, or points of its x and y columns, as objects."""
    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name:
        return pd.Series(frame.geometry.to_numpy(), index=frame.index, dtype=object)
    if not set(_PLACE) <= set(frame.columns):
        if schema.plain_table:
            findings.tell("no_places", fatal=False)
        elif schema.geometry_required:
            findings.refuse("no_coordinates", known="、".join(map(str, frame.columns)))
        return pd.Series([None] * len(frame), index=frame.index, dtype=object)
    return _points(frame, findings)


def _points(frame: pd.DataFrame, findings: Findings) -> pd.Series[Any]:
    numbers = {}
    blank = {}
    for name in _PLACE:
        cells = frame[name]
        blank[name] = cells.isna() | cells.astype("str").str.strip().eq("").astype(bool)
        numbers[name] = to_number(cells)
        wrong = numbers[name].isna() & ~blank[name]
        findings.tell_rows("not_a_coordinate", cells[wrong], column=name)
    half = blank["x"] != blank["y"]
    findings.tell_rows("half_a_point", frame[half].index.to_series().map(lambda _: None))
    x, y = (numbers[name].to_numpy() for name in _PLACE)
    points = np.asarray(shapely.points(x, y), dtype=object)
    points[np.isnan(x) | np.isnan(y)] = None
    return pd.Series(points, index=frame.index, dtype=object)


def _without_empty(raw: pd.Series[Any], schema: FrameSchema, findings: Findings) -> pd.Series[Any]:
    """Leave out what has no place: nothing there, or coordinates that are no numbers."""
    raw = _finite(raw, findings)
    empty = pd.Series(
        shapely.is_empty(raw.to_numpy()) | shapely.is_missing(raw.to_numpy()), raw.index
    )
    told = {problem.row for problem in findings.problems if problem.code in _NO_PLACE}
    if schema.geometry_required and not any(each.code == "no_places" for each in findings.problems):
        untold = empty & ~empty.index.isin(list(told))
        findings.tell_rows("empty_geometry", pd.Series(None, index=raw.index[untold], dtype=object))
    return _without(raw, empty.to_numpy())


_NO_PLACE = ("bad_coordinates", "half_a_point", "not_a_coordinate")


def _finite(raw: pd.Series[Any], findings: Findings) -> pd.Series[Any]:
    coordinates, row = shapely.get_coordinates(raw.to_numpy(), return_index=True)
    bad = np.zeros(len(raw), dtype=bool)
    bad[row[~np.isfinite(coordinates).all(axis=1)]] = True
    findings.tell_rows("bad_coordinates", pd.Series(None, index=raw.index[bad], dtype=object))
    return _without(raw, bad)


def _of_type(raw: pd.Series[Any], schema: FrameSchema, findings: Findings) -> pd.Series[Any]:
    """Leave out what has another type than the schema's; a lone point of a collection is one."""
    shapes = raw.to_numpy()
    lone = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT) & (
        shapely.get_num_geometries(shapes) == 1
    )
    shapes = np.where(lone, shapely.get_geometry(shapes, 0), shapes)
    names = pd.Series(gpd.GeoSeries(shapes, index=raw.index).geom_type, dtype=object)
    accepted = schema.geometries + (_AREAS if schema.geometries == _POINTS else ())
    wrong = names.notna() & ~names.isin(accepted)
    expected = "、".join(schema.geometries)
    findings.tell_rows("wrong_geometry", names[wrong], column="geometry", expected=expected)
    return _without(pd.Series(shapes, index=raw.index, dtype=object), wrong.to_numpy())


def _without(shapes: pd.Series[Any], rows: NDArray[np.bool_]) -> pd.Series[Any]:
    kept = shapes.to_numpy(dtype=object, copy=True)
    kept[rows] = None
    return pd.Series(kept, index=shapes.index, dtype=object)


def _sound(shapes: pd.Series[Any], schema: FrameSchema, findings: Findings) -> pd.Series[Any]:
    """Repair areas that cross themselves; put a point inside areas that stand for points."""
    found = shapes.to_numpy(copy=True)
    area = np.isin(shapely.get_type_id(found), (3, 6))
    broken = area & ~shapely.is_valid(found)
    if broken.any():
        rows = pd.Series(None, index=shapes.index[broken], dtype=object)
        findings.tell_rows("repaired_geometry", rows, column="geometry", fatal=False)
        found[broken] = _repaired(found[broken])
        lost = broken & (shapely.is_empty(found) | shapely.is_missing(found))
        findings.tell_rows(
            "empty_geometry", pd.Series(None, index=shapes.index[lost], dtype=object)
        )
        found[lost] = None
    if schema.geometries == _POINTS and area.any():
        inside = shapely.point_on_surface(found[area])
        found[area] = shapely.transform(inside, lambda xy: xy.round(PRECISION))
    return pd.Series(found, index=shapes.index, dtype=object)


def _repaired(areas: Geometries) -> Geometries:
    valid = shapely.make_valid(areas, method="structure", keep_collapsed=False)
    snapped = shapely.set_precision(valid, _GRID)
    return np.asarray(shapely.transform(snapped, lambda xy: xy.round(PRECISION)), dtype=object)
