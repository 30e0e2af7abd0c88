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
    top_factor,
    whole_milliseconds,
)
from layers.project import StreetRule
from tests.town import street, streets_frame
from tests.town_settings import town_drive, town_walk

if TYPE_CHECKING:
    from layers.project import Mode

WALK, DRIVE = town_walk(), town_drive()


def kmh(mode: Mode, **values: Any) -> float:
    """Give the speed on one street with these attributes."""
    return float(street_kmh(streets_frame([street("s", (0, 0), (9, 0), **values)]), mode)[0])


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
    np.testing.assert_allclose(slope_factor(slopes, WALK), tobler)
    assert slope_factor(np.array([0.0]), WALK)[0] == 1.0


@given(st.floats(-3, 3))
def test_the_top_factor_is_the_greatest(slope: float) -> None:
    for mode in (WALK, DRIVE):
        assert 0 < slope_factor(np.array([slope]), mode)[0] <= top_factor(mode)


def test_slopes_beyond_a_half_count_as_a_half() -> None:
    steep = slope_factor(np.array([-9.0, -0.5, 0.5, 9.0]), WALK)
    assert steep[0] == steep[1] < 1
    assert steep[3] == steep[2] < 1


def test_a_mode_without_slopes_feels_none() -> None:
    assert slope_factor(np.array([-0.4, 0.4]), DRIVE).tolist() == [1.0, 1.0]


def test_time_is_whole_nanoseconds_and_milliseconds_round_halves_up() -> None:
    assert nanoseconds(np.array([1000.0]), 6.0).tolist() == [600 * 10**9]
    assert whole_milliseconds(np.array([499_999, 500_000, 1_499_999])).tolist() == [0, 1, 1]
    assert straight_milliseconds(np.array([0.0, 50.0]), 3.0).tolist() == [0, 60_000]


@given(st.floats(0, 1e5), st.floats(0.5, 130))
def test_milliseconds_are_the_time_to_the_half(metres: float, speed: float) -> None:
    found = straight_milliseconds(np.array([metres]), speed)[0]
    assert found == pytest.approx(metres * 3600 / speed, abs=0.5 + 1e-3)
