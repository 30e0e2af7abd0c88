"""Reads what a page carries, without the program: a block of columns, number by number."""

from __future__ import annotations

import json
import re
import zlib

import numpy as np

LETTERS = "".join(map(chr, range(33, 127))).translate({ord(each): None for each in "<`\\"})


class Block:
    """The header and the columns of a packed study."""

    def __init__(self, text: str) -> None:
        raw = zlib.decompress(letters(text), -15)
        size = int.from_bytes(raw[:4], "little")
        self.header = json.loads(raw[4 : 4 + size])
        self._columns = raw[4 + size :]

    def column(self, name: str) -> np.ndarray | list[str]:
        kind, at, length, count = self.header["columns"][name]
        packed = self._columns[at : at + length]
        if kind == "words":
            return self._words(name, packed.decode())
        if kind == "real":
            return np.frombuffer(packed, "<f8")
        values = numbers(packed, count)
        return np.cumsum(values) if kind == "steps" else np.array(values)

    def _words(self, name: str, own: str) -> list[str]:
        """Put texts together as JavaScript does, in UTF-16 units."""
        units, found, last = own.encode("utf-16-be"), [], b""
        for like, more in zip(self.column(f"{name}/like"), self.column(f"{name}/own"), strict=True):
            last, units = last[: 2 * like] + units[: 2 * more], units[2 * more :]
            found.append(last.decode("utf-16-be"))
        assert not units
        return found


def letters(text: str) -> bytes:
    """Read printable characters: 13 bits in every two, the lowest first, 6 in a last one."""
    bits = "".join(
        f"{LETTERS.index(low) + LETTERS.index(high) * len(LETTERS):013b}"[::-1]
        for low, high in zip(text[::2], text[1::2], strict=False)
    )
    bits += f"{LETTERS.index(text[-1]):06b}"[::-1] if len(text) % 2 else ""
    return bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits) - 7, 8))


def numbers(packed: bytes, count: int) -> list[int]:
    """Read whole numbers byte by byte, the lowest first, the sign in the lowest bit."""
    found = []
    for row in range(count):
        folded = sum(byte << (8 * at) for at, byte in enumerate(packed[row::count]))
        found.append(-(folded + 1 >> 1) if folded & 1 else folded >> 1)
    return found


def block_of(page: str) -> Block:
    """Read the block of a page's html."""
    return Block(re.search(r'id="study">([^<]*)</script>', page)[1])
