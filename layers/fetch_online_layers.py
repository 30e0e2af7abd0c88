"""The answers of a server brought to the layers that GDAL gives of an extract."""

from __future__ import annotations

from configparser import ConfigParser
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import osmnx
import pandas as pd
import shapely
from osmnx._errors import InsufficientResponseError

from layers.fetch_source import fetch_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

_AREAS = ("Polygon", "MultiPolygon")
_RING = 4  # points of a triangle, the first again at its end
_KEYS = "element", "id"  # of osmnx's frames

Tags = dict[str, "bool | str | list[str]"]


@dataclass(frozen=True)
class OsmLayers:
    """Points, ways and areas with their tags in columns, in EPSG:4326; ids as text.

    The columns are those of ``catalogue/osmconf.ini``; areas have ``osm_way_id`` or ``osm_id``.
    """

    points: gpd.GeoDataFrame
    ways: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame


def ask(ground: gpd.GeoSeries, tags: Tags) -> gpd.GeoDataFrame:
    """Ask for what lies in an area, or a little outside it, and has one of some tags.

    ``ground`` is one polygon in metres. Its outline is made simple: it is sent once for each tag.
    """
    step = fetch_rules()["online"]["outline_metres"]
    outline = ground.buffer(2 * step).simplify(step).to_crs("EPSG:4326")
    try:
        return osmnx.features_from_polygon(outline.iloc[0], tags)
    except InsufficientResponseError:  # there is nothing of the kind
        index = pd.MultiIndex.from_arrays([[], []], names=_KEYS)
        return gpd.GeoDataFrame(geometry=[], index=index, crs="EPSG:4326")


def osm_layers(*answers: gpd.GeoDataFrame) -> OsmLayers:
    """Give all that was answered, each element once, as the layers of an extract."""
    every = gpd.GeoDataFrame(pd.concat(answers), crs="EPSG:4326")
    every = every[~every.index.duplicated()].reset_index()
    tags, area_keys = _configured()
    found = every.reindex(columns=[*_KEYS, *tags]).astype(object)
    found = gpd.GeoDataFrame(
        found.assign(id=found["id"].astype(str)), geometry=every.geometry, crs=every.crs
    )
    way, relation = found["element"].eq("way"), found["element"].eq("relation")
    area = way & _is_area(found, area_keys)
    areas = pd.concat(
        [
            _closed(found[area]).rename(columns={"id": "osm_way_id"}).assign(osm_id=None),
            found[relation].rename(columns={"id": "osm_id"}).assign(osm_way_id=None),
        ]
    )
    points = found[found["element"].eq("node")].rename(columns={"id": "osm_id"})
    ways = _opened(found[way & ~area]).rename(columns={"id": "osm_id"})
    return OsmLayers(*(_finished(layer) for layer in (points, ways, areas)))


@cache
def _configured() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give every tag that GDAL is told to read, and the keys that make a closed way an area."""
    source = files("layers").joinpath("catalogue", "osmconf.ini").read_text(encoding="utf-8")
    parser = ConfigParser(delimiters="=")
    parser.read_string(f"[driver]\n{source}")
    layers: list[Mapping[str, str]] = [
        parser[name] for name in parser if "attributes" in parser[name]
    ]
    tags = dict.fromkeys(tag for layer in layers for tag in layer["attributes"].split(","))
    keys = parser["driver"]["closed_ways_are_polygons"].split(",")
    return tuple(tags | dict.fromkeys(keys)), tuple(keys)


def _is_area(found: gpd.GeoDataFrame, keys: tuple[str, ...]) -> pd.Series[Any]:
    """Say which ways are areas: closed, and tagged as one."""
    shapes = found.geometry.array
    ring = shapely.is_closed(shapes) & (shapely.get_num_coordinates(shapes) >= _RING)
    closed = found.geom_type.isin(_AREAS) | ring
    tagged = found[list(keys)].notna().any(axis="columns")
    area: pd.Series[Any] = closed & (found["area"].eq("yes") | (tagged & found["area"].ne("no")))
    return area


def _closed(ways: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give areas, also of those that osmnx takes for lines."""
    line = ways.geom_type.eq("LineString")
    shapes = ways.geometry.copy()
    shapes[line] = shapely.make_valid(shapely.polygons(ways.geometry[line].array))
    return ways.set_geometry(shapes)


def _opened(ways: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give lines, also of those that osmnx takes for areas."""
    shapes = ways.geometry.where(~ways.geom_type.isin(_AREAS), ways.geometry.boundary)
    return ways.set_geometry(shapes)


def _finished(layer: pd.DataFrame) -> gpd.GeoDataFrame:
    plain = layer.drop(columns="element").reset_index(drop=True)
    return gpd.GeoDataFrame(plain, geometry="geometry", crs="EPSG:4326")
