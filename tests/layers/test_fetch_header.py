from __future__ import annotations

import zlib

import pytest

from layers.fetch_header import data_date


def number(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(key, value):
    if isinstance(value, int):
        return number(key << 3) + number(value)
    return number(key << 3 | 2) + number(len(value)) + value


def block(kind, content):
    blob = field(2, len(content)) + field(3, zlib.compress(content))
    header = field(1, kind) + field(3, len(blob))
    return len(header).to_bytes(4, "big") + header + blob


HEADER = block(b"OSMHeader", field(4, b"OsmSchema-V0.6") + field(32, 1_737_331_200))


def test_the_date_of_the_data_is_in_the_header(tmp_path):
    file = tmp_path / "a.osm.pbf"
    file.write_bytes(HEADER + block(b"OSMData", b"nodes"))
    assert data_date(file) == "2025-01-20"


def test_a_header_without_a_date_gives_none(tmp_path):
    file = tmp_path / "a.osm.pbf"
    file.write_bytes(block(b"OSMHeader", field(4, b"OsmSchema-V0.6")))
    assert data_date(file) == ""


def test_a_file_cut_anywhere_is_refused(tmp_path):
    whole = HEADER + block(b"OSMData", b"nodes")
    file = tmp_path / "a.osm.pbf"
    for length in range(len(whole)):
        if length == len(HEADER):
            continue  # whole blocks: nothing in the file says that more should follow
        file.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"cut short|not a|no header|incomplete"):
            data_date(file)
