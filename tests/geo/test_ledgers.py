"""Ledgers: conditions with unknowns, registers, townships, key spots, areas, what is missing."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, nan

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from geo.conditions import holds
from geo.demand import demand
from geo.figure import share
from geo.indicator_ratio import amounts, count
from geo.indicator_tally import subjects_tally
from geo.key_spots import places_tally
from geo.ledgers import Ledgers, subjects
from geo.needs import Need, missing, missing_text
from geo.possession import by_ledger, possession, townships_tally
from geo.radiation_register import radiation_of_register
from geo.scorecard import scorecard
from geo.scorecard_choice import choice_text
from layers.indicators import Amount, Condition, Rows, Target
from layers.readings import Reading
from layers.vocabulary import Measure
from tests.ledger import (
    ledger_facilities,
    ledger_indicator,
    ledger_project,
    ledger_units,
    table,
)


def registers(kind, **columns):
    count = len(next(iter(columns.values())))
    blank = {"unit_id": None, "township_id": None, "serves": None, "geometry": None}
    ids = [f"r{at}" for at in range(count)]
    return pd.DataFrame({**dict.fromkeys(blank, [None] * count), **columns}).assign(
        register_id=ids, kind=kind
    )


def answers(*conditions, **columns):
    rows = pd.DataFrame(columns, dtype=object)
    return [None if pd.isna(each) else bool(each) for each in holds(rows, conditions)]


# --- conditions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "cells", "expected"),
    [
        (Condition("a"), [True, False, None], [True, False, None]),
        (Condition("a"), [2, 0, nan], [True, False, None]),
        (Condition("a", ">", 0.5), [0.5, 0.51], [False, True]),
        (Condition("a", "<", 1.0), [True, False, None], [False, True, None]),
        (
            Condition("a", "between", 3, high=9),
            [2, 3, 9, 10, None],
            [False, True, True, False, None],
        ),
        (Condition("a", "in", values=("x", "y")), ["x", "z", None], [True, False, None]),
        (Condition("a", "filled"), ["x", None], [True, False]),
        (Condition("a", "filled"), [None, None], [None, None]),
        (Condition("b"), [1, 1], [None, None]),
    ],
)
def test_a_condition_holds_or_not_or_is_unknown(condition, cells, expected):
    assert answers(condition, a=cells) == expected


def test_a_column_over_another_is_unknown_where_that_is_nothing():
    condition = Condition("a", ">=", 0.1, over="b")
    assert answers(condition, a=[10, 9, 1], b=[100, 100, 0]) == [True, False, None]


def test_of_several_conditions_one_that_fails_decides_and_else_the_unknown():
    both = (Condition("a"), Condition("b"))
    assert answers(*both, a=[1, 0, 1, None], b=[1, None, None, 1]) == [True, False, None, None]


@given(st.lists(st.sampled_from([1.0, 0.0, nan]), min_size=1, max_size=20))
def test_what_is_unknown_lies_between_the_bounds_of_a_share(cells):
    ledgers = Ledgers(
        ledger_units(),
        ledger_facilities(),
        registers("grid", a=cells, unit_id=["a-town"] * len(cells)),
    )
    indicator = ledger_indicator(
        "x", Measure.ATTRIBUTE, over="registers", kind="grid", conditions=(Condition("a"),)
    )
    figure = share(subjects_tally(ledgers, indicator))
    for filled in (0.0, 1.0):
        told = np.mean(np.nan_to_num(np.array(cells), nan=filled))
        assert figure.low - 1e-12 <= told <= figure.high + 1e-12
    assert figure.unknown == sum(map(isnan, cells))


# --- rows and amounts ---------------------------------------------------------------------------


def test_rows_that_may_or_may_not_count_are_unsure():
    found = subjects(
        Ledgers(ledger_units(), ledger_facilities(), registers("compound", new=[1, 0, None])),
        Rows("registers", kind="compound", where=(Condition("new"),)),
    )
    assert table(found, "key", "unsure") == "key  unsure\nr0   False\nr2   True"


def test_registers_are_narrowed_by_the_class_of_their_unit():
    ledgers = Ledgers(
        ledger_units(),
        ledger_facilities(),
        registers("grid", unit_id=["a-town", "b-hill", None]),
    )
    rows = subjects(ledgers, Rows("registers", kind="grid", units="urban"))
    assert table(rows, "key", "unsure") == "key  unsure\nr0   False\nr2   True"


def test_a_count_adds_up_and_what_may_count_makes_the_high_bound():
    ledgers = Ledgers(
        ledger_units(),
        ledger_facilities(),
        registers("compound", done=[1, 0, None], homes=[5, 7, 9]),
    )
    where = (Condition("done"),)
    rows = Amount("registers", kind="compound", where=where)
    homes = Amount("registers", "homes", kind="compound", where=where, per=10.0)
    figure = count(amounts(ledgers, rows), rows)
    assert (figure.value, figure.low, figure.high, figure.unknown) == (1, 1, 2, 1)
    assert figure.denominator is None
    summed = count(amounts(ledgers, homes), homes)
    assert (summed.value, summed.low) == (0.5, 0.5)
    assert isnan(summed.high)


# --- possession by ledger and by townships ------------------------------------------------------


def test_a_unit_has_what_its_ledger_says():
    units = ledger_units().assign(adviser=[1, 0, None, 2, 1, 0])
    indicator = ledger_indicator("x", Measure.POSSESSION, conditions=(Condition("adviser"),))
    found = by_ledger(Ledgers(units, ledger_facilities()), indicator)
    assert table(found.head(3), "unit_id", "covered", "people_covered", "reason", "method") == (
        "unit_id  covered  people_covered  reason   method\n"
        "a-town   True     100             -        ledger\n"
        "b-hill   False    0               not_met  ledger\n"
        "c-vale   -        -               no_data  ledger"
    )


def test_only_a_good_facility_is_possessed_and_one_of_unknown_quality_leaves_it_open():
    halls = ledger_facilities(
        {"category": "hall", "unit_id": "a-town", "capacity": 1.0},
        {"category": "hall", "unit_id": "b-hill", "capacity": 0.0},
        {"category": "hall", "unit_id": "c-vale"},
    )
    indicator = ledger_indicator("x", Measure.POSSESSION, "hall", where=(Condition("capacity"),))
    found = possession(Ledgers(ledger_units(), halls), indicator)
    assert table(found, "unit_id", "covered", "reason") == (
        "unit_id  covered  reason\n"
        "a-town   True     -\n"
        "b-hill   False    none_in_unit\n"
        "c-vale   -        no_data\n"
        "d-town   False    none_in_unit\n"
        "e-ford   False    none_in_unit\n"
        "f-moor   False    none_in_unit"
    )


def test_a_township_has_what_stands_in_one_of_its_units():
    indicator = ledger_indicator("x", Measure.POSSESSION, "hall", over="townships")
    ledgers = Ledgers(ledger_units(), ledger_facilities({"category": "hall", "unit_id": "b-hill"}))
    found = townships_tally(ledgers, indicator)
    assert table(found, "township_id", "yes", "unknown") == (
        "township_id  yes  unknown\nt1           1    False\nt2           0    False"
    )


def test_a_township_without_a_row_in_its_ledger_is_unknown():
    indicator = ledger_indicator(
        "x", Measure.POSSESSION, over="townships", conditions=(Condition("team"),)
    )
    ledger = registers("township", township_id=["t1"], team=[1])
    found = subjects_tally(Ledgers(ledger_units(), ledger_facilities(), ledger), indicator)
    assert table(found, "township_id", "yes", "unknown") == (
        "township_id  yes  unknown\nt1           1    False\nt2           0    True"
    )


# --- places -------------------------------------------------------------------------------------


def test_a_key_spot_is_covered_up_to_its_metres_inclusive_and_unknown_without_a_point():
    spots = registers("key-spot", geometry=[Point(0, 300), Point(0, 301), None])
    posts = gpd.GeoDataFrame(
        ledger_facilities({"category": "post", "unit_id": "a-town"}), geometry=[Point(0, 0)]
    )
    indicator = ledger_indicator(
        "x", Measure.KEY_SPOT, "post", over="registers", kind="key-spot", metres=300.0
    )
    found = places_tally(Ledgers(ledger_units(), posts, spots), indicator)
    assert table(found, "yes", "unknown") == "yes  unknown\n1    False\n0    False\n0    True"


def grids(*shapes, serves=None):
    rows = registers("grid", geometry=list(shapes), serves=serves or [None] * len(shapes))
    units = gpd.GeoDataFrame(
        {
            "unit_id": ["u", "v"],
            "people": [10.0, 10.0],
            "age_0_14": [1.0, 1.0],
            "age_60_plus": [2.0, 2.0],
            "age_65_plus": [1.0, 1.0],
            "disabled": [nan, 1.0],
            "urban": pd.array([False, False], dtype="boolean"),
        },
        geometry=[Point(5, 5), Point(15, 5)],
    )
    homes = gpd.GeoDataFrame(
        {
            "residence_id": ["u1", "u2", "v1"],
            "unit_id": ["u", "u", "v"],
            "people": [4.0, 6.0, 10.0],
            **{name: [1.0, 1.0, 1.0] for name in ("age_0_14", "age_60_plus", "age_65_plus")},
            "disabled": [1.0, nan, 1.0],
        },
        geometry=[Point(2, 5), Point(8, 5), Point(15, 5)],
    )
    ledgers = Ledgers(units, ledger_facilities(), rows)
    indicator = ledger_indicator("x", Measure.RADIATION, over="people", kind="grid")
    return radiation_of_register(ledgers, indicator, demand(units, homes))


def test_people_are_served_inside_exactly_one_area():
    whole = grids(box(0, 0, 10, 10), box(10, 0, 20, 10))
    assert whole["people_covered"].tolist() == [10, 10]
    overlap = grids(box(0, 0, 10, 10), box(6, 0, 20, 10))
    assert table(overlap, "unit_id", "people_covered", "covered", "method") == (
        "unit_id  people_covered  covered  method\n"
        "u        4               False    area\n"
        "v        10              True     area"
    )
    gap = grids(box(0, 0, 10, 10))
    assert gap["reason"].tolist() == [None, "not_served"]
    assert gap["age_0_14_covered"].tolist() == [2, 0]
    assert gap["disabled_covered"].isna().tolist() == [True, False]


def test_a_list_of_units_is_the_definition_where_any_area_has_one():
    found = grids(box(0, 0, 1, 1), box(0, 0, 1, 1), serves=["v", "v"])
    assert found["covered"].tolist() == [False, True]
    assert set(found["method"]) == {"ledger"}


# --- what is missing ----------------------------------------------------------------------------

NEEDS = [
    (
        ledger_indicator("x", Measure.POSSESSION, conditions=(Condition("adviser"),)),
        (Need("units", "adviser"),),
    ),
    (ledger_indicator("x", Measure.POSSESSION, "hall"), (Need("facilities", None, ("hall",)),)),
    (
        ledger_indicator("x", Measure.POSSESSION, "pub", where=(Condition("free"),)),
        (Need("facilities", "free", ("pub",)),),
    ),
    (
        ledger_indicator("x", Measure.ACCESS, "pub", "hall", "inn", every=True),
        (Need("facilities", None, ("hall",)), Need("facilities", None, ("inn",))),
    ),
    (ledger_indicator("x", Measure.ACCESS, "pub", "hall"), ()),
    (
        ledger_indicator(
            "x", Measure.ATTRIBUTE, over="registers", kind="grid", conditions=(Condition("a"),)
        ),
        (Need("grid"),),
    ),
    (
        ledger_indicator(
            "x", Measure.POSSESSION, over="townships", conditions=(Condition("team"),)
        ),
        (Need("township"),),
    ),
    (
        ledger_indicator(
            "x",
            Measure.RATIO,
            numerator=Amount("units", "visited"),
            denominator=Amount("units", "people"),
        ),
        (Need("units", "visited"),),
    ),
]


@pytest.mark.parametrize(("indicator", "needs"), NEEDS)
def test_what_would_give_the_figure_is_named(indicator, needs):
    ledgers = Ledgers(ledger_units(), ledger_facilities({"category": "pub", "unit_id": "a-town"}))
    assert missing(ledgers, ledger_project(), indicator) == needs


def test_a_category_that_the_study_says_it_has_none_of_is_no_need_and_counts_as_none():
    halls = ledger_indicator("halls", Measure.POSSESSION, "hall", target_county=Target(0.5))
    project = ledger_project(halls)
    told = replace(project, absent=frozenset({"hall"}))
    ledgers = Ledgers(ledger_units(), ledger_facilities())
    rows = possession(ledgers, halls)
    unknown, none = (scorecard(ledgers, each, coverage=rows).iloc[0] for each in (project, told))
    assert isnan(unknown["value"])
    assert unknown["missing"] == "设施图层的“hall”没有记录"
    assert (none["value"], none["met"], none["missing"]) == (0, False, "")


def test_a_missing_column_is_named_in_words():
    project = replace(ledger_project(), labels={"units.adviser": ("法律顾问", "legal advisers")})
    needs = (Need("units", "adviser"),)
    assert missing_text(needs, project) == "单元图层或单元台账缺列 adviser（法律顾问）"
    assert missing_text(needs, project, "en") == (
        "units or their ledger: no column adviser (legal advisers)"
    )


def test_what_does_not_apply_has_no_figure_and_says_why():
    indicator = ledger_indicator(
        "x", Measure.POSSESSION, "hall", not_applicable_zh="不适用：是县", target_county=Target(1.0)
    )
    ledgers = Ledgers(ledger_units(), ledger_facilities({"category": "hall", "unit_id": "a-town"}))
    row = scorecard(
        ledgers, ledger_project(indicator), coverage=possession(ledgers, indicator)
    ).iloc[0]
    assert isnan(row["value"])
    assert pd.isna(row["met"])
    assert row["missing"] == "不适用：是县"


# --- choices ------------------------------------------------------------------------------------


def test_a_reading_is_told_with_its_reason_and_the_others_and_both_counts_of_urban_units():
    units = ledger_units().assign(urban_other=pd.array([True, True, False] * 2, dtype="boolean"))
    indicator = ledger_indicator(
        "x",
        Measure.POSSESSION,
        "hall",
        units="urban",
        choice="甲",
        readings=(
            Reading("甲", "first", "故", "it is so"),
            Reading("乙", "second", "非", "it is not"),
        ),
    )
    told = choice_text(indicator, units, ledger_project())
    assert told.startswith("口径：甲，因为故；另有：乙；城镇单元2个")
    assert told.endswith("则为4个")
    english = choice_text(indicator, units, ledger_project(), lang="en")
    assert english.startswith("reading: first, because it is so; also: second; 2 urban units")


def test_a_total_of_the_province_is_shown_and_not_compared():
    rows = Amount("facilities", categories=("hall",))
    indicator = ledger_indicator(
        "x", Measure.COUNT, numerator=rows, target_province=Target(80.0, total=True)
    )
    ledgers = Ledgers(ledger_units(), ledger_facilities({"category": "hall", "unit_id": "a-town"}))
    row = scorecard(
        ledgers,
        ledger_project(indicator),
        coverage=possession(ledgers, ledger_indicator("y", Measure.POSSESSION, "hall")),
    ).iloc[0]
    assert (row["target_province"], row["value"]) == (80, 1)
    assert pd.isna(row["target"])
    assert pd.isna(row["met"])
