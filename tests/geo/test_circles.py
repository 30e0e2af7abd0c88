"""Living circles counted: a small town's whole table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.circles import _joined, living_circles
from tests.line_town import home, line_area, line_project, measured, service, unit

PROJECT = line_project("shop", "bank", "library")
CIRCLE = replace(PROJECT.circle, minutes=(5.0, 10.0))
SERVICES = [service("shop-1", (0, 0)), service("bank-1", (1000, 0))]
UNITS = [unit("a", 30, (0, 0)), unit("b", 5, (600, 0)), unit("c", 1, None)]
HOMES = [home("a1", 10, (500, 0)), home("a2", 20, (500.01, 0))]

# a2, with more than half of a's people, is 5 minutes and a bit from the shop, a bit less from the
# bank; b is 6 from the shop and 4 from the bank; nobody knows where c is; no library exists
GOLDEN = """
level     place_id unit_id limit reached of missing
unit      a        a        5.0  1       3  shop;library
unit      b        b        5.0  1       3  shop;library
unit      c        c        5.0  0       3  shop;bank;library
unit      a        a       10.0  2       3  library
unit      b        b       10.0  2       3  library
unit      c        c       10.0  0       3  shop;bank;library
residence a1       a        5.0  2       3  library
residence a2       a        5.0  1       3  shop;library
residence unit:b   b        5.0  1       3  shop;library
residence a1       a       10.0  2       3  library
residence a2       a       10.0  2       3  library
residence unit:b   b       10.0  2       3  library
"""


def test_a_circle_counts_what_lies_within_each_limit_and_names_the_rest() -> None:
    town = measured(line_area(UNITS, SERVICES, homes=HOMES), PROJECT)
    found = living_circles(town.area.units, town.demand, town.times["walk"], CIRCLE)
    lines = [line.split() for line in GOLDEN.strip().splitlines()]
    expected = [
        (level, place, unit_id, float(limit), int(reached), int(of), missing, "")
        for level, place, unit_id, limit, reached, of, missing in lines[1:]
    ]
    assert list(found.itertuples(index=False, name=None)) == expected


def test_a_circle_that_lacks_nothing_names_nothing() -> None:
    project = line_project("shop")
    town = measured(line_area(UNITS[:1], SERVICES, homes=HOMES), project)
    found = living_circles(town.area.units, town.demand, town.times["walk"], project.circle)
    assert set(found.loc[found["limit_minutes"] == 15.0, "missing"]) == {""}


@given(st.integers(0, 99), st.integers(1, 70))
def test_what_is_missing_is_named_place_by_place_however_many_categories_there_are(
    seed: int, categories: int
) -> None:
    missing = np.random.default_rng(seed).random((categories, 9)) < 0.5
    names = tuple(f"c{number}" for number in range(categories))
    expected = [";".join(np.array(names)[each]) for each in missing.T]
    assert _joined(missing, names).tolist() == expected
