"""A table or query of a PostGIS database as a layer (extra ``postgis``).

Who may read it is said outside project.toml: a service file, environment variables or a password
file, as for any program of PostgreSQL.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.crs import parse_crs

if TYPE_CHECKING:
    import pyproj

    from layers.check import Findings
    from layers.project import LayerSource

_WAIT_SECONDS = 10


def read_database(source: LayerSource, findings: Findings) -> gpd.GeoDataFrame:
    """Read the table that ``layer`` names, or the answer to ``query``; it can change nothing.

    Rows are sorted by what is in them, since a table has no order. Raises LayerError where the
    database cannot be reached, or knows no such table.
    """
    try:
        psycopg = import_module("psycopg")
    except ImportError:
        findings.refuse("postgis_absent")
    try:
        with psycopg.connect(source.database, connect_timeout=_WAIT_SECONDS) as connection:
            connection.read_only = True
            return _answer(connection, _asked(source, psycopg))
    except psycopg.OperationalError as error:
        findings.refuse("database_unreachable", reason=_first_line(error))
    except psycopg.Error as error:
        findings.refuse(
            "database_refused", value=source.query or source.layer, reason=_first_line(error)
        )


def _asked(source: LayerSource, psycopg: Any) -> Any:  # noqa: ANN401 - types of an extra
    if source.query:
        return source.query
    names = (source.layer or source.name).split(".")
    return psycopg.sql.SQL("SELECT * FROM {}").format(psycopg.sql.Identifier(*names))


def _answer(connection: Any, asked: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - types of an extra
    kind = connection.execute("SELECT oid FROM pg_type WHERE typname = 'geometry'").fetchone()
    cursor = connection.execute(asked)
    names = [column.name for column in cursor.description]
    shapes = [column.name for column in cursor.description if kind and column.type_code == kind[0]]
    rows = sorted(cursor.fetchall(), key=repr)
    table = pd.DataFrame(rows, columns=names, dtype=object)
    plain = pd.DataFrame({name: _typed(table[name]) for name in names if name not in shapes})
    if not shapes:
        return gpd.GeoDataFrame(plain)
    geometry = np.asarray(shapely.from_wkb(table[shapes[0]].to_numpy()), dtype=object)
    known = set(shapely.get_srid(geometry[~shapely.is_missing(geometry)]).tolist()) - {0}
    crs = _crs(connection, known.pop()) if len(known) == 1 else None
    return gpd.GeoDataFrame(plain, geometry=shapely.set_srid(geometry, 0), crs=crs)


def _crs(connection: Any, srid: int) -> pyproj.CRS | None:  # noqa: ANN401 - types of an extra
    """Give the CRS that the database knows by a number."""
    asked = "SELECT auth_name, auth_srid, srtext FROM spatial_ref_sys WHERE srid = %s"
    found = connection.execute(asked, (srid,)).fetchone()
    if found is None:
        return None
    name, number, definition = found
    return parse_crs(f"{name}:{number}") or parse_crs(definition or "")


def _typed(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Give numbers and flags their type; texts stay what they are, with None for nothing."""
    plain = pd.Series([_plain(cell) for cell in cells], index=cells.index, dtype=object)
    return plain if any(isinstance(cell, str) for cell in plain) else plain.infer_objects()


def _plain(cell: object) -> object:
    """Give a cell as files would have it: decimals as numbers, days and lists as text."""
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, dt.date):
        return cell.isoformat()[:10]
    return ";".join(map(str, cell)) if isinstance(cell, list) else cell


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
