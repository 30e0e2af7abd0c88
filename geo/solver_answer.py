"""What every solver gives back: a choice, how good it is, and how good any choice could be."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

Sense = Literal["most", "least"]

YES = 0.5
"""Above it a whole column of a program that is 0 or 1 is 1, for all its rounding."""

TOLERANCE = 1e-6
"""Part of a value within which sums of real numbers are taken for equal."""


@dataclass(frozen=True)
class Answer:
    """A choice of candidates with its proof, as far as there is one.

    ``chosen`` are candidate rows, ascending. ``bound`` is a value no choice can beat. ``method``
    names what found and what proved it; ``seconds`` is wall clock and belongs in logs only.
    """

    chosen: Ints
    objective: float
    bound: float
    sense: Sense
    method: str
    seconds: float = 0.0

    @property
    def gap(self) -> float:
        """Give the part of the objective by which a better choice could beat it, at most."""
        ahead = self.bound - self.objective if self.sense == "most" else self.objective - self.bound
        return max(0.0, ahead) / max(1.0, abs(self.objective))

    @property
    def optimal(self) -> bool:
        """Say whether no choice is better: proved, not believed."""
        return self.gap <= TOLERANCE

    def within(self, clock: Clock) -> Answer:
        """Give the answer with the seconds it took."""
        return replace(self, seconds=clock.spent())


class Clock:
    """A time limit that began when it was made, and the seed of what is left to chance."""

    def __init__(self, limit: float = 60.0, *, seed: int = 0) -> None:
        """Begin; ``limit`` is in seconds."""
        self.limit = limit
        self.seed = seed
        self._began = time.perf_counter()

    def spent(self) -> float:
        """Give the seconds since it began."""
        return time.perf_counter() - self._began

    def left(self) -> float:
        """Give the seconds that are left, 0 where none are."""
        return max(0.0, self.limit - self.spent())

    def share(self, part: float) -> Clock:
        """Begin a clock that may take a part of what is left."""
        return Clock(self.left() * part, seed=self.seed)


def rows_of(chosen: Ints | list[int]) -> Ints:
    """Give candidate rows in ascending order."""
    return np.unique(np.asarray(chosen, dtype=np.int64))


def is_whole(values: NDArray[np.float64]) -> bool:
    """Say whether values are whole numbers, so that sums of them are whole, too."""
    return bool((values == np.rint(values)).all())


def rounded_bound(bound: float, sense: Sense, *, whole: bool) -> float:
    """Tighten a bound to the next whole value where only whole values can be."""
    if not whole or not np.isfinite(bound):
        return bound
    slack = TOLERANCE * max(1.0, abs(bound) * 1e-3)
    return float(np.floor(bound + slack) if sense == "most" else np.ceil(bound - slack))
