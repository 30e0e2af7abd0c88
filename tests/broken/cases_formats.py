"""Ways in which a file can be of the right kind and yet not what is needed."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from shapely import LineString

from tests.broken.breaks import both, cell, shape, source
from tests.broken.case import Case
from tests.broken.good_study import EAST, NORTH, SIDE, GoodStudy

if TYPE_CHECKING:
    from tests.broken.breaks import Break, Damage

_WKB_CIRCULAR_STRING, _WKB_CURVE_POLYGON = 8, 10  # ISO 19125


def _half(name: str) -> Damage:
    """Cut a file in the middle, as a broken download does."""

    def damage(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])

    return damage


def _cut_table(folder: Path) -> None:
    """Write the units as a shapefile whose table lost its last row on the way."""
    frame = gpd.read_file(folder / "units.gpkg").rename(columns=lambda name: name[:10])
    frame.to_file(folder / "units.shp", encoding="utf-8")
    table = (folder / "units.dbf").read_bytes()
    (folder / "units.dbf").write_bytes(table[:-50])


def _cut_extract(folder: Path) -> None:
    """Write the header of an extract whole, and half of a block of its data."""
    whole, half = _block(b"OSMHeader", b"\x0a\x00"), _block(b"OSMData", bytes(40))[:-20]
    (folder / "roads.osm.pbf").write_bytes(whole + half)


def _block(kind: bytes, blob: bytes) -> bytes:
    """Give a block: the length of its own header, the header (kind and length), the content."""
    header = bytes((0x0A, len(kind))) + kind + bytes((0x18, len(blob)))
    return len(header).to_bytes(4, "big") + header + blob


def _bands(folder: Path) -> None:
    """Make the elevation a picture of three colours."""
    with rasterio.open(folder / "dem.tif") as one:
        heights, profile = one.read(1), one.profile
    with rasterio.open(folder / "dem.tif", "w", **profile | {"count": 3}) as three:
        three.write(np.repeat(heights[None], 3, axis=0))


def _arc(folder: Path) -> None:
    """Give the first unit an outline of arcs, as CAD draws it."""
    ring = [(0.0, 0.0), (SIDE, 0.0), (SIDE, SIDE), (0.0, SIDE), (0.0, 0.0)]
    points = b"".join(struct.pack("<dd", EAST + x, NORTH + y) for x, y in ring)
    string = struct.pack("<BII", 1, _WKB_CIRCULAR_STRING, len(ring)) + points
    polygon = struct.pack("<BII", 1, _WKB_CURVE_POLYGON, 1) + string
    cell = b"GP\x00\x01" + struct.pack("<i", 4548) + polygon  # the header of the GeoPackage
    with sqlite3.connect(folder / "units.gpkg") as base:
        triggers = base.execute("select name from sqlite_master where type = 'trigger'")
        for (name,) in triggers.fetchall():  # they call functions that only GDAL has
            base.execute(f'drop trigger "{name}"')
        base.execute("update units set geom = ? where fid = 1", (cell,))
    base.close()


def _twice(name: str) -> Damage:
    """Give the facilities a second column of a name."""

    def damage(folder: Path) -> None:
        file = folder / "facilities.csv"
        header, *rows = file.read_text(encoding="utf-8").splitlines()
        lines = [f"{header},{name}", *(f"{row}," for row in rows)]
        file.write_text("\n".join(lines), encoding="utf-8")

    return damage


def _longitude(text: str) -> Break:
    return cell("facilities", 2, "经度", text)


def _streets_in_units(study: GoodStudy) -> None:
    """Mix a line and a collection into the polygons of the units."""
    line = LineString([(EAST, NORTH), (EAST + SIDE, NORTH)])
    both(shape("units", 1, line), shape("units", 2, shapely.GeometryCollection([line])))(study)


FORMAT_CASES = (
    Case(
        "OpenStreetMap 数据没有下载完",
        "streets",
        "extract_broken",
        source("streets", path=Path("roads.osm.pbf")),
        _cut_extract,
    ),
    Case(
        "Shapefile 的属性表没有复制完",
        "units",
        "shapefile_cut",
        source("units", path=Path("units.shp")),
        _cut_table,
    ),
    Case("GeoPackage 只有一半", "units", "unreadable_file", damage=_half("units.gpkg")),
    Case("高程只有一半", "dem", "unreadable_file", damage=_half("dem.tif")),
    Case("高程是彩色影像", "dem", "several_bands", damage=_bands),
    Case("高程没有这个波段", "dem", "unknown_band", source("dem", layer="2")),
    Case("单元的边界是圆弧", "units", "curved_geometry", damage=_arc, fatal=False),
    Case("单元图层里混有线和集合", "units", "wrong_geometry", _streets_in_units),
    Case("表格有两列同名", "facilities", "duplicate_column", damage=_twice("name")),
    Case("坐标写成度分秒", "facilities", "not_a_coordinate", _longitude("117°12′30″")),
    Case("坐标的小数点写成逗号", "facilities", "not_a_coordinate", _longitude("117,0025")),
    Case("坐标带方向", "facilities", "not_a_coordinate", _longitude("117.0025E")),
)
