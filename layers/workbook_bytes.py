"""A workbook as bytes: the same content gives the same, whenever and wherever it is written."""

from __future__ import annotations

import re
import time
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl.writer.excel import ExcelWriter

from layers.errors import LayerError, Problem
from layers.store import FIXED_TIME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook

_ARCHIVES_BEGIN = 1980
_NO_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData></sheetData>")
_NO_CELLS = re.compile(rb"<dimension [^>]*>")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def packed(book: Workbook, rows: Sequence[tuple[str, bytes]] = ()) -> bytes:
    """Give the workbook's bytes with every clock time in them fixed; raises LayerError.

    ``rows`` are those of each sheet, where its page has none itself: the cells from the first to
    the last, and all of them as they stand in its file.
    """
    require_clock()
    book.properties.created = FIXED_TIME.replace(tzinfo=None)
    loose = BytesIO()
    ExcelWriter(book, ZipFile(loose, "w", ZIP_STORED)).save()
    return sealed(
        loose.getvalue(),
        {f"xl/worksheets/sheet{number}.xml": each for number, each in enumerate(rows, 1)},
    )


def require_clock() -> None:
    """Refuse (LayerError) a clock before 1980, as of a computer whose battery is empty.

    Office files are archives, which know no earlier time; the libraries that write them ask the
    clock, though what they wrote is sealed with a fixed time.
    """
    if time.localtime().tm_year < _ARCHIVES_BEGIN:
        raise LayerError(Problem("", "clock_early", value=time.strftime("%Y-%m-%d")))


def sealed(loose: bytes, rows: Mapping[str, tuple[str, bytes]] | None = None) -> bytes:
    """Give the bytes of any office file with every clock time in them fixed.

    ``rows`` go into the sheets of a workbook that go by these names in it; see ``packed``.
    """
    found = BytesIO()
    with ZipFile(BytesIO(loose)) as source, ZipFile(found, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>" + f"{FIXED_TIME:%Y-%m-%dT%H:%M:%SZ}".encode(), part)
            if rows and name in rows:
                part = _filled(part, *rows[name])
            entry = ZipInfo(name, FIXED_TIME.timetuple()[:6])
            entry.create_system = 0  # else it tells Windows from the rest
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, part)
    return found.getvalue()


def _filled(sheet: bytes, area: str, rows: bytes) -> bytes:
    """Give a sheet without rows with these."""
    top, bottom = _NO_ROWS.split(sheet)
    told = _NO_CELLS.sub(f'<dimension ref="{area}"/>'.encode(), top)
    return b"".join((told, b"<sheetData>", rows, b"</sheetData>", bottom))
