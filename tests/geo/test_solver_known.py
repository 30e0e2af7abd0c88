"""Known answers and other people's solvers: OR-Library, San Francisco, spopt with CBC, SCIP."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pulp
import pyscipopt
import pytest
from spopt.locate import LSCP, MCLP, PCenter, PMedian

from bench.siting_instances import clustered, known_medians, random_cover, read_median
from geo.solver_answer import Clock
from geo.solver_center import center
from geo.solver_costs import dense_costs
from geo.solver_cover import cover_of
from geo.solver_coverage import most_covered
from geo.solver_fewest import least_cost
from geo.solver_median import median
from geo.solver_purse import Purse, counting

QUICK = (1, 2, 4, 5, 7, 8, 9, 10, 13)


@pytest.mark.real
@pytest.mark.parametrize("number", QUICK)
def test_medians_of_the_or_library_are_found_and_proved(number, real_data):
    folder = real_data / "siting" / "pmed"
    distance, count = read_median(folder / f"pmed{number}.txt")
    answer = median(dense_costs(distance), count, clock=Clock(300.0))
    assert answer.objective == known_medians(folder)[number]
    assert answer.optimal
    assert answer.chosen.size == count


@pytest.fixture(scope="module")
def san_francisco(real_data):
    folder = real_data / "siting" / "san_francisco"
    table = pd.read_csv(next(folder.glob("SF_network_distance*.csv")))
    wide = table.pivot_table(index="DestinationName", columns="name", values="distance")
    people = table.drop_duplicates("DestinationName").set_index("DestinationName")["demand"]
    return wide.to_numpy(), people.reindex(wide.index).to_numpy(dtype=float)


def _within(distance, radius, weight):
    place, candidate = np.nonzero(distance <= radius)
    return cover_of(place, candidate, weight=weight, candidates=distance.shape[1])


@pytest.mark.real
def test_san_francisco_needs_8_stores_for_everybody_within_5_km(san_francisco):
    distance, people = san_francisco
    cover = _within(distance, 5000.0, np.ones_like(people))
    answer = least_cost(cover, np.ones(16), people.size, clock=Clock())
    assert (answer.objective, answer.optimal) == (8.0, True)


@pytest.mark.real
def test_san_francisco_with_4_stores_covers_875247_within_5_km(san_francisco):
    distance, people = san_francisco
    answer = most_covered(_within(distance, 5000.0, people), counting(16, 4), clock=Clock())
    assert (answer.objective, answer.optimal) == (875_247.0, True)


@pytest.mark.real
def test_san_francisco_with_4_stores_travels_2848268_person_kilometres(san_francisco):
    distance, people = san_francisco
    answer = median(dense_costs(distance * people[:, None]), 4, clock=Clock())
    assert answer.objective == pytest.approx(2_848_268_129.7145, abs=0.01)
    assert answer.optimal


@pytest.mark.real
def test_san_francisco_with_4_stores_has_nobody_beyond_7403_metres(san_francisco):
    distance, _ = san_francisco
    answer = center(dense_costs(distance), 4, clock=Clock())
    assert answer.objective == pytest.approx(7_403.0632, abs=0.001)
    assert answer.optimal


def _distances(seed, places=40, candidates=15):
    dice = np.random.default_rng(seed)
    here, there = dice.random((places, 2)), dice.random((candidates, 2))
    away = np.hypot(*(here[:, None] - there[None]).transpose(2, 0, 1))
    return np.round(away, 3), dice.integers(1, 100, places).astype(float)


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # spopt lags behind PuLP
@pytest.mark.parametrize("seed", range(5))
def test_spopt_with_cbc_agrees(seed):
    distance, weight = _distances(seed)
    cbc = pulp.PULP_CBC_CMD(msg=False)
    most = MCLP.from_cost_matrix(distance, weight, 0.2, p_facilities=4).solve(cbc)
    ours = most_covered(_within(distance, 0.2, weight), counting(15, 4), clock=Clock())
    assert ours.optimal
    assert ours.objective == pytest.approx(pulp.value(most.problem.objective))
    less = PMedian.from_cost_matrix(distance, weight, p_facilities=4).solve(cbc)
    ours = median(dense_costs(distance * weight[:, None]), 4, clock=Clock())
    assert ours.optimal
    assert ours.objective == pytest.approx(pulp.value(less.problem.objective))
    short = PCenter.from_cost_matrix(distance, p_facilities=4).solve(cbc)
    ours = center(dense_costs(distance), 4, clock=Clock())
    assert ours.objective == pytest.approx(pulp.value(short.problem.objective))
    radius = float(np.sort(distance.min(axis=1))[-1])
    every = LSCP.from_cost_matrix(distance, radius).solve(cbc)
    ours = least_cost(_within(distance, radius, np.ones(40)), np.ones(15), 40, clock=Clock())
    assert ours.objective == pytest.approx(pulp.value(every.problem.objective))


@pytest.mark.parametrize("seed", range(5))
def test_scip_agrees_on_budgets_and_least_money(seed):
    cover = random_cover(30, 120, seed=seed, reach=0.18)
    price = np.random.default_rng(seed).integers(3, 12, cover.candidates).astype(float)
    ours = most_covered(cover, Purse(price, 25.0), clock=Clock())
    assert ours.optimal
    assert ours.objective == pytest.approx(_scip(cover, price, budget=25.0))
    need = 0.7 * cover.most()
    ours = least_cost(cover, price, need, clock=Clock())
    assert ours.optimal
    assert ours.objective == pytest.approx(_scip(cover, price, need=np.ceil(need)))


def _scip(cover, price, *, budget=None, need=None):
    model = pyscipopt.Model()
    model.hideOutput()
    sites = [model.addVar(vtype="B") for _ in price]
    served = [model.addVar(ub=1.0) for _ in range(cover.places)]
    for place, column in enumerate(served):
        row = cover.matrix.indices[cover.matrix.indptr[place] : cover.matrix.indptr[place + 1]]
        model.addCons(column <= pyscipopt.quicksum(sites[site] for site in row))
    spent = pyscipopt.quicksum(float(cost) * site for cost, site in zip(price, sites, strict=True))
    covered = pyscipopt.quicksum(
        float(weight) * column for weight, column in zip(cover.weight, served, strict=True)
    )
    if need is None:
        model.addCons(spent <= budget)
        model.setObjective(covered, "maximize")
    else:
        model.addCons(covered >= float(need))
        model.setObjective(spent, "minimize")
    model.optimize()
    return model.getObjVal()


def test_a_small_county_keeps_its_gap_within_a_hundredth():
    cover = clustered(400, 2000, seed=11)
    answer = most_covered(cover, counting(400, 10), clock=Clock(60.0))
    assert answer.gap <= 0.01
    assert answer.objective == cover.value(answer.chosen)


def test_the_same_seed_gives_the_same_choice():
    cover = clustered(300, 1500, seed=3)
    purse = counting(300, 8)
    once, again = (most_covered(cover, purse, clock=Clock(60.0, seed=5)) for _ in range(2))
    assert once.chosen.tolist() == again.chosen.tolist()


def test_out_of_time_a_choice_comes_with_its_gap():
    cover = clustered(400, 3000, seed=12)
    answer = most_covered(cover, counting(400, 15), clock=Clock(0.01))
    assert answer.objective == cover.value(answer.chosen)
    assert answer.bound >= answer.objective
    assert answer.optimal == (answer.gap <= 1e-6)
