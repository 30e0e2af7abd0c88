"""The table of a shapefile as bytes: its names and texts, which encoding reads them, and a sample.

A .dbf keeps ten bytes of a column's name and a fixed number of a text, so that both may end in
the middle of a character; such an end is left out and held against no encoding.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.encoding import GUESSES, garbled, widest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Language byte of a .dbf (dBASE IV): only those that name a Chinese code page. 0x57 says "the
# machine's own", and 0 nothing, so that the text itself has to tell.
_LANGUAGE_BYTE = 29
_LANGUAGES = {0x4D: "gbk", 0x7A: "gbk", 0x4F: "big5", 0x78: "big5"}
_HEADER_SIZE = slice(8, 10)
_RECORD_SIZE = slice(10, 12)
_ROWS = slice(4, 8)
_SHX_HEADER, _SHX_ROW = 100, 8
_FIELD = 32  # bytes that describe one column, and that come before the first
_NAME = 10  # of them its name, before a zero
_END = 0x0D
_LONGEST_CHARACTER = 4
_SAMPLE = 200
_NUMBERED = re.compile(rb"(.*?)(_\d{1,2})?", re.DOTALL)


@dataclass(frozen=True)
class DbfEncoding:
    """The encoding of a table: ``said`` by whom (None: found by trying), and a text read in it.

    ``refused`` is what the file claimed and what does not read it.
    """

    name: str
    said: str | None
    sample: str
    refused: str | None = None


def dbf_encoding(path: Path, declared: str | None) -> DbfEncoding | None:
    """Find the encoding of a shapefile's table, or None where nothing known reads it.

    ``path`` is the .shp. What is declared has to read it; else the first that does of what the
    .cpg says, what the language byte says, UTF-8 and GB 18030.
    """
    table = beside(path, ".dbf")
    if table is None:
        return DbfEncoding(declared or "utf-8", "declared", "")
    content = table.read_bytes()
    texts = list(_odd_texts(content))
    if declared:
        return _read_as(texts, widest(declared), "declared")
    cpg = _said_by_cpg(path)
    language = _LANGUAGES.get(content[_LANGUAGE_BYTE]) if len(content) > _LANGUAGE_BYTE else None
    said = [(name, who) for name, who in ((cpg, ".cpg"), (language, "LDID")) if name]
    tries = [*said, *((name, None) for name in GUESSES)]
    found = (_read_as(texts, widest(name), who) for name, who in tries)
    first = next((each for each in found if each), None)
    if first and cpg and first.said != ".cpg":
        return DbfEncoding(first.name, first.said, first.sample, refused=cpg)
    return first


def rows_said(path: Path) -> tuple[int, int] | None:
    """Give how many rows the parts of a shapefile have, the fewest and the most; None without.

    GDAL gives the rows there are of a .dbf that was cut short, and says nothing.
    """
    table, index = beside(path, ".dbf"), beside(path, ".shx")
    content = table.read_bytes() if table else b""
    width = int.from_bytes(content[_RECORD_SIZE], "little")
    if not width:
        return None
    counts = [int.from_bytes(content[_ROWS], "little")]
    counts.append(max(0, (len(content) - _header_size(content)) // width))
    if index:
        counts.append(max(0, (index.stat().st_size - _SHX_HEADER) // _SHX_ROW))
    # Some programs leave room behind the last row.
    counts[1] = min(counts[:2])
    return min(counts), max(counts)


def mended(path: Path, encoding: str, folder: Path) -> Path:
    """Give a shapefile without cut characters: itself, or a copy of it in ``folder``."""
    table = beside(path, ".dbf")
    content = bytearray(table.read_bytes()) if table else bytearray()
    cut = [each for each in _odd_texts(content) if not _reads(each.text, encoding)]
    if not cut:
        return path
    for each in cut:
        text = each.whole(encoding) or b""
        blank = b"\0" if each.place < _header_size(content) else b" "
        end = each.place + len(each.text)
        content[each.place : end] = text.ljust(len(each.text), blank)
    for other in path.parent.glob(f"{path.stem}.*"):
        if other.suffix.lower() in (".shp", ".shx", ".prj"):
            (folder / f"table{other.suffix.lower()}").write_bytes(other.read_bytes())
    (folder / "table.dbf").write_bytes(content)
    return folder / "table.shp"


def beside(path: Path, suffix: str) -> Path | None:
    """Give the file that belongs to a shapefile, its suffix in small letters or capitals."""
    candidates = (path.with_suffix(suffix), path.with_suffix(suffix.upper()))
    return next((other for other in candidates if other.is_file()), None)


@dataclass(frozen=True)
class _Text:
    """A name or a text beyond ASCII, where it begins, and whether there was no room for more."""

    text: bytes
    place: int
    full: bool

    def whole(self, encoding: str) -> bytes | None:
        """Give it less a character that is cut at its end; None if more than that is wrong."""
        if _reads(self.text, encoding):
            return self.text
        return _whole(self.text, encoding) if self.full else None


def _odd_texts(content: bytes | bytearray) -> Iterator[_Text]:
    """Give every name and text beyond ASCII."""
    size, width = _header_size(content), int.from_bytes(content[_RECORD_SIZE], "little")
    offset = 1  # every record begins with a mark of deletion
    cells = []
    for at in range(_FIELD, min(size - 1, len(content) - _FIELD), _FIELD):
        if content[at] == _END:
            break
        name = bytes(content[at : at + _NAME]).split(b"\0")[0]
        if not name.isascii():
            yield _Text(name, at, full=len(name) >= _NAME - 1)
        kind, length = chr(content[at + 11]), content[at + 16]
        if kind == "C":
            cells.append((offset, length))
        offset += length
    if not width:
        return
    count = max(0, (len(content) - size) // width)  # none where it is cut short
    rows = np.frombuffer(bytes(content[size : size + count * width]), dtype=np.uint8)
    rows = rows.reshape(count, width)
    for start, length in cells:
        column = rows[:, start : start + length]
        for row in np.flatnonzero((column > 127).any(axis=1)).tolist():  # noqa: PLR2004  # ASCII ends
            text = column[row].tobytes().rstrip(b" \0")
            yield _Text(text, size + row * width + start, full=len(text) == length)


def _header_size(content: bytes | bytearray) -> int:
    return int.from_bytes(content[_HEADER_SIZE], "little")


def _read_as(texts: list[_Text], encoding: str, said: str | None) -> DbfEncoding | None:
    """Give the encoding with a sample if it reads every text, but for a cut end.

    What a file only claims has to make sense as well.
    """
    whole = [text.whole(encoding) for text in texts]
    read = [text.decode(encoding).strip() for text in whole if text is not None]
    if len(read) < len(whole):
        return None
    sample = pd.Series([text for text in read[-_SAMPLE:] if text], dtype=object)
    if said not in (None, "declared") and 2 * len(garbled(sample)) > len(sample):
        return None
    return DbfEncoding(encoding, said, "" if sample.empty else str(sample.iloc[-1]))


def _reads(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _whole(text: bytes, encoding: str) -> bytes | None:
    """Give a text less a character that is cut at its end; None if more than that is wrong.

    GDAL numbers names that are alike after they were cut: "..._1".
    """
    text, number = _NUMBERED.fullmatch(text).groups(b"")  # type: ignore[union-attr]  # all match
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        decoder.decode(text)
    except (UnicodeDecodeError, LookupError):
        return None
    left = len(decoder.getstate()[0])
    return text[: len(text) - left] + number if 0 < left < _LONGEST_CHARACTER else None


def _said_by_cpg(path: Path) -> str | None:
    said = beside(path, ".cpg")
    if said is None:
        return None
    name = said.read_text(encoding="ascii", errors="ignore").strip()
    name = {"936": "gbk", "950": "big5", "65001": "utf-8"}.get(name, name)
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None
