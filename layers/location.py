"""Which area each point lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

_AREAS = ("Polygon", "MultiPolygon")


def lying_in(points: gpd.GeoSeries, areas: gpd.GeoDataFrame, key: str) -> pd.Series[Any]:
    """Give the key of the area that each point lies in or on, None where there is none.

    Areas that are points hold nothing. On a shared border the first key in order wins.
    """
    ordered = areas[areas.geom_type.isin(_AREAS)].sort_values(key)
    found = pd.Series([None] * len(points), index=points.index, dtype=object)
    shapes = np.asarray(points.array, dtype=object)
    row, area = shapely.STRtree(ordered.geometry.to_numpy()).query(shapes, predicate="intersects")
    if len(row):
        first = pd.Series(area).groupby(row).min()
        found.iloc[first.index.to_numpy()] = ordered[key].to_numpy(dtype=object)[first.to_numpy()]
    return found
