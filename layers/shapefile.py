"""A shapefile read in the encoding that reads it; how that was found is told."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyogrio

from layers.dbf import dbf_encoding, mended, rows_said

if TYPE_CHECKING:
    import pandas as pd

    from layers.check import Findings


def read_shapefile(path: Path, declared: str | None, findings: Findings) -> gpd.GeoDataFrame:
    """Read a shapefile; an encoding that nobody declared, or that was claimed wrongly, is told.

    Raises LayerError (undecodable) where what was declared, or nothing known, reads it, and
    (shapefile_cut) where its parts have not the same rows.
    """
    rows = rows_said(path)
    if rows and rows[0] < rows[1]:
        findings.refuse("shapefile_cut", value=path.stem, fewer=str(rows[0]), more=str(rows[1]))
    found = dbf_encoding(path, declared)
    if found is None:
        findings.refuse("undecodable", value=path.name)
    if found.refused:
        findings.tell(
            "encoding_claimed",
            value=found.refused,
            fatal=False,
            encoding=found.name,
            sample=found.sample,
        )
    elif found.said is None and found.name != "utf-8":
        findings.tell("encoding_guessed", value=found.name, fatal=False, sample=found.sample)
    with TemporaryDirectory() as folder:
        whole = mended(path, found.name, Path(folder))
        return features(whole, findings, encoding=found.name)


def features(path: Path, findings: Findings, **options: str) -> gpd.GeoDataFrame:
    """Read by GDAL; a layer without geometry comes as a table, arcs as short straight pieces.

    Raises LayerError (undecodable) where a text of the file is none.
    """
    try:
        frame = pyogrio.read_dataframe(path, use_arrow=True, on_invalid="ignore", **options)
    except NotImplementedError:  # Arrow knows no curves
        findings.tell("curved_geometry", value=path.name, fatal=False)
        frame = pyogrio.read_dataframe(path, on_invalid="ignore", **options)
    except UnboundLocalError:  # what pyogrio makes of a CRS that GDAL cannot write
        findings.refuse("unreadable_file", value=path.name, reason="CRS")
    double = frame.columns.duplicated()
    for name in frame.columns[double].unique():
        findings.tell("duplicate_column", column=str(name))
    frame = frame.loc[:, ~double]
    if not all(_is_text(frame[column]) for column in frame.select_dtypes("string")):
        findings.refuse("undecodable", value=path.name)
    return frame if isinstance(frame, gpd.GeoDataFrame) else gpd.GeoDataFrame(frame)


def _is_text(texts: pd.Series[Any]) -> bool:
    """Say whether texts are in UTF-8: what a file holds as such is passed on as it is."""
    try:
        pa.array(texts.array).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
