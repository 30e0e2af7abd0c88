"""The blocks of an .osm.pbf file: whether all of them are there, and the date of the data.

Format: wiki.openstreetmap.org/wiki/PBF_Format. GDAL gives what it can of a file that was cut
short and says nothing, so the blocks are counted here.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LARGEST_HEADER = 64 * 1024  # bytes, by the format
_TYPE, _SIZE = 1, 3  # fields of BlobHeader
_RAW, _ZLIB = 1, 3  # fields of Blob
_TIMESTAMP = 32  # field of HeaderBlock: seconds since 1970
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5  # wire types of Protocol Buffers

Fields = dict[int, "int | bytes"]


def data_date(path: Path) -> str:
    """Give the day of the data, such as 2025-01-20; empty where the file does not say.

    Raises ValueError if the file is cut short or no .osm.pbf.
    """
    with path.open("rb") as file:
        blobs = [blob for kind, blob in _blobs(file) if kind == b"OSMHeader"]
    if not blobs:
        message = "no header block"
        raise ValueError(message)
    stamp = _header(blobs[0]).get(_TIMESTAMP)
    return datetime.fromtimestamp(stamp, UTC).date().isoformat() if isinstance(stamp, int) else ""


def _blobs(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Give the type of every block, and the content of header blocks."""
    end = file.seek(0, 2)
    file.seek(0)
    while file.tell() < end:
        length = int.from_bytes(file.read(4), "big")
        if not 0 < length <= _LARGEST_HEADER:
            message = "not a block of .osm.pbf"
            raise ValueError(message)
        header = _fields(file.read(length))
        kind, size = header.get(_TYPE), header.get(_SIZE)
        if not isinstance(kind, bytes) or not isinstance(size, int) or file.tell() + size > end:
            message = "a block is cut short"
            raise ValueError(message)
        start = file.tell()
        yield kind, file.read(size) if kind == b"OSMHeader" else b""
        file.seek(start + size)


def _header(blob: bytes) -> Fields:
    fields = _fields(blob)
    raw, packed = fields.get(_RAW), fields.get(_ZLIB)
    if isinstance(raw, bytes):
        return _fields(raw)
    try:
        return _fields(zlib.decompress(packed)) if isinstance(packed, bytes) else {}
    except zlib.error as error:
        raise ValueError(str(error)) from error


def _fields(message: bytes) -> Fields:
    """Give the last value of every field of one message."""
    found: Fields = {}
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        wire = key & 7
        if wire == _VARINT:
            found[key >> 3], at = _varint(message, at)
            continue
        fixed = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}.get(wire)
        size, at = (fixed, at) if fixed else _varint(message, at)
        if wire not in (_BYTES, _EIGHT_BYTES, _FOUR_BYTES) or at + size > len(message):
            text = "not a message of Protocol Buffers"
            raise ValueError(text)
        found[key >> 3], at = message[at : at + size], at + size
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message):
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004  # the highest bit says that more bytes follow
            return value, at
    text = "a number is cut short"
    raise ValueError(text)
