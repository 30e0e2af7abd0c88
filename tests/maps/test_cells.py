from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from maps.cells import unit_cells

CRS = "EPSG:4548"
EAST, NORTH = 500_000, 2_900_000
WEST_TOWN, EAST_TOWN = "001", "002"


def at(x, y):
    return Point(EAST + x, NORTH + y)


def land(west, south, east, north):
    return box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def units(*rows):
    ids = [f"u{number:02}" for number in range(len(rows))]
    townships, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {"unit_id": ids, "township_id": townships}, geometry=list(shapes), crs=CRS
    )


@pytest.fixture
def townships():
    return gpd.GeoDataFrame(
        {"township_id": [WEST_TOWN, EAST_TOWN], "name": ["西镇", "东镇"]},
        geometry=[land(0, 0, 1000, 1000), land(1000, 0, 2000, 1000)],
        crs=CRS,
    )


def test_points_share_out_their_township_and_polygons_stay(townships):
    given_units = units(
        (WEST_TOWN, at(100, 500)),
        (WEST_TOWN, at(900, 500)),
        (EAST_TOWN, land(1000, 0, 1500, 1000)),
        (EAST_TOWN, at(1100, 500)),
    )
    cells = unit_cells(given_units, townships)
    assert cells["unit_id"].tolist() == given_units["unit_id"].tolist()
    assert cells["derived"].tolist() == [True, True, False, True]
    assert cells.area.tolist() == pytest.approx([500_000] * 4)
    assert cells.geometry[2].equals(given_units.geometry[2])
    assert cells.geometry[3].intersection(cells.geometry[2]).area == 0


def test_the_units_handed_in_are_not_changed(townships):
    given_units = units((WEST_TOWN, at(100, 500)), (EAST_TOWN, at(1100, 500)))
    before = given_units.copy()
    unit_cells(given_units, townships)
    assert given_units.equals(before)


def test_a_unit_without_a_township_code_takes_the_township_it_lies_in(townships):
    cells = unit_cells(units((None, at(1500, 500))), townships)
    assert cells.area.item() == pytest.approx(1_000_000)


def test_without_townships_cells_fill_the_hull_of_the_points_with_a_margin():
    cells = unit_cells(
        units(("a", at(0, 0)), ("a", at(1000, 0))),
        gpd.GeoDataFrame({"township_id": [], "name": []}, geometry=[], crs=CRS),
    )
    assert cells["derived"].all()
    assert cells.contains(gpd.GeoSeries([at(0, 0), at(1000, 0)], crs=CRS)).all()


def test_points_at_one_place_share_one_cell(townships):
    cells = unit_cells(units((WEST_TOWN, at(5, 5)), (WEST_TOWN, at(5, 5))), townships)
    assert cells.geometry[0].equals(cells.geometry[1])
    assert cells.area[0] == pytest.approx(1_000_000)


def test_a_unit_without_a_geometry_keeps_none(townships):
    cells = unit_cells(units((WEST_TOWN, at(5, 5)), (WEST_TOWN, None)), townships)
    assert cells["derived"].tolist() == [True, False]
    assert cells.geometry[1] is None


@given(
    st.lists(
        st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=1, max_size=12, unique=True
    )
)
def test_cells_tile_the_township_and_each_holds_its_own_point(places):
    town = gpd.GeoDataFrame(
        {"township_id": [WEST_TOWN], "name": ["西镇"]}, geometry=[land(0, 0, 1000, 1000)], crs=CRS
    )
    points = units(*((WEST_TOWN, at(x, y)) for x, y in places))
    cells = unit_cells(points, town)
    assert cells.area.sum() == pytest.approx(1_000_000)
    assert shapely.union_all(cells.geometry).area == pytest.approx(1_000_000)
    assert (cells.distance(points.geometry) < 1e-6).all()
