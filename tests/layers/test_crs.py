from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from layers.check import Findings
from layers.crs import as_if, is_old, layer_crs, parse_crs, study_crs, to_study
from layers.datum import from_wgs84
from layers.errors import CrsError, LayerError
from layers.project import LayerSource

STUDY = pyproj.CRS("EPSG:4548")
CGCS2000 = pyproj.CRS("EPSG:4490")

places = st.tuples(st.floats(116.5, 117.8), st.floats(26.0, 26.8))


@pytest.mark.parametrize(
    "code", [4214, 4610, 2327, 2384, 2390, 2401, 2437, 2442, 21413, 21453, 4555, 4568]
)
def test_beijing_1954_and_xian_1980_are_old(code):
    assert is_old(pyproj.CRS(code))


@pytest.mark.parametrize("code", [4326, 4490, 4548, 4527, 32650, 25831, 3857, 4284])
def test_other_systems_are_not_old(code):
    assert not is_old(pyproj.CRS(code))


def test_an_old_datum_without_a_code_is_known_by_its_name_or_ellipsoid():
    named = 'GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140,298.257]],'
    unnamed = 'GEOGCS["unknown",DATUM["D_unknown",SPHEROID["Krasovsky_1940",6378245,298.3]],'
    for start in (named, unnamed):
        wkt = start + 'PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]'
        assert is_old(pyproj.CRS(wkt))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("EPSG:4490", "crs_not_metres"),
        ("EPSG:2263", "crs_not_metres"),
        ("EPSG:2437", "old_datum"),
        ("EPSG:45480", "unknown_crs"),
        ("", "unknown_crs"),
    ],
)
def test_a_study_is_in_metres_of_a_known_datum(name, code):
    with pytest.raises(CrsError) as refused:
        study_crs(name)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_no_crs_is_no_crs():
    assert parse_crs("EPSG:0") is None


@given(place=places)
def test_coordinates_are_whole_centimetres(place):
    (point,) = to_study(np.array([Point(place)]), CGCS2000, datum="cgcs2000", target=STUDY)
    assert (point.x, point.y) == (round(point.x, 2), round(point.y, 2))


@given(place=places, datum=st.sampled_from(["gcj02", "bd09"]))
def test_a_layer_in_another_datum_lands_where_it_belongs(place, datum):
    true = to_study(np.array([Point(place)]), CGCS2000, datum="cgcs2000", target=STUDY)
    lon, lat = from_wgs84(np.array([place[0]]), np.array([place[1]]), datum)
    shifted = np.array([Point(lon[0], lat[0])])
    assert shapely.distance(true, to_study(shifted, CGCS2000, datum=datum, target=STUDY))[0] < 0.02


@given(place=places)
def test_metres_of_a_shifted_datum_are_put_right_too(place):
    true = to_study(np.array([Point(place)]), CGCS2000, datum="cgcs2000", target=STUDY)
    lon, lat = from_wgs84(np.array([place[0]]), np.array([place[1]]), "gcj02")
    x, y = pyproj.Transformer.from_crs(CGCS2000, STUDY, always_xy=True).transform(lon, lat)
    moved = to_study(np.array([Point(x[0], y[0])]), STUDY, datum="gcj02", target=STUDY)
    assert shapely.distance(true, moved)[0] < 0.02


@given(place=places, datum=st.sampled_from(["gcj02", "bd09"]))
def test_as_if_says_where_a_layer_of_another_datum_would_lie(place, datum):
    lon, lat = from_wgs84(np.array([place[0]]), np.array([place[1]]), datum)
    read_as_wgs84 = to_study(
        np.array([Point(lon[0], lat[0])]), CGCS2000, datum="wgs84", target=STUDY
    )
    true = to_study(np.array([Point(place)]), CGCS2000, datum="wgs84", target=STUDY)
    found = as_if(shapely.get_coordinates(read_as_wgs84), STUDY, declared="wgs84", truly=datum)
    assert np.hypot(*(found - shapely.get_coordinates(true))[0]) < 0.03


def test_streets_that_meet_still_meet():
    lines = np.array([shapely.LineString([(117, 26), (117.1, 26.1)]), Point(117.1, 26.1)])
    moved = to_study(lines, CGCS2000, datum="gcj02", target=STUDY)
    assert moved[0].coords[-1] == moved[1].coords[0]


def test_a_file_whose_crs_is_no_place_on_earth_has_none():
    local = pyproj.CRS('LOCAL_CS["Undefined Cartesian SRS",UNIT["metre",1]]')
    bounds = np.array([[500_000.0, 2_900_000.0, 500_001.0, 2_900_001.0]])
    declared = LayerSource("units", "units", Path("units.gpkg"), crs="EPSG:4548")
    assert layer_crs(declared, local, bounds, Findings("units")) == STUDY
    silent = LayerSource("units", "units", Path("units.gpkg"))
    with pytest.raises(LayerError):
        layer_crs(silent, local, bounds, Findings("units"))
