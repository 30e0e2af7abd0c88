"""The ground's heights over a whole study, coarse: what a map shades its background by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.check import Findings
from layers.elevation import Grid, read_grid
from layers.errors import LayerError

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.project import LayerSource

MOST_CELLS = 512  # along one side: a page cannot show more of a background


def read_relief(elevation: LayerSource, units: gpd.GeoDataFrame, crs: str) -> Grid | None:
    """Read the heights over the units, thinned to a few hundred cells a side.

    None where no unit has a place, and where the file cannot be read or lies elsewhere: reading
    the heights of the streets tells why.
    """
    if not np.isfinite(units.total_bounds).all():
        return None
    try:
        return read_grid(elevation, units, crs, findings=Findings(elevation.name), most=MOST_CELLS)
    except (LayerError, OSError):
        return None
