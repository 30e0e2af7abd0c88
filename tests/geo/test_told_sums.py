"""Sums of withheld counts are told as long as none can be known from them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.told_sums import ToldSums

COUNTS = (3.0, 40.0, 60.0, 50.0)


def sums(guarded=(0,)):
    """Give four withheld counts, of which the first is small and may not be known."""
    found = ToldSums(np.array(COUNTS), np.array([1.0, 5, 5, 5]), np.array([4.0, 200, 200, 200]))
    for cell in guarded:
        found.guard([cell])
    return found


def test_a_sum_of_several_is_told_and_what_would_give_the_difference_is_not():
    told = sums()
    assert told.may_tell([0, 1, 2])
    assert not told.may_tell([1, 2])
    assert told.may_tell([2, 3])


def test_a_count_may_not_be_told_itself_and_nothing_else_is_kept_from_it():
    told = sums()
    assert not told.may_tell([0])
    assert told.may_tell([1])
    assert told.may_tell([])


def test_three_sums_that_only_together_give_it_away_are_not_all_told():
    told = sums()
    assert told.may_tell([0, 1, 2])
    assert told.may_tell([1, 3])
    assert not told.may_tell([2, 3]) or not told.may_tell([3])


def test_a_sum_that_may_not_be_known_itself_is_guarded():
    told = ToldSums(np.array([3.0, 0, 40]), np.array([0.0, 0, 5]), np.array([90.0, 90, 90]))
    told.guard([0, 1])
    told.tell([0, 1, 2])
    assert not told.may_tell([2])


@given(st.lists(st.sets(st.integers(0, 3), min_size=1), max_size=6))
def test_the_small_count_is_never_the_only_solution_of_what_is_told(asked):
    """Move along every direction that leaves all told sums: the small count must have room."""
    told = sums()
    kept = [cells for cells in asked if told.may_tell(cells)]
    rows = np.array([[float(at in cells) for at in range(4)] for cells in kept]).reshape(-1, 4)
    free = np.linalg.svd(rows)[2][np.linalg.matrix_rank(rows) if len(rows) else 0 :]
    assert np.abs(free[:, 0]).max() > 1e-9
