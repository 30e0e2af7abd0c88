"""Outlines of what is reached: drawn along the grid, then moved to where the time is up.

Contouring says which cells belong together. Its corners lie between two cells, one reached and one
not; each is moved along that line to where the way off the nearest street takes the rest of the
time, or to where another street, of another time, is as near.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import contourpy
import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.stretches import Stretches

    Floats = NDArray[np.floating[Any]]
    Ints = NDArray[np.int64]
    Offsets = Sequence[Sequence[int]]
    Parts = tuple[tuple[Floats | None], tuple[Ints], tuple[Ints]]

# A corner keeps off the cells' middles by so much of a cell, so that outlines never touch
# themselves, not even rounded to centimetres.
_CLEAR = 0.05
_ROUNDING = 1e-6
_STEP = 32  # cells that a raster is rounded up to: few shapes to prepare for
_SHAPES_KEPT = 64


class Raster(NamedTuple):
    """Cells around an origin: how many limits each misses, and its nearest sample.

    None at the edge is within any limit. ``corner`` is the middle of the first cell.
    """

    missed: NDArray[np.uint8]
    sample: NDArray[np.int32]
    corner: tuple[float, float]
    cell: float


class Field(NamedTuple):
    """What is left at the samples of the greatest limit, in metres off the road.

    ``slope`` is what each metre along the sample's stretch takes of it. Nobody goes farther
    than ``most`` metres.
    """

    stretches: Stretches
    left: NDArray[np.float32]
    slope: NDArray[np.float32]
    most: float

    def beyond(self, sample: Ints, less: float, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Give how far one gets beyond points, by way of samples, and the metres from these."""
        off, along = self.stretches.nearest(sample, x, y)
        left = self.left[sample] - self.slope[sample] * along - less
        return np.minimum(left, self.most) - off, off


def outlines(
    raster: Raster, field: Field, lesses: Sequence[float]
) -> tuple[shapely.MultiPolygon | None, ...]:
    """Draw one outline per limit; ``lesses`` are the metres each has less than the greatest."""
    height, width = raster.missed.shape
    shape = -(-height // _STEP) * _STEP, -(-width // _STEP) * _STEP
    missed = np.full(shape, float(len(lesses)))
    missed[:height, :width] = raster.missed
    drawn = contourpy.contour_generator(
        *_columns_and_rows(shape),
        missed,
        fill_type=contourpy.FillType.ChunkCombinedOffsetOffset,
    )
    made: list[shapely.MultiPolygon | None] = []
    for less in lesses:
        allowed = sum(other > less for other in lesses)  # all smaller limits may be missed
        (points,), (rings,), (outer,) = cast("Parts", drawn.filled(-1.0, allowed + 0.5))
        if points is None:
            made.append(None)
            continue
        xy = _moved(points, raster, field, allowed, less).round(2)
        offsets = rings, outer, np.array([0, outer.size - 1])
        kind = shapely.GeometryType.MULTIPOLYGON
        made.append(shapely.from_ragged_array(kind, xy, cast("Offsets", offsets))[0])
    return tuple(made)


@lru_cache(maxsize=_SHAPES_KEPT)
def _columns_and_rows(shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Give each cell's column and row: made anew they would take longer than the contour."""
    rows, columns = np.indices(shape, dtype=np.float64)
    return columns, rows


def _moved(points: Floats, raster: Raster, field: Field, allowed: int, less: float) -> Floats:
    """Move corners (column, row) between two cells to where the limit lies; give them in metres."""
    # Whole numbers may have come out a little less or more.
    low = np.floor(points + _ROUNDING).astype(np.int64)
    high = np.ceil(points - _ROUNDING).astype(np.int64)
    reached = raster.missed[low[:, 1], low[:, 0]] <= allowed
    here, there = np.where(reached[:, None], (low, high), (high, low))
    mine, other = (raster.sample[at[:, 1], at[:, 0]] for at in (here, there))
    begin, end = (np.array(raster.corner) + at * raster.cell for at in (here, there))
    share = np.clip(_share(field, less, (mine, other), (begin, end)), _CLEAR, 1 - _CLEAR)
    moved: Floats = begin + share[:, None] * (end - begin)
    return moved


def _share(
    field: Field, less: float, samples: tuple[Ints, Ints], ends: tuple[Floats, Floats]
) -> Floats:
    """Give the share of the way from a point that is reached to one that is not where time is up.

    Both have their nearest samples. Distances change evenly along the way, as near as matters.
    """
    x, y = np.stack(ends).transpose(2, 0, 1)
    (
        ((mine_here, mine_there), (near_here, near_there)),
        ((other_here, other_there), (far_here, far_there)),
    ) = (field.beyond(sample, less, x, y) for sample in samples)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_mine = np.where(mine_there < 0, mine_here / (mine_here - mine_there), 1.0)
        by_other = np.where(other_here > 0, other_here / (other_here - other_there), 0.0)
        nearer, farther = far_here - near_here, near_there - far_there
        even = np.where(nearer + farther > 0, nearer / (nearer + farther), 1.0)
    share: Floats = np.where(by_mine < even, by_mine, np.maximum(even, by_other))
    return share
