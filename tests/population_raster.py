"""Population grids for tests: a GeoTIFF of given numbers of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import rasterio
from rasterio import Affine

from layers.project import LayerSource
from tests.broken.good_study import CRS, EAST, NORTH, SIDE, GoodStudy

if TYPE_CHECKING:
    from pathlib import Path

FILE = "people.tif"


def write_people(  # noqa: PLR0913 - what a file says of itself
    path: Path,
    people: object,
    *,
    cell: float = 500.0,
    corner: tuple[float, float] = (EAST, NORTH + 2 * SIDE),
    crs: str | None = CRS,
    nodata: float | None = -200.0,
) -> Path:
    """Write people per cell, rows from the north; ``corner`` is the north-west one."""
    values = np.asarray(people, dtype=np.float32)
    options = {"height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": "float32"}
    place = Affine(cell, 0, corner[0], 0, -cell, corner[1])
    with rasterio.open(
        path, "w", driver="GTiff", crs=crs, transform=place, nodata=nodata, **options
    ) as grid:
        grid.write(values, 1)
    return path


def with_population(study: GoodStudy, folder: Path) -> GoodStudy:
    """Give a study whose people, but for the last unit's, come from a grid."""
    study.units = study.units.assign(people=[None, None, None, 7.0]).drop(
        columns=["age_60_plus", "age_65_plus"]
    )
    study.sources["grid"] = LayerSource("grid", "population", folder / FILE)
    return study
