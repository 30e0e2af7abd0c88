"""Whole-number programs, laid out block by block and solved by HiGHS (through scipy)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array

from geo.solver_answer import YES
from geo.solver_quiet import quiet_library
from layers.errors import Problem, SitingError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.solver_answer import Clock

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Block = tuple["csr_array", int]

_TIMED_OUT, _INFEASIBLE = 1, 2
_LEAST_SECONDS = 0.05


@dataclass(frozen=True)
class Solved:
    """What HiGHS found: the values of all columns (None where it found none), and its bound."""

    values: Floats | None
    bound: float
    infeasible: bool

    def part(self, begin: int, count: int) -> Floats:
        """Give the values of some columns, 0 where there are none."""
        return np.zeros(count) if self.values is None else self.values[begin : begin + count]


class Program:
    """Columns and rows of a program that is minimised."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._cost: list[Floats] = []
        self._upper: list[Floats] = []
        self._whole: list[Floats] = []
        self._entries: list[tuple[Floats, Ints, Ints]] = []
        self._low: list[Floats] = []
        self._high: list[Floats] = []
        self.size = self.height = 0

    def columns(self, cost: ArrayLike, *, upper: ArrayLike = 1.0, whole: bool = False) -> int:
        """Add a block of columns between 0 and ``upper``; give where it begins."""
        cost = np.atleast_1d(np.asarray(cost, dtype=np.float64))
        self._cost.append(cost)
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), cost.shape))
        self._whole.append(np.full(cost.size, float(whole)))
        self.size += cost.size
        return self.size - cost.size

    def rows(self, *blocks: Block, low: ArrayLike = -np.inf, high: ArrayLike = np.inf) -> None:
        """Add rows: the sum of blocks, each a matrix and where its columns begin."""
        count = int(blocks[0][0].shape[0])
        for matrix, begin in blocks:
            entries = matrix.tocoo()
            row, column = entries.coords
            at = (row.astype(np.int64) + self.height, column.astype(np.int64) + begin)
            self._entries.append((entries.data.astype(np.float64), *at))
        self._low.append(np.broadcast_to(np.asarray(low, dtype=np.float64), (count,)))
        self._high.append(np.broadcast_to(np.asarray(high, dtype=np.float64), (count,)))
        self.height += count

    def row(self, *parts: tuple[Floats, int], low: float = -np.inf, high: float = np.inf) -> None:
        """Add one row of numbers in place of matrices."""
        blocks = [(csr_array(numbers[None, :]), begin) for numbers, begin in parts]
        self.rows(*blocks, low=low, high=high)

    def solve(self, clock: Clock, *, gap: float = 0.0) -> Solved:
        """Solve until proved to within ``gap`` (a part of the objective), or out of time."""
        if clock.left() < _LEAST_SECONDS:
            return Solved(None, -np.inf, infeasible=False)
        low, high = (np.concatenate([np.zeros(0), *each]) for each in (self._low, self._high))
        if not self.size:
            return Solved(np.zeros(0), 0.0, infeasible=bool(((low > 0) | (high < 0)).any()))
        rows = LinearConstraint(self._matrix(), low, high)
        with quiet_library():
            found = milp(
                np.concatenate(self._cost),
                integrality=np.concatenate(self._whole),
                bounds=Bounds(np.zeros(self.size), np.concatenate(self._upper)),
                constraints=rows,
                options={"mip_rel_gap": gap, "time_limit": clock.left()},
            )
        values = None if found.x is None else np.asarray(found.x, dtype=np.float64)
        bound = found.mip_dual_bound
        if bound is None:
            bound = found.fun if found.status == 0 else -np.inf
        return Solved(values, float(bound), infeasible=found.status == _INFEASIBLE)

    def _matrix(self) -> csr_array:
        data, row, column = (np.concatenate(parts) for parts in zip(*self._entries, strict=True))
        return csr_array((data, (row, column)), shape=(self.height, self.size))


def ones(size: int) -> csr_array:
    """Give the matrix that leaves columns as they are."""
    return csr_array(eye_array(size))


def picked_sites(
    solved: Solved, begin: int, count: int, *, otherwise: Ints | None = None
) -> tuple[Ints, float]:
    """Give the rows of the sites a program chose, and its bound.

    ``otherwise`` is a choice that is known to keep its rows. Raises SitingError where nothing
    keeps them, or nothing was found in time and nothing is known.
    """
    if solved.infeasible:
        raise SitingError(Problem("sites", "rules_out_of_reach"))
    if solved.values is not None:
        return np.flatnonzero(solved.part(begin, count) > YES), solved.bound
    if otherwise is None:
        raise SitingError(Problem("sites", "no_choice_in_time"))
    return otherwise, solved.bound
