"""Many to many: the ways between places and facilities, against the oracle and the nearest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geo
from geo import kernels, kernels_scipy
from geo.pairs import Pairs, put_together
from tests.oracle import Oracle
from tests.random_town import ALL_RULES, SIDE, random_area, town_of, towns, travel, ways
from tests.town import EAST, NORTH, street, streets_frame
from tests.town_settings import town_walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.project import Mode

FAR = 24 * 3_600_000
FACILITIES = 5
Row = tuple[int, int, int, int]


def rows_of(pairs: Pairs) -> list[Row]:
    """Give pairs as rows: place, facility, milliseconds, micrometres."""
    columns = (column.tolist() for column in vars(pairs).values())
    return list(zip(*columns, strict=True))


def town_travel(seed: int, mode: Mode) -> geo.NetworkTravel:
    """Join six homes and five facilities, two of them at one place, to a hilly town's streets."""
    area = random_area(np.random.default_rng(seed), ["c"] * FACILITIES, sloped=True)
    facilities = area.facilities.geometry.copy()
    facilities.iloc[1] = facilities.iloc[0]
    return travel(area.streets, mode, ALL_RULES, area.residences.geometry, facilities)


def straight_travel(seed: int) -> geo.StraightTravel:
    """Put ten places and five facilities down, two of them at one place, without streets."""
    rng = np.random.default_rng(seed)
    here, there = rng.uniform(0, 500, (2, 10)).round(2), rng.uniform(0, 500, (2, 5)).round(2)
    there[:, 1] = there[:, 0]
    x, y = here
    return geo.StraightTravel((x, y), (there[0], there[1]), kmh=3.0, rules=ALL_RULES)


def nearest_of_pairs(pairs: Pairs, places: int) -> NDArray[np.int64]:
    """Give each place's earliest facility among its pairs: time, row, length; -1 if none."""
    found = np.full((places, 3), -1)
    for place, facility, ms, um in sorted(rows_of(pairs), key=lambda row: (row[2], row[1])):
        if found[place, 0] < 0:
            found[place] = ms, facility, um
    return found


@given(towns, ways)
def test_the_least_of_a_place_s_pairs_is_its_nearest(seed: int, mode: Mode) -> None:
    for asked in (town_travel(seed, mode), straight_travel(seed)):
        limit = round(ALL_RULES.search_minutes * 60_000)
        rows = np.arange(FACILITIES)
        pairs, nearest = asked.pairs(rows, limit_ms=limit), asked.nearest(rows)
        length = np.where(nearest.facility < 0, -1, nearest.metres * 1e6)
        expected = np.column_stack((nearest.milliseconds, nearest.facility, np.rint(length)))
        assert nearest_of_pairs(pairs, expected.shape[0]).tolist() == expected.tolist()


@settings(max_examples=40)
@given(towns, ways)
def test_the_time_of_every_pair_is_the_oracle_s(seed: int, mode: Mode) -> None:
    area = town_of(seed, sloped=True)
    sides = area.residences.geometry, area.facilities.geometry
    expected = Oracle(area.streets, mode, ALL_RULES).milliseconds(*sides)
    pairs = travel(area.streets, mode, ALL_RULES, *sides).pairs(np.arange(3), limit_ms=FAR)
    found = np.full(expected.shape, np.inf)
    found[pairs.place, pairs.facility] = pairs.milliseconds
    # half a millisecond for each arc between junctions, access leg and part of an arc
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.5 * (SIDE * SIDE + 4))


@given(towns, ways, st.integers(0, 300_000))
def test_searched_from_either_side_the_pairs_are_the_same(
    seed: int, mode: Mode, limit: int
) -> None:
    asked = town_travel(seed, mode)
    rows = np.arange(FACILITIES)
    from_facilities = rows_of(asked.pairs(rows[:2], limit_ms=limit))
    from_places = []
    for place in range(asked.places.x.size):
        alone = geo.NetworkTravel(
            asked.network, asked.places.take(np.array([place])), asked.facilities, ALL_RULES
        )
        found = rows_of(alone.pairs(rows, limit_ms=limit))
        from_places += [(place, *row[1:]) for row in found if row[1] < 2]
    assert from_facilities == from_places


@given(towns, ways)
def test_a_limit_keeps_exactly_what_lies_within_it(seed: int, mode: Mode) -> None:
    for asked in (town_travel(seed, mode), straight_travel(seed)):
        every = rows_of(asked.pairs(np.arange(FACILITIES), limit_ms=FAR))
        for limit in {ms + more for _, _, ms, _ in every for more in (-1, 0)}:
            within = rows_of(asked.pairs(np.arange(FACILITIES), limit_ms=limit))
            assert within == [row for row in every if row[2] <= limit]


@given(towns, ways, st.integers(0, 300_000))
def test_batches_of_origins_and_compiled_code_change_nothing(
    seed: int, mode: Mode, limit: int
) -> None:
    asked, rows = town_travel(seed, mode), np.arange(FACILITIES)
    whole = rows_of(asked.pairs(rows, limit_ms=limit))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels_scipy, "_FIRST_BATCH", 1)
        patch.setattr(kernels_scipy, "_ROWS", 1)
        assert rows_of(asked.pairs(rows, limit_ms=limit)) == whole
        patch.setattr(kernels, "_LARGE", 0)
        assert rows_of(asked.pairs(rows, limit_ms=limit)) == whole


def test_a_facility_s_rows_are_those_asked_for_and_none_give_none() -> None:
    network = geo.build_network(
        streets_frame([street("long", (0, 0), (500, 0), (1000, 0))]), town_walk()
    )
    rules = replace(ALL_RULES, direct_metres=0.0)
    here, there = (
        geo.attach(network, EAST + np.array(x), np.full(len(x), float(NORTH)), rules)
        for x in ([0.0, 100.0], [900.0, 200.0, 300.0])
    )
    asked = geo.NetworkTravel(network, here, there, rules)
    # 1 m of street takes 600 ms
    assert rows_of(asked.pairs(np.array([2, 1]), limit_ms=120_000)) == [
        (0, 1, 120_000, 200_000_000),
        (1, 1, 60_000, 100_000_000),
        (1, 2, 120_000, 200_000_000),
    ]
    assert rows_of(asked.pairs(np.array([0]), limit_ms=120_000)) == []
    assert rows_of(asked.pairs(np.array([], dtype=np.int64), limit_ms=FAR)) == []


def test_pairs_come_by_place_and_keep_the_order_they_had_there() -> None:
    columns = np.array([[2, 7, 1, 1], [0, 9, 2, 2], [2, 3, 3, 3], [0, 4, 4, 4]]).T
    by_place = [(0, 9, 2, 2), (0, 4, 4, 4), (2, 7, 1, 1), (2, 3, 3, 3)]
    assert rows_of(Pairs(*columns).by_place()) == by_place
    nothing = put_together([])
    assert nothing.by_place() is nothing
