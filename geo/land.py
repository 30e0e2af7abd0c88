"""The nearest street of every cell of land, worked out in square blocks when asked for.

A distance transform of the grid says which cell with a sample is nearest. Samples do not lie in the
middle of their cells, so the neighbours' are tried as well: one of them may be nearer still.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.ndimage import distance_transform_edt

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.samples import Samples
    from geo.stretches import Stretches

    Numbers = NDArray[np.int32]
    Span = tuple[int, int]

MAINLAND = -1
_SIDE = 192  # cells of a block: around each as many streets are looked at as reach into it
_KEPT = 450  # blocks in memory: 200 MB, or some 1,700 km2 at ten metres a cell


class Nearest(NamedTuple):
    """Each cell's nearest sample, the metres to its stretch, and where along that, in metres.

    Where no street is near, the sample is the one past the last and infinitely far.
    """

    sample: Numbers
    metres: NDArray[np.float32]
    along: NDArray[np.float32]


class Land:
    """Knows each cell's nearest street; neighbours that draw overlapping areas ask only once."""

    def __init__(self, samples: Samples, *, cell: float, bound: float) -> None:
        """Keep the samples; no street farther than ``bound`` metres is anybody's."""
        self.samples = samples
        self.cell = cell
        self.reach = bound + 2 * cell
        self._block = lru_cache(maxsize=_KEPT)(self._work_out)

    def nearest(self, rows: Span, cols: Span, island: int) -> Nearest:
        """Give what is nearest to each cell of a window, bounds included.

        Samples are those of the mainland and of one island (MAINLAND: of none).
        """
        shape = rows[1] - rows[0] + 1, cols[1] - cols[0] + 1
        found = _empty(shape)
        for row in range(rows[0] // _SIDE, rows[1] // _SIDE + 1):
            for col in range(cols[0] // _SIDE, cols[1] // _SIDE + 1):
                (here, there), (over, across) = _shared(row, rows), _shared(col, cols)
                for part, whole in zip(self._block(row, col, island), found, strict=True):
                    whole[there, across] = part[here, over]
        return found

    def _work_out(self, row: int, col: int, island: int) -> Nearest:
        samples, edge = self.samples, int(self.reach // self.cell) + 1
        low, left, side = row * _SIDE - edge, col * _SIDE - edge, _SIDE + 2 * edge
        at = samples.inside((low, low + side - 1), (left, left + side - 1), island)
        if not at.size:
            nothing = _empty((_SIDE, _SIDE))
            for whole, value in zip(nothing, (samples.arc.size, np.inf, 0.0), strict=True):
                whole[:] = value
            return nothing
        number = np.full((side, side), -1, dtype=np.int32)
        # Of two in one cell the island's comes last, and stays.
        number[samples.row[at] - low, samples.col[at] - left] = np.arange(at.size)
        where = distance_transform_edt(number < 0, return_distances=False, return_indices=True)
        inner = slice(edge - 1, edge + _SIDE + 1)
        corner = (col * _SIDE + 0.5) * self.cell, (row * _SIDE + 0.5) * self.cell
        stretches = samples.stretches.seen_from(at, corner, self.cell)
        found, cells, along = _nearer(number[tuple(where[:, inner, inner])], stretches)
        metres = cells * np.float32(self.cell)
        near = metres <= self.reach
        return Nearest(
            np.where(near, at.astype(np.int32)[found], np.int32(samples.arc.size)),
            np.where(near, metres, np.float32(np.inf)),
            along * np.float32(self.cell),
        )


def _empty(shape: tuple[int, int]) -> Nearest:
    metres, along = (np.empty(shape, dtype=np.float32) for _ in range(2))
    return Nearest(np.empty(shape, dtype=np.int32), metres, along)


def _shared(block: int, wanted: Span) -> tuple[slice, slice]:
    """Give what a block has of the wanted cells, counted within the block and among the wanted."""
    begin = block * _SIDE
    low, high = max(wanted[0], begin), min(wanted[1] + 1, begin + _SIDE)
    return slice(low - begin, high - begin), slice(low - wanted[0], high - wanted[0])


def _nearer(found: Numbers, stretches: Stretches) -> Nearest:
    """Give each cell the nearest of its own sample and its neighbours', in cells of a block.

    ``found`` has one more cell on each side than what is given back.
    """
    cells = np.arange(_SIDE, dtype=np.float32)
    x, y = cells[None, :], cells[:, None]
    best = found[1:-1, 1:-1]
    least = np.square(stretches.x[best] - x) + np.square(stretches.y[best] - y)
    for row, col in ((0, 1), (2, 1), (1, 0), (1, 2)):
        other = found[row : row + _SIDE, col : col + _SIDE]
        square = np.square(stretches.x[other] - x) + np.square(stretches.y[other] - y)
        best, least = np.where(square < least, other, best), np.minimum(square, least)
    return Nearest(best, *stretches.nearest(best, x, y))
