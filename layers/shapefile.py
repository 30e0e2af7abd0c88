"""A shapefile read in the encoding that reads it; how that was found is told."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio

from layers.dbf import dbf_encoding, mended

if TYPE_CHECKING:
    from layers.check import Findings


def read_shapefile(path: Path, declared: str | None, findings: Findings) -> gpd.GeoDataFrame:
    """Read a shapefile; an encoding that nobody declared, or that was claimed wrongly, is told.

    Raises LayerError (undecodable) where what was declared, or nothing known, reads it.
    """
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
    """Read by GDAL; a layer without geometry comes as a table, arcs as short straight pieces."""
    try:
        frame = pyogrio.read_dataframe(path, use_arrow=True, on_invalid="ignore", **options)
    except NotImplementedError:  # Arrow knows no curves
        findings.tell("curved_geometry", value=path.name, fatal=False)
        frame = pyogrio.read_dataframe(path, on_invalid="ignore", **options)
    return frame if isinstance(frame, gpd.GeoDataFrame) else gpd.GeoDataFrame(frame)
