"""What is within reach, and of whom."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.opportunities import (
    active_opportunities,
    gravity,
    passive_opportunities,
    time_to_nth,
)
from layers.catalogue.supply import load_decay

PAIRS = pd.DataFrame(
    {
        "place": ["a", "a", "b"],
        "facility": ["x", "y", "y"],
        "milliseconds": [300_000, 450_000, 0],
        "limit_milliseconds": 600_000,
    }
)
HOMES, FACILITIES = pd.Index(["a", "b", "c"]), pd.Index(["x", "y", "z"])
PLACES = pd.Series({"x": 10.0, "y": 40.0, "z": 5.0})
PEOPLE = pd.Series({"a": 100.0, "b": 20.0, "c": 7.0})


def test_a_residence_counts_the_places_of_all_it_reaches():
    assert active_opportunities(PAIRS, PLACES, HOMES).to_dict() == {"a": 50, "b": 40, "c": 0}


def test_a_facility_counts_the_people_of_all_who_reach_it():
    found = passive_opportunities(PAIRS, PEOPLE, FACILITIES)
    assert found.to_dict() == {"x": 100, "y": 120, "z": 0}


def test_what_is_unknown_adds_nothing():
    places = PLACES.mask(PLACES.index == "y")
    assert active_opportunities(PAIRS, places, HOMES).tolist() == [10, 0, 0]
    people = PEOPLE.mask(PEOPLE.index == "a")
    assert passive_opportunities(PAIRS, people, FACILITIES).tolist() == [0, 20, 0]


def test_gravity_weighs_places_by_time():
    found = gravity(PAIRS, PLACES, HOMES, load_decay("linear"))
    assert found.to_dict() == {"a": 10 * 0.5 + 40 * 0.25, "b": 40.0, "c": 0.0}


def test_gravity_without_decay_counts_places():
    found = gravity(PAIRS, PLACES, HOMES, load_decay("binary"))
    pd.testing.assert_series_equal(found, active_opportunities(PAIRS, PLACES, HOMES))


@pytest.mark.parametrize(("n", "times"), [(1, [300_000, 0, -1]), (2, [450_000, -1, -1])])
def test_the_time_to_the_nth_nearest_is_minus_1_where_fewer_are_in_reach(n, times):
    assert time_to_nth(PAIRS, HOMES, n).tolist() == times


def test_no_pairs_no_opportunities():
    none = PAIRS.iloc[:0]
    assert active_opportunities(none, PLACES, HOMES).tolist() == [0, 0, 0]
    assert passive_opportunities(none, PEOPLE, FACILITIES).tolist() == [0, 0, 0]
    assert time_to_nth(none, HOMES, 1).tolist() == [-1, -1, -1]


ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 9)), max_size=20)


@given(ROWS, st.integers(1, 4))
def test_the_nth_nearest_is_the_nth_of_all_times_sorted(rows, n):
    pairs = pd.DataFrame(rows, columns=["place", "facility", "milliseconds"])
    pairs = pairs.drop_duplicates(["place", "facility"])
    found = time_to_nth(pairs, pd.RangeIndex(5), n)
    for place in range(5):
        times = sorted(pairs.loc[pairs["place"] == place, "milliseconds"])
        assert found[place] == (times[n - 1] if len(times) >= n else -1)


@given(ROWS)
def test_people_times_places_in_reach_are_the_same_from_both_sides(rows):
    pairs = pd.DataFrame(rows, columns=["place", "facility", "milliseconds"])
    pairs = pairs.drop_duplicates(["place", "facility"])
    people, places = pd.Series(np.arange(5.0)), pd.Series([3.0, 0.0, 7.0, 2.0])
    active = active_opportunities(pairs, places, people.index)
    passive = passive_opportunities(pairs, people, places.index)
    assert (active * people).sum() == (passive * places).sum()
