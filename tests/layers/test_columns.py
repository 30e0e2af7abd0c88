from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.check import Findings
from layers.columns import clean_ids, filled, renamed, to_number, typed
from layers.project import LayerSource
from layers.schema import FACILITIES, RESIDENCES, STREETS, UNITS


def read(schema, table, **source):
    """Rename and type a table as if it were one layer; give the frame and the problems."""
    findings = Findings("layer")
    frame = gpd.GeoDataFrame(pd.DataFrame(table))
    frame.index += 1
    said = LayerSource("layer", "units", Path("layer.csv"), **source)
    return typed(renamed(frame, said, schema, findings), schema, findings), findings.problems


UNIT = {"unit_id": ["1"], "name": ["甲"]}


def test_every_column_of_the_schema_is_there_in_order_and_the_rest_follows():
    frame, problems = read(UNITS, {"备注": ["x"], **UNIT})
    names = [column.name for column in UNITS.columns]
    assert frame.columns.tolist() == [*names, "备注"]
    assert problems == []


CELLS = st.one_of(
    st.none(), st.just(float("nan")), st.booleans(), st.integers(), st.text("a 道\t\u3000")
)


@given(st.lists(CELLS))
def test_filled_cells_have_no_blanks_around_and_none_where_there_is_nothing(cells):
    found = filled(pd.Series(cells, dtype=object))
    expected = [
        (cell.strip() or None) if isinstance(cell, str) else None if cell != cell else cell  # noqa: PLR0124 - nan
        for cell in cells
    ]
    assert found.dtype == object
    assert [(type(cell), cell) for cell in found] == [(type(cell), cell) for cell in expected]


@given(st.lists(st.sampled_from(["350102", "3.0", "３５", " a  b", "x\u3000y", "道", None])))
def test_ids_are_cleaned_alone_as_among_others(cells):
    together = clean_ids(pd.Series(cells, dtype=object))
    assert [*together] == [clean_ids(pd.Series([cell], dtype=object)).iloc[0] for cell in cells]


def test_missing_numbers_are_nan_and_missing_text_is_none():
    frame, _ = read(UNITS, UNIT)
    assert frame["people"].dtype == np.float64
    assert frame["people"].isna().all()
    assert frame["township"].tolist() == [None]
    assert frame["urban"].dtype == "boolean"


@pytest.mark.parametrize("missing", ["", "  ", None])
def test_an_empty_cell_takes_the_default(missing):
    frame, problems = read(UNITS, {**UNIT, "kind": [missing]})
    assert frame["kind"].tolist() == ["village"]
    assert problems == []


def test_columns_are_found_by_their_given_names_capitals_or_short_names():
    table = {"区划代码": ["1"], "NAME": ["甲"], "age_60_plu": [3], "township_i": ["9"]}
    frame, problems = read(UNITS, table, columns={"unit_id": "区划代码"})
    assert frame[["unit_id", "name", "age_60_plus", "township_id"]].iloc[0].tolist() == [
        "1",
        "甲",
        3.0,
        "9",
    ]
    assert problems == []


def test_one_column_of_the_file_may_serve_twice():
    frame, _ = read(UNITS, {"编码": ["1"]}, columns={"unit_id": "编码", "name": "编码"})
    assert frame[["unit_id", "name"]].iloc[0].tolist() == ["1", "1"]


def test_a_constant_of_the_project_stands_in_every_row():
    table = {"facility_id": ["a", "b"], "category": ["x", "y"]}
    frame, _ = read(FACILITIES, table, values={"category": "police-room", "year": "2020"})
    assert frame["category"].tolist() == ["police-room"] * 2
    assert frame["year"].tolist() == [2020.0] * 2


def test_a_missing_column_names_the_nearest_one():
    _, problems = read(UNITS, {"行政区划代码": ["1"], "name": ["甲"]})
    (problem,) = problems
    assert (problem.code, problem.column) == ("missing_column", "unit_id")
    assert "行政区划代码" in dict(problem.values)["nearest"]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("12", 12), (" 12 ", 12), ("1,234.5", 1234.5), ("１２", 12), ("-3", -3), (7, 7), ("1e3", 1e3)],
)
def test_numbers_are_read_as_people_write_them(cell, number):
    assert to_number(pd.Series([cell], dtype=object)).tolist() == [number]


@pytest.mark.parametrize("cell", ["约三十", "12人", "1,2", "—", ""])
def test_what_is_no_number_is_nan(cell):
    assert to_number(pd.Series([cell], dtype=object)).isna().all()


@given(number=st.integers(0, 999_999_999_999))
def test_ids_keep_every_digit_however_they_come(number):
    code = f"{number:012d}"
    assert clean_ids(pd.Series([code])).tolist() == [code]
    assert clean_ids(pd.Series([f" {code} "])).tolist() == [code]
    assert clean_ids(pd.Series([number])).tolist() == [str(number)]
    assert clean_ids(pd.Series([float(number), np.nan])).tolist() == [str(number), None]
    assert clean_ids(pd.Series([f"{number}.0"])).tolist() == [str(number)]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("社区", "community"),
        ("居委会(社区)", "community"),
        ("行政村", "village"),
        ("Village", "village"),
    ],
)
def test_common_words_are_understood(said, kind):
    frame, problems = read(UNITS, {**UNIT, "kind": [said]})
    assert frame["kind"].tolist() == [kind]
    assert problems == []


@pytest.mark.parametrize(("said", "flag"), [("是", True), (1, True), (0.0, False), (False, False)])
def test_flags_are_read_as_people_write_them(said, flag):
    frame, problems = read(STREETS, {"class": ["path"], "bridge": [said]})
    assert frame["bridge"].tolist() == [flag]
    assert frame["bridge"].dtype == bool
    assert problems == []


@pytest.mark.parametrize(
    ("said", "direction"),
    [("yes", 1), ("-1", -1), (-1, -1), ("F", 1), ("T", -1), ("B", 0), (None, 0)],
)
def test_directions_are_read_from_osm_geofabrik_and_our_own_files(said, direction):
    frame, problems = read(STREETS, {"class": ["path"], "oneway": pd.Series([said], dtype=object)})
    assert frame["oneway"].tolist() == [direction]
    assert frame["oneway"].dtype == np.int8
    assert problems == []


def test_numbers_of_a_table_are_numbers_and_codes_stay_text():
    table = {
        **UNIT,
        "面积": ["1.5"],
        "村代码": ["123"],
        "邮政": ["034"],
        "长号": ["1234567890123456"],
        "备注": ["12号"],
    }
    frame, _ = read(UNITS, table)
    assert frame["面积"].tolist() == [1.5]
    assert frame["村代码"].tolist() == ["123"]
    assert frame["邮政"].tolist() == ["034"]
    assert frame["长号"].tolist() == ["1234567890123456"]
    assert frame["备注"].tolist() == ["12号"]


def test_a_whole_number_class_code_is_text():
    frame, _ = read(UNITS, {**UNIT, "urban_class": [121]})
    assert frame["urban_class"].tolist() == ["121"]


def test_a_repeated_wrong_word_names_the_nearest_choice():
    _, problems = read(FACILITIES, {"facility_id": ["a"], "category": ["x"], "status": ["plan"]})
    assert dict(problems[0].values)["nearest"] == "planned"


def test_the_default_weight_is_one():
    frame, _ = read(RESIDENCES, {"residence_id": ["a", "b"], "weight": [None, 3]})
    assert frame["weight"].tolist() == [1.0, 3.0]
