"""Access to any or every one of several categories, exact over residences."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage_rows import COVERAGE_COLUMNS
from geo.indicator_access import access
from geo.indicator_coverage import indicator_coverage, with_circle
from geo.ledgers import Ledgers
from layers.vocabulary import Measure
from tests.ledger import ledger_facilities, ledger_indicator, ledger_project, ledger_units, table

ANY = ledger_indicator("any", Measure.ACCESS, "clinic", "shop")
EVERY = ledger_indicator("every", Measure.ACCESS, "clinic", "shop", every=True)

HOMES = pd.DataFrame(
    [
        ("a1", "a-town", 60.0, 15.0),
        ("a2", "a-town", 40.0, 5.0),
        ("b1", "b-hill", 30.0, 10.0),
        ("b2", "b-hill", 10.0, 0.0),
        ("c1", "c-vale", 0.0, 0.0),
        ("d1", "d-town", 60.0, np.nan),
        ("e1", "e-ford", 20.0, 8.0),
    ],
    columns=["residence_id", "unit_id", "people", "age_60_plus"],
)
WITHIN = {"clinic": {"a1", "b2", "c1", "d1"}, "shop": {"a1", "a2", "b1", "d1"}}


def reach(within=None, homes=HOMES):
    within = WITHIN if within is None else within
    return pd.concat(
        [
            homes.assign(category=name, within=homes["residence_id"].isin(ids), open=False)
            for name, ids in within.items()
        ],
        ignore_index=True,
    )


def nearest(*rows):
    """Give category coverage rows: unit, category, minutes, reason."""
    made = pd.DataFrame(rows, columns=["unit_id", "category", "minutes", "reason"])
    made["minutes"] = made["minutes"].astype("float64")
    return made.assign(
        indicator=made["category"],
        mode="walk",
        limit_minutes=10.0,
        facility_id=(made["category"] + "-1").where(made["minutes"].notna(), None),
        metres=made["minutes"] * 60,
        method="network",
    )


def rows(indicator, **changes):
    chosen = {"reach": reach(), "nearest": nearest(), "unit_share": 0.5} | changes
    return access(ledger_units(), indicator, **chosen)


def test_any_one_category_is_enough_for_a_residence():
    assert table(
        rows(ANY), "unit_id", "people", "people_covered", "people_share", "covered", "reason"
    ) == (
        "unit_id  people  people_covered  people_share  covered  reason\n"
        "a-town   100     100             1             True     -\n"
        "b-hill   40      40              1             True     -\n"
        "c-vale   0       0               -             True     -\n"
        "d-town   60      60              1             True     -\n"
        "e-ford   20      0               0             False    too_far\n"
        "f-moor   -       -               -             -        no_data"
    )


def test_every_category_must_be_within_reach_of_the_same_residence():
    assert table(rows(EVERY), "unit_id", "people_covered", "people_share", "covered") == (
        "unit_id  people_covered  people_share  covered\n"
        "a-town   60              0.6           True\n"
        "b-hill   0               0             False\n"
        "c-vale   0               -             False\n"
        "d-town   60              1             True\n"
        "e-ford   0               0             False\n"
        "f-moor   -               -             -"
    )


def test_people_are_those_of_the_cohort_and_the_unit_is_judged_by_everybody():
    elders = ledger_indicator("elders", Measure.ACCESS, "clinic", cohort="age_60_plus")
    found = rows(elders, reach=reach({"clinic": WITHIN["clinic"]}))
    assert table(found, "unit_id", "people", "people_covered", "covered") == (
        "unit_id  people  people_covered  covered\n"
        "a-town   20      15              True\n"
        "b-hill   10      0               False\n"
        "c-vale   0       0               True\n"
        "d-town   -       -               True\n"
        "e-ford   8       0               False\n"
        "f-moor   -       -               -"
    )


@pytest.mark.parametrize(("unit_share", "covered"), [(0.6, True), (0.61, False)])
def test_a_unit_is_covered_where_the_asked_share_of_its_people_is(unit_share, covered):
    found = rows(EVERY, unit_share=unit_share).set_index("unit_id")
    assert found.loc["a-town", "covered"] == covered


def test_where_nobody_lives_or_people_are_unknown_residences_weigh_the_same():
    homes = HOMES.assign(people=HOMES["people"].where(HOMES["residence_id"] != "a1"))
    found = rows(ANY, reach=reach({"clinic": {"a1"}, "shop": set()}, homes)).set_index("unit_id")
    assert found.loc["a-town", "covered"]
    assert pd.isna(found.loc["a-town", "people_covered"])


def test_the_slowest_category_decides_of_every_and_the_fastest_of_any():
    measured = nearest(
        ("a-town", "clinic", 4, None),
        ("a-town", "shop", 9, None),
        ("b-hill", "clinic", 12, "barrier"),
        ("b-hill", "shop", np.nan, "no_path"),
    )
    shown = ("category", "facility_id", "minutes", "reason")
    assert table(rows(EVERY, nearest=measured).head(2), "unit_id", *shown) == (
        "unit_id  category  facility_id  minutes  reason\n"
        "a-town   shop      shop-1       9        -\n"
        "b-hill   shop      -            -        no_path"
    )
    assert table(rows(ANY, nearest=measured).head(2), "unit_id", *shown) == (
        "unit_id  category  facility_id  minutes  reason\n"
        "a-town   clinic    clinic-1     4        -\n"
        "b-hill   clinic    clinic-1     12       -"
    )


def test_the_indicators_own_minutes_and_mode_are_told_and_other_modes_minutes_are_not():
    driven = ledger_indicator("driven", Measure.ACCESS, "clinic", minutes=20.0, mode="drive")
    found = rows(driven, nearest=nearest(("a-town", "clinic", 4, None))).iloc[0]
    assert (found["mode"], found["limit_minutes"]) == ("drive", 20.0)
    assert pd.isna(found["minutes"])
    assert found["facility_id"] is None
    assert found["method"] == "network"


def test_only_units_of_the_indicators_class_are_judged():
    urban = ledger_indicator("urban", Measure.ACCESS, "clinic", units="urban")
    assert rows(urban)["unit_id"].tolist() == ["a-town", "d-town"]


@given(st.data())
def test_every_is_never_more_than_any_and_both_are_shares_of_the_same_people(data):
    ids = st.sets(st.sampled_from(HOMES["residence_id"].tolist()))
    found = reach({name: data.draw(ids) for name in WITHIN})
    any_, every = rows(ANY, reach=found), rows(EVERY, reach=found)
    pd.testing.assert_series_equal(any_["people"], every["people"])
    assert (every["people_covered"].fillna(0) <= any_["people_covered"].fillna(0)).all()
    assert (any_["people_covered"].fillna(0) <= any_["people"].fillna(0)).all()


@given(st.data())
def test_over_one_category_any_and_every_are_the_same(data):
    ids = data.draw(st.sets(st.sampled_from(HOMES["residence_id"].tolist())))
    found = reach({"clinic": ids})
    one = ledger_indicator("one", Measure.ACCESS, "clinic")
    all_ = ledger_indicator("one", Measure.ACCESS, "clinic", every=True)
    pd.testing.assert_frame_equal(rows(one, reach=found), rows(all_, reach=found))


# --- all indicators together ----------------------------------------------------------------------


def test_each_indicator_asks_for_its_own_categories_minutes_and_mode():
    asked = []

    def recorded(categories, minutes, mode):
        asked.append((categories, minutes, mode))
        return reach({name: set() for name in categories})

    project = ledger_project(
        ledger_indicator("halls", Measure.POSSESSION, "hall"),
        ledger_indicator("near", Measure.ACCESS, "clinic"),
        ledger_indicator("driven", Measure.ACCESS, "shop", minutes=20.0, mode="drive"),
        ledger_indicator("circle", Measure.ACCESS),
        ledger_indicator("police", Measure.RADIATION, "police"),
        ledger_indicator("size", Measure.ATTRIBUTE, "hall", over="facilities"),
    )
    rows = [{"category": name, "unit_id": "a-town"} for name in ("clinic", "shop", "school")]
    police = {"category": "police", "unit_id": "a-town", "serves": "b-hill"}
    ledgers = Ledgers(
        ledger_units(), ledger_facilities(*rows, police, {"category": "hall", "unit_id": "a-town"})
    )
    found = indicator_coverage(ledgers, project, where=None, reach=recorded, nearest=nearest())
    assert asked == [
        (("clinic",), None, None),
        (("shop",), 20.0, "drive"),
        (("clinic", "shop", "school"), 15.0, "walk"),
        (("police",), None, None),
    ]
    assert found["indicator"].unique().tolist() == [
        "halls", "near", "driven", "circle", "police", "police:access",
    ]  # fmt: skip
    assert tuple(found) == COVERAGE_COLUMNS


def test_a_project_without_indicators_has_no_rows_of_theirs():
    ledgers = Ledgers(ledger_units(), ledger_facilities())
    found = indicator_coverage(
        ledgers, ledger_project(), where=None, reach=reach, nearest=nearest()
    )
    assert found.empty
    assert tuple(found) == COVERAGE_COLUMNS


def test_access_that_names_no_category_is_the_studys_own_circle():
    circle = with_circle(ledger_indicator("circle", Measure.ACCESS, minutes=10.0), ledger_project())
    assert circle.categories == ("clinic", "shop", "school")
    assert circle.every
    assert (circle.minutes, circle.mode) == (10.0, "walk")
    assert with_circle(ANY, ledger_project()) is ANY
