"""How much so many sites can cover of each township at most: rows that make programs sharp.

A program that deals out parts of sites believes that half a site does half of what the best one
does, everywhere at once. What one, two, three whole sites can do for one township is soon known.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geo.solver_coverage import most_covered
from geo.solver_purse import counting

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from geo.solver_answer import Clock
    from geo.solver_cover import Cover
    from geo.solver_program import Program
    from geo.solver_purse import Purse

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_FEW = 8
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Curves:
    """Of each township (a row) the most weight that 0, 1, 2 ... of its candidates can cover.

    ``near`` says which candidates (columns) cover anything of it. A curve ends where all that
    can be covered is.
    """

    near: NDArray[np.bool_]
    most: tuple[Floats, ...]

    def sites_for(self, needs: Floats) -> Ints:
        """Give how many sites each township needs at least for so much weight."""
        pairs = zip(self.most, needs, strict=True)
        return np.array(
            [np.searchsorted(most, need - _ROUNDING * max(1.0, need)) for most, need in pairs],
            dtype=np.int64,
        )

    def ask(self, program: Program, sites: int, needs: Floats) -> None:
        """Make a program choose as many sites near each township as its need takes."""
        for near, count in zip(self.near, self.sites_for(needs), strict=True):
            if count:
                program.row((near.astype(np.float64), sites), low=float(count))

    def limit(self, program: Program, sites: int, won: tuple[csr_array, int]) -> None:
        """Limit what townships win, a row of columns each, by how many sites are near them."""
        matrix, begin = won
        for township, (near, most) in enumerate(zip(self.near, self.most, strict=True)):
            own = np.asarray(matrix[[township]].todense()).ravel()
            for (few, little), (many, much) in pairwise(_hull(most)):
                slope = (much - little) / (many - few)
                both = (own, begin), (np.where(near, -slope, 0.0), sites)
                program.row(*both, high=little - slope * few)

    def take(self, candidates: Ints) -> Curves:
        """Give the curves with some candidates only, above theirs."""
        return Curves(self.near[:, candidates], self.most)


def curves(cover: Cover, of_place: Ints, townships: int, purse: Purse, clock: Clock) -> Curves:
    """Find every township's curve, or in time a line above it."""
    affordable = int(np.searchsorted(np.cumsum(np.sort(purse.price)), purse.amount, side="right"))
    near = np.zeros((townships, cover.candidates), dtype=bool)
    most = []
    for township in range(townships):
        own = cover.take(places=of_place == township)
        near[township] = np.asarray(own.matrix.sum(axis=0)).ravel() > 0
        one = own.matrix.T @ own.weight
        every, points = own.most(), [0.0, float(one.max(initial=0.0))]
        while points[-1] < every and len(points) <= min(affordable, _FEW):
            count = counting(cover.candidates, len(points))
            points.append(max(points[-1], most_covered(own, count, clock=clock).bound))
        if points[-1] < every:
            points.append(every)
        most.append(np.array(points))
    return Curves(near, tuple(most))


def _hull(most: Floats) -> list[tuple[int, float]]:
    """Give the corners of the line that bends down only and that a curve stays below."""
    corners: list[tuple[int, float]] = []
    for point in enumerate(most.tolist()):
        while len(corners) > 1 and _slope(corners[-1], point) >= _slope(*corners[-2:]):
            corners.pop()
        corners.append(point)
    return corners


def _slope(first: tuple[int, float], second: tuple[int, float]) -> float:
    return (second[1] - first[1]) / (second[0] - first[0])
