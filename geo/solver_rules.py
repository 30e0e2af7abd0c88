"""Rules a choice must keep beside its purse: so many per township, so far apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

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
        """Give the rules of some candidates."""
        return Rules(csr_array(self.matrix[:, candidates]), self.low, self.high, self.names)

    def named(self, name: str) -> Rules:
        """Give the rows of one rule."""
        rows = np.flatnonzero([each == name for each in self.names])
        some = csr_array(self.matrix[rows])
        return Rules(some, self.low[rows], self.high[rows], tuple(self.names[row] for row in rows))

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
    """Let at most one of each pair of candidates be chosen."""
    rows = np.tile(np.arange(first.size), 2)
    entries = (np.ones(rows.size), (rows, np.concatenate((first, second))))
    matrix = csr_array(entries, shape=(first.size, candidates))
    low, high = np.full(first.size, -np.inf), np.ones(first.size)
    return Rules(matrix, low, high, (name,) * first.size)


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


def undominated_alike(cover: Cover, price: Floats, rules: Rules) -> Ints:
    """Give the candidates that none beats of those that all rules treat like it.

    Where a rule asks for more than one of a kind all are given: the second best may be needed.
    """
    if (rules.low > 1).any():
        return np.arange(price.size)
    marked = hstack([csr_array(np.ones((price.size, 1))), csr_array(rules.matrix.T)])
    kind = alike(csr_array(marked))[0]
    shape = (int(kind.max(initial=-1)) + 1, price.size)
    # A place of its own for every kind: whoever covers as much is of the same kind, then.
    kinds = csr_array((np.ones(kind.size), (kind, np.arange(kind.size))), shape=shape)
    small = merged(cover)
    weight = np.concatenate((small.weight, np.ones(shape[0])))
    return undominated(Cover(csr_array(vstack([small.matrix, kinds])), weight), price)


def keep_rules(program: Program, sites: int, purse: Purse, rules: Rules | None) -> None:
    """Make a program keep to a purse and to rules; its site columns begin at ``sites``."""
    if np.isfinite(purse.amount):
        program.row((purse.price, sites), high=purse.amount)
    if rules is not None and len(rules):
        program.rows((rules.matrix, sites), low=rules.low, high=rules.high)
