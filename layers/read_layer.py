"""One layer of the study: its file read, its columns named and typed, its geometry placed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from layers.check import Findings
from layers.columns import filled, renamed, typed
from layers.geometry import placed
from layers.read import read_source
from layers.schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyproj

    from layers.project import LayerSource
    from layers.schema import FrameSchema


def read_layer(
    source: LayerSource, path: Path, findings: Findings, *, crs: pyproj.CRS
) -> gpd.GeoDataFrame:
    """Read one layer into the columns of its schema, in the study CRS; the index counts rows.

    Rows that cannot be used are told, not left out. Raises LayerError with all that was found
    where the layer cannot be used at all.
    """
    schema = SCHEMAS[source.role]
    frame = renamed(read_source(source, path, findings), source, schema, findings)
    table = typed(frame, schema, findings)
    if schema.columns:
        _check_key(table[schema.key], schema, findings)
    geometry = placed(frame, source, schema, findings, crs=crs)
    used = [name for name in ("x", "y") if "geometry" not in frame and name in table]
    return gpd.GeoDataFrame(table.drop(columns=used), geometry=geometry, crs=crs)


def empty_layer(schema: FrameSchema, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Give a layer without rows, its columns of the schema's types."""
    columns = typed(gpd.GeoDataFrame(), schema, Findings(schema.name))
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=crs), crs=crs)


def combined(
    layers: Sequence[gpd.GeoDataFrame], schema: FrameSchema, crs: pyproj.CRS
) -> gpd.GeoDataFrame:
    """Give the rows of several layers as one frame, sorted by key, geometry last."""
    if not layers:
        return empty_layer(schema, crs)
    rows = pd.concat([pd.DataFrame(layer) for layer in layers], ignore_index=True)
    text = [str(name) for name in rows.select_dtypes(["object", "string"]) if name != "geometry"]
    rows = rows.assign(**{name: filled(rows[name]) for name in text})
    ordered = rows.sort_values(schema.key, ignore_index=True)
    last = [*(name for name in ordered if name != "geometry"), "geometry"]
    return gpd.GeoDataFrame(ordered[last], geometry="geometry", crs=crs)


def _check_key(ids: pd.Series[Any], schema: FrameSchema, findings: Findings) -> None:
    """Tell ids that are missing or used twice."""
    if schema.column(schema.key).required:
        findings.tell_rows("missing_value", ids[ids.isna()], column=schema.key)
    double = ids.notna() & ids.duplicated(keep="first")
    findings.tell_rows("duplicate_id", ids[double], column=schema.key)
