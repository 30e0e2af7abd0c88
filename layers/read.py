"""Reading one file into a frame as it is: its own columns and coordinates, rows counted from 1.

GeoPackage, Shapefile (zipped too), GeoJSON, GeoParquet, CSV and Excel tables; for streets
OpenStreetMap extracts and graphs of osmnx too.
"""

from __future__ import annotations

import io
import lzma
import re
import sqlite3
import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyogrio
from pandas.api.types import is_scalar

from layers.encoding import text_encoding
from layers.errors import LayerError
from layers.fetch_header import data_date
from layers.postgis import read_database
from layers.shapefile import features, read_shapefile
from layers.streets import read_osm_streets
from layers.suspect import refuse_disguised, refuse_suspect
from layers.workbook_source import read_workbook, refuse_layer, without_totals
from layers.zipped import unzip, zipped_shapefiles

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.check import Findings
    from layers.project import LayerSource

    Reader = Callable[[LayerSource, Path, Findings], gpd.GeoDataFrame]

_REPEATED = re.compile(r"(.+)\.\d+")  # how pandas tells a second column of one name from the first
_MAY_BE_EMPTY = ("facilities", "registers")  # a ledger that nobody has filled in yet
_REASON = 200  # letters: some libraries repeat what they could not read, however long
_FAULTS = (
    OSError,
    ValueError,
    RuntimeError,
    KeyError,
    pa.ArrowException,
    sqlite3.DatabaseError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
)


def read_source(source: LayerSource, path: Path, findings: Findings) -> gpd.GeoDataFrame:
    """Read the file of a layer. The index counts rows from 1; tables have no geometry yet.

    Raises LayerError where the file is missing, damaged, of no known kind, in another encoding
    or has no such layer.
    """
    if source.database is not None:
        return _counted(read_database(source, findings), source, findings)
    if not path.exists():
        findings.refuse("missing_file", value=path.name)
    reader = reader_of(path)
    if (
        path.is_dir()
        or reader is None
        or (reader in (_read_osm, _read_graph) and source.role != "streets")
    ):
        findings.refuse("unknown_format", value=path.name)
    try:
        refuse_suspect(path, findings)
        frame = reader(source, path, findings)
    except LayerError:
        raise
    except UnicodeDecodeError:
        findings.refuse("undecodable", value=path.name)
    except PermissionError:
        findings.refuse("locked_file", value=path.name)
    except _FAULTS as error:
        findings.refuse("unreadable_file", value=path.name, reason=told_by(error, path))
    return _counted(frame, source, findings)


def _counted(frame: gpd.GeoDataFrame, source: LayerSource, findings: Findings) -> gpd.GeoDataFrame:
    """Give a frame whose index counts rows from 1 and whose geometry is called so."""
    name = source.layer or source.path.name
    if frame.empty and (source.role not in _MAY_BE_EMPTY or frame.columns.empty):
        findings.refuse("no_rows", value=name)
    if frame.empty:
        findings.tell("ledger_empty", value=name, fatal=False)
    if frame.active_geometry_name not in (None, "geometry"):
        frame = frame.drop(columns="geometry", errors="ignore").rename_geometry("geometry")
    return _with_texts_for_lists(frame).set_index(frame.index + 1)


def _with_texts_for_lists(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give cells that hold several values (in GeoJSON, Parquet) as text, joined by semicolons."""
    columns = [name for name in frame if frame[name].dtype == object]
    listed = {
        name: frame[name].map(lambda cell: cell if is_scalar(cell) else _joined(cell))
        for name in columns
        if not frame[name].map(is_scalar).all()
    }
    return frame.assign(**listed) if listed else frame


def _joined(cell: Any) -> str:  # noqa: ANN401 - a list, an array, a mapping
    return ";".join(map(str, cell.items() if isinstance(cell, dict) else cell))


def reader_of(path: Path) -> Reader | None:
    """Give what reads a kind of file, by its name; None for a kind that is not read here."""
    if path.name.lower().endswith((".osm.pbf", ".pbf", ".osm")):
        return _read_osm
    return {
        ".csv": _read_csv,
        ".txt": _read_csv,
        ".tsv": _read_csv,
        ".xlsx": _read_excel,
        ".shp": _read_shapefile,
        ".zip": _read_zip,
        ".gpkg": _read_vector,
        ".geojson": _read_geojson,
        ".json": _read_geojson,
        ".parquet": _read_parquet,
        ".geoparquet": _read_parquet,
        ".graphml": _read_graph,
    }.get(path.suffix.lower())


def _read_vector(source: LayerSource, path: Path, findings: Findings) -> gpd.GeoDataFrame:
    listed = pyogrio.list_layers(path).tolist()
    known = [name for name, _ in listed]
    if source.layer and source.layer not in known:
        refuse_layer(source.layer, known, findings)
    likely = [source.name, *(name for name, kind in listed if kind), *known]
    layer = source.layer or next(name for name in likely if name in known)
    return features(path, findings, layer=layer)


def _read_geojson(source: LayerSource, path: Path, findings: Findings) -> gpd.GeoDataFrame:
    """Read GeoJSON, which is UTF-8 by definition; GDAL would pass over anything else."""
    path.read_bytes().decode("utf-8-sig")
    return _read_vector(source, path, findings)


def _read_shapefile(source: LayerSource, path: Path, findings: Findings) -> gpd.GeoDataFrame:
    return read_shapefile(path, source.encoding, findings)


def _read_zip(source: LayerSource, path: Path, findings: Findings) -> gpd.GeoDataFrame:
    """Read a shapefile of a .zip: the one ``layer`` names, else ours by name, else the first."""
    known = zipped_shapefiles(path)
    if not known:
        findings.refuse("zip_without_shapefile", value=path.name)
    if source.layer and source.layer not in known:
        refuse_layer(source.layer, list(known), findings)
    name = source.layer or next(name for name in (source.name, *known) if name in known)
    with TemporaryDirectory() as folder:
        shapefile = unzip(path, known[name], Path(folder))
        refuse_disguised(shapefile, findings)
        try:
            return _read_shapefile(source, shapefile, findings)
        except _FAULTS as error:
            if isinstance(error, (LayerError, UnicodeDecodeError)):
                raise
            raise RuntimeError(told_by(error, shapefile)) from error


def _read_parquet(_: LayerSource, path: Path, __: Findings) -> gpd.GeoDataFrame:
    try:
        return gpd.read_parquet(path).reset_index(drop=True)
    except ValueError as error:
        if "geo metadata" not in str(error).lower():
            raise
        return gpd.GeoDataFrame(pd.read_parquet(path)).reset_index(drop=True)
    except (OSError, pa.ArrowException):
        raise
    except Exception as error:  # what it says of itself ends in whatever geopandas trips over
        message = f"{type(error).__name__}: {error}"
        raise ValueError(message) from error


def _read_csv(source: LayerSource, path: Path, findings: Findings) -> gpd.GeoDataFrame:
    content = path.read_bytes()
    encoding = text_encoding(content, source.encoding)
    if encoding is None:
        findings.refuse("undecodable", value=path.name)
    text = content.decode(encoding).removeprefix("\ufeff")
    if not text.strip():
        return gpd.GeoDataFrame()
    header = text.partition("\n")[0]
    separator = max(",\t;", key=header.count)
    table = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, skip_blank_lines=False)
    if not isinstance(table.index, pd.RangeIndex):  # taken for names of rows, all else shifted
        findings.refuse("more_cells", value=path.name)
    return gpd.GeoDataFrame(without_totals(_trimmed(table, findings), findings))


def _read_excel(source: LayerSource, path: Path, findings: Findings) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(_trimmed(read_workbook(source, path, findings), findings))


def _read_osm(_: LayerSource, path: Path, findings: Findings) -> gpd.GeoDataFrame:
    if path.suffix.lower() == ".pbf":
        try:
            data_date(path)  # GDAL would give what there is of a file that was cut short
        except ValueError:
            findings.refuse("extract_broken", value=path.name)
    return read_osm_streets(path)


def _read_graph(_: LayerSource, path: Path, __: Findings) -> gpd.GeoDataFrame:
    from layers.graphs import read_graph_streets  # noqa: PLC0415 - osmnx is heavy and seldom needed

    return read_graph_streets(path)


def _trimmed(table: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Leave out rows with nothing in them, blanks around names, and any text called geometry."""
    named = table.rename(columns=lambda name: str(name).strip())
    for name in named.columns:
        first = _REPEATED.fullmatch(name)
        if first and first[1] in named.columns:
            findings.tell("duplicate_column", column=first[1])
    return named.drop(columns="geometry", errors="ignore").dropna(how="all")


def told_by(error: BaseException, path: Path) -> str:
    """Give the first line of what a library says, with the name of the file for its path."""
    said = str(error).strip().partition("\n")[0].partition(";")[0]
    said = said.replace(str(path), path.name) or type(error).__name__
    return said if len(said) <= _REASON else f"{said[:_REASON]}…"
