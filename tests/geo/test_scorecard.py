"""The scorecard: every indicator, for the county and each township, against its target."""

from dataclasses import replace
from math import nan

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geo.coverage_rows import COVERAGE_COLUMNS
from geo.ledgers import Ledgers
from geo.possession import possession
from geo.scorecard import SCORECARD_TYPES, scorecard
from geo.study import Study
from layers.indicators import Amount, Condition, Target
from layers.vocabulary import Measure
from tests.ledger import (
    ledger_facilities,
    ledger_indicator,
    ledger_project,
    ledger_units,
    table,
)

HALLS = ledger_indicator(
    "halls",
    Measure.POSSESSION,
    "hall",
    base=0.4,
    base_year=2020,
    target_province=Target(0.5, year=2025),
)
RURAL_HALLS = replace(HALLS, id="rural-halls", units="rural", target_county=Target(0.75))
HALL_PEOPLE = replace(HALLS, id="hall-people", over="people")
LARGE = ledger_indicator(
    "large",
    Measure.ATTRIBUTE,
    "hall",
    over="facilities",
    conditions=(Condition("area_m2", ">=", 50.0),),
    target_county=Target(1.0),
)
NURSERY = ledger_indicator(
    "nursery",
    Measure.RATIO,
    numerator=Amount("facilities", "capacity", ("nursery",)),
    denominator=Amount("units", "people", per=1000.0),
    unit_zh="个/千人",
    unit_en="per 1000",
    target_province=Target(3.0, year=2025),
    target_county=Target(4.5, year=2025),
    responsible="县卫健局",
)
COUNTED = ("area", "indicator", "numerator", "denominator", "value", "low", "high", "unknown")


def access_rows(category, covered, people_covered, **values):
    """Give the coverage rows of one category: whether, and of whom, by unit in order."""
    units = ledger_units()
    rows = pd.DataFrame(
        {
            "unit_id": units["unit_id"],
            "indicator": category,
            "category": category,
            "measure": "access",
            "mode": "walk",
            "limit_minutes": units["urban"].map({True: 10.0, False: 15.0}),
            "people": units["people"],
            "people_covered": people_covered,
            "covered": pd.array(covered, dtype="boolean"),
            "method": "network",
        }
    ).assign(**values)
    return rows.reindex(columns=COVERAGE_COLUMNS)


CLINIC = access_rows(
    "clinic", [True, True, None, False, True, False], [80.0, 40.0, 0.0, 10.0, 20.0, nan]
)
FACILITIES = (
    {"category": "hall", "unit_id": "a-town", "area_m2": 80.0},
    {"category": "hall", "unit_id": "b-hill", "area_m2": 20.0},
    {"category": "hall", "unit_id": "d-town"},
    {"category": "nursery", "unit_id": "a-town", "capacity": 1.0},
)


def card(*indicators, facilities=FACILITIES, units=None, coverage=None):
    units = ledger_units() if units is None else units
    found = ledger_facilities(*facilities)
    judged = [
        possession(Ledgers(units, found), each)
        for each in indicators
        if each.measure == Measure.POSSESSION
    ]
    rows = [each for each in (coverage, *judged) if each is not None]
    return scorecard(
        Ledgers(units, found),
        replace(ledger_project(*indicators), absent=frozenset({"clinic"})),
        coverage=pd.concat(rows) if rows else pd.DataFrame(columns=list(COVERAGE_COLUMNS)),
    )


def test_the_golden_scorecard():
    found = card(HALLS, RURAL_HALLS, HALL_PEOPLE, LARGE, NURSERY, coverage=CLINIC)
    assert table(found, *COUNTED) == (
        "area    indicator     numerator  denominator  value  low    high   unknown\n"
        "Ledger  halls         3          6            0.5    0.5    0.5    0\n"
        "Ledger  rural-halls   1          4            0.25   0.25   0.25   0\n"
        "Ledger  hall-people   200        250          0.8    0.8    0.8    0\n"
        "Ledger  large         1          2            0.5    0.333  0.667  1\n"
        "Ledger  nursery       1          0.25         4      4      4      0\n"
        "Ledger  clinic        150        220          0.682  0.6    0.72   1\n"
        "Ledger  clinic:units  3          5            0.6    0.5    0.667  1\n"
        "East    halls         2          3            0.667  0.667  0.667  0\n"
        "East    rural-halls   1          2            0.5    0.5    0.5    0\n"
        "East    hall-people   140        140          1      1      1      0\n"
        "East    large         1          2            0.5    0.5    0.5    0\n"
        "East    nursery       1          0.14         7.143  7.143  7.143  0\n"
        "East    clinic        120        140          0.857  0.857  0.857  0\n"
        "East    clinic:units  2          2            1      0.667  1      1\n"
        "West    halls         1          3            0.333  0.333  0.333  0\n"
        "West    rural-halls   0          2            0      0      0      0\n"
        "West    hall-people   60         110          0.545  0.545  0.545  0\n"
        "West    large         0          0            -      0      1      1\n"
        "West    nursery       0          0.11         0      0      0      0\n"
        "West    clinic        30         80           0.375  0.273  0.545  1\n"
        "West    clinic:units  1          3            0.333  0.333  0.333  0"
    )


def test_the_golden_comparison_with_targets():
    found = card(HALLS, RURAL_HALLS, LARGE, NURSERY)
    shown = ("area", "indicator", "value", "comparison", "target", "met", "gap_to_target")
    assert table(found, *shown) == (
        "area    indicator    value  comparison  target  met    gap_to_target\n"
        "Ledger  halls        0.5    >=          0.5     True   0\n"
        "Ledger  rural-halls  0.25   >=          0.75    False  0.5\n"
        "Ledger  large        0.5    >=          1       False  0.5\n"
        "Ledger  nursery      4      >=          4.5     False  0.5\n"
        "East    halls        0.667  >=          0.5     True   -0.167\n"
        "East    rural-halls  0.5    >=          0.75    False  0.25\n"
        "East    large        0.5    >=          1       False  0.5\n"
        "East    nursery      7.143  >=          4.5     True   -2.643\n"
        "West    halls        0.333  >=          0.5     False  0.167\n"
        "West    rural-halls  0      >=          0.75    False  0.75\n"
        "West    large        -      >=          1       -      -\n"
        "West    nursery      0      >=          4.5     False  4.5"
    )


def test_the_columns_are_those_a_study_documents():
    documented = Study.__doc__.split("scorecard    ")[1].split("sensitivity  ")[0]
    names = [name.split("(")[0].strip() for name in documented.replace("\n", " ").split(",")]
    names = [name for name in names if name.isidentifier()]
    assert [*SCORECARD_TYPES, "swing_low", "swing_high"] == names
    assert list(card(HALLS)) == list(SCORECARD_TYPES)


def test_a_row_says_where_its_figures_come_from():
    row = card(NURSERY).iloc[0]
    shown = {
        "area_id": "county",
        "level": "county",
        "name": "nursery",
        "measure": "ratio",
        "unit": "个/千人",
        "target_province": 3.0,
        "target_county": 4.5,
        "comparison": ">=",
        "target_year": 2025,
        "binding": "unmarked",
        "responsible": "县卫健局",
        "source": "ledger",
        "limit": "",
    }
    assert row[list(shown)].to_dict() == shown
    assert row["method"] == "ledger"
    assert row["target_county"] == 4.5


def test_text_that_is_missing_is_none():
    nobody = ledger_units().assign(urban=pd.array([False] * 6, dtype="boolean"))
    row = card(replace(HALLS, units="urban", target_province=None), units=nobody).iloc[0]
    assert row["method"] is None
    assert row["comparison"] is None


def test_people_and_units_are_never_one_share():
    found = card(coverage=CLINIC).query("level == 'county'").set_index("indicator")
    assert found["over"].to_dict() == {"clinic": "people", "clinic:units": "units"}
    assert found.loc["clinic", "denominator"] == 220
    assert found.loc["clinic:units", "denominator"] == 5


def test_a_base_is_another_areas_figure_and_stands_in_the_county_row_alone():
    found = card(HALLS).set_index("level")
    assert found.loc["county", "base"] == 0.4
    assert found.loc["township", "base"].isna().all()
    assert found.loc["township", "base_year"].isna().all()
    assert (found["target"] == 0.5).all()


def test_a_facility_of_unknown_unit_counts_in_the_county_and_leaves_every_township_open():
    found = card(LARGE, NURSERY, facilities=({"category": "hall", "area_m2": 60.0},
                                             {"category": "nursery", "capacity": 2.0}))  # fmt: skip
    assert table(found, *COUNTED, "met") == (
        "area    indicator  numerator  denominator  value  low  high  unknown  met\n"
        "Ledger  large      1          1            1      1    1     0        True\n"
        "Ledger  nursery    2          0.25         8      8    8     0        True\n"
        "East    large      0          0            -      0    1     1        -\n"
        "East    nursery    0          0.14         0      0    -     1        -\n"
        "West    large      0          0            -      0    1     1        -\n"
        "West    nursery    0          0.11         0      0    -     1        -"
    )


def test_a_hall_in_nobody_knows_which_unit_raises_the_high_end_by_one_unit_only():
    found = card(HALLS, facilities=(*FACILITIES, {"category": "hall"}))
    assert table(found, *COUNTED, "met") == (
        "area    indicator  numerator  denominator  value  low    high   unknown  met\n"
        "Ledger  halls      3          6            0.5    0.5    0.667  1        True\n"
        "East    halls      2          3            0.667  0.667  1      1        True\n"
        "West    halls      1          3            0.333  0.333  0.667  1        -"
    )


def test_a_facility_outside_the_study_counts_nowhere():
    beyond = {"category": "hall", "unit_id": "elsewhere", "area_m2": 500.0}
    pd.testing.assert_frame_equal(
        card(HALLS, LARGE, facilities=(*FACILITIES, beyond)), card(HALLS, LARGE)
    )


def test_a_unit_that_may_be_urban_or_rural_is_unknown():
    units = ledger_units().assign(
        urban=pd.array([True, False, False, True, False, None], dtype="boolean")
    )
    found = card(RURAL_HALLS, units=units)
    assert table(found.head(1), *COUNTED) == (
        "area    indicator    numerator  denominator  value  low   high  unknown\n"
        "Ledger  rural-halls  1          4            0.25   0.25  0.5   1"
    )


def test_a_unit_of_unknown_township_is_no_townships_and_may_be_any():
    units = ledger_units()
    units.loc[units["unit_id"] == "d-town", ["township_id", "township"]] = None
    found = card(HALLS, units=units)
    assert found["area"].tolist() == ["Ledger", "East", "West"]
    east = found.set_index("area").loc["East"]
    assert (east["numerator"], east["low"], east["unknown"]) == (2, 0.5, 1)


def test_no_unit_of_the_class_gives_a_missing_value():
    found = card(
        replace(HALLS, units="urban"),
        units=ledger_units().assign(urban=pd.array([False] * 6, dtype="boolean")),
    )
    assert found["value"].isna().all()
    assert found["met"].isna().all()


def test_townships_without_a_code_go_by_their_name():
    found = card(HALLS, units=ledger_units().assign(township_id=None))
    assert found["area_id"].tolist() == ["county", "East", "West"]


def test_a_study_without_townships_has_the_county_alone():
    found = card(HALLS, units=ledger_units().assign(township_id=None, township=None))
    assert found["area_id"].tolist() == ["county"]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ([10.0, 15.0, 15.0, 10.0, 15.0, 15.0], "城镇步行10分钟；农村步行15分钟"),
        ([15.0] * 6, "步行15分钟"),
        ([nan] * 6, ""),
        ([2.5, nan, nan, 2.5, nan, nan], "步行2.5分钟"),
    ],
)
def test_the_limit_is_said_once_or_by_class(minutes, said):
    found = card(coverage=CLINIC.assign(limit_minutes=minutes))
    assert set(found["limit"]) == {said}


def test_radiation_by_minutes_stands_beside_the_lists_without_a_target():
    police = ledger_indicator("police", Measure.RADIATION, "police", target_province=Target(0.5))
    lists = CLINIC.assign(indicator="police", category="police", method="ledger", limit_minutes=nan)
    coverage = pd.concat([lists, CLINIC.assign(indicator="police:access", category="police")])
    rooms = ({"category": "police", "serves": "a-town", "geometry": Point(0, 0)},)
    found = card(police, coverage=coverage, facilities=rooms).head(2)
    assert table(found, "indicator", "value", "target", "method", "limit") == (
        "indicator      value  target  method   limit\n"
        "police         0.5    0.5     ledger\n"
        "police:access  0.6    -       network  城镇步行10分钟；农村步行15分钟"
    )


def test_without_indicators_or_coverage_the_scorecard_is_empty():
    found = card()
    assert found.empty
    assert found.dtypes.astype(str).to_dict() == {
        name: str(pd.Series(dtype=kind).dtype) for name, kind in SCORECARD_TYPES.items()
    }


def test_inputs_are_left_as_they_were():
    before = CLINIC.copy()
    card(HALLS, LARGE, coverage=CLINIC)
    pd.testing.assert_frame_equal(CLINIC, before)


# --- laws -----------------------------------------------------------------------------------------

UNIT_IDS = ledger_units()["unit_id"].tolist()
PLACES = st.lists(st.none() | st.sampled_from(UNIT_IDS), min_size=1, max_size=5)


def halls(places):
    return [
        {"facility_id": f"h{i}", "category": "hall", "unit_id": unit, "area_m2": 60.0}
        for i, unit in enumerate(places)
    ]


@settings(max_examples=10)
@given(PLACES, st.data())
def test_wherever_the_unplaced_turn_out_to_stand_every_share_lies_within_its_range(places, data):
    told = [data.draw(st.sampled_from(UNIT_IDS)) if unit is None else unit for unit in places]
    scored = (HALLS, RURAL_HALLS, HALL_PEOPLE)
    before = card(*scored, facilities=halls(places))
    after = card(*scored, facilities=halls(told))
    assert (before["low"] <= after["value"] + 1e-12).all()
    assert (after["value"] <= before["high"] + 1e-12).all()
    agreed = before["met"].notna()
    assert (before["met"][agreed] == after["met"][agreed]).all()


@settings(max_examples=10)
@given(PLACES)
def test_the_townships_add_up_to_the_county_where_all_is_placed(places):
    found = card(HALLS, HALL_PEOPLE, facilities=halls(filter(None, places)))
    parts = ["numerator", "denominator"]
    county, townships = (
        found[found["level"] == level].groupby("indicator")[parts].sum()
        for level in ("county", "township")
    )
    pd.testing.assert_frame_equal(county, townships)
