"""One solver for each aim a question can have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from geo.coverage import limit_milliseconds
from geo.site_premises import choose_premises
from geo.solver_answer import Answer, rows_of
from geo.solver_backup import twice_covered
from geo.solver_capacity import Assigned, most_served
from geo.solver_center import center
from geo.solver_costs import sparse_costs
from geo.solver_cover import cover_of
from geo.solver_coverage import most_covered
from geo.solver_fair import Groups, fairest
from geo.solver_fewest import least_cost
from geo.solver_median import median
from geo.solver_phases import by_year
from geo.solver_purse import counting
from geo.solver_rules import all_rules, per_group
from geo.solver_units import Units, least_for_units, most_units
from layers.errors import Problem, SitingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.site_problem import SiteProblem
    from geo.solver_answer import Clock
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Solver = Callable[["SiteProblem", Purse, Rules, Clock], "Choice"]


@dataclass(frozen=True)
class Choice:
    """What was chosen, and each rank of the aim with its answer.

    ``by_year`` are the sites there are in each year, ``uses`` those of each category that shares
    premises, ``assigned`` who is sent where (candidates, then what stands) if capacity counts.
    """

    chosen: Ints
    answers: tuple[tuple[str, Answer], ...]
    by_year: tuple[tuple[int, Ints], ...] = ()
    uses: tuple[tuple[str, Ints], ...] = ()
    assigned: Assigned | None = None


def solve(problem: SiteProblem, purse: Purse, rules: Rules, clock: Clock) -> Choice:
    """Solve a question by the solver of its aim."""
    return _SOLVERS[problem.question.aim](problem, purse, rules, clock)


def _people(problem: SiteProblem, purse: Purse, rules: Rules, clock: Clock) -> Choice:
    question, cover = problem.question, problem.cover()
    if question.uses:
        answer, uses = choose_premises(problem, purse, rules, clock)
        return Choice(answer.chosen, (("weighted", answer),), uses=uses)
    if question.target is not None:
        had = float(problem.weight[problem.there > 0].sum())
        total = float(problem.weight.sum())
        most = (had + cover.most()) / total
        if question.target > most * (1 + 1e-12):
            told = (("target", f"{100 * question.target:g}"), ("most", f"{100 * most:.2f}"))
            raise SitingError(Problem("sites", "sites_target_out_of_reach", values=told))
        need = min(question.target * total - had, cover.most())
        answer = least_cost(cover, purse.price, need, rules=rules, clock=clock)
        return Choice(answer.chosen, (("cost", answer),))
    if question.years:
        spent = np.cumsum(list(question.years.values()))
        purses = [counting(problem.size, int(min(count, problem.size))) for count in spent]
        answer, sites = by_year(cover, purses, rules=rules, clock=clock)
        years = tuple(zip(question.years, sites, strict=True))
        return Choice(answer.chosen, (("people_years", answer),), years)
    answer = most_covered(cover, purse, rules=rules, clock=clock)
    return Choice(answer.chosen, (("weighted" if question.priority else "people", answer),))


def _units(problem: SiteProblem, purse: Purse, rules: Rules, clock: Clock) -> Choice:
    weight, of_place = problem.where.unit_weight, problem.where.unit
    share = problem.project.rules.unit_share
    total = np.bincount(of_place, weights=weight, minlength=problem.where.units)
    had = np.bincount(
        of_place, weights=np.where(problem.there > 0, weight, 0), minlength=problem.where.units
    )
    somewhere = total > 0
    lacking = np.where(somewhere, share * total - had, np.inf)
    row = np.cumsum(somewhere) - 1
    units = Units(row[of_place], lacking[somewhere])
    cover = problem.cover(weight)
    if problem.question.target is None:
        answer = most_units(cover, units, purse, rules=rules, clock=clock)
        return Choice(answer.chosen, (("units", answer),))
    need = int(np.ceil(problem.question.target * somewhere.sum() - 1e-9))
    most = int(units.covered(cover, np.arange(problem.size)).sum())
    if need > most:
        shares = (100 * problem.question.target, 100 * most / somewhere.sum())
        told = (("target", f"{shares[0]:g}"), ("most", f"{shares[1]:.2f}"))
        raise SitingError(Problem("sites", "sites_target_out_of_reach", values=told))
    answer = least_for_units(cover, (units, need), purse, rules=rules, clock=clock)
    return Choice(answer.chosen, (("cost", answer),))


def _travel(problem: SiteProblem, purse: Purse, rules: Rules, clock: Clock) -> Choice:
    """Take the least people-milliseconds; whoever reaches nothing counts as the search's limit."""
    _no_rules(problem, rules)
    now, weight = _now(problem), problem.people
    ways = problem.ways
    use = (ways.point < problem.size) & (weight[ways.place] > 0)
    place, candidate = ways.place[use], ways.point[use]
    cost = ways.milliseconds[use] * weight[place]
    costs = sparse_costs(place, candidate, cost, base=now * weight, candidates=problem.size)
    answer = median(costs, int(purse.amount), clock=clock)
    return Choice(answer.chosen, (("people_milliseconds", answer),))


def _longest(problem: SiteProblem, purse: Purse, rules: Rules, clock: Clock) -> Choice:
    """Take the shortest longest trip of those who come to anything at all.

    So many sites may not reach everybody: then as few as can be are left out of it, and counted.
    """
    _no_rules(problem, rules)
    now, ways, people = _now(problem), problem.ways, problem.people
    to_candidates = ways.point < problem.size
    place, candidate = ways.place[to_candidates], ways.point[to_candidates]
    lacking = now >= limit_milliseconds(problem.project.rules.search_minutes)
    open_ = np.where(lacking, people, 0.0)
    cover = cover_of(place, candidate, weight=open_, candidates=problem.size)
    most = most_covered(cover, purse, clock=clock.share(0.5))
    counted = (people > 0) & (~lacking | cover.covered(most.chosen))
    rows = np.flatnonzero(counted)
    at = np.full(now.size, -1)
    at[rows] = np.arange(rows.size)
    use = at[place] >= 0
    times = ways.milliseconds[to_candidates][use].astype(np.float64)
    base = now[rows]
    costs = sparse_costs(at[place[use]], candidate[use], times, base=base, candidates=problem.size)
    answer = center(costs, int(purse.amount), clock=clock)
    total = float(open_.sum())
    if total <= most.objective:
        return Choice(answer.chosen, (("milliseconds", answer),))
    least = total - most.bound
    left = replace(most, objective=total - most.objective, bound=least, sense="least")
    return Choice(answer.chosen, (("unreached", left), ("milliseconds", answer)))


def _now(problem: SiteProblem) -> Floats:
    """Give each place's milliseconds to what stands, the search's limit where that is nothing."""
    ways = problem.ways
    limit = limit_milliseconds(problem.project.rules.search_minutes)
    now = np.full(problem.people.size, float(limit))
    use = ways.point >= problem.size
    np.minimum.at(now, ways.place[use], ways.milliseconds[use].astype(np.float64))
    return now


def _no_rules(problem: SiteProblem, rules: Rules) -> None:
    if len(rules):
        told = (("aim", problem.question.aim),)
        raise SitingError(Problem("sites", "sites_rules_of_aim", values=told))


def _served(problem: SiteProblem, purse: Purse, rules: Rules, clock: Clock) -> Choice:
    """Send people to what stands and what is chosen, as far as there is room."""
    own = problem.candidates["capacity"].to_numpy(dtype=np.float64)
    there = problem.standing["capacity"].to_numpy(dtype=np.float64)
    if np.isnan(own).any():
        count = str(int(np.isnan(own).sum()))
        raise SitingError(Problem("sites", "sites_capacity_missing", values=(("count", count),)))
    per_1000 = problem.project.categories[problem.question.category].capacity_per_1000
    # What is not known to be full is not called full.
    endless = float(problem.weight.sum())
    room = np.nan_to_num(np.concatenate((own, there)) * 1000.0 / (per_1000 or 1000.0), nan=endless)
    size = room.size
    use = problem.ways.within
    cover = cover_of(
        problem.ways.place[use],
        problem.ways.point[use],
        weight=problem.weight,
        candidates=size,
    )
    stay = np.where(np.arange(size) >= problem.size, np.arange(size) - problem.size, -1)
    every = np.ones(len(problem.standing), dtype=np.int64)
    wide = replace(rules, matrix=_widened(rules, size))
    both = all_rules(size, wide, per_group(stay, least=every, most=every, name="existing"))
    free = np.concatenate((purse.price, np.zeros(len(problem.standing))))
    found = most_served(cover, replace(purse, price=free), room, rules=both, clock=clock)
    chosen = rows_of(found.answer.chosen[found.answer.chosen < problem.size])
    return Choice(chosen, (("served", found.answer),), assigned=found)


def _widened(rules: Rules, size: int) -> csr_array:
    matrix = rules.matrix
    return csr_array((matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], size))


def _backup(problem: SiteProblem, purse: Purse, rules: Rules, clock: Clock) -> Choice:
    once, twice = twice_covered(problem.everybody, purse, problem.there, rules=rules, clock=clock)
    return Choice(once.chosen, (("people", once), ("twice", twice)))


def _fair(problem: SiteProblem, purse: Purse, rules: Rules, clock: Clock) -> Choice:
    """Look after the township that is worst off first; units without one are left out of that."""
    units = problem.area.units
    names = sorted(units["township_id"].dropna().unique())
    of_unit = np.array(
        [names.index(name) if name in names else -1 for name in units["township_id"]]
    )
    of_place = of_unit[problem.where.unit]
    weight = np.where(of_place >= 0, problem.weight, 0.0)
    total = _summed(of_place, weight, len(names))
    peopled = np.flatnonzero(total > 0)
    row = np.full(len(names) + 1, -1)
    row[peopled] = np.arange(peopled.size)
    group = row[of_place]
    had = np.where((problem.there > 0) & (group >= 0), weight, 0.0)
    covered = _summed(group, had, peopled.size)
    inside = group >= 0
    cover = problem.cover().take(places=inside)
    groups = Groups(group[inside], covered, total[peopled])
    lowest, most = fairest(cover, purse, groups, rules=rules, clock=clock)
    return Choice(most.chosen, (("lowest_share", lowest), ("people", most)))


def _summed(group: Ints, values: Floats, size: int) -> Floats:
    inside = group >= 0
    return np.bincount(group[inside], values[inside], size).astype(np.float64)


_SOLVERS: dict[str, Solver] = {
    "people": _people,
    "units": _units,
    "travel": _travel,
    "longest": _longest,
    "served": _served,
    "backup": _backup,
    "fair": _fair,
}
