"""Capacity and shared premises beside their textbook programs, written out again for scipy's milp.

Nothing of the solvers is used for them: every place, pair and use has its own column, and nothing
is merged or left out.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.solver_answer import Clock
from geo.solver_capacity import most_served
from geo.solver_cover import cover_of
from geo.solver_premises import Service, shared_premises
from geo.solver_purse import Purse
from geo.solver_rules import per_group

CASES = range(25)


class Case:
    """Some places, candidates, prices, rooms and floors at random, too many to try them all."""

    def __init__(self, seed):
        dice = np.random.default_rng(1000 + seed)
        self.places, self.candidates = int(dice.integers(15, 45)), int(dice.integers(8, 16))
        shape = (2, self.places, self.candidates)
        self.hit = dice.random(shape) < dice.uniform(0.1, 0.4)
        self.weight = dice.integers(1, 60, self.places).astype(float)
        self.price = dice.integers(2, 9, self.candidates).astype(float)
        self.budget = float(dice.integers(8, 30))
        self.capacity = dice.integers(20, 200, self.candidates).astype(float)
        self.floor = dice.choice([30.0, 45.0, 60.0, 90.0], self.candidates)
        self.stays = np.flatnonzero(dice.random(self.candidates) < 0.15)

    def cover(self, service=0):
        place, candidate = np.nonzero(self.hit[service])
        return cover_of(place, candidate, weight=self.weight, candidates=self.candidates)


class Model:
    """A program of named blocks of columns, its rows dense; maximised."""

    def __init__(self, **sizes):
        self.begin, at = {}, 0
        for name, size in sizes.items():
            self.begin[name] = at
            at += size
        self.size = at
        self.gain, self.whole = np.zeros(at), np.zeros(at)
        self.upper = np.ones(at)
        self.rows, self.high = [], []

    def at(self, name, row=0):
        return self.begin[name] + row

    def row(self, high, **parts):
        """Add ``sum of numbers x columns <= high``; parts give {row of the block: number}."""
        made = np.zeros(self.size)
        for name, numbers in parts.items():
            for row, number in numbers.items():
                made[self.at(name, row)] += number
        self.rows.append(made)
        self.high.append(high)

    def best(self):
        found = milp(
            -self.gain,
            integrality=self.whole,
            bounds=Bounds(np.zeros(self.size), self.upper),
            constraints=LinearConstraint(np.array(self.rows), -np.inf, np.array(self.high)),
            options={"mip_rel_gap": 0.0},
        )
        assert found.status == 0
        return -found.fun


def textbook_capacity(case, price, stays):
    """Current and Storbeck (1988): x people go from a place to an open site in reach and room."""
    pairs = list(zip(*np.nonzero(case.hit[0]), strict=True))
    model = Model(open=case.candidates, sent=len(pairs))
    model.whole[: case.candidates] = 1
    for number, (place, _) in enumerate(pairs):
        model.gain[model.at("sent", number)] = 1.0
        model.upper[model.at("sent", number)] = case.weight[place]
    for place in range(case.places):
        own = {number: 1.0 for number, pair in enumerate(pairs) if pair[0] == place}
        model.row(case.weight[place], sent=own)
    for site in range(case.candidates):
        own = {number: 1.0 for number, pair in enumerate(pairs) if pair[1] == site}
        model.row(0.0, sent=own, open={site: -case.capacity[site]})
    model.row(case.budget, open=dict(enumerate(price)))
    for site in stays:
        model.row(-1.0, open={site: -1.0})
    return model.best()


def textbook_premises(case, uses):
    """One room for several services: y rooms, u services in rooms, z places served by each."""
    count, places = case.candidates, case.places
    blocks = {f"{kind}{number}": size for number in range(len(uses))
              for kind, size in (("use", count), ("served", places))}  # fmt: skip
    model = Model(room=count, **blocks)
    model.whole[:count] = 1
    for number, (service, _, _) in enumerate(uses):
        begin = model.at(f"use{number}")
        model.whole[begin : begin + count] = 1
        for place in range(places):
            model.gain[model.at(f"served{number}", place)] = case.weight[place]
            near = dict.fromkeys(np.flatnonzero(case.hit[service][place]), -1.0)
            model.row(0.0, **{f"served{number}": {place: 1.0}, f"use{number}": near})
        for site in range(count):
            model.row(0.0, **{f"use{number}": {site: 1.0}, "room": {site: -1.0}})
    for site in range(count):
        taken = {f"use{number}": {site: area} for number, (_, _, area) in enumerate(uses)}
        model.row(0.0, room={site: -case.floor[site]}, **taken)
    fitted = {f"use{number}": dict.fromkeys(range(count), price)
              for number, (_, price, _) in enumerate(uses)}  # fmt: skip
    model.row(case.budget, room=dict(enumerate(case.price)), **fitted)
    return model.best()


@pytest.mark.parametrize("seed", CASES)
def test_most_served_is_the_textbook_programs(seed):
    case = Case(seed)
    found = most_served(case.cover(), Purse(case.price, case.budget), case.capacity, clock=Clock())
    assert found.answer.optimal
    assert found.answer.objective == pytest.approx(textbook_capacity(case, case.price, ()))


@pytest.mark.parametrize("seed", CASES)
def test_with_what_stands_for_nothing_most_served_is_the_textbook_programs(seed):
    case = Case(seed)
    price = case.price.copy()
    price[case.stays] = 0.0
    group = np.full(case.candidates, -1)
    group[case.stays] = np.arange(case.stays.size)
    every = np.ones(case.stays.size, dtype=np.int64)
    stay = per_group(group, least=every, most=every, name="existing")
    purse = Purse(price, case.budget)
    found = most_served(case.cover(), purse, case.capacity, rules=stay, clock=Clock())
    assert set(case.stays) <= set(found.answer.chosen)
    assert found.answer.objective == pytest.approx(textbook_capacity(case, price, case.stays))


@pytest.mark.parametrize("seed", CASES)
def test_shared_premises_are_the_textbook_programs(seed):
    case = Case(seed)
    uses = ((0, 1.0, 30.0), (1, 2.0, 45.0))
    services = [Service(case.cover(number), price, area) for number, price, area in uses]
    purse = Purse(case.price, case.budget)
    answer, _ = shared_premises(services, purse, case.floor, clock=Clock())
    assert answer.optimal
    assert answer.objective == pytest.approx(textbook_premises(case, uses))
