from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

import layers
from layers.datum import from_wgs84
from layers.project import LayerSource
from layers.schema import FACILITIES, RESIDENCES, STREETS, TOWNSHIPS, UNITS
from layers.vocabulary import COHORTS
from maps.second_process import SecondProcess
from maps.simulating import simulated_county
from tests.broken.good_study import UNITS as UNIT_IDS
from tests.broken.good_study import GoodStudy


@pytest.fixture
def good(tmp_path):
    return layers.read_study_area(GoodStudy().write(tmp_path))


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    path = simulated_county(tmp_path_factory.mktemp("county"), SecondProcess())
    return layers.read_study_area(layers.read_project(path))


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("units", UNITS),
        ("residences", RESIDENCES),
        ("facilities", FACILITIES),
        ("streets", STREETS),
        ("townships", TOWNSHIPS),
    ],
)
@pytest.mark.parametrize("study", ["good", "county"])
def test_frames_have_the_columns_of_their_schema_first_sorted_by_key(request, study, name, schema):
    frame = getattr(request.getfixturevalue(study), name)
    names = [column.name for column in schema.columns]
    assert frame.columns.tolist()[: len(names)] == names
    assert frame.columns[-1] == "geometry"
    assert frame[schema.key].is_monotonic_increasing
    assert frame[schema.key].is_unique
    assert isinstance(frame.index, pd.RangeIndex)
    assert frame.crs.to_epsg() == 4548
    xy = frame.get_coordinates().to_numpy()
    assert np.array_equal(xy, xy.round(2))


@pytest.mark.parametrize("study", ["good", "county"])
def test_missing_text_is_none_and_numbers_are_floats(request, study):
    facilities = request.getfixturevalue(study).facilities
    assert facilities["serves"].dtype == object
    assert {type(value) for value in facilities["serves"]} <= {str, type(None)}
    assert facilities["year"].dtype == np.float64


def test_every_file_read_is_an_input_with_the_project_itself(good):
    assert [file.name for file in good.inputs] == [
        "dem.tif",
        "facilities.csv",
        "project.toml",
        "residences.csv",
        "streets.gpkg",
        "townships.gpkg",
        "units.gpkg",
    ]
    assert all(len(file.sha256) == 64 and file.size for file in good.inputs)


def test_people_of_units_are_all_spread_over_their_residences(good):
    spread = good.residences.groupby("unit_id")[list(COHORTS)].sum(min_count=1)
    known = good.units.set_index("unit_id")[list(COHORTS)]
    pd.testing.assert_frame_equal(spread, known, check_index_type=False)


def test_streets_have_heights_and_directions(good):
    assert good.has_elevation
    assert shapely.has_z(good.streets.geometry.to_numpy()).all()
    assert good.streets.set_index("street_id")["oneway"].to_dict() == {
        "a": 0,
        "b": 1,
        "c": -1,
        "d": 0,
    }


def test_facilities_of_several_words_and_no_place_are_read(good):
    table = good.facilities.set_index("facility_id")
    assert table["status"].to_dict() == {
        "f1": "existing",
        "f2": "existing",
        "f3": "building",
        "f4": "existing",
        "f5": "existing",
    }
    assert table["area_m2"]["f2"] == 1200
    assert table["serves"]["f2"] == f"{UNIT_IDS[1]};{UNIT_IDS[2]}"
    assert table.geometry["f5"] is None


def test_optional_layers_may_be_absent(tmp_path):
    study = GoodStudy()
    for name in ("townships", "residences", "facilities", "streets", "dem"):
        del study.sources[name]
    area = layers.read_study_area(study.write(tmp_path))
    assert area.streets is None
    assert not area.has_elevation
    assert [len(frame) for frame in (area.townships, area.residences, area.facilities)] == [0] * 3
    assert area.residences.columns.tolist() == [*(c.name for c in RESIDENCES.columns), "geometry"]


def test_units_may_be_points(tmp_path):
    study = GoodStudy()
    study.units = study.units.set_geometry(study.units.centroid)
    area = layers.read_study_area(study.write(tmp_path))
    assert area.units.geom_type.eq("Point").all()
    assert area.problems == ()


def test_layers_of_one_kind_are_used_together(tmp_path):
    study = GoodStudy()
    study.facilities = study.facilities.iloc[:3]
    project = study.write(tmp_path)
    more = pd.DataFrame({"编号": ["x1", "x2"], "名称": ["甲", "乙"]})
    more.to_csv(tmp_path / "更多.csv", index=False, encoding="gbk")
    source = LayerSource(
        "more",
        "facilities",
        tmp_path / "更多.csv",
        columns={"facility_id": "编号", "name": "名称"},
        values={"category": "police-room"},
    )
    project = replace(project, layers=(*project.layers, source))
    area = layers.read_study_area(project)
    assert area.facilities["facility_id"].tolist() == ["f1", "f2", "f3", "x1", "x2"]
    assert area.facilities["category"].tolist()[-2:] == ["police-room"] * 2
    assert area.facilities["geometry"].tolist()[-2:] == [None, None]


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_declared_datum_brings_places_home(tmp_path, datum, good):
    study = GoodStudy()
    for name in ("residences", "facilities"):
        table = getattr(study, name)
        lon, lat = from_wgs84(table["经度"].to_numpy(), table["纬度"].to_numpy(), datum)
        setattr(study, name, table.assign(经度=lon, 纬度=lat))
        study.change(name, datum=datum)
    (tmp_path / "shifted").mkdir()
    area = layers.read_study_area(study.write(tmp_path / "shifted"))
    assert area.problems == ()
    moved = area.residences.geometry.distance(good.residences.geometry)
    assert moved.max() <= 0.02


def test_the_stages_of_reading_are_told_in_order(tmp_path):
    told = []
    layers.read_study_area(GoodStudy().write(tmp_path), progress=lambda *stage: told.append(stage))
    assert [stage for stage, _, _ in told] == ["read"] * 8
    assert [done for _, done, _ in told] == list(range(8))
    assert {total for _, _, total in told} == {7}


def test_reading_twice_gives_the_same(tmp_path):
    project = GoodStudy().write(tmp_path)
    first, second = layers.read_study_area(project), layers.read_study_area(project)
    for name in ("units", "residences", "facilities", "streets", "townships"):
        assert_geodataframe_equal(getattr(first, name), getattr(second, name))
    assert first.inputs == second.inputs


def test_the_simulated_county_is_only_noted_and_loses_nobody(county):
    assert not any(problem.fatal for problem in county.problems)
    assert county.residences["people"].sum() == county.units["people"].sum() == 98_930
    assert county.residences["unit_id"].isin(county.units["unit_id"]).all()
