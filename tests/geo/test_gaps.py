"""Gaps in their order, and whose they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.explain import EVIDENCE_COLUMNS
from geo.gaps import gaps
from layers.vocabulary import PRIORITY
from tests.line_town import line_project, with_category

PROJECT = with_category(line_project("shop", "elder-care"), "elder-care", cohort="age_60_plus")
UNITS = pd.DataFrame({"unit_id": list("abcd")}).assign(
    name=["甲", "乙", "丙", "丁"], township_id="t", township="镇"
)

# unit, indicator, covered, people, people covered
ROWS: list[tuple[str, str, bool | None, float, float]] = [
    ("a", "shop", False, 100, 40),
    ("b", "shop", False, 100, 10),
    ("c", "shop", True, 500, 300),  # covered: no gap, whoever is left out
    ("d", "shop", False, np.nan, np.nan),
    ("a", "elder-care", False, 90, 0),
    ("b", "elder-care", None, 60, np.nan),
    ("c", "elder-care", False, 60, 0),
    ("d", "elder-care", False, 0, 0),
]


def coverage() -> pd.DataFrame:
    """Give the coverage rows, with what else gaps carry on."""
    names = ["unit_id", "indicator", "covered", "people", "people_covered"]
    rows = pd.DataFrame(ROWS, columns=names).assign(**dict.fromkeys(EVIDENCE_COLUMNS, 1.0))
    priority = dict.fromkeys(PRIORITY, rows["people"] / 10)
    priority |= {f"{name}_covered": rows["people_covered"] / 10 for name in PRIORITY}
    covered = rows["covered"].astype("boolean")
    return rows.assign(category=rows["indicator"], covered=covered, **priority)


def test_gaps_are_those_not_covered_with_most_people_left_out_first() -> None:
    found = gaps(coverage(), UNITS, PROJECT).fillna({"people_left_out": -1})
    columns = ["unit_id", "indicator", "people_left_out"]
    assert list(found[columns].itertuples(index=False, name=None)) == [
        ("a", "elder-care", 90),
        ("b", "shop", 90),
        ("a", "shop", 60),
        ("c", "elder-care", 60),
        ("d", "elder-care", 0),
        # nobody knows whether b is covered, nor how many live in d
        ("b", "elder-care", -1),
        ("d", "shop", -1),
    ]


def test_gaps_tell_the_cohort_counted_and_the_unit_s_name() -> None:
    found = gaps(coverage(), UNITS, PROJECT)
    assert dict(zip(found["indicator"], found["cohort"], strict=True)) == {
        "shop": "people",
        "elder-care": "age_60_plus",
    }
    assert dict(zip(found["unit_id"], found["name"], strict=True)) == dict(
        zip(UNITS["unit_id"], UNITS["name"], strict=True)
    )


def test_gaps_tell_the_priority_people_left_out_of_each_cohort() -> None:
    found = gaps(coverage(), UNITS, PROJECT)
    for cohort in PRIORITY:
        tenth = found["people_left_out"] / 10
        assert np.allclose(found[f"{cohort}_left_out"], tenth, equal_nan=True)


def test_a_gap_of_several_categories_is_of_all_people() -> None:
    circle = coverage().assign(indicator="circle", category="shop;elder-care")
    assert set(gaps(circle, UNITS, PROJECT)["cohort"]) == {"people"}


def test_the_unit_comes_first_and_the_evidence_last() -> None:
    found = gaps(coverage(), UNITS, PROJECT)
    assert found.columns[:4].tolist() == ["unit_id", "name", "township_id", "township"]
    assert found.columns[-len(EVIDENCE_COLUMNS) :].tolist() == list(EVIDENCE_COLUMNS)


def test_the_order_of_rows_does_not_matter() -> None:
    rows = coverage()
    shuffled = rows.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(gaps(shuffled, UNITS, PROJECT), gaps(rows, UNITS, PROJECT))


def test_no_gaps_are_an_empty_frame_with_all_columns() -> None:
    rows = coverage().assign(covered=pd.array([True] * len(ROWS), dtype="boolean"))
    found = gaps(rows, UNITS, PROJECT)
    assert found.empty
    assert found.columns.tolist() == gaps(coverage(), UNITS, PROJECT).columns.tolist()
