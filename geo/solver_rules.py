"""Rules a choice must keep beside its purse: so many per township, so far apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from geo.solver_answer import TOLERANCE
from geo.solver_cover import Cover, alike, merged, undominated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_program import Program
    from geo.solver_purse import Purse

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rules:
    """Rows over candidates, ``low <= matrix @ chosen <= high``, each with the name of its rule."""

    matrix: csr_array
    low: Floats
    high: Floats
    names: tuple[str, ...]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.names)

    def take(self, candidates: Ints) -> Rules:
        """Give the rules of some candidates, without the rows that none of these can break."""
        some = csr_array(self.matrix[:, candidates])
        return Rules(some, self.low, self.high, self.names).rows(
            (self.low > 0) | (np.diff(some.indptr) > self.high)
        )

    def named(self, name: str) -> Rules:
        """Give the rows of one rule."""
        return self.rows(np.array([each == name for each in self.names], dtype=bool))

    def forbidden(self) -> Ints:
        """Give the candidates that some row lets nobody choose."""
        return np.unique(self.rows(self.high <= 0).matrix.indices)

    def rows(self, some: NDArray[np.bool_]) -> Rules:
        """Give some of the rows."""
        rows = np.flatnonzero(some)
        names = tuple(self.names[row] for row in rows)
        return Rules(csr_array(self.matrix[rows]), self.low[rows], self.high[rows], names)

    def broken(self, chosen: Ints) -> set[str]:
        """Name the rules a choice breaks."""
        flag = np.zeros(int(self.matrix.shape[1]))
        flag[chosen] = 1.0
        sums = self.matrix @ flag
        bad = np.flatnonzero((sums < self.low - 0.5) | (sums > self.high + 0.5))
        return {self.names[row] for row in bad}


def per_group(group: Ints, *, least: Ints, most: Ints, name: str) -> Rules:
    """Ask for so many candidates of each group; ``group`` is -1 for a candidate of none."""
    inside = np.flatnonzero(group >= 0)
    shape = (least.size, group.size)
    matrix = csr_array((np.ones(inside.size), (group[inside], inside)), shape=shape)
    bounds = (least.astype(np.float64), most.astype(np.float64))
    return Rules(matrix, *bounds, (name,) * least.size)


def apart(first: Ints, second: Ints, *, candidates: int, name: str) -> Rules:
    """Let at most one of each pair of candidates be chosen.

    One row says it of many that are all too close to one another, which is shorter and sharper
    than a row for each pair: of each cluster, and of each candidate and its like in another.
    """
    of = _clusters(first, second, candidates)
    apart_ = of[first] != of[second]
    one, other = first[apart_], second[apart_]
    one, other = np.where(of[one] < of[other], (one, other), (other, one))
    keys, row = np.unique(one * candidates + of[other], return_inverse=True)
    inside = np.flatnonzero(np.bincount(of)[of] > 1)
    clusters, own = np.unique(of[inside], return_inverse=True)
    rows = np.concatenate((row, np.arange(keys.size), own + keys.size))
    columns = np.concatenate((other, keys // candidates, inside))
    shape = (keys.size + clusters.size, candidates)
    matrix = csr_array((np.ones(rows.size), (rows, columns)), shape=shape)
    low, high = np.full(shape[0], -np.inf), np.ones(shape[0])
    return Rules(matrix, low, high, (name,) * shape[0])


def _clusters(first: Ints, second: Ints, candidates: int) -> Ints:
    """Give each candidate's cluster, in which every two are one of the pairs."""
    both = np.concatenate((first, second)), np.concatenate((second, first))
    close = csr_array((np.ones(both[0].size), both), shape=(candidates, candidates))
    of, size = np.full(candidates, -1), np.zeros(candidates, dtype=np.int64)
    for row in range(candidates):
        there = of[close.indices[close.indptr[row] : close.indptr[row + 1]]]
        found, count = np.unique(there[there >= 0], return_counts=True)
        open_ = found[count == size[found]]
        of[row] = open_[size[open_].argmax()] if open_.size else row
        size[of[row]] += 1
    return of


def all_rules(candidates: int, *parts: Rules) -> Rules:
    """Put rules together."""
    nothing = Rules(csr_array((0, candidates)), np.zeros(0), np.zeros(0), ())
    every = [nothing, *parts]
    return Rules(
        csr_array(vstack([each.matrix for each in every])),
        np.concatenate([each.low for each in every]),
        np.concatenate([each.high for each in every]),
        tuple(name for each in every for name in each.names),
    )


def undominated_alike(cover: Cover, price: Floats, rules: Rules | None) -> Ints:
    """Give the candidates that rules allow and none beats of those that rules treat like it.

    Where a rule asks for more than one of a kind all are given: the second best may be needed.
    """
    small = merged(cover)
    if rules is None or not len(rules):
        return undominated(small, price)
    allowed = np.setdiff1d(np.arange(price.size), rules.forbidden())
    if allowed.size < price.size:
        rest = cover.take(candidates=allowed)
        return allowed[undominated_alike(rest, price[allowed], rules.take(allowed))]
    if (rules.low > 1).any():
        return allowed
    marked = hstack([csr_array(np.ones((price.size, 1))), csr_array(rules.matrix.T)])
    kind = alike(csr_array(marked))[0]
    shape = (int(kind.max(initial=-1)) + 1, price.size)
    # A place of its own for every kind: whoever covers as much is of the same kind, then.
    kinds = csr_array((np.ones(kind.size), (kind, np.arange(kind.size))), shape=shape)
    weight = np.concatenate((small.weight, np.ones(shape[0])))
    return undominated(Cover(csr_array(vstack([small.matrix, kinds])), weight), price)


def allowed_greedily(cover: Cover, purse: Purse, rules: Rules) -> Ints | None:
    """Take what covers most of what is allowed beside the others, and swap while a swap helps.

    None where rules ask for some.
    """
    if (rules.low > 0).any():
        return None
    columns = csr_array(cover.matrix.T)
    chosen = _filled(cover, columns, np.zeros(0, dtype=np.int64), (purse, rules))
    value, idle = cover.value(chosen), 0
    while idle < chosen.size:
        # The oldest makes room; where that is no use it comes back as the newest.
        tried = _filled(cover, columns, chosen[1:], (purse, rules))
        worth = cover.value(tried)
        better = worth > value + TOLERANCE * max(1.0, value)
        chosen, value, idle = (
            (tried, worth, 0) if better else (np.roll(chosen, -1), value, idle + 1)
        )
    return np.sort(chosen)


def _filled(cover: Cover, columns: csr_array, chosen: Ints, limits: tuple[Purse, Rules]) -> Ints:
    """Add what is allowed and can be paid to a choice, what covers most each time."""
    purse, rules = limits
    flag = np.zeros(cover.candidates)
    flag[chosen] = 1.0
    uncovered = np.where(cover.covered(chosen), 0.0, cover.weight)
    left, taken = purse.amount * (1 + 1e-12) - purse.price[chosen].sum(), list(chosen)
    while True:
        full = rules.matrix @ flag > rules.high - 1
        blocked = (rules.matrix.T @ full.astype(np.float64) + flag) > 0
        gain = np.where(blocked | (purse.price > left), 0.0, columns @ uncovered)
        if gain.max(initial=0.0) <= 0:
            return np.array(taken, dtype=np.int64)
        best = int(gain.argmax())
        flag[best] = 1.0
        taken.append(best)
        left -= purse.price[best]
        uncovered[columns.indices[columns.indptr[best] : columns.indptr[best + 1]]] = 0.0


def keep_rules(program: Program, sites: int, purse: Purse, rules: Rules | None) -> None:
    """Make a program keep to a purse and to rules; its site columns begin at ``sites``."""
    if np.isfinite(purse.amount):
        program.row((purse.price, sites), high=purse.amount)
    if rules is not None and len(rules):
        program.rows((rules.matrix, sites), low=rules.low, high=rules.high)
