from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, Polygon, box

from maps.shapes import bounds_of, lines_of, paths_of, points_of, simplify_together

WGS84 = "EPSG:4326"


def walked(steps):
    return np.cumsum(np.reshape(steps, (-1, 2)), axis=0)


def test_a_ring_is_its_first_vertex_and_then_steps():
    square = gpd.GeoSeries([box(117.2, 26.3, 117.20002, 26.30001)], crs=WGS84)
    ((ring,),) = paths_of(square)[0]
    west, east, south, north = 11720000, 11720002, 2630000, 2630001
    corners = {(west, south), (east, south), (east, north), (west, north)}
    assert set(map(tuple, walked(ring).tolist())) == corners


def test_holes_and_parts_are_kept():
    holed = Polygon(box(0, 0, 1, 1).exterior, [box(0.4, 0.4, 0.6, 0.6).exterior])
    both = holed.union(box(2, 0, 3, 1))
    polygons = paths_of(gpd.GeoSeries([both], crs=WGS84))[0]
    assert sorted(len(rings) for rings in polygons) == [1, 2]


def test_a_missing_area_has_no_polygons():
    assert paths_of(gpd.GeoSeries([None, Point(0, 0).buffer(1)], crs=WGS84))[0] == []


def test_shared_borders_stay_shared_when_simplified():
    wiggle = [(10, 0), (10.1, 2), (9.9, 4), (10.1, 6), (9.9, 8), (10, 10)]
    west = Polygon([(0, 0), *wiggle, (0, 10)])
    east = Polygon([(20, 10), *reversed(wiggle), (20, 0)])
    simpler = simplify_together(gpd.GeoSeries([west, east], crs="EPSG:4548"), 3.0)
    assert len(simpler[0].exterior.coords) < len(west.exterior.coords)
    assert simpler[0].intersection(simpler[1]).area == 0
    assert simpler[0].union(simpler[1]).area == pytest.approx(200)


def test_overlapping_areas_are_simplified_each_by_itself():
    overlapping = gpd.GeoSeries([box(0, 0, 10, 10), box(5, 5, 15, 15)], crs="EPSG:4548")
    assert simplify_together(overlapping, 0.1).area.tolist() == [100, 100]


def test_nothing_is_simplified_away():
    tiny = gpd.GeoSeries([Point(0, 0).buffer(0.01), None], crs="EPSG:4548")
    simpler = simplify_together(tiny, 100.0)
    assert simpler[0].area > 0
    assert simpler[1] is None


def test_lines_that_meet_are_one_line():
    lines = gpd.GeoSeries([LineString([(0, 0), (1, 1)]), LineString([(1, 1), (1, 2)])], crs=WGS84)
    assert len(lines_of(lines, 0.0)) == 1


def test_a_facility_without_a_point_has_no_coordinates():
    x, y = points_of(gpd.GeoSeries([Point(117.2, 26.3), None], crs=WGS84))
    assert (x, y) == ([11720000, None], [2630000, None])


def test_bounds_are_south_west_north_east():
    assert bounds_of(gpd.GeoSeries([box(117, 26, 118, 27)], crs=WGS84)) == [[26, 117], [27, 118]]
