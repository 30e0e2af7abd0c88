"""Damage within .osm.pbf files: blocks unpacked, a value of theirs changed, and packed again.

A file is blocks; each is four bytes of length, a header and a blob, which zlib packs. What is in
one are messages of Protocol Buffers: fields of a number and a value, some of them messages again,
some of them rows of numbers.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Literal

from tests.fuzz.mutations import NASTY, bytes_of, cut

if TYPE_CHECKING:
    from random import Random

Shape = dict[int, "Shape | Literal['numbers', 'text']"]
Field = tuple[int, "int | bytes"]

HEADER: Shape = {4: "text"}
DATA: Shape = {
    1: {1: "text"},
    2: {2: {1: "numbers", 8: "numbers", 9: "numbers"}, 3: dict.fromkeys((2, 3, 8), "numbers")},
}
"""What is in a block of data: strings; groups of dense nodes (ids, places) and of ways."""
UNUSED = (5, 16, 17, 18, 19, 20, 32)
"""Fields that our files have not: granularities, offsets and dates among them."""
NUMBERS = (0, 1, 2, 3, 0x7F, 0x80, 0x7FFFFFFF, 0xFFFFFFFF, 1 << 62, (1 << 64) - 1)


def extract_of(random: Random, whole: bytes) -> bytes:
    """Damage a value in a block; one in eight the bytes of a block, one in eight the file."""
    how = random.random()
    if how < 0.125:
        return random.choice((bytes_of, cut))(random, whole)
    blocks = list(_blocks(whole))
    for _ in range(random.choice((1, 1, 2, 4))):
        # The header is a block of three, and soon refused.
        at = random.randrange(len(blocks)) if random.random() < 0.2 else -random.choice((1, 2))
        kind, content = blocks[at]
        shape = HEADER if kind == b"OSMHeader" else DATA
        other = bytes_of(random, content) if how < 0.25 else _message(random, content, shape)
        blocks[at] = (kind, other)
        if how < 0.25:
            break
    return b"".join(pbf_block(*block) for block in blocks)


def pbf_field(key: int, value: int | bytes) -> bytes:
    """Give one field of a message."""
    if isinstance(value, int):
        return pbf_number(key << 3) + pbf_number(value)
    return pbf_number(key << 3 | 2) + pbf_number(len(value)) + value


def pbf_number(value: int) -> bytes:
    """Give a whole number in as few bytes as it takes."""
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def pbf_block(kind: bytes, content: bytes) -> bytes:
    """Give a block of a file."""
    blob = pbf_field(2, len(content)) + pbf_field(3, zlib.compress(content, 1))
    header = pbf_field(1, kind) + pbf_field(3, len(blob))
    return len(header).to_bytes(4, "big") + header + blob


def _blocks(whole: bytes) -> list[tuple[bytes, bytes]]:
    """Give kind and content of every block that ``pbf_block`` wrote."""
    found, at = [], 0
    while at < len(whole):
        start = at + 4 + int.from_bytes(whole[at : at + 4], "big")
        header = whole[at + 4 : start]
        kind = header[2 : 2 + header[1]]
        packed = re.search(rb"\x78[\x01\x5e\x9c\xda]", whole[start:])
        begin = start + (packed.start() if packed else 0)
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(whole[begin:])
        found.append((kind, content))
        at = len(whole) - len(unpacker.unused_data)
    return found


def _message(random: Random, message: bytes, shape: Shape) -> bytes:
    """Change one field of a message, or of a message within; leave it out, or tell it twice."""
    fields = _fields(message)
    how = random.random()
    if not fields or how < 0.05:
        fields.append((random.choice(UNUSED), random.choice(NUMBERS)))
        return _packed(fields)
    at = random.randrange(len(fields))
    key, value = fields[at]
    if how < 0.1:
        del fields[at]
    elif how < 0.15:
        fields.insert(random.randrange(len(fields) + 1), fields[at])
    else:
        fields[at] = key, _value(random, value, shape.get(key, "text"))
    return _packed(fields)


def _value(
    random: Random, value: int | bytes, shape: Shape | Literal["numbers", "text"]
) -> int | bytes:
    if isinstance(value, int):
        return random.choice((*NUMBERS, value + 1))
    if shape == "numbers":
        return b"".join(pbf_number(each) for each in _other(random, _numbers(value)))
    if shape == "text":
        odd = random.choice(NASTY).encode("utf-8", errors="surrogatepass")
        return random.choice((odd, odd, value[:-1], bytes_of(random, value)))
    return _message(random, value, shape)


def _other(random: Random, numbers: list[int]) -> list[int]:
    at = random.randrange(len(numbers) + 1)
    how = random.randrange(4)
    if how == 0:
        return numbers[:at] + numbers[at + 1 :]
    if how == 1:
        return [*numbers[:at], random.choice((*NUMBERS, *numbers)), *numbers[at:]]
    return [*numbers[:at], random.choice((*NUMBERS, *numbers)), *numbers[at + 1 :]]


def _packed(fields: list[Field]) -> bytes:
    return b"".join(pbf_field(*field) for field in fields)


def _fields(message: bytes) -> list[Field]:
    """Give the fields of a message that only has numbers and what has a length."""
    found: list[Field] = []
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        value, at = _number(message, at)
        if key & 7:
            found.append((key >> 3, message[at : at + value]))
            at += value
        else:
            found.append((key >> 3, value))
    return found


def _numbers(packed: bytes) -> list[int]:
    found, at = [], 0
    while at < len(packed):
        number, at = _number(packed, at)
        found.append(number)
    return found


def _number(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message):
        value |= (message[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if message[at - 1] < 0x80:
            break
    return value, at
