"""What a choice of sites must keep to: money or number, townships, distances, and why it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo.solver_answer import Clock
from geo.solver_program import Program
from geo.solver_purse import Purse, counting
from geo.solver_rules import Rules, all_rules, apart, keep_rules, per_group
from layers.errors import Problem, SitingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.site_problem import SiteProblem

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TOWNSHIPS, QUOTA, APART, STAY = "per_township", "most_per_township", "apart_metres", "existing"
_ANY = 10**9


def purse_of(problem: SiteProblem) -> Purse:
    """Give what may be spent: a number of sites, or money; endless where a target is asked for."""
    question = problem.question
    price = problem.candidates["cost"].to_numpy(dtype=np.float64)
    if question.count is not None:
        return counting(problem.size, min(question.count + problem.existing.size, problem.size))
    if question.years:
        return counting(problem.size, min(sum(question.years.values()), problem.size))
    if question.target is not None:
        return Purse(np.ones(problem.size) if (price == 1.0).all() else price, np.inf)
    budget = float(question.budget or 0.0)
    if budget < price.min():
        told = (("budget", f"{budget:g}"), ("cheapest", f"{price.min():g}"))
        raise SitingError(Problem("sites", "sites_budget_too_small", values=told))
    return Purse(price, budget)


def rules_of(problem: SiteProblem) -> Rules:
    """Give the rules of the question as rows over its candidates."""
    question, size = problem.question, problem.size
    parts = []
    if question.per_township or question.most_per_township is not None:
        parts += _by_township(problem)
    if question.apart_metres:
        at = problem.candidates.geometry.get_coordinates().to_numpy()
        reach = question.apart_metres
        pairs = np.sort(cKDTree(at).query_pairs(reach, output_type="ndarray"), axis=1)
        # A minimum distance may be kept exactly.
        near = np.hypot(*(at[pairs[:, 0]] - at[pairs[:, 1]]).T) < reach
        close = _close_to_standing(problem, at)
        # Of those that are out already nothing more need be said.
        pairs = pairs[near & ~np.isin(pairs, close).any(axis=1)]
        parts.append(apart(pairs[:, 0], pairs[:, 1], candidates=size, name=APART))
        parts.append(_kept_out(close, size))
    return all_rules(size, *parts)


def _by_township(problem: SiteProblem) -> list[Rules]:
    """Ask for so many in every township, those standing counted, and allow so many new ones."""
    question, units = problem.question, problem.area.units
    names = pd.Index(sorted(units["township_id"].dropna().unique()))
    group = names.get_indexer(problem.candidates["township_id"])
    of_unit = units.set_index("unit_id")["township_id"]
    has = names.get_indexer(problem.standing["unit_id"].map(of_unit))
    had = np.bincount(has[has >= 0], minlength=names.size)
    rules = []
    if question.per_township:
        least = np.maximum(question.per_township - had, 0)
        most = np.full(names.size, _ANY, dtype=np.int64)
        rules.append(per_group(group, least=least, most=most, name=TOWNSHIPS))
    if question.most_per_township is not None:
        most = np.full(names.size, question.most_per_township)
        rules.append(per_group(group, least=np.zeros_like(most), most=most, name=QUOTA))
    return rules


def _close_to_standing(problem: SiteProblem, at: Floats) -> Ints:
    """Give the candidates closer to what stands than to one another they may be."""
    if not len(problem.standing):
        return np.zeros(0, dtype=np.int64)
    there = cKDTree(problem.standing.geometry.get_coordinates().to_numpy())
    return np.flatnonzero(there.query(at)[0] < problem.question.apart_metres)


def _kept_out(close: Ints, size: int) -> Rules:
    group = np.full(size, -1)
    group[close] = np.arange(close.size)
    nothing = np.zeros(close.size, dtype=np.int64)
    return per_group(group, least=nothing, most=nothing, name=APART)


def tell_why_not(problem: SiteProblem, purse: Purse, rules: Rules) -> SitingError:
    """Name the rule that cannot be kept, alone or together with the others."""
    for name in dict.fromkeys(rules.names):
        if not _feasible(purse, rules.named(name)):
            return SitingError(_unkept(problem, purse, rules, name))
    told = (("rules", "、".join(dict.fromkeys(rules.names))),)
    return SitingError(Problem("sites", "sites_rules_together", values=told))


def _unkept(problem: SiteProblem, purse: Purse, rules: Rules, name: str) -> Problem:
    asked = rules.named(name)
    empty = np.flatnonzero(asked.low > np.diff(asked.matrix.indptr))
    if name == TOWNSHIPS and empty.size:
        units = problem.area.units.drop_duplicates("township_id").set_index("township_id")
        ids = sorted(units.index.dropna())
        told = "、".join(str(units["township"].get(ids[row])) for row in empty)
        return Problem("sites", "sites_township_without", values=(("townships", told),))
    needed = f"{int(np.maximum(asked.low, 0).sum())}"
    return Problem(
        "sites", "sites_rule_needs_more", value=name,
        values=(("needed", needed), ("amount", f"{purse.amount:g}")),
    )  # fmt: skip


def _feasible(purse: Purse, rules: Rules) -> bool:
    program = Program()
    sites = program.columns(np.zeros(purse.price.size), whole=True)
    keep_rules(program, sites, purse, rules)
    return not program.solve(Clock(10.0)).infeasible
