"""A population grid as cells of the study: outlines in its CRS, and the people in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import rasterio
import rasterio.errors
import shapely

from layers.crs import layer_crs, to_study
from layers.raster import band_of, begun_at, window_under
from layers.read import told_by
from layers.suspect import refuse_disguised

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rasterio import Affine
    from shapely.geometry.base import BaseGeometry

    from layers.check import Findings
    from layers.project import LayerSource

    Floats = NDArray[np.float64]
    Geometries = NDArray[np.object_]

_SLACK = 2000.0  # metres read around the study: more than any datum moves a place
_STEPS = 64  # corners on each side of what the grid covers, which may be curved in the study CRS


@dataclass(frozen=True)
class Cells:
    """The cells somebody lives in that touch the rectangle around a study.

    ``shapes`` and ``covered`` (all that the grid covers there) are in the study CRS.
    """

    shapes: Geometries
    people: Floats
    covered: BaseGeometry


def read_cells(
    source: LayerSource, around: BaseGeometry, findings: Findings, *, crs: pyproj.CRS
) -> Cells:
    """Read the cells of a GeoTIFF of people per cell; without data is without people.

    ``around`` is the rectangle around the study, in its CRS. Negative cells are taken for none,
    and told. Raises LayerError where the file cannot be read or has nobody there.
    """
    if not source.path.is_file():
        findings.refuse("missing_file", value=source.path.name)
    try:
        values, transform, own = _read(source, around, findings, crs)
    except (rasterio.errors.RasterioError, pyproj.exceptions.ProjError) as error:
        reason = told_by(error, source.path)
        findings.refuse("unreadable_file", value=source.path.name, reason=reason)
    negative = int((values < 0).sum())
    if negative:
        findings.tell("population_negative", fatal=False, count=str(negative))
    row, column = np.nonzero(values > 0)
    shapes = _placed(_squares(transform, column, row), source, own, crs)
    near = shapely.intersects(shapes, around)
    if not near.any():
        findings.refuse("population_elsewhere", value=source.path.name)
    edge = _placed(_edge(transform, values.shape), source, own, crs)
    return Cells(shapes[near], values[row, column][near], edge[0])


def _read(
    source: LayerSource, around: BaseGeometry, findings: Findings, crs: pyproj.CRS
) -> tuple[Floats, Affine, pyproj.CRS]:
    """Give the values around the study, 0 for no data, where they begin, and their CRS."""
    refuse_disguised(source.path, findings)
    with rasterio.open(source.path) as raster:
        said = pyproj.CRS(raster.crs.to_wkt()) if raster.crs else None
        own = layer_crs(source, said, _inner_bounds(raster), findings)
        there = pyproj.Transformer.from_crs(crs, own, always_xy=True)
        window = window_under(raster, there.transform_bounds(*around.buffer(_SLACK).bounds))
        if window is None:
            findings.refuse("population_elsewhere", value=source.path.name)
        band = band_of(raster, source.layer, findings)
        read = np.ma.filled(raster.read(band, window=window, masked=True).astype(np.float64), 0.0)
        transform = begun_at(raster.transform, window.col_off, window.row_off)
    return np.where(np.isfinite(read), read, 0.0), transform, own


def _inner_bounds(raster: rasterio.DatasetReader) -> Floats:
    """Give the bounds less a cell on each side: grids of the world reach a little beyond it."""
    west, south, east, north = raster.bounds
    across, along = (east - west) / raster.width, (north - south) / raster.height
    return np.array([[west + across, south + along, east - across, north - along]])


def _squares(transform: Affine, column: NDArray[np.intp], row: NDArray[np.intp]) -> Geometries:
    """Give the outline of cells in the grid's own CRS."""
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    return _outlines(transform, column[:, None] + corners[:, 0], row[:, None] + corners[:, 1])


def _edge(transform: Affine, size: tuple[int, ...]) -> Geometries:
    """Give the outline of all that was read, as an array of one."""
    rows, columns = size
    step = np.arange(_STEPS) / _STEPS
    zero, one = np.zeros(_STEPS), np.ones(_STEPS)
    column = np.concatenate([step, one, 1 - step, zero]) * columns
    row = np.concatenate([zero, step, one, 1 - step]) * rows
    return _outlines(transform, column[None, :], row[None, :])


def _outlines(transform: Affine, column: Floats, row: Floats) -> Geometries:
    a, b, c, d, e, f = transform[:6]
    corners = np.stack([a * column + b * row + c, d * column + e * row + f], axis=-1)
    return np.asarray(shapely.polygons(corners), dtype=object)


def _placed(
    shapes: Geometries, source: LayerSource, own: pyproj.CRS, crs: pyproj.CRS
) -> Geometries:
    return to_study(shapes, own, datum=source.datum, target=crs)
