"""Damage done to valid files: the same for the same number, at random places.

Every function takes a random generator and a whole file and gives a damaged one. Bytes are damaged
as disks and downloads do it; what is packed or built of parts (an archive, a database, a table, an
extract) also inside its parts, so that the damage comes past the library that unpacks it.
"""

from __future__ import annotations

import copy
import io
import json
import re
import sqlite3
import struct
import tomllib
import zipfile
import zlib
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from layers.toml_table import toml_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    Bytes = Callable[[Random, bytes], bytes]

PAGE = 4096
NASTY = (
    *("", "0", "-1", "-0.0", "1e308", "-1e308", "1e-320", "nan", "inf", "-inf", "null", "true"),
    *("99999999999999999999", "9" * 400, "1_000", "0x10", "１２３", "二百", "1,200", "12%"),
    *("2024-13-45", "0000-00-00", "350421100001", "350421", "=1+1", "@SUM(A1)", "%s", "{layer}"),
    *("{", "}", "[bold]", "[/]", '"', "'", "\\", "\n", "\t", "\r", ",", ";", "\0", "\u202e", "𠮷"),
    *(
        "合计",
        "小计：",
        "填表说明",
        "geometry",
        "fid",
        "a" * 5000,
        "null\0null",
        "../../etc/passwd",
    ),
)
NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_WORDS = re.compile(r"-?\d+(?:\.\d+)?|\w+|[^\w\s]")


def bytes_of(random: Random, whole: bytes) -> bytes:
    """Damage a few places of a file; in seven of ten its first bytes are left alone."""
    data = bytearray(whole)
    first = min(random.choice((0, 16, 100, 100, 100, 512, 512)), len(data) // 2)
    for _ in range(random.choice((1, 1, 1, 2, 4, 16))):
        if len(data) > first:
            random.choice(_BYTEWISE)(random, data, random.randrange(first, len(data)))
    return bytes(data)


def cut(random: Random, whole: bytes) -> bytes:
    """Leave out the end, as a broken download does."""
    return whole[: random.randrange(len(whole))] if whole else whole


def text_of(random: Random, whole: bytes) -> bytes:
    """Damage the words and lines of a text in UTF-8; now and then its bytes or its encoding."""
    how = random.random()
    if how < 0.1:
        return bytes_of(random, whole)
    text = whole.decode("utf-8")
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        text = random.choice((_words, _words, _words, _lines))(random, text)
    encoding = "gb18030" if how < 0.13 else "utf-16" if how < 0.15 else "utf-8"
    return text.encode(encoding, errors="surrogatepass")


def json_of(random: Random, whole: bytes) -> bytes:
    """Damage the values of a JSON text, so that it stays JSON; one in four as any text."""
    if random.random() < 0.25:
        return text_of(random, whole)
    content = json.loads(whole)
    for _ in range(random.choice((1, 1, 2, 3))):
        content = _json_value(random, content)
    return json.dumps(content, ensure_ascii=False).encode("utf-8", errors="surrogatepass")


def toml_of(random: Random, whole: bytes) -> bytes:
    """Damage the values of a TOML text, so that it stays TOML; one in three as any text."""
    if random.random() < 0.33:
        return text_of(random, whole)
    content = tomllib.loads(whole.decode("utf-8"))
    for _ in range(random.choice((1, 1, 2, 3))):
        content = _json_value(random, content)
    return toml_text(content if isinstance(content, dict) else {"name": content}).encode(
        "utf-8", errors="surrogatepass"
    )


def zip_of(random: Random, whole: bytes, damage: Bytes = bytes_of) -> bytes:
    """Damage one member of an archive; one in eight the archive itself."""
    if random.random() < 0.125:
        return random.choice((bytes_of, cut))(random, whole)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    chosen = random.choice(sorted(members))
    if random.random() < 0.1:
        del members[chosen]
    else:
        members[chosen] = damage(random, members[chosen])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def workbook_of(random: Random, whole: bytes) -> bytes:
    """Damage the cells of a workbook, or its archive."""
    return zip_of(random, whole, text_of)


def parquet_of(random: Random, whole: bytes) -> bytes:
    """Damage what a GeoParquet file says of its geometry; one in two its bytes."""
    if random.random() < 0.5:
        return random.choice((bytes_of, bytes_of, cut))(random, whole)
    table = pq.read_table(io.BytesIO(whole))
    said = dict(table.schema.metadata or {})
    said[b"geo"] = json_of(random, said[b"geo"])
    packed = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(said), packed)
    return packed.getvalue()


def extract_of(random: Random, whole: bytes) -> bytes:
    """Damage what is packed in a block of an .osm.pbf file; one in four the file itself.

    A block is four bytes of length, a header and a blob, packed by zlib.
    """
    if random.random() < 0.25:
        return random.choice((bytes_of, cut))(random, whole)
    blocks = list(_blocks(whole))
    at = random.randrange(len(blocks))
    kind, content = blocks[at]
    blocks[at] = (kind, bytes_of(random, content))
    return b"".join(pbf_block(*block) for block in blocks)


def database_of(random: Random, path: Path) -> None:
    """Put something else into a cell of any table of a GeoPackage, in place."""
    base = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("synchronous=off", "journal_mode=memory", "ignore_check_constraints=on"):
            base.execute(f"pragma {pragma}")
        _drop_triggers(base)
        for _ in range(random.choice((1, 1, 2))):
            _change_cell(random, base)
    except sqlite3.Error:
        return  # what may not be there (a key used twice) is left as it was
    finally:
        base.close()


def pbf_field(key: int, value: int | bytes) -> bytes:
    """Give one field of a message of Protocol Buffers."""
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
    """Give a block of an .osm.pbf file."""
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


# --- bytes, changed in place ----------------------------------------------------------------------


def _flip(random: Random, data: bytearray, at: int) -> None:
    data[at] ^= 1 << random.randrange(8)


def _byte(random: Random, data: bytearray, at: int) -> None:
    data[at] = random.choice((0, 0xFF, 0x7F, 0x80, random.randrange(256)))


def _number(random: Random, data: bytearray, at: int) -> None:
    form = random.choice("<>") + random.choice("HI")
    limit = (1 << (8 * struct.calcsize(form))) - 1
    put = struct.pack(form, random.choice(NUMBERS) & limit)
    data[at : at + len(put)] = put


def _double(random: Random, data: bytearray, at: int) -> None:
    value = random.choice((float("nan"), float("inf"), 1e308, -1e308, 0.0, 5e-324, 1e18))
    data[at : at + 8] = struct.pack("<d", value)


def _delete(random: Random, data: bytearray, at: int) -> None:
    del data[at : at + random.choice((1, 2, 8, 100))]


def _insert(random: Random, data: bytearray, at: int) -> None:
    data[at:at] = random.randbytes(random.choice((1, 2, 8, 100)))


def _again(random: Random, data: bytearray, at: int) -> None:
    data[at:at] = data[at : at + random.choice((1, 16, 512))]


def _blank_page(random: Random, data: bytearray, at: int) -> None:
    begin = at - at % PAGE
    page = bytes(PAGE) if random.random() < 0.5 else random.randbytes(PAGE)
    data[begin : begin + PAGE] = page[: len(data) - begin]


def _swap_pages(random: Random, data: bytearray, at: int) -> None:
    size = random.choice((16, 64, 512, PAGE))
    one, other = (place - place % size for place in (at, random.randrange(len(data))))
    first, second = data[one : one + size], data[other : other + size]
    if len(first) == len(second) == size:
        data[one : one + size], data[other : other + size] = second, first


_BYTEWISE = (_flip, _flip, _byte, _byte, _number, _double)
_BYTEWISE += (_delete, _insert, _again, _blank_page, _swap_pages)


# --- texts ----------------------------------------------------------------------------------------


def _words(random: Random, text: str) -> str:
    found = list(_WORDS.finditer(text))
    if not found:
        return text
    word, other = random.choice(found), random.choice(found)
    put = random.choice((random.choice(NASTY), random.choice(NASTY), other.group(), ""))
    return text[: word.start()] + put + text[word.end() :]


def _lines(random: Random, text: str) -> str:
    lines = text.split("\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    how = random.randrange(4)
    if how == 0:
        del lines[one]
    elif how == 1:
        lines.insert(other, lines[one])
    elif how == 2:
        lines[one], lines[other] = lines[other], lines[one]
    else:
        lines[one] = lines[one][: random.randrange(len(lines[one]) + 1)]
    return "\n".join(lines)


_ODD = (
    *(None, True, 0, -1, 1.5, 1e308, float("nan"), float("inf"), 10**30, "", [], {}, [[]]),
    *([None], {"a": 1}, [1e308, -1e308], ["a", "b"], [1, 2, 3, 4]),
)


def _json_value(random: Random, node: object) -> object:
    """Put another value at one place of a JSON value."""
    if isinstance(node, (dict, list)) and node and random.random() < 0.9:
        keys = sorted(node) if isinstance(node, dict) else range(len(node))
        key = random.choice(keys)
        if random.random() < 0.1:
            del node[key]  # type: ignore[arg-type]  # a key of either
        else:
            node[key] = _json_value(random, node[key])  # type: ignore[index]  # a key of either
        return node
    return copy.deepcopy(random.choice((random.choice(_ODD), random.choice(NASTY))))


# --- databases ------------------------------------------------------------------------------------


def _drop_triggers(base: sqlite3.Connection) -> None:
    for (name,) in base.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        base.execute(f'drop trigger "{name}"')  # they call functions that only GDAL has


def _change_cell(random: Random, base: sqlite3.Connection) -> None:
    tables = base.execute("select name from sqlite_master where type = 'table' order by name")
    names = [name for (name,) in tables if not name.startswith(("sqlite_", "rtree_"))]
    table = random.choice(names)
    columns = [row[1] for row in base.execute(f'pragma table_info("{table}")')]
    column = random.choice(columns)
    found = base.execute(f'select rowid, "{column}" from "{table}"').fetchall()  # noqa: S608 - names out of the file
    if not found:
        return
    row, value = random.choice(found)
    if isinstance(value, bytes):
        value = bytes_of(random, value)
    else:
        value = random.choice((random.choice(NASTY), None, -1, 2**62, 1e308, float("inf"), b"\0\1"))
    base.execute(f'update "{table}" set "{column}" = ? where rowid = ?', (value, row))  # noqa: S608 - the same
