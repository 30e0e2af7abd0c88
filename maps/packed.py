"""Columns of numbers and names in one deflated block, as the page carries them.

A block is four bytes (the length of its header, little-endian), the header as UTF-8 JSON, and the
columns one after the other. ``header["columns"]`` says of each its kind, where it begins after
the header, its bytes and its count. ``maps/panel/packed.js`` reads it.

Whole numbers lie byte by byte: the lowest bytes of all of them first, then the next, so that like
bytes lie together and deflate well. Deflated, the block is written in printable characters, two
for every 13 bits.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import ArrayLike, NDArray

Json = dict[str, Any]
NEVER = -1  # in every column of the page: no such time, metres, place or facility
# Printable, and none that could end a script or begin a template: 91, and 91 * 91 > 2 ** 13.
LETTERS = bytes(each for each in range(33, 127) if chr(each) not in "<`\\")
PAIR_BITS, LETTER_BITS = 13, 6
_MEMORY = 6  # of 9: with less, codes follow sooner when one column ends and another begins
_MOST = 1 << 31  # beyond it JavaScript's whole numbers have another sign


class Columns:
    """Gathers columns under names, in order, and packs them together."""

    def __init__(self) -> None:
        """Begin with no columns."""
        self._parts: list[bytes] = []
        self._size = 0
        self.directory: dict[str, list[str | int]] = {}

    def whole(self, name: str, values: ArrayLike, *, steps: bool = False) -> None:
        """Add whole numbers of 32 bits; ``steps`` keeps differences, for values that wander."""
        numbers = np.asarray(values, dtype=np.int64).ravel()
        kept = np.diff(numbers, prepend=0) if steps else numbers
        self._add(name, "steps" if steps else "whole", planes(kept), numbers.size)

    def real(self, name: str, values: ArrayLike) -> None:
        """Add numbers as they are: float64, NaN where unknown."""
        numbers = np.asarray(values, dtype="<f8").ravel()
        self._add(name, "real", numbers.tobytes(), numbers.size)

    def words(self, name: str, values: Iterable[str]) -> None:
        """Add texts of any kind: what each begins with like the one before it is left out.

        ``<name>/like`` counts what is left out, ``<name>/own`` what is there, in UTF-16 units.
        """
        texts = list(values)
        like = [_alike(*pair) for pair in zip(["", *texts], texts, strict=False)]
        own = [each[skip:] for each, skip in zip(texts, like, strict=True)]
        skipped = (each[:skip] for each, skip in zip(texts, like, strict=True))
        self.whole(f"{name}/like", [_units(each) for each in skipped])
        self.whole(f"{name}/own", [_units(each) for each in own])
        self._add(name, "words", "".join(own).encode(), len(texts))

    def block(self, header: Json) -> str:
        """Give header and columns as one deflated block in characters, the same for the same."""
        head = _json(header | {"columns": self.directory})
        raw = b"".join([len(head).to_bytes(4, "little"), head, *self._parts])
        deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, _MEMORY)
        return characters(deflate.compress(raw) + deflate.flush())

    def _add(self, name: str, kind: str, packed: bytes, count: int) -> None:
        if name in self.directory:
            message = f"column {name!r} is there already"
            raise ValueError(message)
        self.directory[name] = [kind, self._size, len(packed), count]
        self._parts.append(packed)
        self._size += len(packed)


def read_block(text: str) -> tuple[Json, Callable[[str], list[str]]]:
    """Give the header of a block, and its columns of texts by name."""
    header, packed = _opened(text)

    def column(name: str) -> tuple[bytes, int]:
        _, at, length, count = header["columns"][name]
        return packed[at : at + length], count

    def words(name: str) -> list[str]:
        own = column(name)[0].decode().encode("utf-16-le")
        counts = [whole_numbers(*column(f"{name}/{part}")) for part in ("like", "own")]
        found, last, at = [], b"", 0
        for like, more in np.transpose(counts).tolist():
            last = last[: 2 * like] + own[at : at + 2 * more]
            at += 2 * more
            found.append(last.decode("utf-16-le"))
        return found

    return header, words


def repacked(text: str, *, without: tuple[str, ...] = (), **settings: object) -> str:
    """Give a block anew with other settings in its header, less the columns that begin so."""
    header, packed = _opened(text)
    columns = Columns()
    for name, (kind, at, length, count) in header["columns"].items():
        if not name.startswith(without):
            columns._add(name, kind, packed[at : at + length], count)  # noqa: SLF001 - its own kind
    return columns.block(header | settings)


def _opened(text: str) -> tuple[Json, bytes]:
    raw = zlib.decompress(bytes_of(text), -zlib.MAX_WBITS)
    size = int.from_bytes(raw[:4], "little")
    header: Json = json.loads(raw[4 : 4 + size])
    return header, raw[4 + size :]


def planes(numbers: NDArray[np.int64]) -> bytes:
    """Give whole numbers byte by byte, the lowest bytes of all first, as many as the greatest has.

    Signs go into the lowest bit (0, -1, 1, -2, ... become 0, 1, 2, 3, ...).

    >>> list(planes(np.array([0, -1, 1, 128])))
    [0, 1, 2, 0, 0, 0, 0, 1]
    """
    if numbers.size and not (numbers.min() >= -_MOST and numbers.max() < _MOST):
        message = "a column of the page holds whole numbers of 32 bits"
        raise ValueError(message)
    folded = ((numbers << 1) ^ (numbers >> 63)).astype("<u4")
    bytes_each = -(-int(folded.max(initial=0)).bit_length() // 8) or 1
    return folded.view(np.uint8).reshape(-1, 4)[:, :bytes_each].T.tobytes()


def whole_numbers(packed: bytes, count: int) -> NDArray[np.int64]:
    """Read what ``planes`` gives."""
    rows = np.frombuffer(packed, np.uint8).reshape(-1, count) if count else np.zeros((0, 0))
    folded = (rows.T.astype(np.int64) << (8 * np.arange(len(rows)))).sum(axis=1, dtype=np.int64)
    unfolded: NDArray[np.int64] = (folded >> 1) ^ -(folded & 1)
    return unfolded


def characters(packed: bytes) -> str:
    """Write bytes as printable characters, two for every 13 bits, the lowest bits first.

    One character is enough for the last 6 bits or less, so that no byte more is read.

    >>> characters(bytes([1]))
    '"!'
    """
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little")
    is_one = 0 < bits.size % PAIR_BITS <= LETTER_BITS
    padded = np.concatenate((bits, np.zeros(-bits.size % PAIR_BITS, dtype=np.uint8)))
    pairs = padded.reshape(-1, PAIR_BITS) @ (1 << np.arange(PAIR_BITS))
    letters = np.frombuffer(LETTERS, np.uint8)
    both = np.column_stack((pairs % len(LETTERS), pairs // len(LETTERS)))
    text = bytes(letters[both]).decode("ascii")
    return text[:-1] if is_one else text


def bytes_of(text: str) -> bytes:
    """Read what ``characters`` gives."""
    size = (len(text) // 2 * PAIR_BITS + len(text) % 2 * LETTER_BITS) // 8
    text += chr(LETTERS[0]) * (len(text) % 2)
    numbers = np.zeros(128, dtype=np.int64)
    numbers[np.frombuffer(LETTERS, np.uint8)] = np.arange(len(LETTERS))
    both = numbers[np.frombuffer(text.encode("ascii"), np.uint8)].reshape(-1, 2)
    pairs: NDArray[np.int64] = both @ np.array([1, len(LETTERS)])
    bits = (pairs[:, None] >> np.arange(PAIR_BITS) & 1).astype(np.uint8).ravel()
    return np.packbits(bits[: size * 8], bitorder="little").tobytes()


def _alike(one: str, other: str) -> int:
    """Count the characters that two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
