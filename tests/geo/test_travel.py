"""The nearest facility along streets and in straight lines, on lines one can follow by eye.

On foot 1 m of street takes 600 ms and 1 m off it 1200 ms.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.speed import straight_milliseconds
from layers.project import Rules
from tests.oracle import Oracle
from tests.random_town import random_area
from tests.town import EAST, NORTH, street, streets_frame
from tests.town_settings import town_drive, town_walk
from tests.turned import turned_round

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.travel import Nearest
    from layers.project import Mode

WALK, DRIVE = town_walk(), town_drive()
RULES = Rules()
STREETS_ALONE = replace(RULES, direct_metres=0.0)
LONG = street("long", (0, 0), (500, 0), (1000, 0), (5000, 0))

Spot = tuple[float, float]

towns = st.integers(0, 2**32 - 1)


def points(spots: list[Spot]) -> tuple[np.ndarray, np.ndarray]:
    """Give spots of the town in metres of its CRS."""
    x, y = np.array(spots, dtype=np.float64).reshape(-1, 2).T
    return EAST + x, NORTH + y


def nearest(
    homes: list[Spot],
    services: list[Spot],
    *rows: dict[str, object],
    mode: Mode = WALK,
    rules: Rules = RULES,
) -> Nearest:
    """Find the nearest service of every home on some streets."""
    network = geo.build_network(streets_frame(list(rows or [LONG])), mode)
    here, there = (geo.attach(network, *points(side), rules) for side in (homes, services))
    travel = geo.NetworkTravel(network, here, there, rules)
    return travel.nearest(np.arange(len(services)))


def straight(homes: list[Spot], services: list[Spot], rules: Rules = RULES) -> Nearest:
    """Find the nearest service of every home in straight lines at 3 km/h."""
    travel = geo.StraightTravel(points(homes), points(services), kmh=3.0, rules=rules)
    return travel.nearest(np.arange(len(services)))


def answers(found: Nearest) -> list[tuple[int, int, float]]:
    """Give milliseconds, facility and metres of every place; no metres are -1."""
    metres = np.nan_to_num(found.metres, nan=-1.0).round(6)
    return list(
        zip(found.milliseconds.tolist(), found.facility.tolist(), metres.tolist(), strict=True)
    )


NOWHERE = (-1, -1, -1.0)


def test_without_facilities_there_is_nowhere_to_go() -> None:
    assert answers(nearest([(10, 0)], [])) == [NOWHERE]
    assert answers(straight([(10, 0)], [])) == [NOWHERE]


def test_without_places_there_is_nothing_to_tell() -> None:
    assert answers(nearest([], [(10, 0)])) == answers(straight([], [(10, 0)])) == []


def test_a_facility_off_the_network_is_reached_by_nobody_who_is_not_beside_it() -> None:
    away = (1000.0, 900.0)
    found = nearest([(1000, 0), (1000, 849.99), (1000, 849.9)], [away])
    assert answers(found) == [NOWHERE, NOWHERE, NOWHERE]
    found = nearest([(1000, 850), (1030, 860)], [away])
    assert answers(found) == [(60_000, 0, 50.0), (60_000, 0, 50.0)]


def test_the_same_point_is_no_way_even_off_the_network() -> None:
    spots = [(1000.0, 900.0), (400.0, 30.0), (70.0, 0.0)]
    assert answers(nearest(spots, spots)) == [(0, row, 0.0) for row in range(3)]
    alone = nearest(spots, spots, rules=STREETS_ALONE)
    assert answers(alone) == [(0, row, 0.0) for row in range(3)]
    assert answers(straight(spots, spots)) == [(0, row, 0.0) for row in range(3)]


def test_neighbours_walk_straight_up_to_the_limit_and_along_the_street_beyond() -> None:
    # across the street 50 m are 60 s; 50.01 m are out to the street and in again, the same way
    assert answers(nearest([(10, 25)], [(10, -25)])) == [(60_000, 0, 50.0)]
    # on one side, 30 m from the street: straight, or 30 + 50 + 30 m
    assert answers(nearest([(10, 30)], [(60, 30)])) == [(60_000, 0, 50.0)]
    assert answers(nearest([(10, 30)], [(60.01, 30)])) == [(36_000 + 30_006 + 36_000, 0, 110.01)]


def test_the_street_is_taken_where_it_is_quicker_than_straight() -> None:
    assert answers(nearest([(10, 0)], [(50, 0)])) == [(24_000, 0, 40.0)]


def test_many_on_one_street_find_their_nearest_along_it() -> None:
    homes, services = [(float(x), 0.0) for x in range(5, 5000, 97)], [100.0, 900.0, 4000.0]
    found = nearest(homes, [(x, 0.0) for x in services], rules=STREETS_ALONE)
    apart = np.abs(np.subtract.outer([x for x, _ in homes], services))
    assert found.facility.tolist() == apart.argmin(axis=1).tolist()
    assert found.milliseconds.tolist() == (apart.min(axis=1) * 600).tolist()
    assert found.metres.tolist() == apart.min(axis=1).tolist()


def test_of_equally_early_facilities_the_first_row_is_taken() -> None:
    for services in ([(0.0, 0.0), (200.0, 0.0)], [(200.0, 0.0), (0.0, 0.0)]):
        assert answers(nearest([(100, 0)], services)) == [(60_000, 0, 100.0)]
        assert answers(straight([(100, 0)], services)) == [(156_000, 0, 130.0)]


def test_a_one_way_street_leads_round_even_between_two_on_it() -> None:
    loop = [
        street("there", (0, 0), (100, 0), oneway=1),
        street("back", (100, 0), (100, 100), (0, 100), (0, 0), oneway=1),
    ]
    # 20 m along it, or 380 m round; 30 km/h is 120 ms a metre
    assert answers(nearest([(30, 0)], [(50, 0)], *loop, mode=DRIVE, rules=STREETS_ALONE)) == [
        (2400, 0, 20.0)
    ]
    assert answers(nearest([(50, 0)], [(30, 0)], *loop, mode=DRIVE, rules=STREETS_ALONE)) == [
        (380 * 120, 0, 380.0)
    ]


@pytest.mark.parametrize("oneway", [1, -1])
def test_between_two_on_a_one_way_street_there_is_one_way(oneway: int) -> None:
    row = street("a", (0, 0), (500, 0), oneway=oneway)
    spots = [(100.0, 0.0), (300.0, 0.0)][::oneway]
    there, back = (
        nearest([one], [two], row, mode=DRIVE, rules=STREETS_ALONE)
        for one, two in (spots, spots[::-1])
    )
    assert answers(there) == [(24_000, 0, 200.0)]
    assert answers(back) == [NOWHERE]


def test_a_dead_end_one_way_street_is_left_by_nobody() -> None:
    rows = [LONG, street("in", (1000, 0), (1000, 300), oneway=1)]
    there = nearest([(900, 0)], [(1000, 300)], *rows, mode=DRIVE)
    assert answers(there) == [(400 * 120, 0, 400.0)]
    assert answers(nearest([(1000, 300)], [(900, 0)], *rows, mode=DRIVE)) == [NOWHERE]


@pytest.mark.parametrize("far", [1000.0, 1000.01])
def test_the_search_ends_at_its_minutes_inclusive(far: float) -> None:
    rules = replace(RULES, search_minutes=10.0, detour_factor=1.0)
    reached = far == 1000.0
    one_arc = nearest([(0, 0)], [(far, 0)], rules=rules)
    junction = street("side", (500, 0), (500, 9))
    nodes = nearest([(0, 0)], [(far, 0)], LONG, junction, rules=rules)
    line = straight([(0, 0)], [(far / 2, 0)], rules)
    for found, metres in ((one_arc, far), (nodes, far), (line, far / 2)):
        assert answers(found) == [(600_000, 0, metres) if reached else NOWHERE]


def test_only_the_rows_asked_for_are_offered() -> None:
    network = geo.build_network(streets_frame([LONG]), WALK)
    here, there = (
        geo.attach(network, *points(side), RULES)
        for side in ([(0.0, 0.0)], [(9.0, 0.0), (500.0, 0.0), (300.0, 0.0)])
    )
    travel = geo.NetworkTravel(network, here, there, RULES)
    assert travel.nearest(np.array([1, 2])).facility.tolist() == [2]
    assert travel.nearest(np.array([1])).facility.tolist() == [1]


@given(towns)
def test_straight_lines_are_those_of_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    here, there = rng.uniform(0, 9000, (30, 2)).round(2), rng.uniform(0, 9000, (7, 2)).round(2)
    there[3] = there[1]  # two at one place
    rules = replace(RULES, search_minutes=60.0)
    apart = shapely.distance(np.array(shapely.points(here))[:, None], shapely.points(there))
    metres = np.asarray(apart).round(6) * rules.detour_factor
    times = straight_milliseconds(metres, 3.0)
    at, first = np.arange(30), times.argmin(axis=1)
    expected = [
        (time, row, length) if time <= 3_600_000 else NOWHERE
        for time, row, length in zip(
            times[at, first], first, metres[at, first].round(6), strict=True
        )
    ]
    homes, services = (list(map(tuple, side.tolist())) for side in (here, there))
    assert answers(straight(homes, services, rules)) == expected
    assert 3 not in first


@given(towns, st.sampled_from([WALK, DRIVE]))
def test_on_flat_streets_of_one_speed_time_is_length(seed: int, mode: Mode) -> None:
    area = random_area(np.random.default_rng(seed), ["c"] * 3)
    sides = area.residences.geometry, area.facilities.geometry
    streets: gpd.GeoDataFrame = area.streets
    network = geo.build_network(streets, mode)
    here, there = (
        geo.attach(network, side.x.to_numpy(), side.y.to_numpy(), STREETS_ALONE) for side in sides
    )
    found = geo.NetworkTravel(network, here, there, STREETS_ALONE).nearest(np.arange(3))
    ok = np.flatnonzero(found.milliseconds >= 0)
    access = here.access_metres[ok] + there.access_metres[found.facility[ok]]
    kmh = mode.classes["residential"].kmh
    expected = (found.metres[ok] - access) * 3600 / kmh + access * 1200
    np.testing.assert_allclose(found.milliseconds[ok], expected, atol=12)


@given(towns, st.sampled_from([WALK, DRIVE]))
def test_the_way_back_is_the_way_there_on_streets_turned_round(seed: int, mode: Mode) -> None:
    area = random_area(np.random.default_rng(seed), ["c"], sloped=True)
    streets: gpd.GeoDataFrame = area.streets
    turned = turned_round(streets)
    home, service = area.residences.geometry.iloc[:1], area.facilities.geometry.iloc[:1]
    expected = Oracle(streets, mode, RULES).milliseconds(service, home)[0, 0]
    network = geo.build_network(turned, mode)
    here, there = (
        geo.attach(network, side.x.to_numpy(), side.y.to_numpy(), RULES) for side in (home, service)
    )
    found = geo.NetworkTravel(network, here, there, RULES).nearest(np.array([0])).milliseconds[0]
    assert (np.inf if found < 0 else found) == pytest.approx(expected, abs=10)
