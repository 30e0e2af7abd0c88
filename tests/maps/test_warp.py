"""The page's polynomials beside the projection itself."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from numpy.polynomial import chebyshev
from shapely import box

from maps.shapes import Grid
from maps.warp import warps


def worked_out(fit, points):
    u, v = ((points - np.array(fit["middle"])) / np.array(fit["half"])).T
    terms = chebyshev.chebvander2d(u, v, [fit["degree"]] * 2)
    return np.column_stack((terms @ fit["x"], terms @ fit["y"]))


@pytest.mark.parametrize(
    ("crs", "extent"),
    [
        ("EPSG:4548", (380_000, 2_860_000, 470_000, 2_950_000)),  # a county off the meridian
        ("EPSG:4548", (200_000, 2_600_000, 700_000, 3_100_000)),  # a province
        ("EPSG:25831", (363_000, 4_698_000, 393_000, 4_724_000)),
        ("EPSG:4548", (500_000, 2_900_000, 500_000, 2_900_000)),  # one point
    ],
)
def test_a_click_becomes_the_same_centimetre_as_by_the_projection(crs, extent):
    shapes = gpd.GeoSeries([box(*extent)], crs=crs)
    grid = Grid.over(shapes)
    fits = warps(shapes, grid)
    west, south, east, north = extent
    draw = np.random.default_rng(0)
    metres = np.column_stack((draw.uniform(west, east, 400), draw.uniform(south, north, 400)))
    there = grid.steps(gpd.GeoSeries(gpd.points_from_xy(*metres.T), crs=crs))
    steps = np.array([(point.x, point.y) for point in there])
    assert np.abs(worked_out(fits["to_metres"], steps) - metres).max() < 0.001
    assert np.abs(worked_out(fits["to_steps"], metres) - steps).max() < 0.01
