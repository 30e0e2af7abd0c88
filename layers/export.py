"""Spatial results for programs that read no GeoPackage: shapefiles in GBK, and GeoJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import pandas as pd
import pyogrio

from layers.catalogue.ledger import column_meanings
from layers.store import FIXED_TIME, refusing_to_write, storable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from layers.vocabulary import Language

ExportForm = Literal["shp", "geojson"]

GEOJSON_CRS = "EPSG:4490"
ENCODING = "GBK"
# What a dBASE table can hold: names of ten bytes, texts of 254.
_NAME_BYTES, _TEXT_BYTES = 10, 254
_FAMILIES = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "Polygon": "area",
    "MultiPolygon": "area",
}


def export_layers(
    frames: Mapping[str, pd.DataFrame], folder: Path, *, form: ExportForm, lang: Language = "zh"
) -> Path:
    """Write every frame with places as a file of its own into a new folder ``form``.

    Shapefiles stay in the study's CRS, with GBK text, a .cpg, and ``fields.csv``, which says what
    each shortened column is; a layer of several kinds of geometry becomes several. GeoJSON is in
    EPSG:4490 (CGCS2000, longitude first). The same frames give the same bytes. Raises LayerError
    (output_unwritable).
    """
    target = folder / form
    target.mkdir(parents=True)
    placed = {
        name: frame
        for name, frame in frames.items()
        if isinstance(frame, gpd.GeoDataFrame) and not frame.geometry.isna().all()
    }
    with refusing_to_write(target):
        if form == "geojson":
            _write_geojson(placed, target)
        else:
            _write_shapefiles(placed, target, lang)
    return target


def _write_geojson(frames: Mapping[str, gpd.GeoDataFrame], folder: Path) -> None:
    for name, frame in frames.items():
        pyogrio.write_dataframe(
            gpd.GeoDataFrame(storable(frame)).to_crs(GEOJSON_CRS),
            folder / f"{name}.geojson",
            driver="GeoJSON",
            layer_options={"COORDINATE_PRECISION": "7"},
        )


def _write_shapefiles(frames: Mapping[str, gpd.GeoDataFrame], folder: Path, lang: Language) -> None:
    told = []
    for name, frame in frames.items():
        table, meanings = gpd.GeoDataFrame(storable(frame)), column_meanings(name, lang)
        short = short_names([str(column) for column in table.columns.drop("geometry")])
        told += [(name, there, column, meanings.get(column, "")) for column, there in short.items()]
        for layer, part in _by_family(name, table):
            pyogrio.write_dataframe(
                _dbase(part).rename(columns=short),
                folder / f"{layer}.shp",
                driver="ESRI Shapefile",
                encoding=ENCODING,
                layer_options={"DBF_DATE_LAST_UPDATE": f"{FIXED_TIME:%Y-%m-%d}"},
            )
    fields = pd.DataFrame(told, columns=["layer", "field", "column", "meaning"])
    fields.to_csv(folder / "fields.csv", index=False, encoding="utf-8-sig", lineterminator="\n")


def short_names(columns: list[str]) -> dict[str, str]:
    """Give each column a name of at most ten letters of its own.

    >>> short_names(["minutes_elder_care", "minutes_elder_home", "people"])
    {'minutes_elder_care': 'minutes_el', 'minutes_elder_home': 'minutes__2', 'people': 'people'}
    """
    taken: set[str] = set()
    found = {}
    for column in columns:
        name, number = _cut(column, _NAME_BYTES), 2
        while name.lower() in taken:
            tail = f"_{number}"
            name, number = _cut(column, _NAME_BYTES - len(tail)) + tail, number + 1
        taken.add(name.lower())
        found[column] = name
    return found


def _by_family(name: str, frame: gpd.GeoDataFrame) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Give the parts of a layer that one shapefile can hold; rows without a place go along."""
    families = frame.geom_type.map(_FAMILIES)
    found = sorted(families.dropna().unique())
    for family in found:
        rows = frame[(families == family) | (families.isna() & (family == found[0]))]
        yield (name if len(found) == 1 else f"{name}_{family}"), rows


def _dbase(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give columns that a dBASE table can hold: flags as 1 and 0, texts of 254 bytes."""
    made = {}
    for column in frame.columns.drop("geometry"):
        values = frame[column]
        if pd.api.types.is_bool_dtype(values.dtype):
            made[column] = values.astype("Int16")
        elif values.dtype.kind in "OU" or isinstance(values.dtype, pd.StringDtype):
            made[column] = values.map(lambda told: _cut(told, _TEXT_BYTES), na_action="ignore")
    return frame.assign(**made)


def _cut(told: str, most: int) -> str:
    """Give as much of a text as so many bytes hold, without half a character."""
    return told.encode(ENCODING, errors="replace")[:most].decode(ENCODING, errors="ignore")
