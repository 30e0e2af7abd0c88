"""Which streets a mode may use, and how fast: every rule on one small table of streets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.speed import (
    may_step_on,
    nanoseconds,
    slope_factor,
    straight_milliseconds,
    street_kmh,
    travel_kmh,
    usable,
    whole_milliseconds,
)
from layers.catalogue import load_modes
from layers.project import SlopeCurve, StreetRule
from tests.oracle import CURVES
from tests.town import street, streets_frame
from tests.town_settings import TOBLER, town_bike, town_drive, town_walk

if TYPE_CHECKING:
    from layers.project import Mode

WALK, BIKE, DRIVE = town_walk(), town_bike(), town_drive()
CATALOGUE = load_modes()
slopes = st.floats(-3, 3)


def kmh(mode: Mode, **values: Any) -> float:
    """Give the speed on one street with these attributes."""
    return float(street_kmh(streets_frame([street("s", (0, 0), (9, 0), **values)]), mode)[0])


def both_ways(mode: Mode, slope: float = 0.0, **values: Any) -> tuple[float, float]:
    """Give the speed along and against one street of a slope; 0 where it is closed."""
    streets = streets_frame([street("s", (0, 0), (9, 0), **values)])
    one = np.array([0]), np.array([slope])
    along, against = (
        np.nan_to_num(travel_kmh(streets, mode, *one, against=way))[0] for way in (False, True)
    )
    assert usable(streets, mode).tolist() == [bool(along or against)]
    return float(along), float(against)


def test_a_class_that_is_not_listed_is_closed() -> None:
    assert np.isnan(kmh(WALK, **{"class": "motorway"}))
    assert kmh(WALK) == 6.0


def test_the_most_particular_tag_that_is_filled_decides() -> None:
    assert np.isnan(kmh(WALK, access="private"))
    assert kmh(WALK, access="private", foot="yes") == 6.0
    assert np.isnan(kmh(WALK, access="yes", foot="no"))
    # another mode's tag says nothing
    assert kmh(WALK, motor_vehicle="no") == 6.0


def test_a_granted_value_opens_a_class_that_is_not_listed() -> None:
    assert kmh(DRIVE, **{"class": "footway"}, motor_vehicle="yes") == 10.0
    # a word that neither grants nor denies leaves the class to decide
    assert np.isnan(kmh(DRIVE, **{"class": "footway"}, motor_vehicle="permit"))


def test_a_granted_value_keeps_the_speed_of_a_listed_class() -> None:
    assert kmh(DRIVE, motor_vehicle="yes") == 30.0


def test_a_closed_class_is_never_opened() -> None:
    closed = replace(DRIVE, closed=frozenset({"footway"}))
    assert np.isnan(kmh(closed, **{"class": "footway"}, motor_vehicle="yes"))


def test_a_posted_speed_counts_where_the_mode_heeds_it() -> None:
    assert kmh(DRIVE, speed_kmh=50.0) == 50.0
    assert kmh(WALK, speed_kmh=50.0) == 6.0
    # nobody posts a standstill
    assert kmh(DRIVE, speed_kmh=0.0) == 30.0
    # a posted speed opens nothing
    assert np.isnan(kmh(DRIVE, **{"class": "footway"}, speed_kmh=50.0))


def test_no_speed_exceeds_the_mode_s_greatest() -> None:
    assert kmh(DRIVE, speed_kmh=130.0) == 90.0
    hasty = replace(DRIVE, classes={"residential": StreetRule(120.0, "law")}, granted_kmh=100.0)
    assert kmh(hasty) == 90.0
    assert kmh(hasty, **{"class": "footway"}, motor_vehicle="yes") == 90.0


def test_nobody_steps_on_motorways_bridges_and_tunnels() -> None:
    rows = [
        street("a", (0, 0), (9, 0)),
        street("b", (0, 0), (9, 0), **{"class": "motorway"}),
        street("c", (0, 0), (9, 0), bridge=True),
        street("d", (0, 0), (9, 0), tunnel=True),
    ]
    assert may_step_on(streets_frame(rows), DRIVE).tolist() == [True, False, False, False]


def test_slopes_are_tobler_s() -> None:
    # Tobler 1993: W = 6 exp(-3.5 |S + 0.05|), here over its value on the flat
    slopes = np.array([-0.5, -0.3, -0.05, 0.0, 0.1, 0.5])
    tobler = np.exp(-3.5 * np.abs(slopes + 0.05)) / np.exp(-3.5 * 0.05)
    np.testing.assert_allclose(slope_factor(slopes, TOBLER), tobler)
    assert slope_factor(np.array([0.0]), TOBLER)[0] == 1.0


def test_a_curve_of_knots_is_straight_between_them_and_level_beyond() -> None:
    curve = SlopeCurve("bends", "here", knots=((-0.1, 0.5), (0.0, 1.0), (0.2, 0.2)))
    found = slope_factor(np.array([-0.3, -0.1, -0.05, 0.0, 0.05, 0.2, 0.4]), curve)
    np.testing.assert_allclose(found, [0.5, 0.5, 0.75, 1.0, 0.8, 0.2, 0.2])


@pytest.mark.parametrize("mode_id", ["walk", "bike", "ebike"])
def test_the_curves_of_the_catalogue_are_the_published_ones(mode_id: str) -> None:
    curve = CATALOGUE[mode_id].slope
    assert curve
    at = np.array([knot[0] for knot in curve.knots] or np.linspace(-0.5, 0.5, 101))
    published = [CURVES[curve.id](slope) for slope in at]
    np.testing.assert_allclose(slope_factor(at, curve), published, atol=1e-5)
    # and nowhere between the knots far from them
    between = np.linspace(-0.5, 0.5, 997)
    published = [CURVES[curve.id](slope) for slope in between]
    np.testing.assert_allclose(slope_factor(between, curve), published, atol=0.01)


@pytest.mark.parametrize("mode_id", ["walk", "bike", "ebike"])
def test_uphill_is_never_faster_than_less_uphill(mode_id: str) -> None:
    climbs = slope_factor(np.linspace(0, 0.6, 61), CATALOGUE[mode_id].slope)
    assert (np.diff(climbs) <= 0).all()
    assert climbs[0] == 1.0
    assert climbs[-1] > 0


def test_slopes_beyond_a_half_count_as_a_half() -> None:
    knots = SlopeCurve("steep", "here", knots=((-1.0, 0.1), (0.0, 1.0), (1.0, 0.1)))
    for curve in (TOBLER, knots):
        steep = slope_factor(np.array([-9.0, -0.5, 0.5, 9.0]), curve)
        assert steep[0] == steep[1] < 1
        assert steep[3] == steep[2] < 1


def test_a_mode_without_slopes_feels_none() -> None:
    assert slope_factor(np.array([-0.4, 0.4]), DRIVE.slope).tolist() == [1.0, 1.0]
    assert both_ways(DRIVE, 0.4) == (30.0, 30.0)


@given(slopes)
def test_no_slope_carries_a_mode_beyond_its_greatest_speed(slope: float) -> None:
    for mode in (WALK, BIKE, DRIVE, *CATALOGUE.values()):
        assert 0 < both_ways(mode, slope)[0] <= mode.max_kmh
    assert both_ways(replace(BIKE, max_kmh=13.0), -0.05)[0] == 13.0


def test_what_climbs_one_way_descends_the_other() -> None:
    assert both_ways(BIKE, 0.05) == pytest.approx((12 * 0.625, 12 * 1.25))
    assert both_ways(BIKE, -0.05) == pytest.approx((12 * 1.25, 12 * 0.625))


def test_one_way_streets_are_ridden_one_way_and_pushed_the_other() -> None:
    assert both_ways(BIKE, oneway=1) == (12.0, 6.0)
    assert both_ways(BIKE, oneway=-1) == (6.0, 12.0)
    assert both_ways(DRIVE, oneway=1) == (30.0, 0.0)
    assert both_ways(replace(BIKE, push=None), oneway=-1) == (0.0, 12.0)


def test_a_sign_may_let_bicycles_ride_against_the_traffic() -> None:
    assert both_ways(BIKE, oneway=1, oneway_bicycle="no") == (12.0, 12.0)
    assert both_ways(BIKE, oneway=1, oneway_bicycle="yes") == (12.0, 6.0)
    # it says nothing to cars
    assert both_ways(DRIVE, oneway=1, oneway_bicycle="no") == (30.0, 0.0)


def test_a_bicycle_is_pushed_where_it_may_not_be_ridden() -> None:
    assert both_ways(BIKE, **{"class": "footway"}) == (6.0, 6.0)
    assert both_ways(BIKE, bicycle="dismount") == (6.0, 6.0)
    assert both_ways(BIKE, bicycle="no") == (6.0, 6.0)
    assert both_ways(BIKE, access="private", foot="yes") == (6.0, 6.0)
    # ridden where a sign allows it, and neither where both are closed
    assert both_ways(BIKE, **{"class": "footway"}, bicycle="yes") == (9.0, 9.0)
    assert both_ways(BIKE, access="private") == (0.0, 0.0)
    assert both_ways(BIKE, **{"class": "motorway"}) == (0.0, 0.0)


def test_a_pushed_bicycle_climbs_as_a_walker_does() -> None:
    uphill = 6.0 * float(slope_factor(np.array([0.05]), TOBLER)[0])
    assert both_ways(BIKE, 0.05, **{"class": "footway"})[0] == pytest.approx(uphill)


@given(slopes, st.sampled_from(["residential", "footway", "steps", "track", "motorway"]))
def test_whoever_may_push_is_nowhere_slower_than_on_foot(slope: float, street: str) -> None:
    on_foot = both_ways(CATALOGUE["walk"], slope, **{"class": street}, oneway=1)
    for mode in ("bike", "ebike"):
        pushed = both_ways(CATALOGUE[mode], slope, **{"class": street}, oneway=1)
        if (mode, street) == ("ebike", "steps"):  # too heavy to be carried
            assert pushed == (0.0, 0.0)
        else:
            assert all(np.greater_equal(pushed, on_foot))


def test_time_is_whole_nanoseconds_and_milliseconds_round_halves_up() -> None:
    assert nanoseconds(np.array([1000.0]), 6.0).tolist() == [600 * 10**9]
    assert whole_milliseconds(np.array([499_999, 500_000, 1_499_999])).tolist() == [0, 1, 1]
    assert straight_milliseconds(np.array([0.0, 50.0]), 3.0).tolist() == [0, 60_000]


@given(st.floats(0, 1e5), st.floats(0.5, 130))
def test_milliseconds_are_the_time_to_the_half(metres: float, speed: float) -> None:
    found = straight_milliseconds(np.array([metres]), speed)[0]
    assert found == pytest.approx(metres * 3600 / speed, abs=0.5 + 1e-3)
