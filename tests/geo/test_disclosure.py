"""Small counts are withheld, and no sum of what is told gives one back."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo.disclosure import BESIDE, FEWEST, SMALL, gives_away, withhold

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


def range_of(cells, told, at):
    """Give the least and greatest covered people of a cell that what is told allows.

    Worked out by linear programming over the withheld cells alone, from the totals that are told.
    """
    hidden = np.flatnonzero(told.cells != "")
    people, covered = cells["people"].to_numpy(), cells["covered"].to_numpy()
    areas = cells["area"].to_numpy()
    rows, sums = [], []
    for area in sorted(set(areas)):
        if area not in told.areas:
            own = areas[hidden] == area
            rows.append(own.astype(float))
            sums.append(covered[hidden][own].sum())
    if not told.total:
        rows.append(np.ones(hidden.size))
        sums.append(covered[hidden].sum())
    bounds = [(0, people[each]) for each in hidden]
    target = (hidden == at).astype(float)
    equal = {"A_eq": np.array(rows), "b_eq": np.array(sums)} if rows else {}
    least = linprog(target, bounds=bounds, **equal)
    most = linprog(-target, bounds=bounds, **equal)
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
def test_no_withheld_count_is_worked_back_from_the_others(cells):
    cells = table(cells)
    told = withhold(cells)
    for at in np.flatnonzero(told.cells == SMALL):
        if cells["people"].iloc[at] > 1:
            least, most = range_of(cells, told, at)
            assert most - least >= 1 - 1e-6


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


def test_a_sum_over_one_withheld_cell_gives_it_away():
    cells = table([(0, 300, 0.99), (0, 400, 0.5), (0, 900, 0.5)])
    assert gives_away(cells, np.array([True, False, False]))
    assert not gives_away(cells, np.array([True, True, False]))
    assert not gives_away(cells, np.array([False, False, False]))
