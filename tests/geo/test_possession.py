"""Possession: a unit has a facility of its own."""

import geopandas as gpd
import pandas as pd
from shapely import Point, box

from geo.coverage_rows import COVERAGE_COLUMNS
from geo.ledgers import Ledgers
from geo.placement import placement
from geo.possession import possession, unplaced
from layers.vocabulary import Measure
from tests.ledger import EXISTING, ledger_facilities, ledger_indicator, ledger_units, table

HALLS = ledger_indicator("halls", Measure.POSSESSION, "hall", "chapel")


def rows(*facilities, indicator=HALLS, statuses=EXISTING):
    ledgers = Ledgers(ledger_units(), ledger_facilities(*facilities), statuses=statuses)
    return possession(ledgers, indicator)


def test_a_unit_has_its_own_facility_of_any_of_the_categories_or_it_has_not():
    found = rows(
        {"category": "hall", "unit_id": "a-town"},
        {"category": "chapel", "unit_id": "b-hill"},
        {"category": "pub", "unit_id": "c-vale"},
        {"category": "hall", "unit_id": "d-town", "status": "planned"},
    )
    assert table(
        found, "unit_id", "covered", "facility_id", "people", "people_covered", "reason"
    ) == (
        "unit_id  covered  facility_id    people  people_covered  reason\n"
        "a-town   True     hall-a-town    100     100             -\n"
        "b-hill   True     chapel-b-hill  40      40              -\n"
        "c-vale   False    -              0       0               none_in_unit\n"
        "d-town   False    -              60      0               none_in_unit\n"
        "e-ford   False    -              20      0               none_in_unit\n"
        "f-moor   False    -              30      0               none_in_unit"
    )
    assert tuple(found) == COVERAGE_COLUMNS
    assert set(found["method"]) == {"ledger"}
    assert str(found["covered"].dtype) == "boolean"
    assert found["reason"].isna().sum() == 2
    assert found.loc[0, "reason"] is None


def test_a_share_of_nobody_is_missing():
    shares = rows({"category": "hall", "unit_id": "c-vale"}).set_index("unit_id")["people_share"]
    assert pd.isna(shares["c-vale"])
    assert shares["a-town"] == 0.0


def test_planned_facilities_count_where_the_rules_say_so():
    planned = {"category": "hall", "unit_id": "d-town", "status": "planned"}
    covered = rows(planned, statuses=("existing", "planned")).set_index("unit_id")["covered"]
    assert covered["d-town"]


def test_only_units_of_the_indicators_class_are_judged():
    urban = ledger_indicator("urban", Measure.POSSESSION, "hall", units="urban")
    rural = ledger_indicator("rural", Measure.POSSESSION, "hall", units="rural")
    assert rows(indicator=urban)["unit_id"].tolist() == ["a-town", "d-town"]
    assert rows(indicator=rural)["unit_id"].tolist() == ["b-hill", "c-vale", "e-ford", "f-moor"]


def test_while_one_facility_is_nowhere_a_unit_without_one_is_unknown():
    found = rows({"category": "hall", "unit_id": "a-town"}, {"category": "hall"})
    assert table(found, "unit_id", "covered", "people_covered", "reason") == (
        "unit_id  covered  people_covered  reason\n"
        "a-town   True     100             -\n"
        "b-hill   -        -               no_data\n"
        "c-vale   -        -               no_data\n"
        "d-town   -        -               no_data\n"
        "e-ford   -        -               no_data\n"
        "f-moor   -        -               no_data"
    )


def test_where_the_study_has_none_at_all_the_reason_says_so():
    assert set(rows()["reason"]) == {"none_in_study"}


def test_a_facility_of_another_county_is_nobodys_own_and_makes_nothing_unknown():
    found = rows({"category": "hall", "unit_id": "elsewhere"})
    assert not found["covered"].any()
    assert found["covered"].notna().all()


def test_a_point_outside_all_areas_is_outside_and_a_ledger_row_without_either_is_unplaced():
    units = gpd.GeoDataFrame({"unit_id": ["u"]}, geometry=[box(0, 0, 10, 10)])
    halls = gpd.GeoDataFrame(
        {"facility_id": list("abcd"), "unit_id": ["u", None, None, "elsewhere"]},
        geometry=[None, Point(20, 20), None, Point(5, 5)],
    )
    assert placement(units, halls).tolist() == ["inside", "outside", "unplaced", "outside"]


def test_among_units_that_are_points_a_facility_without_a_unit_is_unplaced():
    units = gpd.GeoDataFrame({"unit_id": ["u"]}, geometry=[Point(0, 0)])
    halls = gpd.GeoDataFrame({"facility_id": ["a"], "unit_id": [None]}, geometry=[Point(1, 1)])
    assert placement(units, halls).tolist() == ["unplaced"]


def test_unplaced_facilities_are_counted_by_category_and_status():
    facilities = ledger_facilities(
        {"category": "hall"},
        {"category": "hall", "status": "planned", "facility_id": "planned"},
        {"category": "pub"},
        {"category": "hall", "unit_id": "a-town"},
    )
    assert unplaced(Ledgers(ledger_units(), facilities), HALLS) == 1


def test_the_inputs_are_left_as_they_were():
    units, facilities = ledger_units(), ledger_facilities({"category": "hall"})
    before = units.copy(), facilities.copy()
    possession(Ledgers(units, facilities), HALLS)
    pd.testing.assert_frame_equal(units, before[0])
    pd.testing.assert_frame_equal(facilities, before[1])
