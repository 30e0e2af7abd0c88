"""Least weighted travel with a number of sites: the p-median problem (Hakimi 1964).

Found by swapping from a greedy start, from the bound's own picks and from perturbed choices;
proved by the Lagrangian bound. Where that leaves a gap, HiGHS decides about the candidates it has
not settled if they are few, and a branch and bound over the same bound if they are many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from geo.solver_answer import TOLERANCE, YES, Answer, is_whole, rounded_bound, rows_of
from geo.solver_branch import MedianTree, opened_for_good
from geo.solver_program import Program, ones
from geo.solver_purse import Purse, counting
from geo.solver_root import Root, close_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_costs import Costs

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_FEW_PAIRS = 4_000


def median(costs: Costs, count: int, *, clock: Clock) -> Answer:
    """Choose ``count`` candidates so that the places' costs sum to the least.

    The objective is the sum of costs, base costs counted where no chosen candidate is cheaper.
    """
    purse = counting(costs.candidates, min(count, costs.candidates))
    whole = is_whole(costs.cost) and is_whole(costs.base)
    step = 1 - TOLERANCE if whole else TOLERANCE * max(1.0, float(costs.base.sum()))
    root = close_in(costs, purse, step=step, clock=clock)
    chosen, bound, method = root.chosen, root.found.value, "interchange+lagrangian"
    if not root.proved:
        chosen, other, how = _decided(costs, purse, root, clock)
        bound, method = max(bound, other), f"{method}+{how}"
    best = costs.total(chosen)
    bound = best if bound > best - step else rounded_bound(bound, "least", whole=whole)
    return Answer(rows_of(chosen), best, bound, "least", method).within(clock)


def _decided(costs: Costs, purse: Purse, root: Root, clock: Clock) -> tuple[Ints, float, str]:
    """Decide about the candidates that the root's bound has not settled."""
    found, best = root.found, root.best
    opened, closed = purse.settled(found.worth, found.picked, root.target - found.value)
    left = root.near.keep(~closed[root.near.candidate])
    open_, left = opened_for_good(np.zeros(0, dtype=np.int64), left, np.flatnonzero(opened))
    if left.cost.size <= _FEW_PAIRS:
        chosen, bound = _programmed(left, open_, int(purse.amount), clock)
        # Whatever the settled leave out is no better than the choice at hand.
        if chosen is not None and costs.total(chosen) < best:
            return chosen, min(bound, costs.total(chosen)), "highs"
        return root.chosen, min(bound, best), "highs"
    count = int(purse.amount)
    tree = MedianTree(costs, count, chosen=root.chosen, step=root.step, clock=clock)
    bound = tree.solve(root.near, found.price)
    return tree.chosen, bound, "branch-and-bound"


def _programmed(costs: Costs, open_: Ints, count: int, clock: Clock) -> tuple[Ints | None, float]:
    """Let HiGHS choose among what is left; an endless bound where nothing is to be had."""
    program = Program()
    free = np.unique(costs.candidate)
    sites = program.columns(np.zeros(free.size), whole=True)
    trips = program.columns(costs.cost - costs.base[costs.place])
    pairs = costs.cost.size
    each = np.arange(pairs)
    of_place = csr_array((np.ones(pairs), (costs.place, each)), shape=(costs.places, pairs))
    of_site = csr_array(
        (np.ones(pairs), (each, np.searchsorted(free, costs.candidate))),
        shape=(pairs, free.size),
    )
    program.rows((of_place, trips), high=1.0)
    program.rows((of_site, sites), (-ones(pairs), trips), low=0.0)
    program.row((np.ones(free.size), sites), high=float(count - open_.size))
    solved = program.solve(clock)
    if solved.infeasible:
        return None, np.inf
    bound = float(costs.base.sum()) + solved.bound
    if solved.values is None:
        return None, bound
    picked = free[solved.part(sites, free.size) > YES]
    return np.concatenate((open_, picked)), bound
