"""What a choice may spend: a number of sites, or money where each site has its price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Purse:
    """An amount and each candidate's price. Where all prices are 1 the amount counts sites."""

    price: Floats
    amount: float

    @property
    def counts(self) -> bool:
        """Say whether it merely counts sites."""
        return bool((self.price == 1.0).all())

    def affords(self, chosen: Ints) -> bool:
        """Say whether a choice can be paid."""
        return float(self.price[chosen].sum()) <= self.amount * (1 + 1e-12)

    def rate(self, worth: Floats) -> Floats:
        """Give worth for money; what costs nothing and is worth anything is beyond compare."""
        free = np.where(worth == 0, 0.0, np.copysign(np.inf, worth))
        return np.divide(worth, self.price, out=free, where=self.price > 0)

    def take(self, rows: Ints, *, spent: float = 0.0) -> Purse:
        """Give the purse of some candidates, after spending a part of it."""
        return Purse(self.price[rows], self.amount - spent)

    def picks(self, worth: Floats) -> tuple[Ints, float]:
        """Take the most worthy (most negative) candidates; give them and what they are worth.

        With prices the last one is taken in part, so that the worth is a bound.
        """
        if self.counts:
            count = min(int(self.amount), worth.size)
            some = np.arange(worth.size)
            if 0 < count < worth.size:
                some = np.argpartition(worth, count - 1)[:count]
            return some[:count], float(worth[some[:count]].sum())
        order = np.argsort(self.rate(worth), kind="stable")
        order = order[worth[order] < 0]
        after = np.cumsum(self.price[order])
        whole = int(np.searchsorted(after, self.amount, side="right"))
        value = float(worth[order[:whole]].sum())
        if whole < order.size:
            rest = self.amount - (after[whole - 1] if whole else 0.0)
            value += float(worth[order[whole]] * rest / self.price[order[whole]])
        return order[:whole], value

    def settled(self, worth: Floats, picked: Ints, slack: float) -> tuple[Flags, Flags]:
        """Say which candidates every better choice has, and which none has, by reduced costs.

        ``slack`` is how far the bound may still rise before nothing better is left.
        """
        taken = np.zeros(worth.size, dtype=bool)
        taken[picked] = True
        reduced = worth - self.marginal(worth, picked) * self.price
        if self.counts:
            following = worth[~taken].min() if (~taken).any() else np.inf
            return taken & (following - worth > slack), ~taken & (reduced > slack)
        return taken & (-reduced > slack), ~taken & (reduced > slack)

    def marginal(self, worth: Floats, picked: Ints) -> float:
        """Give what a little more to spend would be worth at most, beside the most worthy picks."""
        if self.counts:
            full = picked.size > 0 and picked.size == int(self.amount)
            return float(worth[picked].max()) if full else 0.0
        left = worth < 0
        left[picked] = False
        return float(self.rate(worth)[left].min(initial=0.0))


def counting(candidates: int, count: int) -> Purse:
    """Give a purse that counts sites."""
    return Purse(np.ones(candidates), float(count))
