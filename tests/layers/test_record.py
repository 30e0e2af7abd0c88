"""The record of a run: all that its numbers rest on, and nothing of who ran it or when."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from layers.errors import Problem
from layers.project import LayerSource
from layers.record import versions, write_record
from layers.study_area import InputFile
from tests.town import town_area, town_project

if TYPE_CHECKING:
    from layers.project import Project
    from layers.study_area import StudyArea


def county(folder: Path) -> Project:
    sources = (
        LayerSource("units", "units", folder / "数据" / "county.gpkg", columns={"name": "名称"}),
        LayerSource("streets", "streets", Path("/home/somebody/roads.shp")),
    )
    return replace(town_project(), folder=folder, layers=sources, simulated=True)


def checked() -> StudyArea:
    return replace(
        town_area(),
        inputs=(InputFile("z.csv", 2, "ff" * 32), InputFile("数据/county.gpkg", 1, "00" * 32)),
        problems=(Problem("units", "output_locked", 3, "people", "三百", fatal=False),),
    )


@pytest.fixture
def text(tmp_path: Path) -> str:
    path = write_record(
        county(tmp_path), checked(), tmp_path / "run.json", counts={"units": 7, "gaps": 0}
    )
    return path.read_text(encoding="utf-8")


@pytest.fixture
def record(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def test_it_is_the_same_wherever_the_run_was_started_from(tmp_path, monkeypatch):
    (tmp_path / "county" / "数据").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    told = [
        write_record(county(folder), checked(), tmp_path / "run.json", counts={}).read_bytes()
        for folder in (Path("county"), tmp_path / "county")
    ]
    assert told[0] == told[1]


def test_the_same_run_gives_the_same_bytes(tmp_path):
    def bytes_of(name: str, counts: dict[str, int]) -> bytes:
        return write_record(
            county(tmp_path), checked(), tmp_path / name, counts=counts
        ).read_bytes()

    assert bytes_of("one.json", {"a": 1, "b": 2}) == bytes_of("two.json", {"b": 2, "a": 1})


def test_neither_the_place_of_the_study_nor_its_users_are_recorded(text, tmp_path):
    assert str(tmp_path) not in text
    assert "somebody" not in text
    assert "roads.shp" in text


def test_files_are_named_from_the_project_folder_on(record):
    paths = [source["path"] for source in record["settings"]["layers"]]
    assert paths == ["数据/county.gpkg", "roads.shp"]


def test_chinese_is_readable_and_keys_are_sorted(text, record):
    assert "小镇" in text
    assert list(record) == sorted(record)


def test_every_setting_a_number_depends_on_is_recorded(record):
    settings = record["settings"]
    assert settings["modes"]["walk"]["classes"]["residential"] == {"kmh": 6.0, "source": "town"}
    assert settings["modes"]["walk"]["denied"] == ["no", "private"]
    assert settings["categories"]["clinic"]["rural"]["minutes"] == 15
    assert settings["circle"]["categories"] == ["clinic", "shop", "school"]
    assert settings["rules"]["unit_share"] == 0.5
    assert settings["indicators"][:2] == ["clinic-people", "circle-units"]


def test_inputs_are_listed_by_name_with_size_and_hash(record):
    assert [file["name"] for file in record["inputs"]] == ["z.csv", "数据/county.gpkg"]
    assert record["inputs"][1] == {"name": "数据/county.gpkg", "sha256": "00" * 32, "size": 1}


def test_counts_problems_and_simulation_are_recorded(record):
    assert record["counts"] == {"gaps": 0, "units": 7}
    assert record["simulated"] is True
    problem = record["problems"][0]
    assert (problem["layer"], problem["row"], problem["value"]) == ("units", 3, "三百")
    assert problem["message"] == checked().problems[0].message()


def test_the_versions_name_every_library_that_can_change_a_number(record):
    assert record["versions"] == versions()
    assert {"livingcircle", "python", "gdal", "proj", "geos", "numpy"} <= set(versions())
    assert versions()["numpy"] is not None


def test_an_unlimited_number_is_recorded_as_none(tmp_path):
    made = town_project()
    rules = replace(made.rules, search_minutes=float("inf"))
    path = write_record(replace(made, rules=rules), town_area(), tmp_path / "run.json", counts={})
    assert (
        json.loads(path.read_text(encoding="utf-8"))["settings"]["rules"]["search_minutes"] is None
    )
