"""One layer of the study: its files read, their columns named and typed, geometries placed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from layers.check import Findings
from layers.columns import filled, renamed, typed
from layers.errors import LayerError
from layers.folder import files_of
from layers.geometry import placed
from layers.read import read_source
from layers.row_numbers import told_apart
from layers.schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyproj

    from layers.frame_schema import FrameSchema
    from layers.project import LayerSource


_FOLDERS_OF_A_FORMAT = (".gdb",)


def read_layer(
    source: LayerSource, path: Path, findings: Findings, *, crs: pyproj.CRS
) -> gpd.GeoDataFrame:
    """Read one layer into the columns of its schema, in the study CRS; the index counts rows.

    A folder is one layer of many files, one after another. Rows that cannot be used are told,
    not left out. Raises LayerError with all that was found where the layer cannot be used at all.
    """
    if (
        source.database is None
        and path.is_dir()
        and path.suffix.lower() not in _FOLDERS_OF_A_FORMAT
    ):
        return _united(source, files_of(path, findings), findings, crs)
    schema = SCHEMAS[source.role]
    frame = renamed(read_source(source, path, findings), source, schema, findings)
    table = typed(frame, schema, findings)
    if schema.columns:
        ids = table[schema.key]
        table[schema.key] = told_apart(ids, lambda row: findings.place(row)[0], findings)
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
    """Give the rows of several layers as one frame, in the order of the schema, geometry last."""
    if not layers:
        return empty_layer(schema, crs)
    rows = pd.concat([pd.DataFrame(layer) for layer in layers], ignore_index=True)
    text = [str(name) for name in rows.select_dtypes(["object", "string"]) if name != "geometry"]
    rows = rows.assign(**{name: filled(rows[name]) for name in text})
    ordered = rows.sort_values(list(schema.sorted_by), ignore_index=True)
    last = [*(name for name in ordered if name != "geometry"), "geometry"]
    return gpd.GeoDataFrame(ordered[last], geometry="geometry", crs=crs)


def _united(
    source: LayerSource, files: Sequence[Path], findings: Findings, crs: pyproj.CRS
) -> gpd.GeoDataFrame:
    """Give the rows of all files, numbered on; every problem names the file it is in."""
    frames: list[gpd.GeoDataFrame] = []
    places: list[tuple[str, int]] = []
    for file in files:
        told = Findings(f"{findings.layer}/{file.name}")
        with suppress(LayerError):  # why is in what was told
            frames.append(read_layer(source, file, told, crs=crs))
            places += [_within(file.name, *told.place(int(row))) for row in frames[-1].index]
        findings.problems.extend(told.problems)
    if len(frames) < len(files):
        raise LayerError(findings.problems)
    names = [file.name for file, frame in zip(files, frames, strict=True) for _ in frame.index]
    rows = pd.concat([pd.DataFrame(frame) for frame in frames])
    findings.come_from(places)
    rows = rows.set_axis(pd.RangeIndex(1, len(rows) + 1))
    key = SCHEMAS[source.role].key
    rows[key] = told_apart(rows[key], lambda row: Path(names[row - 1]).stem, findings)
    ids = rows[key]
    told_already = pd.DataFrame({"file": names, "id": ids}, index=rows.index).duplicated()
    double = ids.notna() & ids.duplicated() & ~told_already
    findings.tell_rows("duplicate_id", ids[double], column=str(ids.name))
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=crs)


def _within(file: str, sheet: str, row: int) -> tuple[str, int]:
    return (f"{file}/{sheet}" if sheet else file), row


def _check_key(ids: pd.Series[Any], schema: FrameSchema, findings: Findings) -> None:
    """Tell ids that are missing or used twice."""
    if schema.column(schema.key).required:
        findings.tell_rows("missing_value", ids[ids.isna()], column=schema.key)
    double = ids.notna() & ids.duplicated(keep="first")
    findings.tell_rows("duplicate_id", ids[double], column=schema.key)
