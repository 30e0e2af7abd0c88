"""A figure with what the missing data leave open."""

from math import isnan, nan

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.figure import Figure, share
from layers.indicators import Target


def tally(*rows):
    """Make a tally of (of, yes), yes None where unknown."""
    return pd.DataFrame(
        {
            "of": [float(of) for of, _ in rows],
            "yes": [0.0 if yes is None else float(yes) for _, yes in rows],
            "unknown": [yes is None for _, yes in rows],
        }
    ).assign(unknown=lambda frame: frame["unknown"].astype(bool), capped=True)


def test_the_unknown_is_counted_apart_and_opens_the_range():
    found = share(tally((1, 1), (1, 0), (1, 1), (1, None)))
    assert found == Figure(2.0, 3.0, low=0.5, high=0.75, unknown=1)
    assert found.value == pytest.approx(2 / 3)


def test_a_ledgers_share_is_of_all_and_its_unknown_is_not_counted_as_there():
    found = share(tally((1, 1), (1, 0), (1, None), (1, None)), of_all=True)
    assert (found.value, found.low, found.high, found.unknown) == (0.25, 0.25, 0.75, 2)


def test_at_most_so_many_of_the_unknown_can_pass_and_those_with_most_weight():
    found = share(tally((5, 5), (3, None), (2, None)), of_all=True, at_most=1)
    assert (found.value, found.low, found.high, found.unknown) == (0.5, 0.5, 0.8, 1)


def test_what_is_unknown_for_another_cause_is_not_held_to_so_many():
    mixed = tally((1, 1), (1, None), (1, None), (1, None)).assign(capped=[True, True, True, False])
    found = share(mixed, of_all=True, at_most=1)
    assert (found.low, found.high, found.unknown) == (0.25, 0.75, 2)


def test_a_share_of_nothing_is_missing_never_0_or_1():
    for found in (share(tally()), share(tally((0, 0)))):
        assert isnan(found.value)
        assert isnan(found.low)
        assert isnan(found.high)


def test_all_unknown_gives_no_value_and_the_whole_range():
    found = share(tally((1, None)))
    assert isnan(found.value)
    assert (found.low, found.high, found.unknown) == (0.0, 1.0, 1)


def test_what_cannot_be_weighed_leaves_a_value_without_a_range():
    found = share(tally((4, 2), (nan, 0)))
    assert (found.value, found.unknown) == (0.5, 1)
    assert isnan(found.low)
    assert isnan(found.high)


@pytest.mark.parametrize(
    ("low", "high", "comparison", "met"),
    [
        (0.8, 0.9, ">=", True),
        (0.8, 0.9, ">", None),
        (0.1, 0.79, ">=", False),
        (0.7, 0.9, ">=", None),
        (0.7, 0.8, "<=", True),
        (0.7, 0.8, "<", None),
        (0.9, 1.0, "<=", False),
        (0.8, nan, ">=", True),
        (0.1, nan, ">=", None),
        (nan, 0.1, ">=", False),
        (nan, nan, ">=", None),
        (nan, 0.1, "<=", True),
        (0.9, nan, "<", False),
    ],
)
def test_a_target_is_met_or_missed_only_where_the_whole_range_agrees(low, high, comparison, met):
    assert Figure(1.0, 1.0, low, high).met(Target(0.8, comparison)) is met


def test_without_a_target_nothing_is_met():
    assert Figure(1.0, 1.0, 1.0, 1.0).met(None) is None


ROWS = st.lists(st.tuples(st.integers(0, 50), st.sampled_from([0, 1, None])), max_size=12)


@given(ROWS, st.data())
def test_whatever_the_unknown_turn_out_to_be_the_share_lies_within_the_range(rows, data):
    rows = [(of, None if yes is None else of * yes) for of, yes in rows]
    before = share(tally(*rows))
    told = [(of, data.draw(st.integers(0, of)) if yes is None else yes) for of, yes in rows]
    after = share(tally(*told))
    assert after.unknown == 0
    if not isnan(after.value):
        assert before.low - 1e-12 <= after.value <= before.high + 1e-12


@given(ROWS)
def test_the_value_lies_within_the_range_and_is_the_range_where_all_is_known(rows):
    rows = [(of, None if yes is None else of * yes) for of, yes in rows]
    found = share(tally(*rows))
    if not isnan(found.value):
        assert found.low <= found.value <= found.high
    if found.unknown == 0 and not isnan(found.value):
        assert found.low == found.value == found.high
