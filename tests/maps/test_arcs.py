"""Areas taken apart into shared arcs and put together again, against shapely."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from maps.arcs import shared_arcs


def rebuilt(arcs):
    """Put the areas together again from their arcs."""
    ends = np.cumsum(arcs.counts)
    lines = [
        np.column_stack((arcs.x[end - n : end], arcs.y[end - n : end]))
        for n, end in zip(arcs.counts, ends, strict=True)
    ]
    refs, uses = iter(arcs.refs.tolist()), iter(arcs.uses.tolist())
    areas = []
    for rings in arcs.rings:
        parts = []
        for _ in range(rings):
            used = [next(refs) for _ in range(next(uses))]
            walked = [lines[ref] if ref >= 0 else lines[-1 - ref][::-1] for ref in used]
            for one, other in zip(walked, [*walked[1:], walked[0]], strict=True):
                assert one[-1].tolist() == other[0].tolist()
            parts.append(Polygon(np.concatenate(walked)))
        area = shapely.Polygon()
        for part in parts:  # even-odd, as it is drawn
            area = area.symmetric_difference(part)
        areas.append(area)
    return areas


def grid(columns, rows):
    return np.array([box(x, y, x + 1, y + 1) for x in range(columns) for y in range(rows)])


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_any_division_of_a_grid_comes_back_as_it_was(columns, rows, data):
    cells = grid(columns, rows)
    owner = np.array(
        data.draw(st.lists(st.integers(0, 3), min_size=len(cells), max_size=len(cells)))
    )
    areas = np.array([shapely.union_all(cells[owner == each]) for each in np.unique(owner)])
    for was, now in zip(areas, rebuilt(shared_arcs(areas)), strict=True):
        assert was.symmetric_difference(now).area == 0


def test_a_shared_border_is_kept_once():
    arcs = shared_arcs(grid(2, 1))
    assert len(arcs.counts) == 3
    used = [ref if ref >= 0 else -1 - ref for ref in arcs.refs]
    assert sorted(np.bincount(used)) == [1, 1, 2]


def test_a_hole_and_what_fills_it_share_their_ring():
    lake = box(2, 2, 4, 4)
    land = box(0, 0, 9, 9).difference(lake)
    arcs = shared_arcs(np.array([land, lake]))
    assert len(arcs.counts) == 2
    assert arcs.rings.tolist() == [2, 1]


def test_three_hundred_islands_are_one_area():
    islands = MultiPolygon([box(3 * n, 0, 3 * n + 1, 1) for n in range(300)])
    arcs = shared_arcs(np.array([islands]))
    assert arcs.rings.tolist() == [300]
    assert rebuilt(arcs)[0].equals(islands)


def test_an_area_smaller_than_a_step_and_none_at_all_have_no_rings():
    dot = box(0.1, 0.1, 0.2, 0.2)
    assert shared_arcs(np.array([dot, Polygon(), box(0, 0, 2, 2)])).rings.tolist() == [0, 0, 1]


def test_no_areas_are_no_arcs():
    arcs = shared_arcs(np.array([], dtype=object))
    assert arcs.counts.size == arcs.refs.size == arcs.rings.size == 0


@pytest.mark.parametrize("spike", [Polygon([(0, 0), (4, 0), (4, 4), (4, 0), (0, 0)])])
def test_an_area_without_breadth_still_closes(spike):
    assert rebuilt(shared_arcs(np.array([spike])))[0].area == 0
