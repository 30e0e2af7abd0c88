"""The most people covered with a number of sites or a sum of money: maximal covering (MCLP).

Church and ReVelle (1974). After exact reductions it is searched as a median whose uncovered places
cost their weight; the Lagrangian bound settles most candidates, and HiGHS decides about the rest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.solver_answer import TOLERANCE, YES, Answer, is_whole, rounded_bound, rows_of
from geo.solver_cover import Cover, merged, merged_groups, reduced
from geo.solver_program import Program, ones, picked_sites
from geo.solver_relaxed import close_in_cover
from geo.solver_rules import allowed_greedily, keep_rules, undominated_alike

_TO_SETTLE = 0.1
_NEAR, _FEW = 0.25, 150

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_purse import Purse
    from geo.solver_root import Root
    from geo.solver_rules import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


def most_covered(
    cover: Cover,
    purse: Purse,
    *,
    rules: Rules | None = None,
    clock: Clock,
) -> Answer:
    """Choose what covers most weight for the purse. The objective is the weight covered.

    Raises SitingError where no choice keeps the rules.
    """
    if rules is not None and len(rules):
        return _by_rules(cover, purse, rules, clock)
    # What costs nothing is taken: it can only help.
    free = np.flatnonzero(purse.price == 0)
    affordable = np.flatnonzero((purse.price > 0) & (purse.price <= purse.amount))
    rest = cover.take(places=~cover.covered(free), candidates=affordable)
    small, left = reduced(rest, purse.price[affordable])
    rows = affordable[left]
    lost, bound, picked, method = _least_uncovered(small, purse.take(rows), clock)
    chosen = rows_of(np.concatenate((free, rows[picked])))
    objective, total = cover.value(chosen), cover.value(free) + float(small.weight.sum())
    most = objective if bound >= lost else max(objective, _most(cover, total - bound))
    return Answer(chosen, objective, most, "most", method).within(clock)


def rivals(cover: Cover, purse: Purse, value: float, clock: Clock) -> Ints:
    """Give the candidates that a choice covering a value may have, as far as the bound can tell.

    Beside a candidate that another one beats such a choice can do with ones that none beats, so
    that its worth at their prices judges it, too.
    """
    free = np.flatnonzero(purse.price == 0)
    rest = cover.take(places=~cover.covered(free))
    payable = np.flatnonzero((purse.price > 0) & (purse.price <= purse.amount))
    left = payable[reduced(rest.take(candidates=payable), purse.price[payable])[1]]
    small, group = merged_groups(rest.take(candidates=left))
    if not small.places:
        return np.concatenate((free, payable))
    own = purse.take(left)
    root = close_in_cover(small, own, step=_step(small), clock=clock)
    rate = np.maximum(root.found.price, 0.0) / small.weight
    price = np.where(group >= 0, rate[group] * rest.weight, 0.0)
    reduced_cost = (
        -(rest.matrix.T @ price) - own.marginal(root.found.worth, root.found.picked) * purse.price
    )
    uncovered = cover.value(free) + float(small.weight.sum()) - value
    kept = reduced_cost <= uncovered - root.found.value + TOLERANCE * max(1.0, value)
    return rows_of(np.concatenate((free, payable[kept[payable]])))


def _most(cover: Cover, bound: float) -> float:
    return rounded_bound(bound, "most", whole=is_whole(cover.weight))


def _by_rules(cover: Cover, purse: Purse, rules: Rules, clock: Clock) -> Answer:
    """Let HiGHS choose; a candidate is left out where one that all rules treat alike beats it."""
    left = undominated_alike(cover, purse.price, rules)
    small, own, some = cover.take(candidates=left), purse.take(left), rules.take(left)
    known = allowed_greedily(small, own, some)
    kept = np.arange(left.size)
    if known is not None:
        kept = rivals(small, own, small.value(known), clock.share(_TO_SETTLE))
    program, sites = coverage_program(merged(small.take(candidates=kept)))
    keep_rules(program, sites, own.take(kept), some.take(kept))
    solved = program.solve(clock)
    if solved.values is None and not solved.infeasible and known is not None:
        chosen, bound = left[known], solved.bound
    else:
        picked, bound = picked_sites(solved, sites, kept.size)
        chosen = left[kept[picked]]
    value = cover.value(chosen)
    most = max(value, _most(cover, -bound))
    return Answer(chosen, value, most, "most", "highs").within(clock)


def _least_uncovered(cover: Cover, purse: Purse, clock: Clock) -> tuple[float, float, Ints, str]:
    """Give the weight left uncovered, its lower bound, the choice and the method."""
    costs = cover.as_costs()
    if cover.places == 0 or purse.affords(np.arange(cover.candidates)):
        return (
            costs.total(np.arange(cover.candidates)),
            0.0,
            np.arange(cover.candidates),
            "reductions",
        )
    step = _step(cover)
    root = close_in_cover(cover, purse, step=step, clock=clock)
    bound, method = root.found.value, "greedy+swap+lagrangian"
    if not root.proved:
        root, bound = _searched(cover, purse, root, clock)
        method += "+highs"
    best = root.best
    return best, best if bound > root.target else bound, root.chosen, method


def _step(cover: Cover) -> float:
    """Give the least by which sums of weight can differ."""
    whole = is_whole(cover.weight)
    return 1 - TOLERANCE if whole else TOLERANCE * max(1.0, float(cover.weight.sum()))


def _searched(cover: Cover, purse: Purse, root: Root, clock: Clock) -> tuple[Root, float]:
    """Let HiGHS look near the bound first, where few candidates come into question, then farther.

    Give the root with its best choice, and the bound.
    """
    costs, bound = cover.as_costs(), root.found.value
    for part in (_NEAR, 1.0) if root.unsettled(purse).size > _FEW else (1.0,):
        chosen, inside = _core(cover, purse, root.settled(purse, part), clock)
        # What is left out costs more than this: at the last no less than the best.
        outside = root.found.value + part * (root.target - root.found.value)
        bound = max(bound, min(inside, outside if part < 1 else np.inf))
        if chosen is not None and costs.total(chosen) < root.best:
            root = replace(root, chosen=chosen, best=costs.total(chosen))
        if bound > root.target:
            break
    return root, bound


def _core(
    cover: Cover, purse: Purse, settled: tuple[Flags, Flags], clock: Clock
) -> tuple[Ints | None, float]:
    """Let HiGHS decide about the candidates that the bound has not settled."""
    opened, closed = settled
    open_ = np.flatnonzero(opened)
    kept = np.flatnonzero(~opened & ~closed)
    rest = cover.take(places=~cover.covered(open_), candidates=kept)
    never = float(rest.weight[np.diff(rest.matrix.indptr) == 0].sum())
    left = purse.take(kept, spent=float(purse.price[open_].sum()))
    core, rows = reduced(rest, left.price)
    total = never + float(core.weight.sum())
    if core.places == 0:
        return open_, never
    gap = (1 - TOLERANCE) / max(1.0, total) if is_whole(cover.weight) else 0.0
    program, sites = coverage_program(core)
    program.row((left.price[rows], sites), high=left.amount)
    solved = program.solve(clock, gap=gap)
    if solved.infeasible:
        return None, np.inf
    bound = total + solved.bound
    if solved.values is None:
        return None, bound
    picked = rows[solved.part(sites, rows.size) > YES]
    return np.concatenate((open_, kept[picked])), bound


def coverage_program(cover: Cover) -> tuple[Program, int]:
    """Lay out a program that covers most weight; give it and where its site columns begin."""
    program = Program()
    own, several = _single(cover)
    sites = program.columns(-own, whole=True)
    if several.places:
        served = program.columns(-several.weight)
        program.rows((several.matrix, sites), (-ones(several.places), served), low=0.0)
    return program, sites


def coverage_columns(
    program: Program, cover: Cover, sites: int
) -> tuple[Floats, list[tuple[Floats, int]]]:
    """Add columns for covered places to a program, at no cost; give the weights they stand for.

    The first are the sites' own weights, the second of the added columns with their beginning.
    """
    own, several = _single(cover)
    if not several.places:
        return own, []
    served = program.columns(np.zeros(several.places))
    program.rows((several.matrix, sites), (-ones(several.places), served), low=0.0)
    return own, [(several.weight, served)]


def _single(cover: Cover) -> tuple[Floats, Cover]:
    """Give each site the weight it alone covers, and the places that several cover.

    A place that one candidate alone covers needs no column: its weight is the candidate's.
    """
    size = np.diff(cover.matrix.indptr)
    single = size == 1
    own = np.bincount(
        cover.matrix.indices[cover.matrix.indptr[:-1][single]],
        weights=cover.weight[single],
        minlength=cover.candidates,
    ).astype(np.float64)
    return own, cover.take(places=size > 1)
