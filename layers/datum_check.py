"""Whether a layer lies where its declared datum says: a mixed datum moves everything 0.3-1.5 km."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from layers.crs import as_if

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj
    from numpy.typing import NDArray

    from layers.check import Findings
    from layers.vocabulary import Datum

    Floats = NDArray[np.float64]

# WGS-84 stands for CGCS2000 too: they differ by decimetres.
_LIKELY: tuple[Datum, ...] = ("wgs84", "gcj02", "bd09")
_FEW = 10  # places say nothing about a datum
_SAMPLE = 2000  # places say all there is to say
_IN_PLACE = 0.9  # a layer with so many places in their own unit is where it says
_BETTER = 0.2  # another datum is likely if it brings so many more home
_NEARER = 0.4  # or if it brings places so much nearer to streets
_ROAD_METRES = 50.0  # and places nearer than that are where they should be


@dataclass(frozen=True)
class Claim:
    """What a layer says of itself: its datum, and the CRS its places were brought to."""

    datum: Datum | None
    crs: pyproj.CRS

    def moved(self, points: Floats, truly: Datum) -> Floats:
        """Give where its points would lie, had the layer been of another datum."""
        return as_if(points, self.crs, declared=self.datum, truly=truly)

    def others(self) -> tuple[Datum, ...]:
        """Give the datums it does not claim."""
        return tuple(datum for datum in _LIKELY if datum != self._shown())

    def tell(self, code: str, likely: Datum, points: Floats, findings: Findings) -> None:
        """Tell the likely datum, and how far it would move the layer."""
        metres = np.hypot(*np.median(self.moved(points, likely) - points, axis=0))
        findings.tell(code, value=self._shown(), fatal=False, likely=likely, metres=f"{metres:.0f}")

    def _shown(self) -> Datum:
        return "wgs84" if self.datum in (None, "cgcs2000") else self.datum


def tell_datum(
    places: gpd.GeoDataFrame, units: gpd.GeoDataFrame, claim: Claim, findings: Findings
) -> None:
    """Tell the likely datum of places that lie outside the unit their file names.

    Only places whose own file names their unit say anything; every datum is tried, and the one
    that brings many more of them into their unit is the likely one.
    """
    areas = units[units.geometry.area > 0].dropna(subset="unit_id").drop_duplicates("unit_id")
    area = pd.Series(areas.geometry.to_numpy(), index=areas["unit_id"], dtype=object)
    own = places["unit_id"].where(places.geometry.notna()).map(area).dropna()
    points = shapely.get_coordinates(places.geometry.loc[own.index].to_numpy())
    shapes = own.to_numpy(dtype=object)

    def home(places: Floats) -> float:
        return float(shapely.intersects_xy(shapes, places[:, 0], places[:, 1]).mean())

    if len(own) < _FEW or home(points) >= _IN_PLACE:
        return
    shares = {datum: home(claim.moved(points, datum)) for datum in claim.others()}
    best = max(shares, key=lambda datum: shares[datum])
    if shares[best] > home(points) + _BETTER:
        claim.tell("datum_suspect", best, points, findings)


def tell_street_datum(
    places: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, claim: Claim, findings: Findings
) -> None:
    """Tell the likely datum of streets that dwellings would lie much nearer to in another."""
    points = shapely.get_coordinates(places.geometry.dropna().to_numpy())
    points = points[:: max(1, len(points) // _SAMPLE)]
    tree = shapely.STRtree(streets.geometry.to_numpy())

    def distance(places: Floats) -> float:
        nearest = tree.query_nearest(
            shapely.points(places), return_distance=True, all_matches=False
        )
        return float(np.median(nearest[1]))

    if len(points) < _FEW or distance(points) <= _ROAD_METRES:
        return
    # To move the places the other way shows what to move the streets would do.
    metres = {datum: distance(2 * points - claim.moved(points, datum)) for datum in claim.others()}
    best = min(metres, key=lambda datum: metres[datum])
    if metres[best] < _NEARER * distance(points):
        claim.tell("datum_of_streets", best, points, findings)
