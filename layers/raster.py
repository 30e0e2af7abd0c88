"""Which band and which part of a raster a study reads: cells counted from its corner, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import rasterio
import rasterio.errors
import rasterio.windows
from rasterio import Affine

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.check import Findings

    Floats = NDArray[np.float64]

_MARGIN = 2  # cells read around a study, for the neighbours of the outermost


def band_of(source: rasterio.DatasetReader, layer: str | None, findings: Findings) -> int:
    """Give the number of the band to read: the one ``layer`` names, else the only one.

    Raises LayerError where there are several and none is named, or no such band.
    """
    count = str(source.count)
    if layer is None and source.count > 1:
        findings.refuse("several_bands", count=count)
    number = layer or "1"
    if number not in map(str, source.indexes):
        findings.refuse("unknown_band", value=number, count=count)
    return int(number)


def window_under(
    source: rasterio.DatasetReader, bounds: tuple[float, float, float, float]
) -> rasterio.windows.Window | None:
    """Give the whole cells under the bounds, with a margin; None where they lie elsewhere.

    Raises TransformError where the raster does not say where its cells lie.
    """
    if not np.isfinite(source.transform).all() or source.transform.is_degenerate:
        raise rasterio.errors.TransformError(str(tuple(source.transform)[:6]))
    corners = np.array(bounds)[[0, 1, 2, 1, 2, 3, 0, 3]].reshape(4, 2)
    columns, rows = grid_places(source.transform, corners[:, 0], corners[:, 1])
    if np.isnan([columns, rows]).any():  # its CRS does not reach as far as here
        return None
    west, east = _within(columns, source.width)
    north, south = _within(rows, source.height)
    if west >= east or north >= south:
        return None
    return rasterio.windows.Window(west, north, east - west, south - north)


def _within(places: Floats, size: int) -> tuple[int, int]:
    first, last = np.floor(places.min()) - _MARGIN, np.ceil(places.max()) + _MARGIN
    return int(np.clip(first, 0, size)), int(np.clip(last, 0, size))


def begun_at(transform: Affine, column: float, row: float) -> Affine:
    """Give the transform of the part of a grid that begins at a column and a row."""
    a, b, c, d, e, f = transform[:6]
    return Affine(a, b, c + a * column + b * row, d, e, f + d * column + e * row)


def stretched(transform: Affine, across: float, along: float) -> Affine:
    """Give the transform of a grid whose cells are so many times as wide and as high."""
    a, b, c, d, e, f = transform[:6]
    return Affine(a * across, b * along, c, d * across, e * along, f)


def grid_places(transform: Affine, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Give column and row, with fractions, of places in the grid's CRS."""
    back = ~transform
    return back.a * x + back.b * y + back.c, back.d * x + back.e * y + back.f
