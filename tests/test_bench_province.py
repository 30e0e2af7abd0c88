"""The simulated province: the same from the same seed, streets over borders, real codes."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import get_coordinates

from bench.province import write_province
from layers.county_list import county_of


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Write the same two counties twice."""
    made = [tmp_path_factory.mktemp("made") for _ in range(2)]
    for folder in made:
        write_province(folder, begins="3502", counties=2, nodes=4000, homes=400)
    return made


def test_the_same_arguments_write_the_same_files(places):
    one, other = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in places
    )
    assert one == other


def test_units_are_those_listed_and_streets_cross_the_border(places):
    streets = []
    for code in ("350203", "350205"):
        file = places[0] / code / "county.gpkg"
        units = gpd.read_file(file, layer="units")
        assert sorted(units["unit_id"]) == sorted(county_of(code).units["unit_id"])
        streets.append(gpd.read_file(file, layer="streets"))
    points = [set(map(tuple, get_coordinates(each.geometry))) for each in streets]
    assert points[0] & points[1]
    assert 3000 < sum(len(get_coordinates(each.geometry)) for each in streets) < 8000
