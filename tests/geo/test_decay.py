"""Decay functions: how the pull of a facility falls with travel time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.decay import decay_weights
from layers.accessibility import Decay
from layers.catalogue.supply import decay_ids, load_decay

TEN = 600_000
BY_HAND = {
    "binary": [1, 1, 1, 1],
    "stepped": [1, 0.68, 0.22, 0.22],
    "linear": [1, 0.5, 0.25, 0],
    # at half the limit 0.882497 less 0.606531 of 0.393469, at three quarters 0.754840 less that
    "gaussian": [1, 0.701367, 0.376926, 0],
    "exponential": [1, 0.472367, 0.324652, 0.223130],
    "power": [1, 0.2, 2 / 15, 0.1],
}


@pytest.mark.parametrize("name", decay_ids())
def test_weights_at_0_5_7_5_and_10_of_10_minutes_are_those_worked_out_by_hand(name):
    times = np.array([0, 300_000, 450_000, TEN])
    found = decay_weights(load_decay(name), times, np.full(4, TEN))
    np.testing.assert_allclose(found, BY_HAND[name], atol=1e-6)


@pytest.mark.parametrize("name", decay_ids())
def test_beyond_the_limit_and_out_of_reach_nothing_weighs_anything(name):
    found = decay_weights(load_decay(name), np.array([TEN + 1, -1]), np.full(2, TEN))
    assert found.tolist() == [0, 0]


def test_a_zone_of_the_steps_holds_its_far_end():
    thirds = np.array([200_000, 200_001, 400_000, 400_001])
    found = decay_weights(load_decay("stepped"), thirds, np.full(4, TEN))
    assert found.tolist() == [1.0, 0.68, 0.68, 0.22]


def test_every_time_has_a_limit_of_its_own():
    found = decay_weights(Decay(kind="linear"), np.array([5, 5]), np.array([10, 20]))
    assert found.tolist() == [0.5, 0.75]


def test_the_pull_of_what_is_at_the_door_has_a_bound():
    found = decay_weights(load_decay("power"), np.array([0, 1, 60_000]), np.full(3, TEN))
    assert found.tolist() == [1, 1, 1]


def test_a_limit_of_no_time_holds_what_is_there():
    found = decay_weights(Decay(), np.array([0, 1]), np.zeros(2, dtype=np.int64))
    assert found.tolist() == [1, 0]


@given(st.sampled_from(decay_ids()), st.lists(st.integers(0, 2 * TEN), min_size=2))
def test_nearer_never_weighs_less_and_no_weight_leaves_0_to_1(name, times):
    ordered = np.sort(np.array(times))
    found = decay_weights(load_decay(name), ordered, np.full(len(times), TEN))
    assert (np.diff(found) <= 0).all()
    assert ((found >= 0) & (found <= 1)).all()
