"""A unit's own time, against sorting its places and counting people until enough have arrived."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geo.arrival import telling_place
from geo.demand import Demand
from geo.travel import Nearest
from layers.vocabulary import COHORTS

UNITS = 4
NAN = float("nan")

Place = tuple[int, float, int, int]  # unit, people, milliseconds (-1: unreachable), facility

people = st.one_of(st.integers(0, 4).map(float), st.just(NAN))
places = st.lists(
    st.tuples(st.integers(0, UNITS - 1), people, st.integers(-1, 4), st.integers(0, 2)), max_size=14
)
shares = st.sampled_from([0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])


def demand_of(rows: list[Place], units: int = UNITS) -> Demand:
    """Make the demand of places sorted by unit."""
    count = len(rows)
    made = pd.DataFrame({"residence_id": [f"r{row}" for row in range(count)]})
    made = made.assign(**{name: [row[1] for row in rows] for name in COHORTS})
    unit = np.array([row[0] for row in rows], dtype=np.int64)
    points = gpd.GeoDataFrame(made, geometry=[Point(0, 0)] * count)
    return Demand(points, unit, units, "people")


def telling(rows: list[Place], share: float, units: int = UNITS) -> list[int]:
    """Find the telling places of some places sorted by unit."""
    times = np.array([row[2] for row in rows], dtype=np.int64)
    which = np.array([row[3] if row[2] >= 0 else -1 for row in rows], dtype=np.int64)
    nearest = Nearest(times, which, np.zeros(len(rows)))
    found: list[int] = telling_place(demand_of(rows, units), nearest, share).tolist()
    return found


def counted(rows: list[Place], share: float, unit: int) -> set[tuple[int, int]]:
    """Count people in order of time: the unit's milliseconds and facility, or nothing."""
    mine = [row for row in rows if row[0] == unit]
    known = not any(np.isnan(row[1]) for row in mine) and sum(row[1] for row in mine) > 0
    weights = [Fraction(row[1]) if known else Fraction(1) for row in mine]
    order = sorted(range(len(mine)), key=lambda at: (mine[at][2] < 0, mine[at][2:]))
    arrived = Fraction(0)
    for at in order:
        arrived += weights[at]
        if arrived >= Fraction(str(share)) * sum(weights) and arrived > 0:
            return {(mine[at][2], mine[at][3] if mine[at][2] >= 0 else -1)}
    return set()


@settings(max_examples=150)
@given(places.map(lambda rows: sorted(rows, key=lambda row: row[0])), shares)
def test_it_is_the_time_by_which_the_share_has_arrived(rows: list[Place], share: float) -> None:
    found = telling(rows, share)
    for unit, place in enumerate(found):
        expected = counted(rows, share, unit)
        if place < 0:
            assert not expected
            continue
        assert rows[place][0] == unit
        milliseconds, facility = rows[place][2], rows[place][3] if rows[place][2] >= 0 else -1
        assert {(milliseconds, facility)} == expected


@given(places.map(lambda rows: sorted(rows, key=lambda row: row[0])))
def test_a_greater_share_is_never_earlier(rows: list[Place]) -> None:
    late = 99
    asked = [telling(rows, share) for share in (0.1, 0.5, 1.0)]
    for smaller, larger in pairwise(asked):
        for one, two in zip(smaller, larger, strict=True):
            if one >= 0:
                times = [rows[at][2] if rows[at][2] >= 0 else late for at in (one, two)]
                assert times[0] <= times[1]


def test_half_is_met_by_just_half() -> None:
    assert telling([(0, 50.0, 1, 0), (0, 50.0, 2, 0)], 0.5, 1) == [0]
    assert telling([(0, 49.0, 1, 0), (0, 51.0, 2, 0)], 0.5, 1) == [1]
    # fourteenths and tenths that no float holds
    assert telling([(0, 1.0, row, 0) for row in range(14)], 0.5, 1) == [6]
    assert telling([(0, 0.1, 1, 0), (0, 0.2, 2, 0), (0, 0.3, 3, 0)], 0.5, 1) == [1]


def test_a_great_city_beside_it_does_not_blur_a_village() -> None:
    city, village = (0, 4e7, 1, 0), [(1, 49.99, 1, 0), (1, 50.01, 2, 0)]
    assert telling([city, *village], 0.5, 2) == [0, 2]


def test_places_nobody_reaches_are_last() -> None:
    assert telling([(0, 40.0, -1, 0), (0, 60.0, 7, 0)], 0.5, 1) == [1]
    # then the unit itself is out of reach
    assert telling([(0, 60.0, -1, 0), (0, 40.0, 7, 0)], 0.5, 1) == [0]


def test_a_unit_without_places_has_no_time() -> None:
    assert telling([(1, 5.0, 1, 0)], 0.5, 3) == [-1, 0, -1]
    assert telling([], 0.5, 2) == [-1, -1]
