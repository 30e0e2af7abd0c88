"""Heights over the units for the map's background: thinned, and none where there is nothing."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point, box

from layers.elevation import heights_at
from layers.relief import read_relief
from tests.layers.test_elevation import CELL, CRS, NORTH, SIZE, WEST, dem, grid, plane


def units(*shapes):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=CRS)


EAST, SOUTH = WEST + SIZE * CELL, NORTH - SIZE * CELL
ALL = units(box(WEST, SOUTH, EAST, NORTH))


@pytest.mark.parametrize("most", [512, 40, 7])
def test_a_slope_is_the_same_slope_however_much_it_is_thinned(tmp_path, monkeypatch, most):
    monkeypatch.setattr("layers.relief.MOST_CELLS", most)
    centres = (np.arange(SIZE) + 0.5) * CELL
    heights = plane(WEST + centres[None, :], NORTH - centres[:, None])
    relief = read_relief(dem(grid(tmp_path / "dem.tif", heights)), ALL, CRS)
    assert max(relief.heights.shape) <= most
    middle = np.array([[WEST + 420.0, NORTH - 530.0], [WEST + 600.0, NORTH - 400.0]])
    assert heights_at(relief, middle, CRS) == pytest.approx(plane(*middle.T), abs=0.01)


def test_only_what_lies_under_the_units_is_read(tmp_path):
    path = grid(tmp_path / "dem.tif", np.zeros((SIZE, SIZE)))
    small = units(box(WEST + 300, NORTH - 500, WEST + 400, NORTH - 450))
    assert max(read_relief(dem(path), small, CRS).heights.shape) < 20


def test_elsewhere_or_without_places_or_a_file_there_is_no_relief(tmp_path):
    path = grid(tmp_path / "dem.tif", np.zeros((SIZE, SIZE)))
    assert read_relief(dem(path), units(Point(WEST - 90_000, NORTH)), CRS) is None
    assert read_relief(dem(path), units(None), CRS) is None
    assert read_relief(dem(tmp_path / "none.tif"), ALL, CRS) is None
