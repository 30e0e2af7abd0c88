"""The nearest street sample of every cell of land, worked out in square blocks when asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.samples import Samples

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Block = tuple[NDArray[np.int32], NDArray[np.float32]]

MAINLAND = -1
_SIDE = 64  # cells of a block
_KEPT = 4096  # blocks in memory: 130 MB, or some 1,700 km2 at ten metres a cell


class Land:
    """Knows each cell's nearest sample; neighbours that draw overlapping areas ask only once."""

    def __init__(self, samples: Samples, *, cell: float, bound: float) -> None:
        """Keep the samples; no street farther than ``bound`` metres is anybody's."""
        self.samples = samples
        self.cell = cell
        self.reach = bound + 2 * cell
        self._tree = lru_cache(maxsize=8)(self._plant)
        self._block = lru_cache(maxsize=_KEPT)(self._work_out)

    def nearest(
        self, rows: tuple[int, int], cols: tuple[int, int], island: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Give the nearest sample of each cell in a window, bounds included, and the metres to it.

        Samples are those of the mainland and of one island (MAINLAND: of none). Where none is
        near, the sample is one past the last and infinitely far.
        """
        found, metres = self._window(rows, cols, MAINLAND)
        if island != MAINLAND:
            mine, near = self._window(rows, cols, island)
            found, metres = np.where(near < metres, mine, found), np.minimum(near, metres)
        return found, metres

    def _window(self, rows: tuple[int, int], cols: tuple[int, int], island: int) -> Block:
        blocks = [
            [self._block(row, col, island) for col in range(cols[0] // _SIDE, cols[1] // _SIDE + 1)]
            for row in range(rows[0] // _SIDE, rows[1] // _SIDE + 1)
        ]
        inside = tuple(
            slice(low % _SIDE, low % _SIDE + high - low + 1) for low, high in (rows, cols)
        )
        found, metres = (np.block([[each[i] for each in row] for row in blocks]) for i in (0, 1))
        return found[inside], metres[inside]

    def _plant(self, island: int) -> tuple[Ints, cKDTree]:
        """Give a tree of the samples of one island, or of the mainland, and their numbers."""
        rows = np.flatnonzero(self.samples.island == island)
        return rows, cKDTree(np.column_stack((self.samples.x[rows], self.samples.y[rows])))

    def _work_out(self, row: int, col: int, island: int) -> Block:
        rows, tree = self._tree(island)
        y, x = ((np.arange(_SIDE) + 0.5 + at * _SIDE) * self.cell for at in (row, col))
        across, up = np.meshgrid(x, y)
        metres, found = tree.query(
            np.column_stack((across.ravel(), up.ravel())),
            distance_upper_bound=self.reach,
            workers=-1,
        )
        numbers = np.append(rows, self.samples.x.size)[found]
        shape = across.shape
        near = np.asarray(metres, dtype=np.float32)
        return numbers.astype(np.int32).reshape(shape), near.reshape(shape)
