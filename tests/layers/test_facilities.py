from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

from layers.catalogue import load_categories
from layers.check import Findings
from layers.facilities import finish_facilities
from layers.read_layer import empty_layer
from layers.residences import finish_residences
from layers.schema import FACILITIES, RESIDENCES

CRS = "EPSG:4548"
UNITS = gpd.GeoDataFrame(
    {"unit_id": ["a", "b", "c"]},
    geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100), Point(150, 50)],
    crs=CRS,
)


def rows(schema, shapes, **columns):
    frame = empty_layer(schema, CRS).reindex(range(1, len(shapes) + 1))
    text = {name: pd.Series(cells, frame.index, dtype=object) for name, cells in columns.items()}
    return frame.assign(**text).set_geometry(list(shapes), crs=CRS)


def finish(*shapes, units=UNITS, **columns):
    ids = [f"f{n}" for n in range(len(shapes))]
    given = {"facility_id": ids, "category": ["pharmacy"] * len(shapes)} | columns
    findings = Findings("facilities")
    frame = rows(FACILITIES, shapes, **given)
    return finish_facilities(frame, units, load_categories(), findings), findings.problems


def test_a_facility_belongs_to_the_unit_it_lies_in():
    frame, problems = finish(Point(5, 5), Point(150, 50), Point(999, 5), None)
    assert frame["unit_id"].tolist() == ["a", "b", None, None]
    assert problems == []


def test_on_a_shared_border_the_first_unit_wins():
    frame, _ = finish(Point(100, 50))
    assert frame["unit_id"].tolist() == ["a"]


def test_the_file_s_own_unit_comes_first():
    frame, _ = finish(Point(5, 5), unit_id=["b"])
    assert frame["unit_id"].tolist() == ["b"]


@pytest.mark.parametrize("said", ["a;b", "a；b", "a、b", " a , b ", "a b"])
def test_served_units_are_joined_by_semicolons_however_the_file_does(said):
    frame, problems = finish(Point(5, 5), serves=[said])
    assert frame["serves"].tolist() == ["a;b"]
    assert problems == []


def test_served_units_that_do_not_exist_are_told():
    _, problems = finish(Point(5, 5), Point(6, 6), serves=["a;x", None])
    assert [(p.code, p.row, p.value) for p in problems] == [("unknown_unit", 1, "x")]


@pytest.mark.parametrize("said", ["pharmacy", "药店", "pharmacy "])
def test_a_category_is_known_by_its_id_or_its_name(said):
    frame, problems = finish(Point(5, 5), category=[said.strip()])
    assert frame["category"].tolist() == ["pharmacy"]
    assert problems == []


def test_an_unknown_category_names_the_nearest_id():
    _, problems = finish(Point(5, 5), category=["pharmcy"])
    assert [(p.code, dict(p.values)["nearest"]) for p in problems] == [
        ("unknown_category", "pharmacy")
    ]


def test_the_same_place_and_category_twice_is_told_and_another_category_is_not():
    _, problems = finish(
        Point(5, 5), Point(5, 5), Point(5, 5), category=["pharmacy", "sport", "pharmacy"]
    )
    assert [(p.code, p.row, p.fatal) for p in problems] == [("double_facility", 3, False)]


def test_without_units_only_the_facilities_themselves_are_checked():
    frame, problems = finish(Point(5, 5), units=None, unit_id=["nowhere"])
    assert frame["unit_id"].tolist() == ["nowhere"]
    assert problems == []


def test_a_dwelling_belongs_to_the_unit_it_lies_in_and_others_are_left_out_and_counted():
    findings = Findings("residences")
    places = [Point(5, 5), Point(999, 5), Point(150, 5)]
    frame = finish_residences(
        rows(RESIDENCES, places, residence_id=["r1", "r2", "r3"]), UNITS, findings
    )
    assert frame[["residence_id", "unit_id"]].to_numpy().tolist() == [["r1", "a"], ["r3", "b"]]
    assert [(p.code, p.fatal, dict(p.values)) for p in findings.problems] == [
        ("residence_in_no_unit", False, {"count": "1"})
    ]
