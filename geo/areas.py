"""Living circles and service areas as polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.coverage import limit_milliseconds
from geo.surface import Surface, land_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.demand import Demand
    from geo.snap import Joins
    from geo.times import ModeTimes
    from layers.project import Project
    from layers.study_area import StudyArea

    Ints = NDArray[np.int64]

AREA_COLUMNS = ("kind", "from_id", "category", "mode", "limit_minutes", "geometry")


def areas(
    area: StudyArea, demand: Demand, measured: ModeTimes, project: Project
) -> gpd.GeoDataFrame:
    """Draw every unit's living circles and every facility's service area on one mode's network.

    A unit's circles start at its middle place and are drawn for each of the circle's minutes;
    service areas are drawn for its longest. Places off the network have none, nor have a tile's
    neighbours or a study without streets.
    """
    if measured.network is None or measured.places is None or measured.joined is None:
        return no_areas(area.crs)
    rules, minutes = project.rules, project.circle.minutes
    middle = middle_places(demand)
    some = np.flatnonzero(middle >= 0)
    own = np.flatnonzero(~area.of_neighbours(measured.facilities))
    homes, there = measured.places.take(middle[some]), measured.joined.take(own)
    longest = limit_milliseconds(max(minutes))
    land = land_of(measured.network, rules, origins=(homes, there), limit_ms=longest)
    surface = Surface(measured.network, rules, reverse=False, land=land)
    circles = _drawn(surface, homes, minutes)
    served = _drawn(surface.turned(), there, minutes[-1:])
    facilities = measured.facilities.iloc[own]
    # Columns made whole: what is written does not tell which process drew it.
    both = pd.concat([circles, served], ignore_index=True).assign(
        kind=np.repeat(["living-circle", "service-area"], [len(circles), len(served)]),
        from_id=np.concatenate(
            [
                area.units["unit_id"].to_numpy()[some][circles["origin"]],
                facilities["facility_id"].to_numpy()[served["origin"]],
            ]
        ),
        category=np.concatenate(
            [
                np.full(len(circles), None),
                facilities["category"].to_numpy()[served["origin"]],
            ]
        ),
        mode=measured.mode.id,
    )
    return gpd.GeoDataFrame(both[list(AREA_COLUMNS)], geometry="geometry", crs=area.crs)


def no_areas(crs: str) -> gpd.GeoDataFrame:
    """Give the frame of areas without any."""
    return gpd.GeoDataFrame(columns=list(AREA_COLUMNS), geometry="geometry", crs=crs)


def middle_places(demand: Demand) -> Ints:
    """Give for each unit the place nearest the weighted middle of its places; -1 without any."""
    weight = demand.unit_weight
    total = demand.of_units(weight)[demand.unit]
    x = demand.of_units(demand.x * weight)[demand.unit] / total
    y = demand.of_units(demand.y * weight)[demand.unit] / total
    order = np.lexsort((np.hypot(demand.x - x, demand.y - y), demand.unit))
    found = np.full(demand.units, -1)
    units, first = np.unique(demand.unit[order], return_index=True)
    found[units] = order[first]
    return found


def _drawn(surface: Surface, origins: Joins, minutes: tuple[float, ...]) -> pd.DataFrame:
    """Draw the polygons of origins: the row of the origin, the limit, the polygon."""
    limits = tuple(limit_milliseconds(limit) for limit in minutes)
    rows = [
        (origin, limit, shape)
        for origin, shapes in enumerate(surface.polygons(origins, limits))
        for limit, shape in zip(minutes, shapes, strict=True)
        if shape is not None
    ]
    return pd.DataFrame(rows, columns=["origin", "limit_minutes", "geometry"])
