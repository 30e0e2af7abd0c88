from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.datum import from_wgs84, to_wgs84
from layers.vocabulary import DATUMS

METRES_PER_DEGREE = 111_320.0

# Away from the edge of the box, where a shift could lead across it.
inside = st.tuples(st.floats(73.0, 136.0), st.floats(2.0, 54.0))
outside = st.tuples(st.floats(-179.0, 71.0), st.floats(-60.0, 60.0))


def one(place):
    return np.array([place[0]]), np.array([place[1]])


def metres(a, b):
    east = (a[0] - b[0]) * METRES_PER_DEGREE * np.cos(np.radians(b[1]))
    return float(np.hypot(east, (a[1] - b[1]) * METRES_PER_DEGREE)[0])


@given(place=inside, datum=st.sampled_from(DATUMS))
def test_there_and_back_again_is_under_a_millimetre(place, datum):
    there = from_wgs84(*one(place), datum)
    assert metres(to_wgs84(*there, datum), one(place)) < 0.001


@given(place=outside, datum=st.sampled_from(DATUMS))
def test_nothing_moves_outside_china(place, datum):
    assert metres(to_wgs84(*one(place), datum), one(place)) == 0
    assert metres(from_wgs84(*one(place), datum), one(place)) == 0


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000"])
def test_wgs84_and_cgcs2000_are_one(datum):
    assert metres(to_wgs84(*one((117.2, 26.36)), datum), one((117.2, 26.36))) == 0


@pytest.mark.parametrize(("datum", "least", "most"), [("gcj02", 595, 636), ("bd09", 1140, 1222)])
def test_the_offset_over_a_mountain_county_is_what_is_published(datum, least, most):
    lon, lat = np.meshgrid(np.linspace(116.78, 117.58, 9), np.linspace(26.13, 26.65, 9))
    for place in zip(lon.ravel(), lat.ravel(), strict=True):
        assert least <= metres(from_wgs84(*one(place), datum), one(place)) <= most


def test_gcj02_of_a_known_place_is_the_published_one(real_data):
    """GeoNames places of Fujian come with GCJ-02 coordinates to six decimals."""
    rows = np.genfromtxt(
        real_data / "fujian" / "mingxi_townships_geonames.csv",
        delimiter=",",
        skip_header=1,
        usecols=(3, 4, 5, 6),
        encoding="utf-8-sig",
    )
    lon, lat = from_wgs84(rows[:, 0], rows[:, 1], "gcj02")
    assert np.abs(lon - rows[:, 2]).max() < 1e-6
    assert np.abs(lat - rows[:, 3]).max() < 1e-6
