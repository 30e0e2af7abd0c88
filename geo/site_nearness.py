"""Of choices that are equally good, the one that is nearest to those it newly covers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.site_aims import Choice
    from geo.site_problem import SiteProblem
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules

    Ints = NDArray[np.int64]

_ROUNDING = 1e-12
_BY_COVER = ("people", "units", "fair")


def moved_nearer(problem: SiteProblem, choice: Choice, purse: Purse, rules: Rules) -> Choice:
    """Move each site to where those that it newly covers have least to travel.

    As many people are covered, or where units or townships count the very same, for no more money,
    so that the answer is as good as it was. Only where the aim is coverage, in one year and for one
    category.
    """
    question = problem.question
    if question.aim not in _BY_COVER or choice.by_year or choice.uses:
        return choice
    chosen = choice.chosen.copy()
    for at in np.flatnonzero(~np.isin(chosen, problem.existing)):
        chosen[at] = _nearest(problem, chosen, int(at), (purse, rules))
    chosen = np.sort(chosen)
    answers = tuple((name, replace(answer, chosen=chosen)) for name, answer in choice.answers)
    return replace(choice, chosen=chosen, answers=answers)


def _nearest(problem: SiteProblem, chosen: Ints, at: int, limits: tuple[Purse, Rules]) -> int:
    """Give the best candidate in the stead of one that is chosen; itself where none is better."""
    purse, rules = limits
    site, rest = int(chosen[at]), np.delete(chosen, at)
    open_ = ~problem.covered(rest)
    if problem.question.aim == "people":
        counted = load = np.where(open_, problem.weight, 0.0)
    else:
        alone = problem.covered(chosen) & open_
        counted, load = alone.astype(np.float64), np.where(alone, problem.people, 0.0)
    ways, size = problem.ways, problem.size
    use = ways.within & (ways.point < size) & (counted[ways.place] > 0)
    place, point = ways.place[use], ways.point[use]
    gain = np.bincount(point, counted[place], size)
    travelled = np.bincount(point, load[place] * ways.milliseconds[use], size)
    able = np.isclose(gain, gain[site], rtol=_ROUNDING, atol=0) & (purse.price <= purse.price[site])
    able[rest] = able[problem.existing] = False
    nearer = np.flatnonzero(able & (travelled < travelled[site]))
    for other in nearer[np.argsort(travelled[nearer], kind="stable")]:
        if not rules.broken(np.append(rest, other)):
            return int(other)
    return site
