"""A prepared network as a graph: the same ways, the same times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx
import pytest
from hypothesis import given, settings

import geo
from tests.random_town import (
    DRIVE,
    STREETS_ALONE,
    WALK,
    milliseconds,
    random_streets,
    towns,
    ways,
)
from tests.town import CRS, EAST, NORTH, street, streets_frame

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from geo.network import Network
    from layers.project import Mode


def times(graph: nx.MultiDiGraph) -> NDArray[np.float64]:
    """Give the milliseconds from every node (rows) to every other, inf where no way is."""
    found = np.full((len(graph), len(graph)), np.inf)
    for start, reached in nx.all_pairs_dijkstra_path_length(graph, weight="milliseconds"):
        found[start, list(reached)] = list(reached.values())
    return found


@settings(max_examples=12)
@given(towns, ways)
def test_shortest_paths_of_the_graph_take_as_long_as_those_of_the_study(
    seed: int, mode: Mode
) -> None:
    streets = random_streets(np.random.default_rng(seed), sloped=True)
    network = geo.build_network(streets, mode)
    nodes = gpd.GeoSeries.from_xy(network.node_x, network.node_y)
    expected = milliseconds(streets, mode, STREETS_ALONE, nodes, nodes)
    np.testing.assert_array_equal(times(geo.network_graph(network)), expected)


@settings(max_examples=12)
@given(towns, ways)
def test_every_way_that_is_open_is_one_edge(seed: int, mode: Mode) -> None:
    network = geo.build_network(random_streets(np.random.default_rng(seed)), mode)
    graph, arcs = geo.network_graph(network), network.arcs
    assert len(graph) == network.node_x.size
    assert graph.number_of_edges() == (arcs.forward_ms >= 0).sum() + (arcs.backward_ms >= 0).sum()
    for start, end, edge in graph.edges(data=True):
        line = list(edge["geometry"].coords)
        assert [line[0], line[-1]] == [_place(graph, start), _place(graph, end)]
        assert edge["geometry"].length == pytest.approx(edge["length"], abs=1e-3)
        assert edge["minutes"] == edge["milliseconds"] / 60_000


def _place(graph: nx.MultiDiGraph, node: int) -> tuple[float, float]:
    return graph.nodes[node]["x"], graph.nodes[node]["y"]


def _one_way(mode: Mode) -> Network:
    """Build two streets end to end, the second one way, and a third that begins where they meet."""
    rows = [
        street("a", (0, 0), (100, 0)),
        street("b", (100, 0), (150, 0), oneway=1),
        street("c", (150, 0), (200, 0), oneway=1),
    ]
    return geo.build_network(streets_frame(rows), mode)


def test_an_edge_names_its_streets_in_its_own_direction() -> None:
    def named(mode: Mode) -> list[tuple[float, float, str]]:
        graph = geo.network_graph(_one_way(mode))
        east = nx.get_node_attributes(graph, "x")
        return sorted(
            (east[start] - EAST, east[end] - EAST, streets)
            for start, end, streets in graph.edges(data="street_id")
        )

    assert named(WALK) == [(0, 200, "a;b;c"), (200, 0, "c;b;a")]
    assert named(DRIVE) == [(0, 100, "a"), (100, 0, "a"), (100, 200, "b;c")]


def test_osmnx_takes_the_graph_and_keeps_it(tmp_path: Path) -> None:
    graph = geo.network_graph(_one_way(DRIVE), crs=CRS)
    osmnx.save_graphml(graph, tmp_path / "drive.graphml")
    again = osmnx.load_graphml(tmp_path / "drive.graphml", edge_dtypes={"minutes": float})
    assert [edge for *_, edge in again.edges(data="minutes")] == [0.2, 0.2, 0.2]
    near = osmnx.nearest_nodes(again, [EAST + 190.0, EAST + 1.0], [NORTH, NORTH])
    ways = osmnx.shortest_path(again, near, near[::-1], weight="minutes", cpus=1)
    assert ways[0] is None  # one way
    assert [again.nodes[node]["x"] - EAST for node in ways[1]] == [0, 100, 200]
    assert osmnx.graph_to_gdfs(again, nodes=False).crs == CRS


@pytest.mark.real
def test_andorra_s_graph_has_the_study_s_times(andorra_study: geo.Study) -> None:
    area, project = andorra_study.area, andorra_study.project
    assert area.streets is not None
    mode = project.modes["walk"]
    network = geo.build_network(area.streets, mode)
    graph = geo.network_graph(network)
    police = area.facilities.set_index("category").geometry["police-room"].iloc[0]
    goal = int(np.argmin(np.hypot(network.node_x - police.x, network.node_y - police.y)))
    expected = nx.single_source_dijkstra_path_length(
        graph.reverse(copy=False), goal, cutoff=100 * 60_000, weight="milliseconds"
    )
    some = np.random.default_rng(7).choice(sorted(expected), 50, replace=False)
    nodes, goals = (
        gpd.GeoSeries.from_xy(network.node_x[at], network.node_y[at]) for at in (some, [goal])
    )
    found = milliseconds(area.streets, mode, STREETS_ALONE, nodes, goals)[:, 0]
    # Bridges and tunnels are no place to begin at: leave the nodes that lie on nothing else.
    joins = geo.attach(network, nodes.x.to_numpy(), nodes.y.to_numpy(), STREETS_ALONE)
    on_street = joins.access_metres == 0
    assert on_street.sum() > 40
    np.testing.assert_array_equal(
        found[on_street], [expected[node] for node in some[on_street].tolist()]
    )
