"""Gauss-Krüger zones of CGCS2000: 3 and 6 degrees wide, eastings with their zone's number or not.

A file whose eastings begin with the number of their zone may hold several zones: a county can
lie in two. Without the number they cannot be told apart, and one CRS holds for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MILLION = 1e6
"""An easting that begins with its zone's number is the number times this, plus 500 km and more."""

# EPSG codes of the zones with numbered eastings: 4513 is the 3-degree zone 25 (75 E), 4491 the
# 6-degree zone 13. The numbers of the two kinds do not overlap.
_NUMBERED = {3: (25, 45, 4513), 6: (13, 23, 4491)}
_NORTH = (1.2e6, 6.2e6)  # of Chinese land, metres north of the equator
_EAST = (1e5, 9e5)


@dataclass(frozen=True)
class Zone:
    """One zone: how many degrees wide, and its number."""

    width: int
    number: int

    @property
    def crs(self) -> pyproj.CRS:
        """The CRS of its numbered eastings."""
        first, _, code = _NUMBERED[self.width]
        return pyproj.CRS(code + self.number - first)


def zone_of_number(number: int) -> Zone | None:
    """Give the zone that a number at the front of an easting names.

    >>> zone_of_number(39)
    Zone(width=3, number=39)
    """
    for width, (first, last, _) in _NUMBERED.items():
        if first <= number <= last:
            return Zone(width, number)
    return None


def numbered_zone(crs: pyproj.CRS) -> Zone | None:
    """Give the zone of a CGCS2000 CRS whose eastings begin with its number, else None."""
    zone = zone_of_number(int(false_easting(crs) // MILLION))
    return zone if zone and crs.equals(zone.crs, ignore_axis_order=True) else None


def crs_by_row(crs: pyproj.CRS, bounds: Floats) -> list[tuple[NDArray[np.bool_], pyproj.CRS]]:
    """Give the rows of each CRS: one for all, or that of the zone each row's easting names."""
    everything = np.ones(len(bounds), dtype=bool)
    own = numbered_zone(crs)
    if own is None:
        return [(everything, crs)]
    numbers = np.nan_to_num(bounds[:, 0] // MILLION, nan=own.number).astype(int)
    found = []
    for number in np.unique(numbers).tolist():
        zone = zone_of_number(number)
        other = zone.crs if zone and zone.width == own.width and zone != own else crs
        found.append((numbers == number, other))
    return found


def likely_zone(bounds: Floats) -> Zone | None:
    """Give the zone that most eastings name, whichever coordinate they are; None for none."""
    for east in (bounds[:, 0], bounds[:, 1]):
        numbers = (east[np.isfinite(east)] // MILLION).astype(int)
        zone = zone_of_number(int(np.median(numbers))) if len(numbers) else None
        if zone:
            return zone
    return None


def north_first(crs: pyproj.CRS, bounds: Floats) -> NDArray[np.bool_]:
    """Say which rows have the northing first, as surveyors in China write X and Y."""
    if not crs.is_projected or crs.coordinate_operation is None:
        return np.zeros(len(bounds), dtype=bool)
    first, second = bounds[:, 0], bounds[:, 1] % MILLION
    numbered = (bounds[:, 1] > MILLION) == (false_easting(crs) > MILLION)
    north = (first > _NORTH[0]) & (first < _NORTH[1])
    east = (second > _EAST[0]) & (second < _EAST[1])
    swapped: NDArray[np.bool_] = north & east & numbered
    return swapped


def false_easting(crs: pyproj.CRS) -> float:
    """Give the false easting of a CRS, 0 where it has none."""
    operation = crs.coordinate_operation
    found = [p.value for p in operation.params if p.name == "False easting"] if operation else []
    return float(found[0]) if found else 0.0
