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
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pyarrow as pa
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
_ATTRIBUTES, _TEXTS = re.compile(r'(?<==")[^"<>]*(?=")'), re.compile(r"(?<=>)[^<>\n]+(?=</)")
_ELEMENTS = ("node", "way", "nd", "tag", "edge", "data", "key", "graph")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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


def markup_of(random: Random, whole: bytes) -> bytes:
    """Damage the values and elements of an XML text, so that it stays XML; one in six as any text.

    Its first lines, which say what it is, are left alone there.
    """
    if random.random() < 0.17:
        return text_of(random, whole)
    text = whole.decode("utf-8")
    begin = text.index(">", text.index("?>") + 2) + 1
    head, body = text[:begin], text[begin:]
    for _ in range(random.choice((1, 1, 2, 4))):
        body = random.choice((_value, _value, _value, _element))(random, body)
    return (head + body).encode("utf-8")


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


def features_of(random: Random, whole: bytes) -> bytes:
    """Damage a value of one feature of GeoJSON, or its shape; one in three as any JSON."""
    if random.random() < 0.33:
        return json_of(random, whole)
    content = json.loads(whole)
    for _ in range(random.choice((1, 1, 2, 4))):
        feature = random.choice(content["features"])
        part = random.choice(("properties", "properties", "geometry"))
        inside = feature[part]
        key = "coordinates" if part == "geometry" else random.choice(sorted(inside))
        inside[key] = _json_value(random, inside[key])
    return json.dumps(content, ensure_ascii=False).encode("utf-8", errors="surrogatepass")


def parquet_of(random: Random, whole: bytes) -> bytes:
    """Damage a column of a GeoParquet file, or what it says of its geometry; or its bytes."""
    how = random.random()
    if how < 0.2:
        return random.choice((bytes_of, bytes_of, cut))(random, whole)
    table = pq.read_table(io.BytesIO(whole))
    said = dict(table.schema.metadata or {})
    if how < 0.4:
        said[b"geo"] = json_of(random, said[b"geo"])
    else:
        for _ in range(random.choice((1, 1, 2))):
            table = _with_other_column(random, table)
    packed = io.BytesIO()
    try:
        pq.write_table(table.replace_schema_metadata(said), packed)
    except pa.ArrowNotImplementedError:  # no file can have such a column
        return bytes_of(random, whole)
    return packed.getvalue()


def _with_other_column(random: Random, table: pa.Table) -> pa.Table:
    """Put something else into a cell or all cells of a column, drop it, or name it otherwise."""
    at = random.randrange(table.num_columns)
    name, values = table.column_names[at], table.column(at).to_pylist()
    how = random.randrange(8)
    if how == 0:
        return table.drop_columns([name])
    if how == 1:
        return table.rename_columns(
            [random.choice((*NASTY, *table.column_names)) if each == name else each
             for each in table.column_names]
        )  # fmt: skip
    odd = random.choice((random.choice(_ODD), random.choice(NASTY), b"\0\1"))
    row = random.randrange(len(values))
    if isinstance(values[row], bytes):
        odd = bytes_of(random, values[row])
    values = [odd] * len(values) if how == 2 else [*values[:row], odd, *values[row + 1 :]]
    try:
        column = pa.array(values)
    except (pa.ArrowException, OverflowError):  # no type holds all of them
        column = pa.array([None if each is None else str(each) for each in values])
    return table.set_column(at, name, column)


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


def _value(random: Random, text: str) -> str:
    """Put something else between two tags of XML, or into an attribute: these tie it together."""
    texts = list(_TEXTS.finditer(text))
    found = texts if texts and random.random() < 0.8 else list(_ATTRIBUTES.finditer(text))
    if not found:
        return text
    value, other = random.choice(found), random.choice(found)
    odd = escape(_NOT_IN_XML.sub("", random.choice(NASTY)), {'"': "&quot;"})
    put = random.choice((odd, other.group(), _near(random, value.group())))
    return text[: value.start()] + put + text[value.end() :]


def _near(random: Random, value: str) -> str:
    """Give a number like another, or a word with a letter less."""
    try:
        return str(random.choice((-1.0, 0.5, 1.0001, 10.0)) * float(value))
    except ValueError:
        return value[: len(value) // 2]


def _element(random: Random, text: str) -> str:
    """Leave out an element of XML, or put it elsewhere, too or instead."""
    name = random.choice([each for each in _ELEMENTS if f"<{each}" in text] or ["node"])
    found = list(re.finditer(rf"<{name}\b(?:[^<>]*/>|.*?</{name}>)", text, re.DOTALL))
    if not found:
        return text
    part, place = random.choice(found), random.choice(found).start()
    how = random.randrange(3)
    if how == 0:
        return text[: part.start()] + text[part.end() :]
    if how == 1:
        return text[:place] + part.group() + text[place:]
    low, high = sorted((part, random.choice(found)), key=lambda each: each.start())
    if low.start() == high.start():
        return text
    between = text[low.end() : high.start()]
    return text[: low.start()] + high.group() + between + low.group() + text[high.end() :]


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
