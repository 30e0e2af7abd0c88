"""How far money goes: every sum's best choice, tried out, and what is left out of the list."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest

from geo.demand import demand
from geo.solver_answer import Clock
from geo.solver_coverage import most_covered
from geo.solver_purse import Purse
from layers.question import Use
from tests.geo.test_siting import _inside, ask, one, with_lots
from tests.geo.test_solver_brute_force import Town
from tests.random_town import town_of
from tests.town import at

COSTS = [5.0, 2.0, 2.0, 3.0]
LOTS = (at(100, 0), at(500, -400), at(1000, 800), at(2000, 0))


def frontier(**values):
    return ask(area=with_lots(*LOTS, cost=COSTS), candidates=("lots",), **values).frontier


def test_it_begins_with_what_there_is_and_more_money_always_covers_more():
    found = frontier(budget=4.0)
    assert found.iloc[0][["cost", "sites", "proved"]].tolist() == [0.0, 0, True]
    assert (np.diff(found["cost"]) > 0).all()
    assert (np.diff(found["people"]) > 0).all()
    assert (found["people"] <= found["at_most"]).all()
    assert (found["share"] <= 1.0).all()


def test_the_sum_that_was_asked_for_is_one_of_its_points():
    plan = ask(area=with_lots(*LOTS, cost=COSTS), candidates=("lots",), budget=4.0)
    mine = plan.frontier[plan.frontier["cost"] == plan.sites["cost"].sum()]
    assert mine["people"].tolist() == [plan.sites["people"].sum() + plan.frontier["people"][0]]


@pytest.mark.parametrize("seed", range(8))
def test_no_choice_of_that_cost_covers_more_people(seed):
    area, project = town_of(seed), one()
    plan = ask("c", area=area, project=project, count=2, minutes=4.0, mode="walk", cost=3.0)
    where = demand(area.units, area.residences)
    people = np.nan_to_num(where.weight())
    served = _inside(area, project, where.frame.geometry, area.facilities.geometry)
    sites = ask("c", area=area, project=project, count=99, minutes=4.0, mode="walk").sites
    reached = [
        _inside(area, project, where.frame.geometry, sites.geometry[row : row + 1])
        for row in sites.index
    ]
    every = range(len(reached))
    for point in plan.frontier.itertuples():
        assert point.cost == 3.0 * point.sites
        if point.proved and point.sites <= 3:
            choices = chain.from_iterable(combinations(every, k) for k in range(point.sites + 1))
            covered = (served | np.any([reached[k] for k in each], axis=0) if each else served
                       for each in choices)  # fmt: skip
            assert point.people >= max(people[inside].sum() for inside in covered)


def test_sums_for_which_no_choice_keeps_the_rules_are_left_out():
    found = frontier(budget=7.0, per_township=1)
    assert found["sites"].tolist()[0] == 0
    assert (found["sites"][1:] >= 2).all()


def test_where_premises_are_shared_there_is_none():
    plan = ask(count=1, uses={"clinic": Use(1.0, 10.0)})
    assert plan.frontier.empty


def test_what_costs_nothing_is_taken_and_the_rest_is_the_best_there_is():
    for seed in range(60):
        town = Town(seed)
        price = np.where(town.price < 3, 0.0, town.price)
        budget = town.budget / 2
        answer = most_covered(town.cover, Purse(price, budget), clock=Clock())
        paid = [each for each in town.choices() if price[list(each)].sum() <= budget]
        assert answer.optimal
        assert answer.objective == max(map(town.value, paid))
        assert price[answer.chosen].sum() <= budget
