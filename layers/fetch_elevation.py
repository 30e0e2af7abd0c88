"""The part of an elevation raster that a study needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rasterio
from affine import Affine
from rasterio.errors import RasterioIOError, WindowError
from rasterio.windows import Window, from_bounds

from layers.errors import LayerError, MissingLayerError, Problem

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd


def write_elevation(raster: Path, around: gpd.GeoSeries, target: Path) -> None:
    """Cut a raster to the cells around an area, values and nodata as they are.

    Raises MissingLayerError (elevation_absent) and LayerError (elevation_unusable).
    """
    if not raster.is_file():
        raise MissingLayerError(Problem(raster.name, "elevation_absent", value=str(raster)))
    try:
        with rasterio.open(raster) as source:
            whole = Window(0, 0, source.width, source.height)
            bounds = around.to_crs(source.crs).total_bounds
            window = from_bounds(*bounds, source.transform).round_offsets().round_lengths()
            window = window.intersection(whole)
            profile = source.profile | {
                "driver": "GTiff",
                "width": window.width,
                "height": window.height,
                "transform": _moved(source.transform, window.col_off, window.row_off),
                "compress": "deflate",
            }
            with rasterio.open(target, "w", **profile) as cut:
                cut.write(source.read(window=window))
    except (RasterioIOError, WindowError, ValueError) as error:
        raise LayerError(Problem(raster.name, "elevation_unusable")) from error


def _moved(grid: Affine, columns: float, rows: float) -> Affine:
    """Give the grid with another cell for its first."""
    x = grid.c + columns * grid.a + rows * grid.b
    y = grid.f + columns * grid.d + rows * grid.e
    return Affine(grid.a, grid.b, x, grid.d, grid.e, y)
