"""Every question asked of 500 small random towns, and every choice there is tried out."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from scipy.optimize import linprog

from geo.solver_answer import Clock
from geo.solver_backup import twice_covered
from geo.solver_capacity import most_served
from geo.solver_center import center
from geo.solver_costs import sparse_costs
from geo.solver_cover import cover_of, merged_within, reduced
from geo.solver_coverage import most_covered, rivals
from geo.solver_curves import curves
from geo.solver_fair import Groups, fairest
from geo.solver_fewest import least_cost
from geo.solver_median import median
from geo.solver_median_bound import Climb, median_bound
from geo.solver_phases import by_year
from geo.solver_premises import Service, shared_premises
from geo.solver_purse import Purse, counting
from geo.solver_relaxed import _relaxed_prices
from geo.solver_rules import all_rules, apart, per_group
from geo.solver_units import Units, least_for_units, most_units
from layers.errors import SitingError

TOWNS = range(500)


class Town:
    """A few places and candidates, with prices, townships, rooms and times, all at random."""

    def __init__(self, seed):
        dice = np.random.default_rng(seed)
        self.places, self.candidates = int(dice.integers(3, 12)), int(dice.integers(2, 7))
        shape = (self.places, self.candidates)
        self.hit = dice.random(shape) < dice.uniform(0.15, 0.6)
        self.weight = dice.integers(0, 10, self.places).astype(float)
        self.price = dice.integers(1, 6, self.candidates).astype(float)
        self.count = int(dice.integers(1, self.candidates + 1))
        self.budget = float(dice.integers(self.price.min(), self.price.sum() + 1))
        self.township = dice.integers(0, 3, self.places)
        self.site_township = dice.integers(0, 3, self.candidates)
        self.capacity = dice.integers(1, 15, self.candidates).astype(float)
        self.times = dice.integers(0, 30, shape).astype(float)
        self.base = np.where(dice.random(self.places) < 0.4, dice.integers(5, 30, self.places), 40)
        self.there = dice.integers(0, 3, self.places)
        self.near = [
            pair for pair in combinations(range(self.candidates), 2) if dice.random() < 0.2
        ]
        self.share = dice.uniform(0.1, 1.0)

    @property
    def cover(self):
        place, candidate = np.nonzero(self.hit)
        return cover_of(place, candidate, weight=self.weight, candidates=self.candidates)

    @property
    def costs(self):
        place, candidate = np.indices(self.times.shape).reshape(2, -1)
        base = self.base.astype(float)
        every = (place, candidate, self.times.ravel())
        return sparse_costs(*every, base=base, candidates=self.candidates)

    @property
    def rules(self):
        first, second = np.array(self.near, dtype=np.int64).reshape(-1, 2).T
        least, most = np.zeros(3, dtype=np.int64), np.full(3, 2)
        if (self.site_township == 0).any():
            least[0] = 1
        return all_rules(
            self.candidates,
            per_group(self.site_township, least=least, most=most, name="township"),
            apart(first, second, candidates=self.candidates, name="apart"),
        )

    def covered(self, sites):
        return self.hit[:, list(sites)].any(axis=1)

    def value(self, sites):
        return self.weight[self.covered(sites)].sum()

    def choices(self, count=None):
        most = self.candidates if count is None else count
        every = range(self.candidates)
        return list(chain.from_iterable(combinations(every, size) for size in range(most + 1)))

    def keeps(self, sites):
        of = np.bincount(self.site_township[list(sites)], minlength=3)
        needs = (self.site_township == 0).any()
        close = any(set(pair) <= set(sites) for pair in self.near)
        return (of <= 2).all() and (of[0] >= 1 or not needs) and not close


@pytest.fixture(scope="module", params=["all"])
def towns(request):
    del request
    return [Town(seed) for seed in TOWNS]


def agrees(answer, best):
    assert answer.optimal
    assert answer.objective == pytest.approx(best)
    assert answer.bound == pytest.approx(best)


def test_most_people_by_count(towns):
    for town in towns:
        answer = most_covered(town.cover, counting(town.candidates, town.count), clock=Clock())
        agrees(answer, max(map(town.value, town.choices(town.count))))
        assert answer.chosen.size <= town.count
        assert answer.objective == town.value(answer.chosen)


def test_most_people_by_budget(towns):
    for town in towns:
        answer = most_covered(town.cover, Purse(town.price, town.budget), clock=Clock())
        paid = [each for each in town.choices() if town.price[list(each)].sum() <= town.budget]
        agrees(answer, max(map(town.value, paid)))
        assert town.price[answer.chosen].sum() <= town.budget


def test_most_people_by_rules(towns):
    for town in towns:
        good = [each for each in town.choices(town.count) if town.keeps(each)]
        purse, clock = counting(town.candidates, town.count), Clock()
        if not good:
            with pytest.raises(SitingError):
                most_covered(town.cover, purse, rules=town.rules, clock=clock)
            continue
        answer = most_covered(town.cover, purse, rules=town.rules, clock=clock)
        agrees(answer, max(map(town.value, good)))
        assert town.keeps(answer.chosen)
        assert town.rules.broken(answer.chosen) == set()


def test_most_people_by_townships_alone(towns):
    """Rules that treat many candidates alike, so that those that are beaten are left out."""
    for town in towns:
        least, most = np.ones(3, dtype=np.int64), np.full(3, 2)
        rules = per_group(town.site_township, least=least, most=most, name="township")
        of = [np.bincount(town.site_township[list(e)], minlength=3) for e in town.choices()]
        kept = [(each >= 1).all() and (each <= 2).all() for each in of]
        good = [each for each, keeps in zip(town.choices(), kept, strict=True) if keeps]
        purse = counting(town.candidates, town.candidates)
        if not good:
            continue
        answer = most_covered(town.cover, purse, rules=rules, clock=Clock())
        agrees(answer, max(map(town.value, good)))
        assert rules.broken(answer.chosen) == set()


@pytest.mark.parametrize("priced", [False, True], ids=["fewest-sites", "least-money"])
@pytest.mark.parametrize("part", [True, False], ids=["a-part", "everybody"])
def test_least_that_covers(towns, priced, part):
    for town in towns:
        price = town.price if priced else np.ones(town.candidates)
        most = town.cover.most()
        need = np.ceil(most * town.share) if part else most
        good = [each for each in town.choices() if town.value(each) >= need]
        answer = least_cost(town.cover, price, need, clock=Clock())
        agrees(answer, min(price[list(each)].sum() for each in good))
        assert town.value(answer.chosen) >= need


def test_more_than_anything_covers_is_refused_with_the_most_there_is(towns):
    for town in towns[:20]:
        with pytest.raises(SitingError, match=f"{town.cover.most():g}"):
            least_cost(town.cover, town.price, town.cover.most() + 1, clock=Clock())


def test_least_travel(towns):
    for town in towns:
        answer = median(town.costs, town.count, clock=Clock())

        def total(sites, town=town):
            return np.minimum(town.times[:, list(sites)].min(axis=1, initial=99), town.base).sum()

        agrees(answer, min(map(total, town.choices(town.count))))
        assert answer.objective == total(answer.chosen)


def test_shortest_longest_trip(towns):
    for town in towns:
        answer = center(town.costs, town.count, clock=Clock())

        def longest(sites, town=town):
            return np.minimum(town.times[:, list(sites)].min(axis=1, initial=99), town.base).max()

        agrees(answer, min(map(longest, town.choices(town.count))))
        assert answer.chosen.size <= town.count


def test_backup(towns):
    for town in towns:
        purse = counting(town.candidates, town.count)
        once, twice = twice_covered(town.cover, purse, town.there, clock=Clock())

        def ranked(sites, town=town):
            hits = town.hit[:, list(sites)].sum(axis=1)
            first = town.weight[(town.there == 0) & (hits >= 1)].sum()
            return first, town.weight[(town.there < 2) & (town.there + hits >= 2)].sum()

        first, second = max(map(ranked, town.choices(town.count)))
        agrees(once, first)
        agrees(twice, second)


def test_fairest(towns):
    for town in towns:
        total = np.bincount(town.township, weights=town.weight, minlength=3) + 1.0
        groups = Groups(town.township, np.array([1.0, 0.0, 0.5]), total)
        lowest, most = fairest(
            town.cover, counting(town.candidates, town.count), groups, clock=Clock()
        )

        def ranked(sites, town=town, groups=groups):
            newly = np.where(town.covered(sites), town.weight, 0)
            added = np.bincount(town.township, weights=newly, minlength=3)
            return round(((groups.covered + added) / groups.total).min(), 9), town.value(sites)

        share, value = max(map(ranked, town.choices(town.count)))
        assert lowest.objective == pytest.approx(share, abs=1e-6)
        agrees(most, value)


def test_fairest_and_backup_by_budget_and_rules(towns):
    for town in towns[:100]:
        total = np.bincount(town.township, weights=town.weight, minlength=3) + 1.0
        groups = Groups(town.township, np.zeros(3), total)
        good = [
            sites
            for sites in town.choices()
            if town.price[list(sites)].sum() <= town.budget and town.keeps(sites)
        ]
        if not good:
            continue
        purse, there = Purse(town.price, town.budget), np.zeros(town.places, dtype=np.int64)
        lowest, most = fairest(town.cover, purse, groups, rules=town.rules, clock=Clock())
        once, twice = twice_covered(town.cover, purse, there, rules=town.rules, clock=Clock())

        def fair(sites, town=town, total=total):
            newly = np.where(town.covered(sites), town.weight, 0)
            shares = np.bincount(town.township, weights=newly, minlength=3) / total
            return round(shares.min(), 9), town.value(sites)

        def again(sites, town=town):
            hits = town.hit[:, list(sites)].sum(axis=1)
            return town.value(sites), town.weight[hits >= 2].sum()

        share, value = max(map(fair, good))
        assert lowest.objective == pytest.approx(share, abs=1e-6)
        agrees(most, value)
        for answer, best in zip((once, twice), max(map(again, good)), strict=True):
            agrees(answer, best)
        assert town.keeps(most.chosen)
        assert town.keeps(once.chosen)


def test_people_may_be_parts_of_people():
    for seed in range(60):
        town = Town(seed)
        town.weight = town.weight * np.random.default_rng(seed).random(town.places)
        purse = Purse(town.price, town.budget)
        answer = most_covered(town.cover, purse, clock=Clock())
        paid = [each for each in town.choices() if town.price[list(each)].sum() <= town.budget]
        agrees(answer, max(map(town.value, paid)))


def test_looking_near_the_bound_first_finds_the_same(towns, monkeypatch):
    monkeypatch.setattr("geo.solver_coverage._FEW", -1)
    monkeypatch.setattr("geo.solver_relaxed._FEW", -1)
    monkeypatch.setattr("geo.solver_relaxed._FEW_TURNS", 0)
    for town in towns[:100]:
        answer = most_covered(town.cover, counting(town.candidates, town.count), clock=Clock())
        agrees(answer, max(map(town.value, town.choices(town.count))))
        answer = most_covered(town.cover, Purse(town.price, town.budget), clock=Clock())
        paid = [each for each in town.choices() if town.price[list(each)].sum() <= town.budget]
        agrees(answer, max(map(town.value, paid)))


def test_prices_of_the_linear_program_bound_as_it_does_and_no_choice_is_below(towns):
    for town in towns[:100]:
        small, left = reduced(town.cover, town.price)
        purse = Purse(town.price[left], town.budget)
        if not small.places or purse.affords(np.arange(left.size)):
            continue
        price = _relaxed_prices(small, purse, Clock())
        bound = median_bound(small.as_costs(), purse, price=price, climb=Climb(1e9, Clock(), 1))
        reached = small.matrix.toarray()
        eye, nothing = np.eye(small.places), np.zeros(small.places)
        parts = linprog(
            np.concatenate((np.zeros(left.size), -small.weight)),
            A_ub=np.vstack((np.hstack((-reached, eye)), np.append(purse.price, nothing))),
            b_ub=np.append(nothing, purse.amount),
            bounds=(0, 1),
        )
        assert bound.value == pytest.approx(small.weight.sum() + parts.fun)


def test_rows_that_keep_candidates_apart_forbid_just_the_pairs():
    dice = np.random.default_rng(5)
    for _ in range(50):
        at = dice.random((dice.integers(2, 30), 2))
        first, second = np.triu_indices(len(at), 1)
        close = np.hypot(*(at[first] - at[second]).T) < dice.random()
        rules = apart(first[close], second[close], candidates=len(at), name="apart")
        assert len(rules) <= close.sum()
        for one, other, near in zip(first, second, close, strict=True):
            assert bool(rules.broken(np.array([one, other]))) == near
        assert not rules.broken(np.array([0]))


def test_where_every_candidate_is_kept_out_nothing_is_chosen(towns):
    for town in towns[:20]:
        nothing = np.zeros(town.candidates, dtype=np.int64)
        rules = per_group(np.arange(town.candidates), least=nothing, most=nothing, name="closed")
        purse = counting(town.candidates, town.count)
        answer = most_covered(town.cover, purse, rules=rules, clock=Clock())
        agrees(answer, town.value(()))
        assert answer.chosen.size == 0


def test_no_candidate_of_a_choice_as_good_is_settled(towns):
    for town in towns[:200]:
        purse = Purse(town.price, town.budget)
        paid = [each for each in town.choices() if town.price[list(each)].sum() <= town.budget]
        values = np.array([town.value(each) for each in paid])
        value = float(np.quantile(values, 0.9, method="higher"))
        good = [each for each, has in zip(paid, values, strict=True) if has >= value]
        left = rivals(town.cover, purse, value, Clock())
        assert set(chain.from_iterable(good)) <= set(left.tolist())


def test_no_choice_of_so_many_sites_is_above_a_townships_curve(towns):
    for town in towns[:200]:
        every = counting(town.candidates, town.candidates)
        small, of_place = merged_within(town.cover, town.township)
        known = curves(small, of_place, 3, every, Clock())
        for sites in town.choices():
            newly = np.where(town.covered(sites), town.weight, 0)
            won = np.bincount(town.township, weights=newly, minlength=3)
            near = known.near[:, list(sites)].sum(axis=1)
            assert (known.sites_for(won) <= near).all()


def test_most_served_within_capacity(towns):
    for town in towns:
        purse = counting(town.candidates, town.count)
        found = most_served(town.cover, purse, town.capacity, clock=Clock())
        agrees(found.answer, max(_flow(town, each) for each in town.choices(town.count)))
        sent = np.zeros(town.hit.shape)
        sent[found.place, found.candidate] = found.people
        assert (sent[~town.hit] == 0).all()
        assert (sent.sum(axis=0) <= town.capacity + 1e-6).all()
        assert (sent.sum(axis=1) <= town.weight + 1e-6).all()
        assert sent.sum() == pytest.approx(found.answer.objective)
        assert set(found.candidate) <= set(found.answer.chosen)


def _flow(town, sites):
    """Give the greatest flow from places to sites, by cuts: some sites' room, others' people."""
    cuts = []
    for size in range(len(sites) + 1):
        for full in combinations(sites, size):
            rest = [site for site in sites if site not in full]
            cuts.append(town.capacity[list(full)].sum() + town.value(rest))
    return min(cuts)


def test_units_and_their_share_of_people(towns):
    for town in towns:
        total = np.bincount(town.township, weights=town.weight, minlength=3)
        units = Units(town.township, 0.5 * total)
        cover, purse = town.cover, counting(town.candidates, town.count)

        def covered(sites, town=town, units=units):
            newly = np.where(town.covered(sites), town.weight, 0)
            had = np.bincount(town.township, weights=newly, minlength=3)
            return int((had >= units.lacking).sum())

        answer = most_units(cover, units, purse, rules=None, clock=Clock())
        agrees(answer, max(map(covered, town.choices(town.count))))
        need = covered(range(town.candidates))
        money = Purse(town.price, np.inf)
        answer = least_for_units(cover, (units, need), money, rules=None, clock=Clock())
        good = [each for each in town.choices() if covered(each) >= need]
        agrees(answer, min(town.price[list(each)].sum() for each in good))


def test_year_by_year_what_is_built_stays(towns):
    for town in towns:
        counts = (1, min(town.count + 1, town.candidates))
        purses = [counting(town.candidates, count) for count in counts]
        answer, there = by_year(town.cover, purses, clock=Clock())
        best = max(
            town.value(first) + town.value(second)
            for second in town.choices(counts[1])
            for first in [(), *((site,) for site in second)]
        )
        agrees(answer, best)
        assert set(there[0]) <= set(there[1])
        assert [sites.size <= count for sites, count in zip(there, counts, strict=True)] == [
            True
        ] * 2


def test_premises_shared_by_two_services(towns):
    for town in towns:
        services = (Service(town.cover, 1.0, 20.0), Service(_turned(town), 2.0, 30.0))
        area = np.where(town.capacity > 7, 50.0, 30.0)
        purse = Purse(town.price, town.budget + 1.0)
        answer, into = shared_premises(services, purse, area, clock=Clock())
        agrees(answer, _best_premises(services, purse, area))
        for site in range(town.candidates):
            used = sum(
                service.area_m2
                for service, sites in zip(services, into, strict=True)
                if site in sites
            )
            assert used <= area[site]


def _turned(town):
    place, candidate = np.nonzero(~town.hit)
    return cover_of(place, candidate, weight=town.weight, candidates=town.candidates)


def _best_premises(services, purse, area):
    best = 0.0
    every = range(area.size)
    choices = [set(each) for size in range(area.size + 1) for each in combinations(every, size)]
    values = [
        [service.cover.value(np.array(sorted(each), int)) for each in choices]
        for service in services
    ]
    for first, one in zip(choices, values[0], strict=True):
        for second, two in zip(choices, values[1], strict=True):
            if one + two <= best:
                continue
            cost = purse.price[sorted(first | second)].sum() + len(first) + 2.0 * len(second)
            full = [site for site in first & second if area[site] < 50.0]
            if cost <= purse.amount and not full:
                best = one + two
    return best
