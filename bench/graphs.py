"""Networks to measure the search on: simulated towns of any size, and real ones.

All are contracted and directed; nodes are counted after contraction.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

import geo
from bench.junctions import wuhan
from geo.contract import Ends, chains
from geo.curve import along_a_curve
from geo.graph import Graph, search_graph
from layers.catalogue import load_modes
from layers.streets import read_osm_streets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
BLOCK = 80.0  # metres between crossings
AVENUE = 8  # every so many streets one without gaps
KEPT = 0.6  # share of the other blocks' sides that are streets
TILE = 64  # crossings on a side of the squares in which a simulated file lists them
MS_PER_METRE = 900.0


class Town(NamedTuple):
    """A graph with the places of its nodes, in the order of its file."""

    graph: Graph
    x: Floats
    y: Floats


def simulated(nodes: int, seed: int = 1) -> Town:
    """Simulate a hilly town of about so many nodes: avenues, a grid with gaps between, dead ends.

    Nodes come tile by tile in a random order, like those of an extract.
    """
    rng = np.random.default_rng(seed)
    side = int(np.sqrt(nodes * 1.55))
    col, row = (each.ravel() for each in np.meshgrid(np.arange(side), np.arange(side)))
    x, y = (at * BLOCK + rng.uniform(-28, 28, at.size) for at in (col, row))
    number = np.arange(side * side).reshape(side, side)
    a = np.concatenate((number[:, :-1].ravel(), number[:-1].ravel()))
    b = np.concatenate((number[:, 1:].ravel(), number[1:].ravel()))
    avenue = np.concatenate((row[number[:, :-1].ravel()], col[number[:-1].ravel()])) % AVENUE == 0
    some = avenue | (rng.random(a.size) < KEPT)
    a, b = a[some], b[some]
    label = connected_components(coo_array((np.ones(a.size), (a, b)), shape=(x.size, x.size)))[1]
    main = label[a] == np.bincount(label).argmax()
    a, b = a[main], b[main]
    metres = np.hypot(x[a] - x[b], y[a] - y[b]) * rng.uniform(1.0, 1.35, a.size)
    height = 60 * np.sin(x / 900) * np.cos(y / 700)
    slope = (height[b] - height[a]) / metres
    one_way = Ends(a, b, np.ones(a.size, dtype=bool), np.ones(a.size, dtype=bool))
    found = chains(one_way)
    parts = [_tobler(metres, way * slope)[found.order] for way in (1, -1)]
    there, back = (np.where(found.flipped, *pair) for pair in (parts[::-1], parts))
    sums = [np.bincount(found.chain, weights=each) for each in (there, back, metres[found.order])]
    tiles = rng.permutation((side // TILE + 1) ** 2)[row // TILE * (side // TILE + 1) + col // TILE]
    order = np.lexsort((rng.random(x.size), tiles))
    order = order[np.isin(order, np.concatenate((found.start, found.end)))]
    rank = np.full(x.size, -1)
    rank[order] = np.arange(order.size)
    return Town(_graph(rank[found.start], rank[found.end], sums), x[order], y[order])


def _tobler(metres: Floats, slope: Floats) -> Floats:
    """Give the milliseconds of walks on slopes."""
    return metres * MS_PER_METRE * np.exp(3.5 * (np.abs(slope + 0.05) - 0.05))


def _graph(start: Ints, end: Ints, sums: list[Floats]) -> Graph:
    tail, head = np.concatenate((start, end)), np.concatenate((end, start))
    ms = np.rint(np.concatenate(sums[:2])).astype(np.int64)
    um = np.rint(np.tile(sums[2], 2) * 1e6).astype(np.int64)
    order = np.lexsort((um, ms, head, tail))
    pair = (tail * (tail.max() + 1) + head)[order]
    new = np.append(True, np.diff(pair) != 0) & (tail != head)[order]
    order = order[new]
    begins = np.cumsum(np.bincount(tail[order], minlength=tail.max() + 1))
    heads = head[order].astype(np.int32)
    return Graph(np.append(0, begins), heads, ms[order], um[order])


def real(place: str) -> Town:
    """Give the walking network of a real place, its nodes in a file's order."""
    if place == "wuhan":
        streets = wuhan()
        empty = dict.fromkeys(("motor_vehicle", "vehicle", "bicycle", "motorcar"))
        streets = streets.assign(speed_kmh=np.nan, **empty)
    else:
        (source,) = (DATA / place).glob("*.pbf")
        streets = read_osm_streets(source)  # alone: an extract may hold nothing else
        streets = streets.to_crs(streets.estimate_utm_crs())
    network = geo.build_network(gpd.GeoDataFrame(streets), load_modes()["walk"])
    order = np.lexsort((network.node_y, network.node_x))
    graph = renumbered(search_graph(network, reverse=True), order)
    return Town(graph, network.node_x[order], network.node_y[order])


def in_curve_order(town: Town) -> tuple[Town, Ints]:
    """Give the town with its nodes along Hilbert's curve, as geo numbers those of a network.

    Beside it the new number of every node.
    """
    order = along_a_curve(town.x, town.y)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return Town(renumbered(town.graph, order), town.x[order], town.y[order]), rank


def renumbered(graph: Graph, order: Ints) -> Graph:
    """Give the same graph with its nodes in another order."""
    rank = np.empty(order.size, dtype=np.int32)
    rank[order] = np.arange(order.size)
    count = np.diff(graph.indptr)[order]
    first = np.append(0, np.cumsum(count))
    arc = np.arange(first[-1]) - np.repeat(first[:-1] - graph.indptr[order], count)
    return Graph(first, rank[graph.heads[arc]], graph.weights[arc], graph.micrometres[arc])
