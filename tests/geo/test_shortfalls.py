"""Shortfalls, counted again by plain loops over the rows of coverage."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.shortfalls import township_shortfalls, unit_shortfalls
from layers.vocabulary import Reason
from tests.town import NEW_TOWN, OLD_TOWN

CATEGORIES = ("clinic", "shop")


def units_of(*townships):
    return pd.DataFrame(
        [
            {
                "unit_id": f"u{number}",
                "name": f"unit {number}",
                "township_id": township,
                "township": township and f"town {township}",
                "urban": None,
                "people": 100.0 * (number + 1),
                "age_60_plus": 10.0 if number % 2 else None,
                "age_0_14": 7.0,
                "disabled": float(number),
            }
            for number, township in enumerate(townships)
        ]
    ).astype({"age_60_plus": float})


def coverage_of(marks):
    """Give coverage rows: True within reach, False not, None unknown, "none" no row at all."""
    rows = [
        {
            "unit_id": unit_id,
            "indicator": category,
            "category": category,
            "covered": mark,
            "facility_id": "f1" if mark else None,
            "minutes": 4.0 if mark else None,
            "metres": 300.0 if mark else None,
            "reason": None if mark else Reason.NO_DATA if mark is None else Reason.TOO_FAR,
        }
        for (unit_id, category), mark in marks.items()
        if mark != "none"
    ]
    columns = ["unit_id", "indicator", "category", "covered", "facility_id"]
    found = pd.DataFrame(rows, columns=[*columns, "minutes", "metres", "reason"])
    return found.astype({"covered": "boolean"})


def test_every_unit_has_a_row_for_every_category_township_by_township():
    units = units_of("2", "1", None)
    marks = {("u0", "clinic"): True, ("u1", "clinic"): False, ("u0", "shop"): None}
    rows = unit_shortfalls(coverage_of(marks), units, CATEGORIES)
    short = rows["short"].astype(object).where(rows["short"].notna(), None)
    told = list(zip(rows["unit_id"], rows["category"], short, strict=True))
    expected = [  # the unit nobody knows the township of comes first
        ("u2", "clinic", None),
        ("u2", "shop", None),
        ("u1", "clinic", True),
        ("u1", "shop", None),
        ("u0", "clinic", False),
        ("u0", "shop", None),
    ]
    assert told == expected
    assert rows.loc[4, ["facility_id", "minutes", "metres"]].tolist() == ["f1", 4.0, 300.0]


def test_indicators_of_the_policy_are_no_shortfalls_of_a_category():
    units = units_of("1")
    rows = coverage_of({("u0", "clinic"): False}).assign(indicator="clinic-coverage")
    assert unit_shortfalls(rows, units, CATEGORIES)["short"].isna().all()


@given(
    townships=st.lists(st.sampled_from(["1", "2", None]), min_size=1, max_size=6),
    data=st.data(),
)
def test_townships_count_their_short_units_and_the_people_in_them(townships, data):
    units = units_of(*townships)
    marks = {
        (unit_id, category): data.draw(st.sampled_from([True, False, None, "none"]))
        for unit_id in units["unit_id"]
        for category in CATEGORIES
    }
    found = township_shortfalls(
        unit_shortfalls(coverage_of(marks), units, CATEGORIES), units, "County"
    )
    areas = ["county", *sorted({name for name in townships if name})]
    assert list(zip(found["area_id"], found["category"], strict=True)) == [
        (area, category) for area in areas for category in CATEGORIES
    ]
    for row in found.itertuples():
        own = [unit for unit in units.itertuples() if row.area_id in ("county", unit.township_id)]
        short = [unit for unit in own if marks[unit.unit_id, row.category] is False]
        unknown = [unit for unit in own if marks[unit.unit_id, row.category] in (None, "none")]
        assert (row.units, row.short, row.unknown) == (len(own), len(short), len(unknown))
        for cohort in ("people", "age_0_14", "disabled"):
            assert getattr(row, cohort) == sum(getattr(unit, cohort) for unit in short)
        known = [unit.age_60_plus for unit in short if unit.age_60_plus == unit.age_60_plus]
        if known or not short:
            assert row.age_60_plus == sum(known)


def test_people_are_missing_where_no_short_unit_knows_its_own():
    units = units_of("1")
    rows = unit_shortfalls(coverage_of({("u0", "clinic"): False}), units, ("clinic",))
    county, town = township_shortfalls(rows, units, "County").itertuples()
    assert (county.area, town.area) == ("County", "town 1")
    assert (town.short, town.people) == (1, 100.0)
    assert pd.isna(town.age_60_plus)


def test_the_town_is_as_short_as_its_coverage_says(town):
    categories = town.project.circle.categories
    rows = unit_shortfalls(town.coverage, town.area.units, categories)
    found = township_shortfalls(rows, town.area.units, "Town").set_index(["area_id", "category"])
    judged = town.coverage[town.coverage["indicator"] == town.coverage["category"]]
    code = judged["unit_id"].map(town.area.units.set_index("unit_id")["township_id"])
    left_out = (~judged["covered"].fillna(value=True)) & judged["reason"].ne(Reason.NO_DATA)
    assert found.loc["county", "short"].sum() > 0
    for area in ("county", OLD_TOWN, NEW_TOWN):
        own = left_out & (code.eq(area) | (area == "county"))
        for category in categories:
            short = found.loc[(area, category), "short"]
            assert short == int((own & judged["category"].eq(category)).sum())
