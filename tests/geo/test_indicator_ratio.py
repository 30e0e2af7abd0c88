"""Ratios of two totals, with what the missing amounts leave open."""

from math import isnan, nan

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.indicator_ratio import amounts, ratio
from geo.ledgers import Ledgers
from layers.indicators import Amount
from layers.vocabulary import Measure
from tests.ledger import ledger_facilities, ledger_indicator, ledger_units, table

PER_HOUSEHOLD = ledger_indicator(
    "area",
    Measure.RATIO,
    numerator=Amount("facilities", "area_m2", ("hall",)),
    denominator=Amount("units", "households", per=100.0),
    unit_zh="平方米/百户",
)
PART = ledger_indicator(
    "activity",
    Measure.RATIO,
    numerator=Amount("facilities", "activity_m2", ("hall",)),
    denominator=Amount("facilities", "area_m2", ("hall",)),
)


def figure(indicator, *facilities, units=None):
    units = ledger_units() if units is None else units
    halls = ledger_facilities(*facilities)
    top, bottom = (
        amounts(Ledgers(units, halls), amount)
        for amount in (indicator.numerator, indicator.denominator)
    )
    return ratio(top, bottom, indicator)


def hall(name, unit_id, area, activity=nan, **values):
    return {
        "facility_id": name,
        "category": "hall",
        "unit_id": unit_id,
        "area_m2": area,
        "activity_m2": activity,
    } | values


def known_households():
    return ledger_units().assign(households=[50.0, 20.0, 0.0, 20.0, 10.0, 0.0])


# --- amounts --------------------------------------------------------------------------------------


def test_amounts_are_scaled_narrowed_by_category_and_status_and_keep_the_unknown():
    halls = ledger_facilities(
        hall("h1", "a-town", 30.0),
        hall("h2", "b-hill", nan),
        hall("h3", None, 5.0),
        hall("planned", "b-hill", 7.0, status="planned"),
        hall("pub", "b-hill", 7.0, category="pub"),
        hall("beyond", "elsewhere", 7.0),
    )
    found = amounts(
        Ledgers(ledger_units(), halls), Amount("facilities", "area_m2", ("hall",), per=10.0)
    )
    assert table(found, "key", "unit_id", "amount") == (
        "key  unit_id  amount\nh1   a-town   3\nh2   b-hill   -\nh3   -        0.5"
    )


def test_without_a_column_rows_are_counted():
    halls = ledger_facilities(hall("h1", "a-town", nan), hall("h2", "b-hill", nan))
    count = Amount("facilities", categories=("hall",))
    assert amounts(Ledgers(ledger_units(), halls), count)["amount"].tolist() == [1.0, 1.0]


def test_units_and_the_facilities_in_them_are_narrowed_by_class():
    halls = ledger_facilities(hall("h1", "a-town", 1.0), hall("h2", "b-hill", 2.0))
    urban = Amount("facilities", "area_m2", ("hall",), units="urban")
    people = Amount("units", "people", units="urban")
    assert amounts(Ledgers(ledger_units(), halls), urban)["key"].tolist() == ["h1"]
    assert amounts(Ledgers(ledger_units(), halls), people)["amount"].sum() == 160.0


def test_what_may_or_may_not_be_of_the_class_is_unknown():
    units = ledger_units().assign(urban=pd.array([True, False, False, None, False, False]))
    halls = ledger_facilities(hall("h1", "d-town", 1.0), hall("h2", None, 1.0))
    urban = Amount("facilities", "area_m2", ("hall",), units="urban")
    people = Amount("units", "people", units="urban")
    assert amounts(Ledgers(units, halls), urban)["amount"].isna().tolist() == [True, True]
    assert table(amounts(Ledgers(units, halls), people), "key", "amount") == (
        "key     amount\na-town  100\nd-town  -"
    )


def test_a_column_no_layer_has_is_unknown_everywhere():
    halls = ledger_facilities(hall("h1", "a-town", 1.0))
    doors = Amount("facilities", "doors", ("hall",))
    assert amounts(Ledgers(ledger_units(), halls), doors)["amount"].isna().all()


# --- one total over another -----------------------------------------------------------------------


def test_where_all_is_known_the_ratio_is_one_total_over_the_other():
    found = figure(
        PER_HOUSEHOLD,
        hall("h1", "a-town", 20.0),
        hall("h2", "e-ford", 10.0),
        units=known_households(),
    )
    assert found.value == found.low == found.high == pytest.approx(30.0)
    assert found.unknown == 0


def test_an_unknown_numerator_only_adds():
    found = figure(
        PER_HOUSEHOLD,
        hall("h1", "a-town", 20.0),
        hall("h2", "e-ford", nan),
        units=known_households(),
    )
    assert found.value == found.low == pytest.approx(20.0)
    assert isnan(found.high)
    assert found.unknown == 1


def test_where_a_units_denominator_is_unknown_its_numerator_is_left_out_of_the_value():
    found = figure(PER_HOUSEHOLD, hall("h1", "a-town", 20.0), hall("h2", "f-moor", 10.0))
    assert (found.value, found.high) == (pytest.approx(20.0), pytest.approx(30.0))
    assert isnan(found.low)
    assert found.unknown == 1


def test_over_nothing_there_is_no_ratio():
    empty = known_households().assign(households=0.0)
    found = figure(PER_HOUSEHOLD, hall("h1", "a-town", 20.0), units=empty)
    assert isnan(found.value)
    assert isnan(found.low)
    assert isnan(found.high)


def test_without_any_facility_the_ratio_is_0():
    found = figure(PER_HOUSEHOLD, units=known_households())
    assert found.value == found.low == found.high == 0.0


# --- a part of a whole ----------------------------------------------------------------------------


def test_an_unknown_part_lies_between_nothing_and_its_whole():
    found = figure(PART, hall("h1", "a-town", 60.0, 30.0), hall("h2", "b-hill", 40.0))
    assert (found.value, found.low, found.high, found.unknown) == (0.5, 0.3, 0.7, 1)


def test_an_unknown_whole_leaves_the_value_over_the_known_without_a_range():
    found = figure(PART, hall("h1", "a-town", 60.0, 30.0), hall("h2", "b-hill", nan, 10.0))
    assert (found.value, found.unknown) == (0.5, 1)
    assert isnan(found.low)
    assert isnan(found.high)


def test_without_any_facility_there_is_no_share():
    assert isnan(figure(PART).value)


# --- laws -----------------------------------------------------------------------------------------

AREAS = st.lists(
    st.tuples(st.sampled_from(["a-town", "b-hill", "e-ford"]), st.none() | st.integers(0, 90)),
    max_size=6,
)
HOUSEHOLDS = st.lists(st.none() | st.integers(0, 90), min_size=6, max_size=6)


def number(value):
    return nan if value is None else float(value)


@given(AREAS, HOUSEHOLDS, st.data())
def test_whatever_the_unknown_amounts_turn_out_to_be_the_ratio_lies_within_its_range(
    areas, households, data
):
    def found(areas, households):
        return figure(
            PER_HOUSEHOLD,
            *(hall(f"h{i}", unit, number(area)) for i, (unit, area) in enumerate(areas)),
            units=ledger_units().assign(households=[number(count) for count in households]),
        )

    guess = st.integers(0, 500)
    before = found(areas, households)
    after = found(
        [(unit, data.draw(guess) if area is None else area) for unit, area in areas],
        [data.draw(guess) if count is None else count for count in households],
    )
    assume(not isnan(after.value))
    assert after.unknown == 0
    assert isnan(before.low) or before.low <= after.value + 1e-9
    assert isnan(before.high) or after.value <= before.high + 1e-9


@given(
    st.lists(st.tuples(st.integers(0, 90), st.none() | st.integers(0, 90)), max_size=6), st.data()
)
def test_whatever_the_unknown_parts_turn_out_to_be_the_share_lies_within_its_range(rows, data):
    rows = [(area, part if part is None else min(part, area)) for area, part in rows]
    told = [
        (area, data.draw(st.integers(0, area)) if part is None else part) for area, part in rows
    ]

    def found(rows):
        return figure(
            PART,
            *(hall(f"h{i}", "a-town", area, number(part)) for i, (area, part) in enumerate(rows)),
        )

    before, after = found(rows), found(told)
    assume(not isnan(after.value))
    assert before.low - 1e-9 <= after.value <= before.high + 1e-9
