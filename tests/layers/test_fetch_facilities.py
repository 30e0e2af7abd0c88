from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import Point, box

from layers.catalogue import load_categories
from layers.fetch_facilities import find_facilities, find_residences, matching


def places(*rows):
    """Give places as an extract gives them, in metres, out of (geometry, tags)."""
    keys = {key for category in load_categories().values() for rule in category.osm for key in rule}
    columns = sorted({"name", "building", "building:levels", *keys})
    table = [
        {"id": f"{1 if shape.geom_type == 'Point' else 2}{number:011d}"}
        | dict.fromkeys(columns)
        | tags
        for number, (shape, tags) in enumerate(rows)
    ]
    return gpd.GeoDataFrame(table, geometry=[shape for shape, _ in rows], crs=32650)


HOUSE = box(0, 0, 10, 12)


def test_residences_weigh_footprint_times_levels():
    kinds = ({"building": "yes"}, {"building": "apartments", "building:levels": "6"})
    odd = {"building": "house", "building:levels": "?"}
    weights = find_residences(places(*((HOUSE, tags) for tags in (*kinds, odd))))["weight"]
    assert list(weights) == [120.0, 720.0, 120.0]


def test_buildings_that_are_no_homes_are_no_residences():
    kinds = [{"building": kind} for kind in ("garage", "church", "industrial", "school")]
    hospital = {"building": "yes", "amenity": "hospital"}
    home = {"building": "yes", "amenity": "restaurant"}
    found = find_residences(places(*((HOUSE, tags) for tags in (*kinds, hospital, home))))
    assert len(found) == 1


def test_a_school_drawn_and_marked_counts_once_and_another_of_its_name_apart():
    school = {"amenity": "school", "name": "中心小学"}
    found = find_facilities(
        places(
            (Point(60, 60), school),
            (box(0, 0, 50, 50), school),
            (Point(20, 20), {"amenity": "school"}),
            (Point(200, 20), school),
        )
    )
    assert list(found["facility_id"]) == [
        "primary-school-100000000003",
        "primary-school-200000000001",
    ]


def test_facilities_of_one_place_without_a_name_are_several():
    pitches = [(box(x, 0, x + 20, 40), {"leisure": "pitch"}) for x in (0, 30, 60)]
    assert len(find_facilities(places(*pitches))) == 3


def test_a_facility_without_a_name_gets_that_of_its_category():
    found = find_facilities(places((Point(0, 0), {"amenity": "pharmacy"})))
    assert list(found["name"]) == ["药店"]


@pytest.mark.parametrize(
    ("name", "level", "levels"),
    [
        ("明溪一中中学", None, {"middle-school"}),
        ("城关小学", None, {"primary-school"}),
        ("Escola", None, {"primary-school"}),
        ("Lycée Comte de Foix", None, {"middle-school"}),
        ("九年制学校", "1;2", {"primary-school", "middle-school"}),
        ("中学附属小学", None, {"primary-school", "middle-school"}),
        ("Escola", "3", {"middle-school"}),
        (None, None, {"primary-school"}),
    ],
)
def test_schools_are_told_apart_by_level_then_by_name(name, level, levels):
    school = {"amenity": "school", "name": name, "isced:level": level}
    assert set(find_facilities(places((Point(0, 0), school)))["category"]) == levels


def test_a_private_pitch_is_no_sports_ground():
    private = {"leisure": "pitch", "access": "private"}
    public = {"leisure": "pitch", "access": "yes"}
    assert len(find_facilities(places((Point(0, 0), private), (Point(9, 9), public)))) == 1


def test_a_rule_holds_where_all_of_its_tags_do():
    found = places(
        *((Point(0, 0), tags) for tags in ({"amenity": "school"}, {"amenity": "bar"})),
        (Point(0, 0), {"amenity": "school", "name": "中学"}),
    )
    assert list(matching(found, {"amenity": "school", "name": "~^$"})) == [True, False, False]
    assert list(matching(found, {"amenity": "school"})) == [True, False, True]
    assert list(matching(found.head(0), {"name": "~^$"})) == []
