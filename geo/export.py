"""A prepared network as a graph of networkx, for whoever goes on with osmnx or networkx."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.vocabulary import MILLISECONDS_PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx  # type: ignore[import-untyped]  # it ships no types
    from numpy.typing import NDArray

    from geo.network import Network

    Edge = tuple[int, int, dict[str, Any]]


def network_graph(network: Network, *, crs: str | None = None) -> nx.MultiDiGraph:
    """Give the network of one mode as a MultiDiGraph: what may be travelled, with its minutes.

    Nodes are junctions with ``x`` and ``y``, metres in the study CRS, which osmnx wants to be told
    as ``crs``. An edge has ``length`` (metres), ``minutes`` and ``milliseconds`` in its own
    direction, ``street_id`` (those of its streets in order, joined by semicolons) and
    ``geometry``. Shortest paths by ``milliseconds`` are those of ``geo.NetworkTravel``.
    """
    import networkx as nx  # noqa: PLC0415 - an analysis needs no networkx

    graph = nx.MultiDiGraph(**({} if crs is None else {"crs": crs}))
    places = zip(network.node_x.tolist(), network.node_y.tolist(), strict=True)
    graph.add_nodes_from((node, {"x": x, "y": y}) for node, (x, y) in enumerate(places))
    graph.add_edges_from(_edges(network, backward=False))
    graph.add_edges_from(_edges(network, backward=True))
    return graph


def _edges(network: Network, *, backward: bool) -> Iterator[Edge]:
    """Give the arcs that are open one way, with what an edge carries."""
    arcs = network.arcs
    lines = _lines(network)
    ends, milliseconds = (arcs.start, arcs.end), arcs.forward_ms
    if backward:
        ends, milliseconds, lines = (arcs.end, arcs.start), arcs.backward_ms, shapely.reverse(lines)
    rows = zip(
        *(values.tolist() for values in (*ends, arcs.length_metres(), milliseconds)),
        _street_ids(network, backward=backward),
        lines,
        strict=True,
    )
    for start, end, metres, time, streets, line in compress(rows, milliseconds >= 0):
        yield (
            start,
            end,
            {
                "length": metres,
                "minutes": time / MILLISECONDS_PER_MINUTE,
                "milliseconds": time,
                "street_id": streets,
                "geometry": line,
            },
        )


def _lines(network: Network) -> NDArray[np.object_]:
    arcs = network.arcs
    arc = np.repeat(np.arange(arcs.start.size), np.diff(arcs.first))
    return np.asarray(shapely.linestrings(arcs.x, arcs.y, indices=arc), dtype=object)


def _street_ids(network: Network, *, backward: bool) -> list[str]:
    """Give the streets that each arc runs along, in its order, each once."""
    segments = network.segments
    order = np.lexsort((-segments.at if backward else segments.at, segments.arc))
    names = network.street_ids[segments.street[order]]
    parts = np.split(names, np.flatnonzero(np.diff(segments.arc[order])) + 1)
    return [";".join(dict.fromkeys(part)) for part in parts]
