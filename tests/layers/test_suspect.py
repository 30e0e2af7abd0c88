"""Files that would swell on opening, or are not what they are called, are refused unopened."""

from __future__ import annotations

import io
import sqlite3
import tracemalloc
import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely import Point

from layers.check import Findings
from layers.errors import LayerError
from layers.harmless import harmless
from layers.project import LayerSource
from layers.read import read_source
from layers.suspect import CELLS, WORKBOOK_BYTES, refuse_suspect
from layers.unit_names import write_review

MOST_MEMORY = 400 << 20


def refused(path, role="facilities"):
    """Read a file as a layer and give the codes of what is told, with bounded memory."""
    source = LayerSource("档案", role, path, datum="cgcs2000")
    tracemalloc.start()
    try:
        with pytest.raises(LayerError) as error:
            read_source(source, path, Findings("档案"))
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
    return [problem.code for problem in error.value.problems]


def workbook(path, **parts):
    """Write a good workbook, and put other parts (by their ending) in place of its own."""
    loose = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["编号", "名称"])
    book.active.append(["1", "甲"])
    book.save(loose)
    with (
        zipfile.ZipFile(loose) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            other = next((part for end, part in parts.items() if name.endswith(end)), None)
            target.writestr(name, source.read(name) if other is None else other)
    return path


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    "{rows}</sheetData>{after}</worksheet>"
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


def test_a_workbook_that_unfolds_to_gigabytes_is_refused(tmp_path):
    path = tmp_path / "炸弹.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        piece = b"0" * (1 << 20)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _ in range((WORKBOOK_BYTES >> 20) + 1):
                member.write(piece)
    assert path.stat().st_size < 1 << 20
    assert refused(path) == ["too_large_unpacked"]


def test_an_archive_of_very_many_files_is_refused(tmp_path):
    path = tmp_path / "多.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10_001):
            archive.writestr(f"{number}.shp", b"")
    assert refused(path) == ["too_large_unpacked"]


@pytest.mark.parametrize("part", ["sheet1.xml", "workbook.xml", ".rels"])
def test_xml_that_defines_entities_is_refused(tmp_path, part):
    path = workbook(tmp_path / "笑.xlsx", **{part: LAUGHS + "<x>&i;</x>"})
    assert refused(path) == ["declares_entities"]


@pytest.mark.parametrize(
    ("rows", "after"),
    [
        ('<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>', ""),
        (
            '<row r="1"><c r="A1"/></row>',
            '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        ),
    ],
    ids=["far cell", "merged"],
)
def test_a_sheet_that_claims_cells_far_away_is_refused(tmp_path, rows, after):
    path = workbook(tmp_path / "远.xlsx", **{"sheet1.xml": SHEET.format(rows=rows, after=after)})
    assert refused(path) == ["too_many_cells"]


def test_an_honest_workbook_is_read(tmp_path):
    path = workbook(tmp_path / "好.xlsx")
    frame = read_source(LayerSource("a", "facilities", path), path, Findings("a"))
    assert frame["名称"].tolist() == ["甲"]
    assert CELLS > 1 << 20


def test_graphs_and_extracts_that_define_entities_are_refused(tmp_path):
    for name in ("街.graphml", "街.osm"):
        path = tmp_path / name
        path.write_text(LAUGHS + "<osm>&i;</osm>", encoding="utf-8")
        assert refused(path, role="streets") == ["declares_entities"]


def points(path):
    frame = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[Point(1, 2)], crs="EPSG:4490")
    frame.to_file(path, layer="a", driver="GPKG")
    return path


@pytest.mark.parametrize(
    "query",
    [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "SELECT 1 AS fid, zeroblob(2000000000) AS geom",
    ],
    ids=["endless", "swelling"],
)
def test_a_view_that_never_ends_or_swells_is_refused(tmp_path, query):
    path = points(tmp_path / "视图.gpkg")
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE VIEW 坏 AS {query}")
    database.close()
    assert refused(path) == ["endless_view"]


def test_an_ordinary_view_is_no_harm(tmp_path):
    path = points(tmp_path / "视图.gpkg")
    with sqlite3.connect(path) as database:
        database.execute("CREATE VIEW 好 AS SELECT * FROM a")
    database.close()
    refuse_suspect(path, Findings("a"))


@pytest.mark.parametrize("name", ["假.gpkg", "假.geojson", "假.shp", "假.json"])
def test_a_virtual_layer_under_another_name_reads_no_file_it_points_to(tmp_path, name):
    secret = tmp_path / "secret.csv"
    secret.write_text("name,x,y\n秘密,1,2\n", encoding="utf-8")
    path = tmp_path / "项目" / name
    path.parent.mkdir()
    path.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{secret}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>",
        encoding="utf-8",
    )
    assert refused(path) == ["not_its_kind"]


@pytest.mark.parametrize("sign", list("=+-@\t＝＋－＠"))
def test_a_review_that_excel_opens_holds_no_formula(tmp_path, sign):
    review = pd.DataFrame({"name": [f"{sign}cmd|' /C calc'!A0"], "unit_id": ["350421"]})
    path = write_review(review, tmp_path / "核对.csv")
    told = pd.read_csv(path, dtype=str)
    assert told["name"].tolist() == [f"'{sign}cmd|' /C calc'!A0"]
    assert harmless("甲=1") == "甲=1"
    assert harmless("甲\r=1") == "甲 =1"
    assert harmless("\r=1") == "' =1"
