"""The best prices there are for covering: those of the linear program that allows parts of sites.

Climbing finds prices for problems of any size, but never quite the best ones; where the program is
small HiGHS has them sooner, and its bound settles many more candidates. What the prices prove is
worked out anew from them, so that it holds whatever HiGHS has rounded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

from geo.solver_interchange import interchange, perturbed
from geo.solver_median_bound import Climb, median_bound
from geo.solver_program import ones
from geo.solver_quiet import quiet_library
from geo.solver_root import Root, close_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_cover import Cover
    from geo.solver_purse import Purse

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_MOST_PAIRS = 500_000  # takes some seconds
_TO_RELAX = 0.5
_FEW_TURNS = 1
_LEAST_STARTS, _MOST_STARTS, _FEW = 5, 100, 400


def close_in_cover(
    cover: Cover, purse: Purse, *, step: float, clock: Clock, enough: float = -np.inf
) -> Root:
    """Do what ``close_in`` does for the weight left uncovered, with the best prices if it can."""
    costs = cover.as_costs()
    if cover.matrix.nnz > _MOST_PAIRS:
        return close_in(costs, purse, step=step, clock=clock, enough=enough)
    root = close_in(costs, purse, step=step, clock=clock, enough=enough, turns=_FEW_TURNS)
    if root.best <= enough or root.found.value > max(enough, root.target):
        return root
    price = _relaxed_prices(cover, purse, clock.share(_TO_RELAX))
    if price is None:
        return close_in(costs, purse, step=step, clock=clock, enough=enough)
    found = median_bound(costs, purse, price=price, climb=Climb(root.target, clock, 1))
    found = max(root.found, found, key=lambda each: each.value)
    root = _tried(cover, purse, replace(root, found=found, near=costs), clock, enough)
    if root.best <= enough or root.unsettled(purse).size <= _FEW:
        return root
    # Far from its bound a choice may be far from the best: climbing passes by other ones.
    other = close_in(costs, purse, step=step, clock=clock, enough=enough)
    return min(root, replace(other, found=found, near=costs), key=lambda each: each.best)


def _tried(cover: Cover, purse: Purse, root: Root, clock: Clock, enough: float) -> Root:
    """Search on among the candidates not settled, until so few are left that HiGHS is quicker."""
    kept = np.union1d(root.unsettled(purse), np.concatenate((root.chosen, root.found.picked)))
    costs, own = cover.take(candidates=kept).as_costs(), purse.take(kept)
    dice = np.random.default_rng(clock.seed)
    for start in range(_MOST_STARTS):
        if root.best <= enough or root.found.value > max(enough, root.target) or clock.left() == 0:
            break
        if start >= _LEAST_STARTS and root.unsettled(purse).size <= _FEW:
            break
        chosen = np.searchsorted(kept, root.chosen)
        first = np.searchsorted(kept, root.found.picked)
        begin = perturbed(costs, chosen, dice) if start else first
        if own.affords(begin):
            tried = interchange(costs, begin, clock, purse=own)
            value = costs.total(tried)
            if value <= root.best:
                root = replace(root, chosen=kept[tried], best=value)
    return root


def _relaxed_prices(cover: Cover, purse: Purse, clock: Clock) -> Floats | None:
    """Give each place's price; None where HiGHS has none in time.

    A place that one candidate alone covers needs no column: its price is its weight.
    """
    several = np.diff(cover.matrix.indptr) > 1
    matrix, weight = cover.matrix[several], cover.weight[several]
    own = cover.take(places=~several)
    worth = np.concatenate((own.matrix.T @ own.weight, weight))
    pay = hstack([csr_array(purse.price[None, :]), csr_array((1, weight.size))])
    served = hstack([csr_array(-matrix), ones(weight.size)])
    with quiet_library():
        # The stubs know no sparse rows, which linprog takes.
        found = linprog(  # type: ignore[call-overload]
            -worth,
            A_ub=csr_array(vstack([served, pay])),
            b_ub=np.append(np.zeros(weight.size), purse.amount),
            bounds=(0.0, 1.0),
            method="highs-ipm",
            options={"time_limit": clock.left()},
        )
    if found.status:
        return None
    price = cover.weight.copy()
    price[several] = -found.ineqlin.marginals[:-1]
    return price
