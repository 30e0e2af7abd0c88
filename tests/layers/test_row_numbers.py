"""Layers of one role that each count their rows from 1: which facility is which, run after run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.affinity import translate

import layers
from layers.errors import LayerError
from layers.plan_file import read_plan
from layers.project import LayerSource
from tests.broken.good_study import GoodStudy

ROWS = ["1", "2", "3", "4", "5"]


def study_of(folder, first, second, *, called=("facilities", "clinics")):
    """Write a county whose second layer of facilities has the first one's rows, under such ids."""
    study = GoodStudy()
    table = study.facilities
    study.facilities = table.assign(facility_id=first)
    own = study.sources.pop("facilities")
    for name, path in zip(called, ("facilities.csv", "second.csv"), strict=True):
        study.sources[name] = replace(own, name=name, path=Path(path))
    project = study.write(folder)
    renamed = table["name"].map("新{}".format, na_action="ignore")
    table.assign(facility_id=second, name=renamed).to_csv(folder / "second.csv", index=False)
    return project


def named(area):
    return area.facilities.set_index("facility_id")["name"].to_dict()


def codes(problems):
    return {(each.layer, each.code, each.fatal) for each in problems}


def test_two_layers_that_each_count_their_rows_are_told_apart_by_their_names(tmp_path):
    area = layers.read_study_area(study_of(tmp_path, ROWS, ROWS))
    names = named(area)
    assert sorted(names) == sorted(
        f"{layer}-{row}" for layer in ("clinics", "facilities") for row in ROWS
    )
    assert (names["facilities-1"], names["clinics-1"]) == ("警务室甲", "新警务室甲")
    assert codes(area.problems) >= {
        ("facilities", "layer_row_numbers", False),
        ("clinics", "layer_row_numbers", False),
    }


def test_the_order_of_the_layers_changes_no_id(tmp_path):
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    project = study_of(folders[0], ROWS, ROWS)
    turned = replace(project, layers=tuple(reversed(project.layers)))
    assert named(layers.read_study_area(project)) == named(layers.read_study_area(turned))


def test_codes_stay_as_they_are_beside_row_numbers(tmp_path):
    given = ["f1", "2", "f3", "f4", "f5"]
    for first, second, counted in ((given, ROWS, "clinics"), (ROWS, given, "facilities")):
        folder = tmp_path / counted
        folder.mkdir()
        area = layers.read_study_area(study_of(folder, first, second))
        assert set(named(area)) == {*given, *(f"{counted}-{row}" for row in ROWS)}


@pytest.mark.parametrize(
    "second", [["f1", "x", "y", "z", "w"], ["5", "4", "3", "2", "1"], ["1", "2", "4", "5", "6"]]
)
def test_codes_that_clash_are_refused_as_before(tmp_path, second):
    first = ["f1", *second[1:]]
    with pytest.raises(LayerError) as refused:
        layers.read_study_area(study_of(tmp_path, first, second))
    assert codes(refused.value.problems) == {("clinics", "shared_id", True)}


def test_row_numbers_that_no_other_layer_has_are_ids_as_they_are(tmp_path):
    area = layers.read_study_area(study_of(tmp_path, ROWS, ["a", "b", "c", "d", "e"]))
    assert set(named(area)) == {*ROWS, "a", "b", "c", "d", "e"}
    assert "layer_row_numbers" not in {each.code for each in area.problems}


def test_a_gis_that_counts_from_0_counts_rows_too(tmp_path):
    area = layers.read_study_area(study_of(tmp_path, ROWS, ["0", "1", "2", "3", "4"]))
    assert {name for name in named(area) if name.startswith("clinics-")} == {
        f"clinics-{row}" for row in range(5)
    }


def test_a_plan_means_the_same_facility_in_a_later_run(tmp_path):
    project = study_of(tmp_path, ROWS, ROWS)
    area = layers.read_study_area(project)
    file = tmp_path / "plan.json"
    kept = layers.Plan("关一处", project.name, project.crs, closed=("clinics-3",))
    layers.write_plan(kept, file)
    again = layers.read_study_area(project)
    plan = read_plan(file, again, project)
    left = named(layers.apply_plan(again, plan, project))
    assert set(named(area)) - set(left) == {"clinics-3"}


def test_streets_of_two_files_without_ids_are_numbered_by_file(tmp_path):
    study = GoodStudy()
    study.streets = study.streets.drop(columns="street_id")
    study.sources["lanes"] = LayerSource("lanes", "streets", Path("lanes.gpkg"))
    project = study.write(tmp_path)
    lanes = study.streets.set_geometry(
        gpd.GeoSeries(
            [translate(line, 37, 41) for line in study.streets.geometry], crs=study.streets.crs
        )
    )
    lanes.to_file(tmp_path / "lanes.gpkg", layer="lanes")
    streets = layers.read_study_area(project).streets["street_id"]
    assert streets.is_unique
    assert {name.split("-")[0] for name in streets} == {"lanes", "streets"}
