from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import osmnx
import pytest
import shapely
from shapely import LineString

import layers
from layers.errors import LayerError
from layers.graphs import read_graph_streets, streets_from_graph
from layers.schema import STREETS
from tests.broken.good_study import CRS, EAST, NORTH, GoodStudy

BEND = LineString([(117.0, 26.0), (117.05, 26.02), (117.1, 26.0)])


def graph_of(*edges, **settings):
    """Give a graph of three nodes with some edges: start, end, attributes."""
    graph = nx.MultiDiGraph(crs="EPSG:4326", **settings)
    graph.add_nodes_from(
        [(n, {"x": x, "y": 26.0}) for n, x in ((1, 117.0), (2, 117.1), (3, 117.2))]
    )
    for start, end, tags in edges:
        graph.add_edge(start, end, **{"highway": "residential", "osmid": 7, **tags})
    return graph


def streets(*edges):
    return streets_from_graph(graph_of(*edges)).set_index("street_id")


def test_streets_have_the_columns_of_the_schema_and_the_graphs_crs():
    found = streets_from_graph(graph_of((1, 2, {})))
    assert list(found.columns) == [*(column.name for column in STREETS.columns), "geometry"]
    assert found.crs == "EPSG:4326"
    assert found["oneway"].dtype == np.int8


def test_both_ways_of_a_street_are_one_line_and_a_way_without_return_is_one_way():
    found = streets((1, 2, {}), (2, 1, {}), (2, 3, {}))
    assert found["oneway"].to_dict() == {"1-2-0": 0, "2-3-0": 1}


def test_a_line_is_straight_where_the_edge_has_none():
    found = streets((1, 2, {"geometry": BEND}), (2, 1, {"geometry": BEND.reverse()}), (2, 3, {}))
    assert found["geometry"].to_dict() == {
        "1-2-0": BEND,
        "2-3-0": LineString([(117.1, 26.0), (117.2, 26.0)]),
    }


def test_two_streets_between_two_junctions_stay_two():
    found = streets((1, 2, {"geometry": BEND}), (2, 1, {}), (1, 2, {"osmid": 8}))
    assert found["oneway"].to_dict() == {"1-2-0": 1, "1-2-1": 1, "2-1-0": 1}


def test_ways_merged_into_one_edge_are_one_street_in_whatever_order_they_are_listed():
    found = streets((1, 2, {"osmid": [7, 9]}), (2, 1, {"osmid": [9, 7]}))
    assert found["oneway"].to_dict() == {"1-2-0": 0}


def test_a_ring_both_ways_is_one_street():
    ring = shapely.linearrings([(117.0, 26.0), (117.1, 26.1), (117.1, 26.0)])
    ring = LineString(ring.coords)
    found = streets((1, 1, {"geometry": ring}), (1, 1, {"geometry": ring.reverse()}))
    assert found["oneway"].to_dict() == {"1-1-0": 0}


def test_of_several_tags_the_first_counts():
    tags = {
        "highway": ["primary", "secondary"],
        "maxspeed": ["60", "40"],
        "bridge": ["yes", "viaduct"],
        "tunnel": "building_passage",
        "name": "中山路",
    }
    street = streets((1, 2, tags)).iloc[0]
    assert (street["class"], street["speed_kmh"], street["name"]) == ("primary", 60.0, "中山路")
    assert street["bridge"]
    assert not street["tunnel"]


def test_a_roundabout_of_a_walking_graph_runs_both_ways():
    circle = {"junction": "roundabout"}
    assert streets((1, 2, circle), (2, 1, circle))["oneway"].tolist() == [0]


def test_a_graph_without_directions_is_refused():
    undirected = nx.MultiGraph(graph_of((1, 2, {})))
    with pytest.raises(LayerError) as caught:
        streets_from_graph(undirected)
    assert caught.value.problems[0].code == "graph_undirected"


@pytest.mark.parametrize(
    "graph", [nx.MultiDiGraph(), nx.MultiDiGraph([(1, 2, {"highway": "path"})]), graph_of()]
)
def test_a_graph_that_holds_no_streets_is_refused(graph):
    with pytest.raises(LayerError) as caught:
        streets_from_graph(graph)
    assert caught.value.problems[0].code == "graph_not_streets"


@pytest.fixture
def study(tmp_path):
    """Give a study whose streets are a saved graph, to be changed before it is read."""
    graph = nx.MultiDiGraph(crs=CRS)
    corners = ((0, 1000), (4000, 1000), (1000, 0), (1000, 4000))
    graph.add_nodes_from(
        (n, {"x": EAST + x, "y": NORTH + y}) for n, (x, y) in enumerate(corners, 1)
    )
    for start, end in ((1, 2), (2, 1), (3, 4)):
        graph.add_edge(start, end, highway="residential", osmid=7, oneway=False)
    osmnx.save_graphml(graph, tmp_path / "streets.graphml")
    study = GoodStudy()
    study.change("streets", path=Path("streets.graphml"))
    return study


def test_a_saved_graph_is_a_street_layer_of_a_study(study, tmp_path):
    read = layers.read_study_area(study.write(tmp_path)).streets
    assert read.set_index("street_id")["oneway"].to_dict() == {"1-2-0": 0, "3-4-0": 1}
    assert read.crs == CRS


def test_a_graph_is_no_layer_of_units(study, tmp_path):
    study.change("units", path=Path("streets.graphml"))
    with pytest.raises(LayerError) as caught:
        layers.read_study_area(study.write(tmp_path))
    assert [problem.code for problem in caught.value.problems] == ["unknown_format"]


def test_a_damaged_file_is_told(tmp_path):
    for content in ("<graphml", "<graphml/>", '<graphml><graph edgedefault="x"/></graphml>'):
        file = tmp_path / "streets.graphml"
        file.write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match=r"\S"):
            read_graph_streets(file)


@pytest.mark.real
def test_futian_has_the_streets_of_its_graph(real_data):
    path = real_data / "shenzhen" / "futian_drive.graphml"
    graph = osmnx.load_graphml(path)
    found = read_graph_streets(path)
    edges = osmnx.graph_to_gdfs(graph, nodes=False)
    back = ~edges["oneway"].to_numpy(dtype=bool)  # as osmnx tells it; we look for the edge back
    both = int(back.sum()) // 2
    assert found["oneway"].value_counts().to_dict() == {1: len(edges) - 2 * both, 0: both}
    assert found["street_id"].is_unique
    assert found["name"].str.contains("福田").any()
    metres = edges["length"].sum() - edges["length"][back].sum() / 2
    assert found.to_crs(32650).length.sum() == pytest.approx(metres, rel=2e-3)


@pytest.mark.real
def test_a_projected_graph_gives_the_same_streets(real_data):
    graph = osmnx.load_graphml(real_data / "shenzhen" / "futian_drive.graphml")
    flat = streets_from_graph(osmnx.project_graph(graph))
    round_ = streets_from_graph(graph)
    assert flat.crs.is_projected
    assert flat.drop(columns="geometry").equals(round_.drop(columns="geometry"))
