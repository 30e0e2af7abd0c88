"""The fewest sites, or the least money, that cover enough: partial covering, and all (LSCP).

Toregas and others (1971) for all; Daskin and Owen (1999) for a part.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.solver_answer import TOLERANCE, YES, Answer, is_whole, rounded_bound, rows_of
from geo.solver_cover import Cover, merged, reduced, unneeded
from geo.solver_coverage import coverage_columns
from geo.solver_program import Program
from geo.solver_purse import Purse, counting
from geo.solver_root import close_in
from geo.solver_rules import keep_rules
from layers.errors import Problem, SitingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_rules import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def least_cost(
    cover: Cover,
    price: Floats,
    need: float,
    *,
    rules: Rules | None = None,
    clock: Clock,
) -> Answer:
    """Choose what covers at least ``need`` of the weight for the least price.

    Raises SitingError with the most that can be covered where that is less than ``need``.
    """
    if is_whole(cover.weight):
        need = float(np.ceil(need - TOLERANCE))
    if need > cover.most() * (1 + 1e-12):
        most = f"{cover.most():g}"
        raise SitingError(
            Problem("sites", "target_out_of_reach", values=(("most", most), ("need", f"{need:g}")))
        )
    bare = rules is None or not len(rules)
    small, left = reduced(cover, price) if bare else (merged(cover), np.arange(cover.candidates))
    if need <= 0 and bare:
        return Answer(rows_of([]), 0.0, 0.0, "least", "none-needed").within(clock)
    some = None if rules is None else rules.take(left)
    if bare and need >= small.most() - TOLERANCE:
        chosen, bound, method = _everybody(small, price[left], clock)
    elif bare and (price == 1.0).all():
        chosen, bound, method = _counted(small, need, clock)
    else:
        chosen, bound, method = _programmed(small, Purse(price[left], np.inf), need, some, clock)
    sites = rows_of(left[chosen])
    bound = rounded_bound(bound, "least", whole=is_whole(price))
    spent = float(price[sites].sum())
    return Answer(sites, spent, min(spent, bound), "least", method).within(clock)


def _everybody(cover: Cover, price: Floats, clock: Clock) -> tuple[Ints, float, str]:
    """Take whoever alone covers some place, as often as there is one; HiGHS does the rest."""
    left, taken = np.arange(cover.candidates), [np.zeros(0, dtype=np.int64)]
    cover = unneeded(cover)
    while cover.places:
        alone = np.diff(cover.matrix.indptr) == 1
        if not alone.any():
            break
        only = np.unique(cover.matrix.indices[cover.matrix.indptr[:-1][alone]])
        taken.append(left[only])
        cover, kept = reduced(cover.take(places=~cover.covered(only)), price[left])
        left = left[kept]
        cover = unneeded(cover)
    sure = np.concatenate(taken)
    spent = float(price[sure].sum())
    if cover.places == 0:
        return sure, spent, "reductions"
    purse = Purse(price[left], np.inf)
    more, bound, method = _programmed(cover, purse, cover.most(), None, clock)
    return np.concatenate((sure, left[more])), spent + bound, "reductions+" + method


def _counted(cover: Cover, need: float, clock: Clock) -> tuple[Ints, float, str]:
    """Try with one site less until that is proved too few, or nobody knows."""
    one_each = Purse(np.ones(cover.candidates), np.inf)
    best, method = _greedily(cover, one_each, need), "greedy+swap+lagrangian"
    costs, total = cover.as_costs(), float(cover.weight.sum())
    step = 1 - TOLERANCE if is_whole(cover.weight) else TOLERANCE * max(1.0, total)
    while clock.left() > 0:
        if best.size == 1:
            return best, 1.0, method
        purse = counting(cover.candidates, best.size - 1)
        root = close_in(costs, purse, step=step, clock=clock, enough=total - need)
        if total - root.best >= need - TOLERANCE * 1e-3:
            best = root.chosen
        elif total - root.found.value < need - TOLERANCE:
            return best, float(best.size), method
        else:
            break
    chosen, bound, _ = _programmed(cover, replace(one_each, amount=best.size), need, None, clock)
    if chosen.size < best.size:
        best = chosen
    return best, bound, method + "+highs"


def _greedily(cover: Cover, purse: Purse, need: float) -> Ints:
    """Take what covers most for its money, until that is enough."""
    uncovered = cover.weight.copy()
    columns = cover.matrix.T.tocsr()
    chosen: list[int] = []
    while cover.weight.sum() - uncovered.sum() < need - TOLERANCE * 1e-3:
        gain = columns @ uncovered
        best = int(purse.rate(gain).argmax())
        if gain[best] <= 0:  # all there is, but for rounding
            break
        chosen.append(best)
        uncovered[columns.indices[columns.indptr[best] : columns.indptr[best + 1]]] = 0.0
    return np.array(chosen, dtype=np.int64)


def _programmed(
    cover: Cover,
    purse: Purse,
    need: float,
    rules: Rules | None,
    clock: Clock,
) -> tuple[Ints, float, str]:
    """Let HiGHS choose; where it finds nothing in time what covers most for its money is taken.

    Raises SitingError where there are rules, too, that such a choice might break.
    """
    program = Program()
    sites = program.columns(purse.price, whole=True)
    if need >= cover.most() - TOLERANCE:
        program.rows((cover.matrix, sites), low=1.0)
    else:
        own, blocks = coverage_columns(program, cover, sites)
        program.row((own, sites), *blocks, low=need)
    keep_rules(program, sites, purse, rules)
    solved = program.solve(clock)
    if solved.infeasible:
        raise SitingError(Problem("sites", "rules_out_of_reach"))
    if solved.values is None and rules is not None and len(rules):
        raise SitingError(Problem("sites", "no_choice_in_time"))
    if solved.values is None:
        return _greedily(cover, purse, need), max(0.0, solved.bound), "greedy"
    return np.flatnonzero(solved.part(sites, purse.price.size) > YES), solved.bound, "highs"
