"""Streets out of a graph of osmnx, whether in memory or saved as GraphML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import geopandas as gpd
import numpy as np
import osmnx
import pandas as pd
import shapely
from networkx import NetworkXError  # type: ignore[import-untyped]  # it ships no types

from layers.errors import LayerError, Problem
from layers.streets import STREET_TAGS, tagged_streets

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx
    import numpy.typing as npt


def read_graph_streets(path: Path) -> gpd.GeoDataFrame:
    """Read the streets of a GraphML file as ``osmnx.save_graphml`` writes it.

    Raises LayerError as ``streets_from_graph`` does, and ValueError for a damaged file.
    """
    try:
        graph = osmnx.load_graphml(path)
    except (ParseError, NetworkXError, TypeError) as error:  # the last: an edge without an end
        raise ValueError(str(error)) from error
    return streets_from_graph(graph)


def streets_from_graph(graph: nx.MultiDiGraph) -> gpd.GeoDataFrame:
    """Give the edges of a graph as streets, those that run both ways as one line.

    The columns are those of ``layers.schema.STREETS``, in the graph's CRS. A street is one way
    where the graph has no edge back along the same line. An id is ``u-v-key`` of the street's
    edge; of several tags that osmnx merged into one edge the first counts. Raises LayerError
    (graph_undirected, graph_not_streets).

    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph(crs="EPSG:4326")
    >>> graph.add_nodes_from([(1, {"x": 117.0, "y": 26.0}), (2, {"x": 117.1, "y": 26.0})])
    >>> _ = graph.add_edge(1, 2, highway="residential"), graph.add_edge(2, 1, highway="residential")
    >>> streets_from_graph(graph)[["street_id", "class", "oneway"]].values.tolist()
    [['1-2-0', 'residential', 0]]
    """
    if not graph.is_directed():
        raise LayerError(Problem("streets", "graph_undirected"))
    edges = pd.DataFrame([edge | {"u": u, "v": v, "key": k} for u, v, k, edge in _edges(graph)])
    places = pd.DataFrame.from_dict(dict(graph.nodes(data=True)), orient="index")
    if not ({"x", "y"} <= set(places) and "highway" in edges):
        raise LayerError(Problem("streets", "graph_not_streets"))
    lines = _lines(edges, places[["x", "y"]].astype(float))
    ends = edges[["u", "v", "key"]].astype(str)
    tags = (
        edges.reindex(columns=STREET_TAGS)
        .map(_first)
        .assign(street_id=ends["u"] + "-" + ends["v"] + "-" + ends["key"], way=_ways(edges))
    )
    return _joined(gpd.GeoDataFrame(tags, geometry=lines, crs=graph.graph.get("crs")))


def _edges(graph: nx.MultiDiGraph) -> Any:  # noqa: ANN401 - networkx's own view
    return graph.edges(keys=True, data=True)


def _lines(edges: pd.DataFrame, places: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Give each edge its line, straight where it has none."""
    start, end = places.loc[edges["u"]].to_numpy(), places.loc[edges["v"]].to_numpy()
    straight = np.asarray(shapely.linestrings(np.stack((start, end), axis=1)), dtype=object)
    if "geometry" not in edges:
        return straight
    drawn = edges["geometry"].to_numpy(dtype=object)
    return np.where(edges["geometry"].notna(), drawn, straight)


def _joined(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make one street of the edges of one way that run along the same line."""
    ahead = shapely.to_wkb(edges.geometry.array)
    back = shapely.to_wkb(shapely.reverse(edges.geometry.array))
    along = ahead <= back
    same = edges.assign(along=along, line=np.where(along, ahead, back)).sort_values("street_id")
    both = same.groupby(["way", "line"])["along"].transform("nunique") == 2  # noqa: PLR2004 - ways
    one = same.assign(oneway=np.where(both, "no", "yes")).drop_duplicates(["way", "line"])
    return tagged_streets(one.drop(columns=["way", "line", "along"]).reset_index(drop=True))


def _ways(edges: pd.DataFrame) -> pd.Series[Any]:
    """Give the OpenStreetMap ways of each edge as one text, in whatever order they are listed."""
    if "osmid" not in edges:
        return pd.Series("", index=edges.index)
    listed = edges["osmid"].map(lambda way: way if isinstance(way, list) else [way])
    return listed.map(lambda ways: ";".join(sorted(map(str, ways))))


def _first(value: Any) -> object:  # noqa: ANN401 - whatever an edge carries
    return next(iter(value), None) if isinstance(value, list) else value
