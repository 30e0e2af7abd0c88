"""Reads what a page carries, without the program: a block of columns, inflated byte by byte."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode

import numpy as np


class Block:
    """The header and the columns of a packed study."""

    def __init__(self, base64: str) -> None:
        raw = zlib.decompress(b64decode(base64), -15)
        size = int.from_bytes(raw[:4], "little")
        self.header = json.loads(raw[4 : 4 + size])
        self._columns = raw[4 + size :]

    def column(self, name: str) -> np.ndarray | list[str]:
        kind, at, length, count = self.header["columns"][name]
        packed = self._columns[at : at + length]
        if kind == "words":
            return json.loads(packed)
        if kind == "real":
            return np.frombuffer(packed, "<f8")
        values = list(numbers(packed))
        assert len(values) == count
        return np.cumsum(values) if kind == "steps" else np.array(values)


def numbers(packed: bytes):
    """Read groups of seven bits, the lowest first, the sign in the lowest bit."""
    folded = shift = 0
    for byte in packed:
        folded |= (byte & 127) << shift
        shift += 7
        if not byte & 128:
            yield -(folded + 1 >> 1) if folded & 1 else folded >> 1
            folded = shift = 0


def block_of(page: str) -> Block:
    """Read the block of a page's html."""
    return Block(re.search(r'id="study">([^<]*)</script>', page)[1])
