"""Small counts are withheld, and no sum of what is told gives one back."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo.disclosure import BESIDE, FEWEST, SMALL, withhold

CELL = st.tuples(
    st.integers(0, 3), st.integers(0, 400), st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0]))
)


def table(cells):
    areas, people, share = zip(*cells, strict=True)
    people = np.array(people)
    return pd.DataFrame(
        {
            "area": [f"t{area}" for area in areas],
            "people": people.astype(float),
            "covered": np.rint(people * np.array(share)),
        }
    )


def small(values):
    return ((values > 0) & (values < FEWEST)).any()


def known(cells, at):
    """Give what everybody knows of a withheld cell: why it is, whole numbers, its people."""
    covered, people = cells["covered"].iloc[at], cells["people"].iloc[at]
    low, high = 0.0, people
    for count, sign in ((covered, 1), (people - covered, -1)):
        least = 1 if 0 < count < FEWEST else FEWEST if count >= FEWEST else 0
        most = FEWEST - 1 if 0 < count < FEWEST else people
        ends = (least, most) if sign > 0 else (people - most, people - least)
        low, high = max(low, ends[0]), min(high, ends[1])
    return low, high


def range_of(cells, told, at):
    """Give the least and greatest covered people of a cell that what is told allows.

    Worked out by linear programming over the withheld cells alone, from the totals that are told.
    """
    hidden = np.flatnonzero(told.cells != "")
    covered, areas = cells["covered"].to_numpy(), cells["area"].to_numpy()
    rows, sums = [], []
    for area in sorted(set(areas)):
        if area not in told.areas:
            own = areas[hidden] == area
            rows.append(own.astype(float))
            sums.append(covered[hidden][own].sum())
    if not told.total:
        rows.append(np.ones(hidden.size))
        sums.append(covered[hidden].sum())
    bounds = [known(cells, each) for each in hidden]
    target = (hidden == at).astype(float)
    equal = {"A_eq": np.array(rows), "b_eq": np.array(sums)} if rows else {}
    least = linprog(target, bounds=bounds, **equal)
    most = linprog(-target, bounds=bounds, **equal)
    assert least.success
    assert most.success
    return least.fun, -most.fun


@given(st.lists(CELL, min_size=1, max_size=14))
def test_what_is_told_holds_no_small_count(cells):
    cells = table(cells)
    told = withhold(cells)
    open_cells = cells[(told.cells == "").to_numpy()]
    rest = cells["people"] - cells["covered"]
    assert not small(open_cells["covered"])
    assert not small(rest[open_cells.index])
    assert not small(open_cells["people"])
    for area, own in cells.groupby("area"):
        if area not in told.areas:
            assert not small(own[["covered"]].sum())
            assert not small(rest[own.index].to_frame().sum())
    if not told.total:
        assert not small(cells[["covered"]].sum())


@given(st.lists(CELL, min_size=2, max_size=14))
def test_no_small_count_is_worked_back_from_the_others(cells):
    """Not even by who knows of each count whether it is small, and on which side."""
    cells = table(cells)
    told = withhold(cells)
    for at in np.flatnonzero(told.cells == SMALL):
        low, high = known(cells, at)
        least, most = range_of(cells, told, at)
        assert most - least >= min(1.0, (high - low) / 2) - 1e-6


def test_two_small_counts_beside_each_other_are_not_told_by_a_sum_that_only_they_can_make():
    """Four and four: whoever knows that both are at most four has them from the sum of eight."""
    cells = table([(0, 300, 4 / 300), (0, 400, 0.01), (0, 900, 0.5), (1, 800, 0.5)])
    assert cells["covered"].tolist() == [4, 4, 450, 400]
    assert withhold(cells).cells.tolist() == [SMALL, SMALL, BESIDE, ""]


def test_that_most_of_a_unit_are_covered_is_known():
    """By halves that are covered at least, and a sum of just these halves, both are known."""
    cells = table([(0, 6, 0.5), (0, 10, 0.5), (0, 900, 0.5), (1, 800, 0.5)])
    assert withhold(cells).cells.tolist()[:2] == [SMALL, BESIDE]
    halves = cells.assign(least=cells["people"] / 2)
    assert withhold(halves).cells.tolist()[:3] == [SMALL, BESIDE, BESIDE]


@given(st.lists(CELL, min_size=1, max_size=14))
def test_small_cells_say_so_and_others_beside_them(cells):
    cells = table(cells)
    told = withhold(cells)
    rest = cells["people"] - cells["covered"]
    is_small = pd.concat([cells["covered"], rest, cells["people"]], axis=1)
    is_small = ((is_small > 0) & (is_small < FEWEST)).any(axis=1)
    assert (told.cells == SMALL).tolist() == is_small.tolist()
    if not is_small.any():
        assert not (told.cells == BESIDE).any()
        assert not told.areas


def test_a_lone_small_count_takes_the_next_one_along():
    cells = table([(0, 300, 0.99), (0, 400, 0.5), (0, 900, 0.5), (1, 800, 0.5)])
    told = withhold(cells)
    assert told.cells.tolist() == [SMALL, BESIDE, "", ""]
    assert not told.areas
    assert not told.total


def test_a_township_of_one_unit_hides_its_total_and_another_townships():
    cells = table([(0, 300, 0.99), (1, 400, 0.5), (1, 500, 0.5), (2, 900, 0.5), (2, 950, 0.5)])
    told = withhold(cells)
    assert told.areas == {"t0", "t1"}
    assert not told.total
    assert told.cells.tolist() == [SMALL, BESIDE, "", "", ""]


def test_nobody_is_told_as_nobody():
    told = withhold(table([(0, 300, 0.0), (0, 400, 1.0), (1, 0, 0.0)]))
    assert told.cells.tolist() == ["", "", ""]
