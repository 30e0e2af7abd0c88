from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely import LineString, MultiLineString

from layers.catalogue import load_modes
from layers.check import Findings
from layers.read_layer import empty_layer
from layers.schema import STREETS
from layers.street_layer import finish_streets
from layers.streets import KMH_PER_MPH, explode_streets, oneway_of, read_osm_streets, speed_of

NODES = {
    1: (117.00, 26.00),
    2: (117.01, 26.00),
    3: (117.01, 26.01),
    4: (117.00, 26.01),
    5: (117.002, 26.002),
    6: (117.004, 26.002),
    7: (117.004, 26.004),
}


def osm(*elements: str) -> str:
    """Write nodes 1 to 7 and whatever else as an OSM file."""
    nodes = (
        f'<node id="{n}" lat="{lat}" lon="{lon}" version="1"/>' for n, (lon, lat) in NODES.items()
    )
    return f'<osm version="0.6">{"".join(nodes)}{"".join(elements)}</osm>'


def way(number: int, refs: list[int], **tags: str) -> str:
    inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    inside += "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    return f'<way id="{number}" version="1">{inside}</way>'


@pytest.fixture
def read(tmp_path):
    def read_elements(*elements: str) -> pd.DataFrame:
        path = tmp_path / "town.osm"
        path.write_text(osm(*elements), encoding="utf-8")
        return read_osm_streets(path).set_index("street_id")

    return read_elements


def test_ways_with_a_highway_tag_are_streets_and_others_are_not(read):
    streets = read(
        way(10, [1, 2], highway="residential", name="中山路"),
        way(11, [2, 3], waterway="river"),
        way(12, [3, 4], highway="footway", access="private", foot="yes"),
    )
    assert streets.index.tolist() == ["10", "12"]
    assert streets.loc["10", "name"] == "中山路"
    assert streets.loc["10", "access"] is None
    assert (streets.loc["12", "access"], streets.loc["12", "foot"]) == ("private", "yes")


def test_streets_that_share_a_node_share_an_exact_vertex(read):
    streets = read(way(10, [1, 2], highway="path"), way(11, [2, 3], highway="path"))
    assert streets.geometry["10"].coords[-1] == streets.geometry["11"].coords[0] == NODES[2]


def test_a_square_is_walked_along_its_outline_both_ways(read):
    streets = read(way(10, [1, 2, 3, 4, 1], highway="pedestrian", area="yes"))
    assert streets.index.tolist() == ["a10"]
    assert streets.loc["a10", "class"] == "pedestrian"
    assert streets.loc["a10", "oneway"] == 0
    assert streets.geometry["a10"].is_ring


def test_a_square_with_a_hole_gives_both_rings(read):
    streets = read(
        way(10, [1, 2, 3, 4, 1]),
        way(11, [5, 6, 7, 5]),
        '<relation id="7" version="1"><member type="way" ref="10" role="outer"/>'
        '<member type="way" ref="11" role="inner"/><tag k="type" v="multipolygon"/>'
        '<tag k="highway" v="pedestrian"/></relation>',
    )
    assert streets.index.tolist() == ["r7-1", "r7-2"]
    assert streets.geometry.map(lambda ring: len(ring.coords)).tolist() == [5, 4]


def test_a_closed_street_that_is_no_area_stays_a_street(read):
    streets = read(way(10, [1, 2, 3, 4, 1], highway="residential"))
    assert streets.index.tolist() == ["10"]


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({}, 0),
        ({"oneway": "yes"}, 1),
        ({"oneway": "-1"}, -1),
        ({"oneway": "no"}, 0),
        ({"oneway": "reversible"}, 0),
        ({"junction": "roundabout"}, 1),
        ({"junction": "roundabout", "oneway": "no"}, 0),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
        ({"highway": "motorway_link"}, 0),
    ],
)
def test_direction_is_said_or_implied_by_roundabouts_and_motorways(tags, direction):
    row = {"oneway": None, "junction": None, "highway": "residential"} | tags
    assert oneway_of(pd.DataFrame([row], dtype=object)).tolist() == [direction]


@pytest.mark.parametrize(
    ("posted", "kmh"),
    [("50", 50), ("30 mph", 30 * KMH_PER_MPH), ("20 km/h", 20), ("7.5", 7.5)],
)
def test_posted_speeds_are_read_in_km_per_hour(posted, kmh):
    assert speed_of(pd.Series([posted], dtype=object)).tolist() == [kmh]


@pytest.mark.parametrize("posted", ["ES:urban", "walk", "none", "0", "50;30", "", None])
def test_a_speed_that_is_no_number_is_unknown(posted):
    assert speed_of(pd.Series([posted], dtype=object)).isna().all()


def test_bridges_and_tunnels_are_known_and_a_passage_lies_on_the_ground(read):
    streets = read(
        way(10, [1, 2], highway="path", bridge="viaduct"),
        way(11, [2, 3], highway="path", tunnel="yes"),
        way(12, [3, 4], highway="path", tunnel="building_passage", bridge="no"),
    )
    assert streets["bridge"].tolist() == [True, False, False]
    assert streets["tunnel"].tolist() == [False, True, False]


def test_the_most_particular_tag_decides_for_cars_and_bicycles(read):
    streets = read(
        way(10, [1, 2], highway="track", vehicle="no", motorcar="yes"),
        way(11, [2, 3], highway="track", vehicle="no", bicycle="yes"),
    )
    assert streets["motor_vehicle"].tolist() == ["yes", "no"]
    assert streets["bicycle"].tolist() == ["no", "yes"]


def test_a_sign_for_bicycles_against_the_traffic_is_kept(read):
    streets = read(
        way(10, [1, 2], highway="residential", oneway="yes", **{"oneway:bicycle": "no"}),
        way(11, [2, 3], highway="residential", oneway="yes"),
    )
    assert streets["oneway"].tolist() == [1, 1]
    assert streets["oneway_bicycle"].tolist() == ["no", None]


def street_rows(*shapes: object, **columns: object) -> pd.DataFrame:
    rows = empty_layer(STREETS, "EPSG:4548").reindex(range(1, len(shapes) + 1))
    made = rows.assign(**{"class": "path", "bridge": False, "tunnel": False}, **columns)
    return made.set_geometry(list(shapes), crs="EPSG:4548")


def test_lines_of_several_parts_are_split_and_numbered():
    several = MultiLineString([[(0, 0), (1, 0)], [(2, 0), (3, 0)]])
    rows = street_rows(several, LineString([(0, 0), (0, 5)]), street_id=["7", "8"])
    split = explode_streets(rows)
    assert split["street_id"].tolist() == ["7-1", "7-2", "8"]
    assert split.geom_type.eq("LineString").all()


def test_streets_without_ids_are_numbered_by_their_row():
    rows = street_rows(*[LineString([(0, 0), (n + 1, 0)]) for n in range(12)])
    finished = finish_streets(rows, load_modes(), Findings("streets"))
    assert finished["street_id"].tolist()[:2] == ["01", "02"]


def test_repeated_vertices_and_streets_without_length_are_left_out():
    rows = street_rows(
        LineString([(0, 0), (0, 0), (5, 0)]), LineString([(1, 1), (1, 1)]), street_id=["a", "b"]
    )
    findings = Findings("streets")
    finished = finish_streets(rows, load_modes(), findings)
    assert finished["street_id"].tolist() == ["a"]
    assert len(finished.geometry.iloc[0].coords) == 2
    assert [problem.code for problem in findings.problems] == ["no_length"]


def test_a_speed_of_zero_is_unknown():
    rows = street_rows(LineString([(0, 0), (5, 0)]), street_id=["a"], speed_kmh=[0.0])
    assert np.isnan(finish_streets(rows, load_modes(), Findings("streets"))["speed_kmh"]).all()


@pytest.mark.real
@pytest.mark.parametrize(
    ("extract", "highway_ways"),
    [
        # Counted in the files themselves. One square in each is the outer ring of a relation with
        # the same tags and comes as that; 22 streets of the second have one node in the clip.
        ("andorra/andorra.osm.pbf", 7763 - 1),
        ("las_palmas/las_palmas_osm_20230221.osm.pbf", 13954 - 1 - 22),
    ],
)
def test_every_highway_way_of_a_real_extract_is_a_street(real_data, extract, highway_ways):
    streets = read_osm_streets(real_data / extract)
    ways = streets["street_id"].str.extract(r"^a?(\d+)")[0].dropna()
    assert ways.nunique() == highway_ways
    assert streets["street_id"].is_unique
    assert streets.geometry.notna().all()
