"""Laws of travel time, on small random towns."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import example, given, settings
from shapely import LineString, Point

import geo
from tests.oracle import Oracle
from tests.random_town import (
    ALL_RULES,
    DRIVE,
    SIDE,
    STREETS_ALONE,
    WALK,
    milliseconds,
    town_of,
    towns,
    travel,
    ways,
)
from tests.town import streets_frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.project import Mode, Rules


def between_homes(seed: int, rules: Rules) -> NDArray[np.float64]:
    """Give the times between all residences of a flat town on foot."""
    area = town_of(seed)
    return milliseconds(
        area.streets, WALK, rules, area.residences.geometry, area.residences.geometry
    )


@given(towns)
def test_two_way_flat_streets_take_as_long_there_as_back(seed: int) -> None:
    times = between_homes(seed, ALL_RULES)
    np.testing.assert_array_equal(times, times.T)


@given(towns)
def test_the_way_to_oneself_takes_no_time(seed: int) -> None:
    assert (np.diag(between_homes(seed, STREETS_ALONE)) == 0).all()


@given(towns)
def test_a_way_through_a_third_place_is_never_quicker(seed: int) -> None:
    # no slack: whole milliseconds of arcs, of their parts and of access legs add up exactly
    times = between_homes(seed, STREETS_ALONE)
    through = times[:, :, None] + times[None, :, :]  # from, by way of, to
    assert (times[:, None, :] <= through).all()


@settings(max_examples=60)
@given(towns, ways)
@example(295, DRIVE)  # a home at the corner where a bent one-way street begins
@example(349, DRIVE)  # a facility at the corner where one ends
def test_every_time_is_the_oracle_s(seed: int, mode: Mode) -> None:
    area = town_of(seed, sloped=True)
    sides = area.residences.geometry, area.facilities.geometry
    expected = Oracle(area.streets, mode, ALL_RULES).milliseconds(*sides)
    # half a millisecond for each arc between junctions, access leg and part of an arc
    bound = 0.5 * (SIDE * SIDE + 4)
    found = milliseconds(area.streets, mode, ALL_RULES, *sides)
    np.testing.assert_allclose(found, expected, rtol=0, atol=bound)


@given(towns, ways)
def test_places_join_the_network_where_the_oracle_joins_them(seed: int, mode: Mode) -> None:
    area = town_of(seed)
    homes = area.residences.geometry
    expected = Oracle(area.streets, mode, ALL_RULES).attach(homes)
    joins = geo.attach(
        geo.build_network(area.streets, mode), homes.x.to_numpy(), homes.y.to_numpy(), ALL_RULES
    )
    assert joins.status().tolist() == expected["status"].tolist()
    np.testing.assert_allclose(joins.access_metres, expected["metres"], atol=1e-6)


@given(towns, ways)
def test_one_facility_more_makes_nobody_later(seed: int, mode: Mode) -> None:
    area = town_of(seed, sloped=True)
    sides = area.residences.geometry, area.facilities.geometry
    asked = travel(area.streets, mode, ALL_RULES, *sides)
    fewer, more = (asked.nearest(np.arange(count)).milliseconds for count in (2, 3))
    assert (more[fewer >= 0] >= 0).all()
    assert (more[fewer >= 0] <= fewer[fewer >= 0]).all()


@given(towns, ways)
def test_the_nearest_of_some_is_the_least_of_each(seed: int, mode: Mode) -> None:
    area = town_of(seed, sloped=True)
    sides = area.residences.geometry, area.facilities.geometry
    each = milliseconds(area.streets, mode, ALL_RULES, *sides)
    nearest = travel(area.streets, mode, ALL_RULES, *sides).nearest(np.arange(3)).milliseconds
    np.testing.assert_array_equal(np.where(nearest < 0, np.inf, nearest), each.min(axis=1))


@pytest.mark.parametrize("names", list(permutations("abc")))
def test_a_place_at_a_corner_may_use_every_street_that_meets_there(names: tuple[str, ...]) -> None:
    # 100 m each: one way in from the west, one way out to the north, both ways to the east
    corner, west, north, east = Point(0, 0), Point(-100, 0), Point(0, 100), Point(100, 0)
    lines = LineString([west, corner]), LineString([corner, north]), LineString([corner, east])
    streets = streets_frame(
        [
            {"street_id": name, "class": "residential", "oneway": way, "geometry": line}
            for name, way, line in zip(names, (1, 1, 0), lines, strict=True)
        ]
    )
    homes, facilities = gpd.GeoSeries([west, corner]), gpd.GeoSeries([corner, north, east])
    times = milliseconds(streets, DRIVE, STREETS_ALONE, homes, facilities)
    assert times.tolist() == [[12_000, 24_000, 24_000], [0, 12_000, 12_000]]
