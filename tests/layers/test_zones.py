"""Gauss-Krüger zones against Krüger's own series, worked out here."""

from __future__ import annotations

from math import asinh, atan2, atanh, cos, cosh, hypot, radians, sin, sinh, sqrt, tan

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from layers.crs import to_study
from layers.zones import likely_zone, north_first, numbered_zone, zone_of_number

SEMI_MAJOR, FLATTENING = 6378137.0, 1 / 298.257222101  # of CGCS2000


def gauss_krueger(lon, lat, middle):
    """Give metres east of the central meridian and north of the equator (Krüger 1912, n^4)."""
    n = FLATTENING / (2 - FLATTENING)
    radius = SEMI_MAJOR / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    series = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    phi, lam = radians(lat), radians(lon - middle)
    e = sqrt(FLATTENING * (2 - FLATTENING))
    t = sinh(asinh(tan(phi)) - e * atanh(e * sin(phi)))
    xi, eta = atan2(t, cos(lam)), asinh(sin(lam) / hypot(t, cos(lam)))
    north = xi + sum(a * sin(2 * k * xi) * cosh(2 * k * eta) for k, a in enumerate(series, 1))
    east = eta + sum(a * cos(2 * k * xi) * sinh(2 * k * eta) for k, a in enumerate(series, 1))
    return radius * east, radius * north


chinese = st.tuples(st.floats(76.0, 134.0), st.floats(18.0, 53.0))


@given(place=chinese, width=st.sampled_from([3, 6]), numbered=st.booleans())
def test_coordinates_of_every_zone_come_from_where_they_are(place, width, numbered):
    lon, lat = place
    number = round(lon / 3) if width == 3 else int(lon // 6) + 1
    middle = number * 3 if width == 3 else number * 6 - 3
    east, north = gauss_krueger(lon, lat, middle)
    first = {
        (3, True): 4513 - 25,
        (3, False): 4534 - 25,
        (6, True): 4491 - 13,
        (6, False): 4502 - 13,
    }
    crs = pyproj.CRS(first[width, numbered] + number)
    table = np.array([Point(east + 500_000 + numbered * number * 1e6, north)], dtype=object)
    target = pyproj.CRS("EPSG:4534") if lon < 80 else pyproj.CRS(4534 - 25 + round(lon / 3))
    found = to_study(table, crs, datum="cgcs2000", target=target)
    there = gauss_krueger(lon, lat, 3 * (target.to_epsg() - 4534 + 25))
    assert np.hypot(*(shapely.get_coordinates(found)[0] - (there[0] + 500_000, there[1]))) < 0.01


def test_a_county_in_two_zones_is_read_row_by_row():
    """Two homes a kilometre apart, on both sides of 118.5 E, where two 3-degree zones meet."""
    homes = ((118.495, 25.5), (118.505, 25.5))
    rows = []
    for (lon, lat), number in zip(homes, (39, 40), strict=True):
        east, north = gauss_krueger(lon, lat, number * 3)
        rows.append(Point(number * 1e6 + 500_000 + east, north))
    found = to_study(np.array(rows), pyproj.CRS(4527), datum="cgcs2000", target=pyproj.CRS(4548))
    there = [np.add(gauss_krueger(lon, lat, 117), (500_000, 0)) for lon, lat in homes]
    assert np.abs(shapely.get_coordinates(found) - there).max() < 0.01
    assert 1000 < shapely.distance(*found) < 1010


@pytest.mark.parametrize(
    ("code", "zone"), [(4527, (3, 39)), (4498, (6, 20)), (4548, None), (32650, None), (2363, None)]
)
def test_a_numbered_zone_is_known_by_its_crs(code, zone):
    found = numbered_zone(pyproj.CRS(code))
    assert (found and (found.width, found.number)) == zone


def test_every_zone_is_the_one_its_number_says():
    for number in (*range(13, 24), *range(25, 46)):
        zone = zone_of_number(number)
        middle = number * 3 if zone.width == 3 else number * 6 - 3
        said = {each.name: each.value for each in zone.crs.coordinate_operation.params}
        assert said["Longitude of natural origin"] == middle
        assert said["False easting"] == number * 1e6 + 500_000
    assert zone_of_number(24) is None


def test_northings_first_are_told_from_eastings_first():
    right = np.array([[39_500_000.0, 2.9e6, 39_501_000.0, 2.91e6]])
    assert not north_first(pyproj.CRS(4527), right)[0]
    assert north_first(pyproj.CRS(4527), right[:, [1, 0, 3, 2]])[0]
    plain = right - [39e6, 0, 39e6, 0]
    assert not north_first(pyproj.CRS(4548), plain)[0]
    assert north_first(pyproj.CRS(4548), plain[:, [1, 0, 3, 2]])[0]
    assert likely_zone(right).number == likely_zone(right[:, [1, 0, 3, 2]]).number == 39
