"""How far money goes: the most people covered for one sum after another, each with its bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.priority_people import priority_sums
from geo.solver_cover import merged
from geo.solver_coverage import most_covered
from geo.solver_purse import Purse
from geo.solver_rules import undominated_alike
from layers.errors import SitingError
from layers.vocabulary import PRIORITY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.site_problem import SiteProblem
    from geo.solver_answer import Clock
    from geo.solver_rules import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FRONTIER_COLUMNS = ("cost", "sites", "people", *PRIORITY, "share", "at_most", "proved")
_POINTS, _BEYOND, _LEAST_SITES = 10, 2.0, 10


def efficient_frontier(
    problem: SiteProblem, chosen: Ints, rules: Rules, clock: Clock
) -> pd.DataFrame:
    """Give FRONTIER_COLUMNS: what no choice of the same money beats, see SitePlan.frontier.

    Sums run from the cheapest site to twice what the choice costs; one of them is its own. Sums
    for which no choice keeps the rules, and those that cover no more than less money does, are
    left out. Empty where premises are shared, whose price is not that of the candidates alone.
    """
    if problem.question.uses:
        return pd.DataFrame(columns=list(FRONTIER_COLUMNS))
    price = problem.candidates["cost"].to_numpy(dtype=np.float64)
    cover, people = problem.cover(problem.people), problem.people
    # What beats a candidate for one sum of money beats it for all; what costs nothing stays.
    left = np.union1d(undominated_alike(cover, price, rules), np.flatnonzero(price == 0))
    cover, rules = merged(cover.take(candidates=left)), rules.take(left)
    had = float(people[problem.there > 0].sum())
    now = float(people[problem.covered(problem.existing)].sum())
    # Sites that all cost the same are counted, which is bounded more sharply.
    unit = float(price[0]) if (price == price[0]).all() and price[0] > 0 else 1.0
    rows = [(0.0, 0, now, now, True, *_priority(problem, problem.existing))]
    sums = _sums(price, float(price[chosen].sum()))
    for done, amount in enumerate(sums):
        purse = Purse(price[left] / unit, amount / unit)
        try:
            part = clock.share(1 / (sums.size - done))
            answer = most_covered(cover, purse, rules=rules, clock=part)
        except SitingError:
            continue
        if had + answer.objective > rows[-1][2]:
            own = left[answer.chosen]
            new = np.setdiff1d(own, problem.existing)
            most = (had + answer.objective, had + answer.bound)
            told = _priority(problem, own)
            rows.append((float(price[new].sum()), new.size, *most, answer.optimal, *told))
    found = pd.DataFrame(rows, columns=["cost", "sites", "people", "at_most", "proved", *PRIORITY])
    share = found["people"] / float(people.sum())
    return found.assign(share=share)[list(FRONTIER_COLUMNS)]


def _priority(problem: SiteProblem, chosen: Ints) -> list[float]:
    """Give the priority people covered by what stands and a choice."""
    place = np.flatnonzero(problem.covered(chosen))
    told = priority_sums(problem.where, place, np.zeros_like(place), groups=1)
    return [float(told[cohort][0]) for cohort in PRIORITY]


def _sums(price: Floats, spent: float) -> Floats:
    """Give the sums of money to try, ascending."""
    least = float(price[price > 0].min(initial=np.inf))
    if not np.isfinite(least):
        return np.zeros(1)
    if (price == least).all():
        most = int(max(_LEAST_SITES, _BEYOND * round(spent / least)))
        some = np.linspace(1, min(most, price.size), _POINTS).round()
        return np.unique([*(some * least), *([spent] if spent else [])])
    dear = max(_BEYOND * spent, least * _LEAST_SITES)
    some = np.linspace(least, min(dear, float(price.sum())), _POINTS)
    return np.unique([*some, *([spent] if spent else [])])
