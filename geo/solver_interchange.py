"""Choosing by trial: a greedy start, then the best swap of one candidate for another.

All swaps are weighed at once (Whitaker 1983; Resende and Werneck 2007): what a candidate gains,
less what a chosen one loses, plus what the newcomer catches of that loss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_costs import Costs
    from geo.solver_purse import Purse

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_LEAST_GAIN = 1e-9
_MOST_THROWN = 8


def greedy_within(costs: Costs, purse: Purse) -> Ints:
    """Choose one candidate after the other, the one that saves most, or most for its price."""
    nothing = np.zeros(0, dtype=np.int64)
    most = _filled(costs, purse, nothing, per_price=False)
    if purse.counts:
        return most
    thrifty = _filled(costs, purse, nothing, per_price=True)
    return min(thrifty, most, key=costs.total)


def _filled(costs: Costs, purse: Purse, chosen: Ints, *, per_price: bool) -> Ints:
    """Add candidates to a choice as long as one can be paid and saves anything."""
    now = costs.nearest(chosen)
    taken = [int(each) for each in chosen]
    while True:
        left = purse.amount * (1 + 1e-12) - purse.price[taken].sum()
        saved = np.maximum(now[costs.place] - costs.cost, 0.0)
        gain = np.bincount(costs.candidate, saved, costs.candidates).astype(np.float64)
        gain[purse.price > left] = -1.0
        gain[taken] = -1.0
        best = int((purse.rate(gain) if per_price else gain).argmax())
        if gain[best] <= _LEAST_GAIN:
            return np.array(taken, dtype=np.int64)
        taken.append(best)
        mine = costs.candidate == best
        rows = costs.place[mine]
        now[rows] = np.minimum(now[rows], costs.cost[mine])


def interchange(costs: Costs, chosen: Ints, clock: Clock, *, purse: Purse) -> Ints:
    """Swap as long as a swap helps, always the best that can be paid; then spend what is left."""
    chosen = _filled(costs, purse, chosen, per_price=False)
    while clock.left() > 0 and chosen.size:
        swap = _best_swap(costs, chosen, purse)
        if swap is None:
            break
        chosen[swap[0]] = swap[1]
        if not purse.counts:
            chosen = _filled(costs, purse, chosen, per_price=False)
    return chosen


def _best_swap(costs: Costs, chosen: Ints, purse: Purse) -> tuple[int, int] | None:
    """Give which of the chosen should make room, and for whom; None where no swap helps."""
    first, second, owner = two_nearest(costs, chosen)
    use = np.flatnonzero(costs.cost < second[costs.place])
    place, candidate, cost = costs.place[use], costs.candidate[use], costs.cost[use]
    nearer = np.maximum(first[place] - cost, 0.0)
    gain = np.bincount(candidate, weights=nearer, minlength=costs.candidates)
    served = owner >= 0
    spare = second[served] - first[served]
    loss = np.bincount(owner[served], weights=spare, minlength=chosen.size)
    owned = served[place]
    caught = second[place] - np.maximum(cost, first[place])
    keys = candidate[owned] * chosen.size + owner[place[owned]]
    size = costs.candidates * chosen.size
    # Of nothing bincount counts whole numbers, weights or not.
    every = np.bincount(keys, weights=caught[owned], minlength=size).astype(np.float64)
    better = every.reshape(costs.candidates, chosen.size)
    better += gain[:, None]
    better -= loss[None, :]
    better[chosen] = -np.inf
    if not purse.counts:
        left = purse.amount * (1 + 1e-12) - purse.price[chosen].sum()
        better[purse.price[:, None] - purse.price[chosen][None, :] > left] = -np.inf
    best = int(better.argmax())
    if better.flat[best] <= _LEAST_GAIN:
        return None
    return best % chosen.size, best // chosen.size


def two_nearest(costs: Costs, chosen: Ints) -> tuple[Floats, Floats, Ints]:
    """Give each place's lowest and second lowest cost, and whose the lowest is (-1: the base)."""
    at = np.full(costs.candidates, -1)
    at[chosen] = np.arange(chosen.size)
    use = np.flatnonzero(at[costs.candidate] >= 0)
    place = costs.place[use]
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    first, second = costs.base.copy(), costs.base.copy()
    owner = np.full(costs.places, -1)
    rows = place[starts]
    first[rows] = costs.cost[use[starts]]
    owner[rows] = at[costs.candidate[use[starts]]]
    after = starts + 1
    two = after[after < use.size]
    two = two[place[two] == place[two - 1]]
    second[place[two]] = costs.cost[use[two]]
    return first, second, owner


def perturbed(costs: Costs, chosen: Ints, dice: np.random.Generator) -> Ints:
    """Throw a few of the chosen out, at random, for others."""
    free = np.setdiff1d(np.arange(costs.candidates), chosen)
    most = min(_MOST_THROWN, chosen.size, free.size)
    if most == 0:
        return chosen
    size = int(dice.integers(1, most + 1))
    moved = chosen.copy()
    moved[dice.choice(chosen.size, size, replace=False)] = dice.choice(free, size, replace=False)
    return moved
