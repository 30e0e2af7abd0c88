"""Streets turned round: the way there becomes the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd


def turned_round(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Turn every one-way sign round and every hill upside down.

    A search finds the times from many places to one; on these streets, from one to many.
    """
    x, y, z = shapely.get_coordinates(streets.geometry, include_z=True).T
    lines = streets.geometry.to_numpy().copy()
    lines = shapely.set_coordinates(lines, np.column_stack((x, y, -z)))
    return streets.assign(oneway=-streets["oneway"], geometry=lines)
