"""Walking circles of fifteen minutes beside osmnx's recipe, on Andorra: CPU seconds of each.

``python -m bench.isochrones`` draws 200 circles as geo does (sampling the streets included) and
some by the recipe of osmnx's gallery on the same contracted network: the subgraph within the
limit, its edges buffered and united. How true our polygons are is measured by
``python -m bench.surface``; here their common land with the recipe's is printed, which leaves out
edges reached in part and houses farther from the street than the buffer.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import shapely

import geo
from bench.surface import SEED, Place, read_place
from geo.surface import Surface

ORIGINS, BY_RECIPE = 200, 10
CELLS = (10.0, 14.0)
LIMIT_MS = 900_000
BUFFER = 25.0  # metres, as in the gallery


def own(
    place: Place, rows: np.ndarray, cell: float
) -> tuple[list[shapely.Geometry | None], float, float]:
    """Draw the circles; give them and the CPU seconds, at first and once the land is known."""
    rules = replace(place.rules, cell_metres=cell)
    joins = geo.attach(place.network, place.homes.x, place.homes.y, rules).take(rows)
    begun = time.process_time()
    surface = Surface(place.network, rules, reverse=False)
    drawn = [shape for (shape,) in surface.polygons(joins, (LIMIT_MS,))]
    first = time.process_time() - begun
    for _ in surface.polygons(joins, (LIMIT_MS,)):
        pass
    return drawn, first, time.process_time() - begun - first


def recipe(place: Place, rows: np.ndarray) -> tuple[list[shapely.Geometry], float]:
    """Draw the circles by the recipe, from the junction nearest to each place."""
    graph = geo.network_graph(place.network)
    joins = geo.attach(place.network, place.homes.x, place.homes.y, place.rules).take(rows)
    arcs = place.network.arcs
    begun = time.process_time()
    drawn = []
    for arc, to_start, to_end in zip(joins.arc, joins.to_start_ms, joins.to_end_ms, strict=True):
        node = int(arcs.start[arc] if to_start <= to_end else arcs.end[arc])
        near = nx.ego_graph(graph, node, radius=LIMIT_MS, distance="milliseconds")
        lines = [edge["geometry"] for *_, edge in near.edges(data=True)]
        drawn.append(shapely.union_all(shapely.buffer(lines, BUFFER)))
    return drawn, time.process_time() - begun


def main() -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as folder:
        place = read_place(Path(folder))
    joins = geo.attach(place.network, place.homes.x, place.homes.y, place.rules)
    main_network = place.network.arc_component()[joins.arc] == place.network.main
    there = np.flatnonzero(joins.on_network & main_network)
    rows = np.random.default_rng(SEED).choice(there, ORIGINS, replace=False)
    peer, peer_seconds = recipe(place, rows[:BY_RECIPE])
    peer_each = peer_seconds / BY_RECIPE
    print(f"Andorra on foot, {LIMIT_MS // 60_000} minutes, {ORIGINS} origins")
    print(f"osmnx's recipe {peer_each * 1000:10.2f} ms each")
    for cell in CELLS:
        drawn, *seconds = own(place, rows, cell)
        for when, each in zip(("", ", land known"), seconds, strict=True):
            told = f"geo, {cell:g} m a cell{when}:"
            ms, a_minute = each / ORIGINS * 1000, 60 * ORIGINS / each
            print(f"{told:30}{ms:6.2f} ms, {a_minute:,.0f} a minute, {peer_each * 1000 / ms:.0f}x")
        land = [
            shapely.area(shapely.intersection(*pair)) / shapely.area(pair[1])
            for pair in zip(drawn, peer, strict=False)
        ]
        print(f"of the recipe's land it holds {np.median(land):.1%} (median)")


if __name__ == "__main__":
    main()
