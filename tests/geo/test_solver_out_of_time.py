"""Without any time an answer still keeps what was asked, and claims no more than is true."""

from __future__ import annotations

import numpy as np
import pytest

from geo.solver_answer import Clock
from geo.solver_backup import twice_covered
from geo.solver_center import center
from geo.solver_coverage import most_covered
from geo.solver_fewest import least_cost
from geo.solver_median import median
from geo.solver_purse import Purse, counting
from layers.errors import SitingError
from tests.geo.test_solver_brute_force import Town

TOWNS = [Town(seed) for seed in range(60)]


def never():
    return Clock(0.0)


def most_of(town, choices):
    return max(map(town.value, choices))


@pytest.mark.parametrize("town", TOWNS, ids=range(60))
def test_most_people_keep_to_the_purse_and_their_bound_holds(town):
    for purse in (counting(town.candidates, town.count), Purse(town.price, town.budget)):
        answer = most_covered(town.cover, purse, clock=never())
        kept = [each for each in town.choices() if purse.affords(np.array(each, dtype=int))]
        assert purse.affords(answer.chosen)
        assert answer.objective == town.value(answer.chosen)
        assert answer.objective <= most_of(town, kept) <= answer.bound + 1e-6


@pytest.mark.parametrize("town", TOWNS, ids=range(60))
def test_the_least_that_covers_enough_does_cover_it(town):
    for price in (town.price, np.ones(town.candidates)):
        for need in (town.cover.most(), np.ceil(town.cover.most() * town.share)):
            answer = least_cost(town.cover, price, need, clock=never())
            paid = [price[list(each)].sum() for each in town.choices() if town.value(each) >= need]
            assert town.value(answer.chosen) >= need
            assert answer.objective == price[answer.chosen].sum()
            assert answer.bound - 1e-6 <= min(paid) <= answer.objective
            if answer.optimal:
                assert answer.objective == min(paid)


@pytest.mark.parametrize("town", TOWNS, ids=range(60))
def test_with_rules_an_answer_keeps_them_or_says_that_none_was_found(town):
    purse = counting(town.candidates, town.count)
    need = np.ceil(town.cover.most() * town.share)
    for ask in (
        lambda: most_covered(town.cover, purse, rules=town.rules, clock=never()),
        lambda: least_cost(town.cover, town.price, need, rules=town.rules, clock=never()),
    ):
        try:
            answer = ask()
        except SitingError as refused:
            (problem,) = refused.problems
            assert problem.code == "no_choice_in_time"
        else:
            assert town.rules.broken(answer.chosen) == set()


@pytest.mark.parametrize("town", TOWNS, ids=range(60))
def test_travel_trips_and_backup_keep_their_number_and_their_bounds_hold(town):
    purse, choices = counting(town.candidates, town.count), town.choices(town.count)

    def least(sites):
        return np.minimum(town.times[:, list(sites)].min(axis=1, initial=99), town.base)

    for answer, told in (
        (median(town.costs, town.count, clock=never()), np.sum),
        (center(town.costs, town.count, clock=never()), np.max),
    ):
        assert answer.chosen.size <= town.count
        assert answer.objective == told(least(answer.chosen))
        assert answer.bound - 1e-6 <= min(told(least(each)) for each in choices)
    once, twice = twice_covered(town.cover, purse, town.there, clock=never())
    assert purse.affords(once.chosen)
    assert twice.objective <= twice.bound
    assert once.objective <= once.bound
