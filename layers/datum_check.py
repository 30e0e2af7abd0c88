"""Whether a layer lies where its declared datum says: a mixed datum moves everything 0.3-1.5 km.

What is likely is told with its evidence; nothing is ever moved by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from layers.crs import as_if

if TYPE_CHECKING:
    from collections.abc import Callable

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
_IN_PLACE = 0.97  # a layer with so many places in their own unit is where it says
_FEW_OUT = 5  # and one with fewer outside it
_NEARER = 0.4  # another datum is likely if it leaves so few outside, or so near to streets
_ROAD_METRES = 50.0  # and places nearer than that are where they should be


@dataclass(frozen=True)
class Claim:
    """What a layer says of itself: its datum, and the CRS its places were brought to."""

    datum: Datum | None
    crs: pyproj.CRS
    findings: Findings

    def moved(self, points: Floats, truly: Datum) -> Floats:
        """Give where its points would lie, had the layer been of another datum."""
        return as_if(points, self.crs, declared=self.datum, truly=truly)

    def moved_away(self, points: Floats, truly: Datum) -> Floats:
        """Give where points of another layer would lie to it, had it been of another datum."""
        return 2 * points - self.moved(points, truly)

    def others(self) -> tuple[Datum, ...]:
        """Give the datums it does not claim."""
        return tuple(datum for datum in _LIKELY if datum != self._shown())

    def tell(self, code: str, likely: Datum, points: Floats, **evidence: Any) -> None:  # noqa: ANN401 - texts, but for their names
        """Tell the likely datum, and how far it would move the layer; once, not for every other."""
        if any(problem.code == code for problem in self.findings.problems):
            return
        metres = f"{np.hypot(*np.median(self.moved(points, likely) - points, axis=0)):.0f}"
        self.findings.tell(
            code, value=self._shown(), fatal=False, likely=likely, metres=metres, **evidence
        )

    def _shown(self) -> Datum:
        return "wgs84" if self.datum in (None, "cgcs2000") else self.datum


def tell_datum(
    places: gpd.GeoDataFrame, units: gpd.GeoDataFrame, of: Claim, units_of: Claim
) -> bool:
    """Tell the likely datum of places that lie outside the unit their file names, or of the units.

    Only places whose own file names their unit say anything; every datum is tried, of the places
    first, and the one that leaves far fewer of them outside their unit is the likely one. Units of
    some kilometres keep most places that are moved by half of one: what tells is not how many lie
    outside but that one shift brings nearly all of those home. Gives whether the places could say
    anything.
    """
    areas = units[units.geometry.area > 0].dropna(subset="unit_id").drop_duplicates("unit_id")
    area = pd.Series(areas.geometry.to_numpy(), index=areas["unit_id"], dtype=object)
    own = places["unit_id"].where(places.geometry.notna()).map(area).dropna()
    if len(own) < _FEW:
        return False
    points = shapely.get_coordinates(shapely.centroid(places.geometry.loc[own.index].to_numpy()))
    shapes = own.to_numpy(dtype=object)

    def out(places: Floats) -> int:
        return int((~shapely.intersects_xy(shapes, places[:, 0], places[:, 1])).sum())

    before = out(points)
    if before < _FEW_OUT or before <= (1 - _IN_PLACE) * len(own):
        return True
    for claim, move, code in (
        (of, of.moved, "datum_suspect"),
        (units_of, units_of.moved_away, "datum_of_units"),
    ):
        left = {datum: out(move(points, datum)) for datum in claim.others()}
        best = min(left, key=lambda datum: left[datum])
        if left[best] < _NEARER * before:
            told = {"count": str(len(own)), "out": str(before), "left": str(left[best])}
            claim.tell(code, best, points, layers=of.findings.layer, **told)
            break
    return True


def tell_datum_by_streets(
    places: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, of: Claim, *, blamed: Claim
) -> None:
    """Tell the likely datum of places, or of streets, that would lie much nearer in another.

    ``blamed`` is the claim of the layer that is told: the places' own, or the streets'.
    """
    points = shapely.get_coordinates(shapely.centroid(places.geometry.dropna().to_numpy()))
    points = points[:: max(1, len(points) // _SAMPLE)]
    tree = shapely.STRtree(streets.geometry.to_numpy())

    def distance(places: Floats) -> float:
        nearest = tree.query_nearest(
            shapely.points(places), return_distance=True, all_matches=False
        )
        return float(np.median(nearest[1]))

    if len(points) < _FEW or distance(points) <= _ROAD_METRES:
        return
    own = blamed is of
    move: Callable[[Floats, Datum], Floats] = of.moved if own else blamed.moved_away
    metres = {datum: distance(move(points, datum)) for datum in blamed.others()}
    best = min(metres, key=lambda datum: metres[datum])
    before = distance(points)
    if metres[best] < _NEARER * before:
        evidence = {"before": f"{before:.0f}", "after": f"{metres[best]:.0f}"}
        code = "datum_off_streets" if own else "datum_of_streets"
        blamed.tell(code, best, points, count=str(len(points)), **evidence)
