"""Sources of a layer that are more, or less, than one file: sheets, archives, folders."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from shapely import Point

import layers
from layers.check import Findings
from layers.crs import study_crs
from layers.errors import LayerError
from layers.inputs import input_files
from layers.project import LayerSource
from layers.read_layer import read_layer
from tests.broken.good_study import GoodStudy

CRS = study_crs("EPSG:4548")


def places(*ids, name="明溪", crs="EPSG:4490"):
    points = [Point(117.1 + int(number) / 100, 26.3) for number in ids]
    names = [f"{name}{number}" for number in ids]
    table = {"unit_id": list(ids), "name": names}
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4490").to_crs(crs)


def read(path, role="units", **source):
    findings = Findings(source.pop("called", "units"))
    frame = read_layer(LayerSource("units", role, path, **source), path, findings, crs=CRS)
    return frame, findings.problems


def refused(path, **source):
    with pytest.raises(LayerError) as error:
        read(path, **source)
    return [(problem.layer, problem.code) for problem in error.value.problems]


# --- sheets -------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "台账.xlsx"
    ledger = pd.DataFrame(
        {"编号": ["001", "002"], "名称": ["甲", "乙"], "经度": [117.1, None], "纬度": [26.3, None]}
    )
    with pd.ExcelWriter(path) as written:
        pd.DataFrame({"说明": ["见第二张表"]}).to_excel(written, sheet_name="说明", index=False)
        ledger.to_excel(written, sheet_name="警务室", index=False)
    return path


POLICE = {
    "role": "facilities",
    "datum": "cgcs2000",
    "columns": {"facility_id": "编号", "name": "名称", "x": "经度", "y": "纬度"},
    "values": {"category": "police-room"},
}


def test_the_layer_of_a_workbook_is_the_sheet_of_that_name_with_its_coordinates(book):
    frame, problems = read(book, layer="警务室", **POLICE)
    assert problems == []
    assert frame["facility_id"].tolist() == ["001", "002"]
    there = gpd.GeoSeries([Point(117.1, 26.3)], crs="EPSG:4490").to_crs(CRS).iloc[0]
    assert frame.geometry.iloc[0].distance(there) < 0.01
    assert frame.geometry.iloc[1] is None  # a row of the ledger without a place
    assert refused(book, layer="警务", **POLICE) == [("units", "unknown_layer")]


# --- archives -----------------------------------------------------------------------------------


def archive(path, **shapefiles):
    """Zip shapefiles, GBK inside, their names in GBK too, as Windows does."""
    folder = path.parent / "unpacked"
    folder.mkdir()
    with zipfile.ZipFile(path, "w") as packed:
        for name, frame in shapefiles.items():
            frame.rename(columns=lambda column: column[:10]).to_file(
                folder / "one.shp", encoding="gbk"
            )
            for part in folder.iterdir():
                if part.suffix != ".cpg":
                    packed.writestr(AsWindows(name + part.suffix), part.read_bytes())
    return path


class AsWindows(zipfile.ZipInfo):
    """A member whose name is written as its bytes in GBK, not marked as UTF-8."""

    def _encodeFilenameFlags(self):  # noqa: N802 - what zipfile calls it
        return self.filename.encode("gbk"), 0


def test_a_zipped_shapefile_is_the_layer(tmp_path):
    frame, problems = read(archive(tmp_path / "乡镇.zip", 雪峰镇=places("1", "2")))
    assert [problem.code for problem in problems] == ["encoding_guessed"]
    assert frame["name"].tolist() == ["明溪1", "明溪2"]
    assert frame.crs == CRS


def test_the_names_in_an_archive_are_really_in_gbk(tmp_path):
    path = archive(tmp_path / "a.zip", 雪峰镇=places("1"))
    assert "雪峰镇.shp".encode("gbk") in path.read_bytes()
    assert "雪峰镇.shp".encode() not in path.read_bytes()


def test_of_several_zipped_shapefiles_layer_chooses_one(tmp_path):
    path = archive(tmp_path / "乡镇.zip", 雪峰镇=places("1"), 瀚仙镇=places("2"), units=places("3"))
    assert read(path, layer="瀚仙镇")[0]["unit_id"].tolist() == ["2"]
    assert read(path)[0]["unit_id"].tolist() == ["3"]  # called like the layer of the study
    with pytest.raises(LayerError) as error:
        read(path, layer="瀚仙")
    (problem,) = error.value.problems
    assert problem.code == "unknown_layer"
    assert dict(problem.values) == {"nearest": "瀚仙镇", "known": "units、瀚仙镇、雪峰镇"}


def test_zipped_shapefiles_called_alike_go_by_their_folders(tmp_path):
    path = archive(tmp_path / "a.zip", **{"east/v": places("1"), "west/v": places("2")})
    assert read(path, layer="west/v")[0]["unit_id"].tolist() == ["2"]


def test_what_a_mac_adds_to_an_archive_is_left(tmp_path):
    path = archive(tmp_path / "a.zip", **{"__MACOSX/._v": places("1"), "v": places("2")})
    assert read(path)[0]["unit_id"].tolist() == ["2"]


def test_an_archive_that_is_none_or_holds_no_shapefile_is_told(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK no archive")
    assert refused(tmp_path / "a.zip") == [("units", "unreadable_file")]
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as packed:
        packed.writestr("readme.txt", "nothing here")
    assert refused(tmp_path / "b.zip") == [("units", "zip_without_shapefile")]


def test_what_is_wrong_in_an_archive_is_told_without_the_path_of_the_machine(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("v.shp", b"no shapefile")
    with pytest.raises(LayerError) as error:
        read(tmp_path / "a.zip")
    (problem,) = error.value.problems
    assert problem.code == "unreadable_file"
    assert "v.shp" in problem.message("en")
    assert "/v.shp" not in problem.message("en")


# --- folders ------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "各乡镇"
    path.mkdir()
    return path


@pytest.mark.parametrize("kind", ["gpkg", "shp", "geojson", "parquet"])
def test_all_files_of_a_folder_are_one_layer_in_the_order_of_their_names(folder, kind):
    for name, ids in (("甲镇", ("3",)), ("b镇", ("2", "1"))):
        frame, path = places(*ids), folder / f"{name}.{kind}"
        frame.to_parquet(path) if kind == "parquet" else frame.to_file(path)
    frame, problems = read(folder)
    assert problems == []
    assert frame["unit_id"].tolist() == ["2", "1", "3"]
    assert frame.index.tolist() == [1, 2, 3]
    assert frame["name"].tolist() == ["明溪2", "明溪1", "明溪3"]


def test_columns_of_the_files_of_a_folder_are_united(folder):
    places("1").assign(备注="有").to_file(folder / "a.gpkg")
    places("2").assign(people=5).to_file(folder / "b.gpkg")
    frame, _ = read(folder)
    assert frame["people"].fillna(-1).tolist() == [-1, 5]
    assert frame["备注"].isna().tolist() == [False, True]


def test_files_of_a_folder_may_differ_in_crs_and_encoding(folder):
    places("1").to_file(folder / "a.shp", encoding="gbk")
    places("2", crs="EPSG:4527").to_file(folder / "b.shp", encoding="utf-8")
    (folder / "a.cpg").unlink()
    frame, problems = read(folder)
    assert [(each.layer, each.code) for each in problems] == [("units/a.shp", "encoding_guessed")]
    assert frame["name"].tolist() == ["明溪1", "明溪2"]
    alone = places("1", "2").to_crs(CRS)
    assert frame.geometry.distance(alone.geometry.set_axis(frame.index)).max() < 0.01


def test_a_folder_of_one_file_is_that_file(folder):
    places("1", "2").to_file(folder / "a.gpkg")
    assert_geodataframe_equal(read(folder)[0], read(folder / "a.gpkg")[0])


def test_every_problem_of_a_folder_tells_its_file(folder):
    table = "unit_id,name,x,y,people\n"
    (folder / "a.csv").write_text(table + "1,甲,117.1,26.3,x\n\n1,乙,117.2,26.3,2\n", "gbk")
    (folder / "b.csv").write_text(table + "1,丙,117.3,26.3,3\n", "gbk")
    (folder / "c.csv").write_text("unit_id,x,y\n4,117.3,26.3\n", "utf-8")
    _, problems = read(folder, datum="wgs84")
    assert {(each.layer, each.code, each.row, each.column) for each in problems} == {
        ("units/a.csv", "not_a_number", 1, "people"),
        ("units/a.csv", "duplicate_id", 3, "unit_id"),
        ("units/b.csv", "duplicate_id", 1, "unit_id"),
        ("units/c.csv", "missing_column", None, "name"),
    }


def test_a_file_that_cannot_be_read_is_told_with_what_is_wrong_in_the_others(folder):
    (folder / "a.csv").write_bytes(b"")
    (folder / "b.csv").write_text("unit_id,name,x,y,people\n1,甲,117.1,26.3,x\n", "utf-8")
    (folder / "c.csv").write_text("unit_id,name,x,y\n1,甲,117.1,26.3\n", "utf-8")
    assert refused(folder, datum="wgs84") == [
        ("units/a.csv", "no_rows"),
        ("units/b.csv", "not_a_number"),
    ]


def test_a_folder_of_several_kinds_or_of_none_is_told(folder):
    assert refused(folder) == [("units", "empty_folder")]
    (folder / "说明.docx").touch()
    assert refused(folder) == [("units", "empty_folder")]
    places("1").to_file(folder / "a.gpkg")
    places("2").to_file(folder / "b.geojson")
    with pytest.raises(LayerError) as error:
        read(folder)
    (problem,) = error.value.problems
    assert (problem.code, dict(problem.values)) == ("mixed_folder", {"kinds": ".geojson、.gpkg"})


def test_hidden_files_and_the_locks_of_open_workbooks_are_left(folder):
    places("1").to_file(folder / "a.gpkg")
    for name in (".b.gpkg", "~$c.gpkg", "说明.docx"):
        (folder / name).touch()
    assert read(folder)[0]["unit_id"].tolist() == ["1"]


def test_every_file_of_a_folder_is_an_input(folder):
    places("1").to_file(folder / "a.shp")
    places("2").to_file(folder / "b.shp")
    (folder / "notes.docx").touch()
    named = [file.name for file in input_files([folder], folder.parent)]
    parts = [".cpg", ".dbf", ".prj", ".shp", ".shx"]
    assert named == [f"各乡镇/{stem}{part}" for stem in "ab" for part in parts]


def test_a_whole_study_from_a_folder_and_an_archive_is_the_same_as_from_files(tmp_path):
    plain, other = tmp_path / "plain", tmp_path / "other"
    (other / "各镇").mkdir(parents=True)
    plain.mkdir()
    study = GoodStudy()
    expected = layers.read_study_area(study.write(plain))
    for number, part in enumerate((study.residences[:25], study.residences[25:])):
        part.to_csv(other / "各镇" / f"{number}.csv", index=False, encoding="gbk")
    study.change("residences", path=Path("各镇"))
    archive(other / "units.zip", 单元=study.units)
    study.change("units", path=Path("units.zip"))
    found = layers.read_study_area(study.write(other))
    assert_geodataframe_equal(found.residences, expected.residences)
    assert_geodataframe_equal(found.units, expected.units)
    assert {"各镇/0.csv", "各镇/1.csv", "units.zip"} <= {file.name for file in found.inputs}


def test_later_problems_of_a_folder_tell_its_file_too(tmp_path):
    (tmp_path / "各镇").mkdir()
    study = GoodStudy()
    study.residences.loc[30, "unit_id"] = "350421100009"
    for number, part in enumerate((study.residences[:25], study.residences[25:])):
        part.to_csv(tmp_path / "各镇" / f"{number}.csv", index=False)
    study.change("residences", path=Path("各镇"))
    (problem,) = layers.check_study_area(study.write(tmp_path))
    assert (problem.layer, problem.code, problem.row) == ("residences/1.csv", "unknown_unit", 6)


# --- row numbers --------------------------------------------------------------------------------

ROOMS = {"facility_id": "序号", "name": "名称"}, {"category": "police-room"}


def numbered(path, **sheets):
    """Write a workbook of sheets whose rooms have these numbers."""
    with pd.ExcelWriter(path) as written:
        for name, numbers in sheets.items():
            table = {"序号": list(numbers), "名称": [f"{name}{number}室" for number in numbers]}
            pd.DataFrame(table).to_excel(written, sheet_name=name, index=False)
    return path


def rooms(path):
    columns, values = ROOMS
    return read(path, role="facilities", called="facilities", columns=columns, values=values)


def test_a_ledger_numbered_anew_on_every_sheet_has_row_numbers_and_no_ids(tmp_path):
    frame, problems = rooms(numbered(tmp_path / "台账.xlsx", 雪峰镇=[1, 2, 3], 盖洋镇=[1, 2]))
    assert frame["facility_id"].tolist() == [
        *("雪峰镇-1", "雪峰镇-2", "雪峰镇-3"),
        *("盖洋镇-1", "盖洋镇-2"),
    ]
    assert frame["name"].tolist()[3] == "盖洋镇1室"
    assert [(each.code, each.fatal, each.value) for each in problems] == [
        ("row_numbers", False, "雪峰镇-1")
    ]


def test_files_of_a_folder_that_are_numbered_anew_have_row_numbers_too(tmp_path):
    for name, numbers in (("雪峰镇", [1, 2]), ("盖洋镇", [1, 2, 3])):
        numbered(tmp_path / f"{name}.xlsx", 警务室=numbers)
    frame, problems = rooms(tmp_path)
    assert sorted(frame["facility_id"]) == [
        *("盖洋镇-1", "盖洋镇-2", "盖洋镇-3"),
        *("雪峰镇-1", "雪峰镇-2"),
    ]
    assert [each.code for each in problems] == ["row_numbers"]


def test_numbers_that_go_on_from_sheet_to_sheet_are_ids_as_they_are(tmp_path):
    frame, problems = rooms(numbered(tmp_path / "台账.xlsx", 雪峰镇=[1, 2], 盖洋镇=[3, 4]))
    assert frame["facility_id"].tolist() == ["1", "2", "3", "4"]
    assert problems == []


def test_an_id_that_is_there_twice_is_told_where_the_numbers_do_more_than_count_rows(tmp_path):
    _, problems = rooms(numbered(tmp_path / "台账.xlsx", 雪峰镇=[1, 2], 盖洋镇=[2, 3]))
    assert [(each.layer, each.code) for each in problems] == [("facilities/盖洋镇", "duplicate_id")]
