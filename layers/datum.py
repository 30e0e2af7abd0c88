"""Datums of coordinates: GCJ-02 and BD-09 brought to WGS-84 and back.

WGS-84 and CGCS2000 differ by decimetres and are one here. The offset is defined in a box around
China; outside it nothing moves. It has no closed inverse: each round of correction leaves about a
hundredth of the error before it, so that four leave well under a millimetre.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.vocabulary import Datum

    Floats = NDArray[np.float64]

# The published offset: Krasovsky's ellipsoid, and a polynomial with waves around 105 E, 35 N.
_SEMI_MAJOR = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_ORIGIN = (105.0, 35.0)
_BOX = (72.004, 0.8293, 137.8347, 55.8271)  # west, south, east, north
_ROUNDS = 4
_SHIFTED = ("gcj02", "bd09")

# BD-09 on top of GCJ-02: a wobble of radius and angle, then a shift, in degrees.
_WOBBLE = np.pi * 3000.0 / 180.0
_SHIFT = (0.0065, 0.006)


def to_wgs84(lon: Floats, lat: Floats, datum: Datum) -> tuple[Floats, Floats]:
    """Give WGS-84 degrees for degrees of any datum."""
    if datum not in _SHIFTED:
        return lon, lat
    x, y = lon, lat
    for _ in range(_ROUNDS):
        there_x, there_y = _shifted(x, y, datum)
        x, y = x + (lon - there_x), y + (lat - there_y)
    inside = _inside(lon, lat)
    return np.where(inside, x, lon), np.where(inside, y, lat)


def from_wgs84(lon: Floats, lat: Floats, datum: Datum) -> tuple[Floats, Floats]:
    """Give degrees of any datum for WGS-84 degrees."""
    if datum not in _SHIFTED:
        return lon, lat
    x, y = _shifted(lon, lat, datum)
    inside = _inside(lon, lat)
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _shifted(lon: Floats, lat: Floats, datum: Datum) -> tuple[Floats, Floats]:
    east, north = _offset(lon, lat)
    there = lon + east, lat + north
    return _gcj02_to_bd09(*there) if datum == "bd09" else there


def _inside(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    west, south, east, north = _BOX
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _offset(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Give the GCJ-02 offset in degrees east and north."""
    x, y = lon - _ORIGIN[0], lat - _ORIGIN[1]
    root = np.sqrt(np.abs(x))
    ripple = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (ripple + _waves(y, 20, 40) + _waves(y / 12, 160, 320, stretch=2.5)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (ripple + _waves(x, 20, 40) + _waves(x / 12, 150, 300, stretch=2.5)) * 2 / 3
    latitude = np.radians(lat)
    bend = 1 - _ECCENTRICITY2 * np.sin(latitude) ** 2
    across = _SEMI_MAJOR / np.sqrt(bend) * np.cos(latitude)
    along = _SEMI_MAJOR * (1 - _ECCENTRICITY2) / (bend * np.sqrt(bend))
    return np.degrees(east / across), np.degrees(north / along)


def _waves(angle: Floats, first: float, second: float, *, stretch: float = 3.0) -> Floats:
    """Give a wave and a longer one, ``stretch`` times its length."""
    waves: Floats = first * np.sin(np.pi * angle) + second * np.sin(np.pi * angle / stretch)
    return waves


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _WOBBLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _WOBBLE)
    return radius * np.cos(angle) + _SHIFT[0], radius * np.sin(angle) + _SHIFT[1]
