from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

from layers.check import Findings
from layers.read_layer import empty_layer
from layers.schema import UNITS
from layers.units import finish_units, urban_by_class

CRS = "EPSG:4548"


def units(**columns):
    rows = empty_layer(UNITS, CRS).reindex(range(1, len(columns["unit_id"]) + 1))
    shapes = columns.pop("geometry", [Point(0, 0)] * len(rows))
    text = {name: pd.Series(cells, rows.index, dtype=object) for name, cells in columns.items()}
    return rows.assign(**text).set_geometry(list(shapes), crs=CRS)


def townships(*names):
    shapes = [box(1000 * n, 0, 1000 * n + 1000, 1000) for n in range(len(names))]
    table = {"township_id": [f"35042110{n}" for n in range(len(names))], "name": names}
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


@pytest.mark.parametrize(
    ("kind", "urban_class", "urban"),
    [
        ("community", "111", True),
        ("community", "112", True),
        ("community", "121", True),
        ("community", "122", False),
        ("community", "123", False),
        ("community", "210", False),
        ("community", "220", False),
        ("village", "111", False),
        ("village", "121", False),
        ("community", None, None),
    ],
)
def test_communities_of_the_urban_classes_are_urban_and_no_class_says_nothing(
    kind, urban_class, urban
):
    frame = units(unit_id=["1"], kind=[kind], urban_class=[urban_class])
    (found,) = urban_by_class(frame).astype(object).where(lambda value: value.notna(), None)
    assert found == urban


def test_what_the_file_says_of_urban_comes_first():
    frame = units(unit_id=["1"], kind=["village"], urban_class=["220"])
    frame["urban"] = pd.array([True], dtype="boolean")
    assert finish_units(frame, None, Findings("units"))["urban"].tolist() == [True]


def test_the_township_is_the_first_nine_digits_of_a_twelve_digit_code():
    frame = units(unit_id=["350421101001", "x1"], township_id=[None, None])
    finished = finish_units(frame, None, Findings("units"))
    assert finished["township_id"].tolist() == ["350421101", None]


def test_the_file_s_own_township_comes_first():
    frame = units(unit_id=["350421101001"], township_id=["350421999"])
    assert finish_units(frame, None, Findings("units"))["township_id"].tolist() == ["350421999"]


def test_without_a_code_the_township_is_the_one_the_unit_lies_in():
    frame = units(unit_id=["x1", "x2", "x3"], geometry=[Point(5, 5), Point(1500, 5), Point(9e4, 5)])
    finished = finish_units(frame, townships("雪峰镇", "盖洋镇"), Findings("units"))
    assert finished["township_id"].tolist() == ["350421100", "350421101", None]
    assert finished["township"].tolist() == ["雪峰镇", "盖洋镇", None]


def test_township_names_of_the_file_stay():
    frame = units(unit_id=["350421100001"], township=["城关"])
    finished = finish_units(frame, townships("雪峰镇"), Findings("units"))
    assert finished["township"].tolist() == ["城关"]


def test_towns_without_a_layer_keep_what_they_have():
    frame = units(unit_id=["350421100001"], township=["雪峰镇"])
    assert finish_units(frame, None, Findings("units"))["township"].tolist() == ["雪峰镇"]


@pytest.mark.parametrize(
    ("part", "whole"),
    [("age_0_14", "people"), ("age_65_plus", "age_60_plus"), ("disabled", "people")],
)
def test_a_cohort_larger_than_its_whole_is_told_and_kept(part, whole):
    frame = units(unit_id=["1"]).assign(**{whole: 10.0, part: 11.0})
    findings = Findings("units")
    assert finish_units(frame, None, findings)[part].tolist() == [11.0]
    assert [(p.code, p.column, p.fatal) for p in findings.problems] == [
        ("cohort_too_large", part, False)
    ]


def test_an_unknown_cohort_is_not_too_large():
    findings = Findings("units")
    finish_units(units(unit_id=["1"]).assign(age_60_plus=5.0), None, findings)
    assert findings.problems == []
