"""Columns of numbers and names in one deflated block, as the page carries them.

A block is four bytes (the length of its header, little-endian), the header as UTF-8 JSON, and the
columns one after the other. ``header["columns"]`` says of each its kind, where it begins after
the header, its bytes and its count. ``maps/panel/packed.js`` reads it.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import ArrayLike, NDArray

Json = dict[str, Any]
NEVER = -1  # in every column of the page: no such time, metres, place or facility
SEVEN_BITS = np.uint64(127)
MOST_BYTES = 9  # of one number: 63 bits in groups of seven


class Columns:
    """Gathers columns under names, in order, and packs them together."""

    def __init__(self) -> None:
        """Begin with no columns."""
        self._parts: list[bytes] = []
        self._size = 0
        self.directory: dict[str, list[str | int]] = {}

    def whole(self, name: str, values: ArrayLike, *, steps: bool = False) -> None:
        """Add whole numbers; ``steps`` keeps differences, for values that grow or wander."""
        numbers = np.asarray(values, dtype=np.int64).ravel()
        kept = np.diff(numbers, prepend=0) if steps else numbers
        self._add(name, "steps" if steps else "whole", varint(kept), numbers.size)

    def real(self, name: str, values: ArrayLike) -> None:
        """Add numbers as they are: float64, NaN where unknown."""
        numbers = np.asarray(values, dtype="<f8").ravel()
        self._add(name, "real", numbers.tobytes(), numbers.size)

    def words(self, name: str, values: Iterable[str]) -> None:
        """Add texts of any kind."""
        texts = list(values)
        self._add(name, "words", _json(texts), len(texts))

    def block(self, header: Json) -> str:
        """Give header and columns as one deflated block in base64, the same for the same input."""
        head = _json(header | {"columns": self.directory})
        raw = b"".join([len(head).to_bytes(4, "little"), head, *self._parts])
        deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        return b64encode(deflate.compress(raw) + deflate.flush()).decode("ascii")

    def _add(self, name: str, kind: str, packed: bytes, count: int) -> None:
        if name in self.directory:
            message = f"column {name!r} is there already"
            raise ValueError(message)
        self.directory[name] = [kind, self._size, len(packed), count]
        self._parts.append(packed)
        self._size += len(packed)


def read_block(base64: str) -> tuple[Json, Callable[[str], list[str]]]:
    """Give the header of a block, and its columns of texts by name."""
    header, columns = _opened(base64)

    def words(name: str) -> list[str]:
        _, at, length, _ = header["columns"][name]
        found: list[str] = json.loads(columns[at:][:length])
        return found

    return header, words


def repacked(base64: str, *, without: tuple[str, ...] = (), **settings: object) -> str:
    """Give a block anew with other settings in its header, less the columns that begin so."""
    header, packed = _opened(base64)
    columns = Columns()
    for name, (kind, at, length, count) in header["columns"].items():
        if not name.startswith(without):
            columns._add(name, kind, packed[at : at + length], count)  # noqa: SLF001 - its own kind
    return columns.block(header | settings)


def _opened(base64: str) -> tuple[Json, bytes]:
    raw = zlib.decompress(b64decode(base64), -zlib.MAX_WBITS)
    size = int.from_bytes(raw[:4], "little")
    header: Json = json.loads(raw[4 : 4 + size])
    return header, raw[4 + size :]


def varint(numbers: NDArray[np.int64]) -> bytes:
    """Give whole numbers in groups of seven bits, the lowest first; small ones take one byte.

    Signs go into the lowest bit (0, -1, 1, -2, ... become 0, 1, 2, 3, ...); the eighth bit of a
    byte says that another follows.

    >>> list(varint(np.array([0, -1, 1, 64])))
    [0, 1, 2, 128, 1]
    """
    folded = ((numbers << 1) ^ (numbers >> 63)).astype(np.uint64)
    groups = np.arange(MOST_BYTES, dtype=np.uint64) * np.uint64(7)
    there = (folded[:, None] >> groups) > 0
    there[:, 0] = True
    size = there.sum(axis=1)
    low = ((folded[:, None] >> groups) & SEVEN_BITS).astype(np.uint8)
    low[:, :-1] |= np.where(there[:, 1:], np.uint8(128), np.uint8(0))
    kept: NDArray[np.uint8] = low[np.arange(MOST_BYTES) < size[:, None]]
    return kept.tobytes()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
