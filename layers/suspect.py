"""Files that would swell, or are not what they are called: told before a library opens them.

A few kilobytes of zip can unfold to gigabytes, XML can define its own multiplication, a workbook
can claim a cell in its last row, a GeoPackage can hold a query that never ends, and GDAL opens a
file by what is in it, whatever its name. All of these are found by looking at the file alone.
"""

from __future__ import annotations

import re
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

from openpyxl.utils import column_index_from_string

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

    from layers.check import Findings

MEMBERS = 10_000
"""Of an archive."""
WORKBOOK_BYTES, ARCHIVE_BYTES = 200 << 20, 4 << 30
"""Unpacked, of a workbook (it takes about ten times as much memory) and of zipped shapefiles."""
CELLS = 5_000_000
"""Of a sheet, from its first to its last, filled or not; and of all its merged ones."""

_CHUNK, _OVERLAP = 1 << 20, 256
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(rb"<(?:\w+:)?c [^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row [^>]*?\br=[\"'](\d{1,7})[\"']")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell [^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
_ENDLESS = re.compile(r"\b(recursive|zeroblob|randomblob|load_extension)\b", re.IGNORECASE)
_OPENED_BY_CONTENT = (".gpkg", ".shp", ".geojson", ".json")


def refuse_disguised(path: Path, findings: Findings) -> None:
    """Raise LayerError where a file that GDAL opens by its content is XML under another name.

    A virtual layer would read any file it points to. Raises OSError where it cannot be opened.
    """
    with path.open("rb") as file:
        begin = file.read(_OVERLAP).removeprefix(b"\xef\xbb\xbf").lstrip()
    if begin.startswith(b"<"):
        findings.refuse("not_its_kind", value=path.name)


def refuse_suspect(path: Path, findings: Findings) -> None:
    """Raise LayerError where a file is not what its name says, or would swell on opening.

    Raises OSError, zipfile.BadZipFile or sqlite3.DatabaseError where it cannot be looked at.
    """
    kind = path.suffix.lower()
    if kind in _OPENED_BY_CONTENT:
        refuse_disguised(path, findings)
    if kind in (".xlsx", ".zip"):
        most = WORKBOOK_BYTES if kind == ".xlsx" else ARCHIVE_BYTES
        with zipfile.ZipFile(path) as archive:
            _require_modest(archive, most, path, findings)
            if kind == ".xlsx":
                _look_into_sheets(archive, path, findings)
    elif kind in (".graphml", ".osm"):
        with path.open("rb") as file:
            _require_no_entities(_windows(file), path, findings)
    elif kind == ".gpkg":
        _require_ending_views(path, findings)


def _require_modest(archive: zipfile.ZipFile, most: int, path: Path, findings: Findings) -> None:
    members = archive.infolist()
    # Nothing more than this is unpacked of a member, whatever else it holds.
    size = sum(member.file_size for member in members)
    if len(members) > MEMBERS or size > most:
        told = {"size": f"{size / (1 << 20):,.0f}", "most": f"{most >> 20:,}"}
        findings.refuse("too_large_unpacked", value=path.name, count=f"{len(members):,}", **told)


def _look_into_sheets(archive: zipfile.ZipFile, path: Path, findings: Findings) -> None:
    for member in archive.infolist():
        if not member.filename.lower().endswith((".xml", ".rels")):
            continue
        with archive.open(member) as file:
            _require_no_entities(_windows(file), path, findings)
        if member.filename.startswith("xl/worksheets/"):
            with archive.open(member) as file:
                _require_few_cells(_windows(file), path, findings)


def _require_no_entities(windows: Iterator[bytes], path: Path, findings: Findings) -> None:
    if any(_DECLARES.search(window) for window in windows):
        findings.refuse("declares_entities", value=path.name)


def _require_few_cells(windows: Iterator[bytes], path: Path, findings: Findings) -> None:
    rows = columns = merged = 0
    for window in windows:
        rows = max([rows, *(int(row) for row in _ROW.findall(window))])
        for column, row in _CELL.findall(window):
            rows = max(rows, int(row))
            columns = max(columns, column_index_from_string(column.decode()))
        for left, top, right, bottom in _MERGED.findall(window):
            across = [column_index_from_string(each.decode()) for each in (left, right)]
            merged += (abs(across[1] - across[0]) + 1) * (abs(int(bottom) - int(top)) + 1)
    for cells in (rows * columns, merged):
        if cells > CELLS:
            findings.refuse(
                "too_many_cells", value=path.name, count=f"{cells:,}", most=f"{CELLS:,}"
            )


def _windows(file: IO[bytes]) -> Iterator[bytes]:
    """Give a file in pieces that overlap, so that nothing short is cut in two."""
    before = b""
    while piece := file.read(_CHUNK):
        yield before + piece
        before = piece[-_OVERLAP:]


def _require_ending_views(path: Path, findings: Findings) -> None:
    """Refuse queries that GDAL would run to read a layer and that may never end."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'")
        for name, sql in rows.fetchall():
            if _ENDLESS.search(sql or ""):
                findings.refuse("endless_view", value=path.name, view=str(name))
