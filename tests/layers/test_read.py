from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely import Point

from layers.check import Findings
from layers.crs import study_crs
from layers.errors import LayerError
from layers.project import LayerSource
from layers.read import read_source
from layers.read_layer import read_layer

NAMES = ["明溪县", "雪峰镇"]
PLACES = gpd.GeoDataFrame(
    {"unit_id": ["001", "002"], "name": NAMES},
    geometry=[Point(117.1, 26.3), Point(117.2, 26.4)],
    crs="EPSG:4490",
)
TABLE = "unit_id,name,x,y\n001,明溪县,117.1,26.3\n\n002,雪峰镇,117.2,26.4\n"


def read(path, role="units", **source):
    return read_source(LayerSource("units", role, path, **source), path, Findings("units"))


def refused(path, **source):
    with pytest.raises(LayerError) as error:
        read(path, **source)
    return [problem.code for problem in error.value.problems]


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "parquet", "shp"])
def test_vector_files_keep_ids_names_places_and_their_crs(tmp_path, suffix):
    path = tmp_path / f"places.{suffix}"
    PLACES.to_parquet(path) if suffix == "parquet" else PLACES.to_file(path)
    frame = read(path)
    assert frame["unit_id"].tolist() == ["001", "002"]
    assert frame["name"].tolist() == NAMES
    assert frame.geometry.iloc[1].equals(PLACES.geometry.iloc[1])
    assert frame.crs is not None
    assert frame.index.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("encoding", "cpg", "language", "declared"),
    [
        ("gbk", None, 0x00, None),  # nothing said: not UTF-8, so GB 18030
        ("gbk", None, 0x57, None),  # the machine's own
        ("gbk", None, 0x4D, None),  # says GBK
        ("gbk", "GBK", 0x57, None),
        ("gbk", "936", 0x57, None),
        ("gbk", "UTF-8", 0x00, "gbk"),  # the .cpg is wrong and project.toml right
        ("utf-8", None, 0x00, None),
        ("utf-8", "UTF-8", 0x57, None),
    ],
)
def test_a_shapefile_is_read_in_the_encoding_that_it_has(
    tmp_path, encoding, cpg, language, declared
):
    path = tmp_path / "places.shp"
    PLACES.to_file(path, encoding=encoding)
    (tmp_path / "places.cpg").unlink()
    if cpg:
        (tmp_path / "places.cpg").write_text(cpg, encoding="ascii")
    table = bytearray((tmp_path / "places.dbf").read_bytes())
    table[29] = language
    (tmp_path / "places.dbf").write_bytes(table)

    assert read(path, encoding=declared)["name"].tolist() == NAMES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_are_read_as_text_in_the_encoding_that_they_have(tmp_path, encoding, separator):
    path = tmp_path / "places.csv"
    path.write_text(TABLE.replace(",", separator), encoding=encoding)
    frame = read(path)
    assert frame.columns.tolist() == ["unit_id", "name", "x", "y"]
    assert frame["unit_id"].tolist() == ["001", "002"]
    assert frame["name"].tolist() == NAMES


def test_rows_are_counted_as_a_planner_sees_them_blank_ones_too(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text(TABLE, encoding="utf-8")
    assert read(path).index.tolist() == [1, 3]


def test_a_workbook_is_read_as_text_sheet_by_name(tmp_path):
    path = tmp_path / "places.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"a": [1]}).to_excel(book, sheet_name="说明", index=False)
        pd.DataFrame({"unit_id": ["001"], "代码": [350421100001]}).to_excel(
            book, sheet_name="台账", index=False
        )
    frame = read(path, layer="台账")
    assert frame.iloc[0].tolist() == ["001", "350421100001"]
    assert refused(path, layer="台帐") == ["unknown_layer"]


def test_the_layer_called_like_the_study_s_is_the_one_that_is_meant(tmp_path):
    path = tmp_path / "county.gpkg"
    PLACES.to_file(path, layer="others")
    PLACES.iloc[:1].to_file(path, layer="units")
    assert len(read(path)) == 1
    assert len(read(path, layer="others")) == 2


def test_a_table_in_a_geopackage_is_not_taken_for_its_layer(tmp_path):
    path = tmp_path / "county.gpkg"
    pyogrio.write_dataframe(pd.DataFrame({"style": ["x"]}), path, layer="layer_styles")
    PLACES.to_file(path, layer="places")
    assert len(read(path)) == 2


def test_only_streets_come_from_an_osm_extract(tmp_path):
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(b"nothing")
    assert refused(path) == ["unknown_format"]


def test_what_a_library_says_is_told_without_the_path_of_the_machine(tmp_path):
    path = tmp_path / "county.gpkg"
    path.write_bytes(b"nothing")
    with pytest.raises(LayerError) as error:
        read(path)
    assert str(tmp_path) not in str(error.value)
    assert "county.gpkg" in str(error.value)


@pytest.mark.parametrize("name", ["county.csv", "county.parquet", "county.geojson", "county.shp"])
def test_an_empty_file_is_told(tmp_path, name):
    path = tmp_path / name
    path.touch()
    assert refused(path)[0] in {"no_rows", "unreadable_file"}


@pytest.mark.real
def test_the_villages_of_a_province_are_read_from_a_gb_18030_copy(real_data, tmp_path):
    utf8 = real_data / "fujian" / "fujian_villages_2023.csv"
    path = tmp_path / "villages.csv"
    path.write_bytes(utf8.read_text(encoding="utf-8-sig").encode("gb18030"))
    pd.testing.assert_frame_equal(pd.DataFrame(read(path)), pd.DataFrame(read(utf8)))
    assert len(read(path)) == 17_498


def test_a_geometry_column_of_another_name_is_the_geometry(tmp_path):
    path = tmp_path / "places.parquet"
    PLACES.rename_geometry("geom").to_parquet(path)
    assert read(path).geometry.name == "geometry"


def test_a_folder_is_no_layer(tmp_path):
    (tmp_path / "county.gdb").mkdir()
    assert refused(tmp_path / "county.gdb") == ["unknown_format"]


def test_geojson_in_another_encoding_is_told(tmp_path):
    path = tmp_path / "places.geojson"
    path.write_bytes(PLACES.to_json(ensure_ascii=False).encode("gbk"))
    assert refused(path) == ["undecodable"]


def test_columns_that_hold_neither_text_nor_numbers_do_no_harm(tmp_path):
    path = tmp_path / "places.parquet"
    odd = {
        "photo": [b"\xff\xfe", None],
        "list": [[1, 2], None],
        "day": pd.to_datetime("2024-01-01"),
    }
    PLACES.assign(**odd).to_parquet(path)
    findings = Findings("units")
    layer = read_layer(
        LayerSource("units", "units", path), path, findings, crs=study_crs("EPSG:4548")
    )
    assert findings.problems == []
    assert layer["photo"].tolist() == [b"\xff\xfe", None]


def test_a_file_that_another_program_holds_is_named_with_what_to_do(tmp_path, monkeypatch):
    path = tmp_path / "units.csv"
    path.write_text(TABLE, encoding="utf-8")

    def held(_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.read_bytes", held)
    assert refused(path) == ["locked_file"]


def test_of_two_columns_with_one_name_neither_is_taken_for_the_other(tmp_path):
    path = tmp_path / "units.csv"
    path.write_text("unit_id,name,name\n001,明溪县,雪峰镇\n", encoding="utf-8")
    findings = Findings("units")
    read_source(LayerSource("units", "units", path), path, findings)
    assert [(p.code, p.column, p.fatal) for p in findings.problems] == [
        ("duplicate_column", "name", True)
    ]
