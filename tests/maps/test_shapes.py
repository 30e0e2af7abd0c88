from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import LineString, Point, Polygon, box

from maps.shapes import Grid, bounds_of, merged_lines, simplify_together

WGS84 = "EPSG:4326"


def test_steps_are_web_mercator_from_the_northwest():
    x, y = Grid(1.0, 20).points(gpd.GeoSeries([Point(0, 0), Point(180, 0), None], crs=WGS84))
    assert x.tolist() == [2**19, 2**20, -1]
    assert y.tolist() == [2**19, 2**19, -1]


@pytest.mark.parametrize("metres", [0.0, 10.0, 60_000.0, 900_000.0])
def test_steps_are_finer_than_the_detail_kept_and_fit_the_browser(metres):
    grid = Grid.over(gpd.GeoSeries([box(0, 0, metres, metres)], crs="EPSG:4548"))
    assert grid.tolerance == max(metres, 1.0) / 8000
    assert grid.bits <= 28
    assert 40_075_016 / 2**grid.bits <= max(grid.tolerance / 8, 0.16)


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
    assert len(merged_lines(lines, 0.0)) == 1


def test_no_shapes_are_bounded_by_the_world():
    assert bounds_of(gpd.GeoSeries([], crs=WGS84)) == [[-60, -180], [75, 180]]


def test_bounds_are_south_west_north_east():
    assert bounds_of(gpd.GeoSeries([box(117, 26, 118, 27)], crs=WGS84)) == [[26, 117], [27, 118]]
