"""Radiation: a unit is served, wherever the facility lies."""

from geo.coverage_rows import COVERAGE_COLUMNS, coverage_rows
from geo.ledgers import Ledgers
from geo.radiation import beside, radiation
from layers.indicators import Target
from layers.vocabulary import Measure
from tests.ledger import ledger_facilities, ledger_indicator, ledger_units, table

POLICE = ledger_indicator(
    "police", Measure.RADIATION, "police", units="rural", target_province=Target(0.8)
)


def by_time():
    """Give access rows as geo.indicator_access would: only e-ford is within minutes."""
    found = ledger_units()[["unit_id", "people"]].assign(
        covered=lambda frame: frame["unit_id"] == "e-ford",
        people_covered=lambda frame: frame["people"].where(frame["covered"], 0.0),
        method="network",
        mode="drive",
        limit_minutes=15.0,
    )
    found["reason"] = found["covered"].map({False: "too_far"})
    return coverage_rows(found[found["unit_id"].isin(RURAL)], POLICE)


RURAL = ["b-hill", "c-vale", "e-ford", "f-moor"]


def rows(*facilities):
    ledgers = Ledgers(ledger_units(), ledger_facilities(*facilities))
    return radiation(ledgers, POLICE, by_time=by_time())


def test_served_lists_are_the_definition_and_the_minutes_stand_beside_them():
    found = rows({"category": "police", "unit_id": "a-town", "serves": "b-hill; c-vale"})
    assert table(found, "indicator", "unit_id", "covered", "facility_id", "method", "reason") == (
        "indicator      unit_id  covered  facility_id    method   reason\n"
        "police         b-hill   True     police-a-town  ledger   -\n"
        "police         c-vale   True     police-a-town  ledger   -\n"
        "police         e-ford   False    -              ledger   not_served\n"
        "police         f-moor   False    -              ledger   not_served\n"
        "police:access  b-hill   False    -              network  too_far\n"
        "police:access  c-vale   False    -              network  too_far\n"
        "police:access  e-ford   True     -              network  -\n"
        "police:access  f-moor   False    -              network  too_far"
    )
    assert tuple(found) == COVERAGE_COLUMNS
    assert set(found["measure"]) == {"radiation"}


def test_without_any_list_the_minutes_stand_in_and_say_so():
    found = rows({"category": "police", "unit_id": "a-town"})
    assert table(found, "indicator", "unit_id", "covered", "method") == (
        "indicator  unit_id  covered  method\n"
        "police     b-hill   False    network\n"
        "police     c-vale   False    network\n"
        "police     e-ford   True     network\n"
        "police     f-moor   False    network"
    )


def test_a_facility_serves_the_unit_it_stands_in():
    found = rows({"category": "police", "unit_id": "e-ford", "serves": "b-hill"})
    assert found.set_index(["indicator", "unit_id"]).loc[("police", "e-ford"), "covered"]


def test_a_list_of_a_facility_beyond_the_county_counts():
    found = rows({"category": "police", "unit_id": "elsewhere", "serves": "b-hill"})
    assert found.set_index(["indicator", "unit_id"]).loc[("police", "b-hill"), "covered"]


def test_while_one_facility_has_no_list_a_unit_on_no_other_is_unknown():
    found = rows(
        {"category": "police", "unit_id": "a-town", "serves": "b-hill"},
        {"category": "police", "unit_id": "d-town"},
    )
    lists = found[found["indicator"] == "police"]
    assert table(lists, "unit_id", "covered", "reason") == (
        "unit_id  covered  reason\n"
        "b-hill   True     -\n"
        "c-vale   -        no_data\n"
        "e-ford   -        no_data\n"
        "f-moor   -        no_data"
    )


def test_a_list_of_another_category_or_of_a_planned_room_is_no_list():
    found = rows(
        {"category": "pub", "unit_id": "a-town", "serves": "b-hill"},
        {"category": "police", "unit_id": "a-town", "serves": "b-hill", "status": "planned"},
    )
    assert set(found["method"]) == {"network"}


def test_what_stands_beside_has_neither_target_nor_base():
    shown = beside(POLICE)
    assert shown.id == "police:access"
    assert shown.target is None
    assert shown.base is None
    assert "police" in shown.name_zh
