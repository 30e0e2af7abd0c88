"""Streets: OpenStreetMap extracts read whole, any other source brought to the same columns."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

if TYPE_CHECKING:
    from pathlib import Path

    Bounds = tuple[float, float, float, float]

KMH_PER_MPH = 1.609344  # the international mile, exactly

STREET_TAGS = (
    *("highway", "name", "oneway", "oneway:bicycle", "junction", "maxspeed", "bridge", "tunnel"),
    *("layer", "access", "foot", "bicycle", "vehicle", "motor_vehicle", "motorcar"),
)
"""The tags of OpenStreetMap that a street is made of."""

# What the tags of openstreetmap.org/wiki mean for direction of travel.
_ALONG = ("yes", "true", "1")
_AGAINST = ("-1", "reverse")
_BOTH = ("no", "false", "0")
_CIRCLES = ("roundabout", "circular")  # one way round, unless they say otherwise
_ONE_WAY_CLASSES = ("motorway",)
_GROUND_TUNNELS = ("no", "building_passage")  # a passage lies at street level
_SPEED = r"^\s*([0-9]{1,4}(?:\.[0-9]{1,9})?)\s*(mph|km/h|kmh|kph)?\s*$"


def read_osm_streets(path: Path, bbox: Bounds | None = None) -> gpd.GeoDataFrame:
    """Read every way and area with a highway tag from an .osm.pbf or .osm file.

    With ``bbox`` (west, south, east, north, degrees) those alone that touch it: of an extract of a
    whole country, what lies elsewhere is passed over while reading and never in memory.

    Gives the columns of ``layers.schema.STREETS`` in EPSG:4326. Ways keep their vertices, so
    streets that share an OSM node share an exact vertex. An area that is walked across
    (``area=yes``, a square) gives its outlines, both ways, ids ``a<way>`` or ``r<relation>``.
    """
    return osm_streets(
        read_highways(path, "lines", bbox), read_highways(path, "multipolygons", bbox)
    )


def osm_streets(ways: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the streets of ways and areas, as GDAL's layers ``lines`` and ``multipolygons`` are."""
    lines = pd.DataFrame(ways.assign(street_id=ways["osm_id"]))
    tagged = pd.concat([lines, _outlines(areas)], ignore_index=True)
    return tagged_streets(gpd.GeoDataFrame(tagged, geometry="geometry", crs=ways.crs))


def tagged_streets(tagged: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the streets frame of lines with ``street_id`` and all of ``STREET_TAGS``."""
    tags = tagged.drop(columns="geometry").astype(object)
    tags = tags.where(tags.notna(), None)
    streets = pd.DataFrame(
        {
            "street_id": tags["street_id"],
            "name": tags["name"],
            "class": tags["highway"],
            "oneway": oneway_of(tags),
            "speed_kmh": speed_of(tags["maxspeed"]),
            "bridge": tags["bridge"].notna() & tags["bridge"].ne("no"),
            "tunnel": tags["tunnel"].notna() & ~tags["tunnel"].isin(_GROUND_TUNNELS),
            "layer": tags["layer"],
            "access": tags["access"],
            "foot": tags["foot"],
            "bicycle": _first_of(tags, ("bicycle", "vehicle")),
            "oneway_bicycle": tags["oneway:bicycle"],
            "motor_vehicle": _first_of(tags, ("motorcar", "motor_vehicle", "vehicle")),
        }
    )
    return gpd.GeoDataFrame(streets, geometry=list(tagged.geometry), crs=tagged.crs)


def oneway_of(tags: pd.DataFrame) -> pd.Series[Any]:
    """Give the direction of travel: 1 along the line, -1 against it, 0 both ways (int8).

    Roundabouts and motorways are one way unless their ``oneway`` says no.
    """
    said = tags["oneway"].astype(str).str.lower()
    implied = tags["junction"].isin(_CIRCLES) | tags["highway"].isin(_ONE_WAY_CLASSES)
    along = said.isin(_ALONG) | (implied & ~said.isin(_BOTH))
    direction = np.where(said.isin(_AGAINST), -1, np.where(along, 1, 0))
    return pd.Series(direction.astype(np.int8), index=tags.index)


def speed_of(posted: pd.Series[Any]) -> pd.Series[Any]:
    """Give a posted speed in km/h: "50", "30 mph"; NaN for "ES:urban", "walk", 0 and none."""
    found = posted.astype("str").str.extract(_SPEED)
    number = pd.to_numeric(found[0]).astype(np.float64)
    scale = np.where(found[1].eq("mph"), KMH_PER_MPH, 1.0)
    return (number * scale).where(number > 0)


def explode_streets(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Split lines of several parts: part n of street ``7`` becomes ``7-n``."""
    if not streets.geom_type.eq("MultiLineString").any():
        return streets
    parts = pd.Series(shapely.get_num_geometries(streets.geometry.array), index=streets.index)
    split = streets.explode(ignore_index=False)
    number = split.groupby(level=0).cumcount() + 1
    several = parts.reindex(split.index).gt(1)
    named = split["street_id"] + "-" + number.astype(str)
    return split.assign(street_id=split["street_id"].where(~several, named))


def read_highways(path: Path, layer: str, bbox: Bounds | None = None) -> gpd.GeoDataFrame:
    """Read what has a highway tag of GDAL's ``lines`` or ``multipolygons``, with all its tags."""
    catalogue = files("layers").joinpath("catalogue", "osmconf.ini")
    with as_file(catalogue) as config:
        return pyogrio.read_dataframe(
            path,
            layer=layer,
            where="highway IS NOT NULL",
            bbox=bbox,
            use_arrow=True,
            on_invalid="ignore",  # one bad ring must not cost a whole extract
            CONFIG_FILE=str(config),
        )


def _outlines(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    areas = areas[areas.geometry.notna()]
    own = areas["osm_way_id"].notna()
    ids = ("a" + areas["osm_way_id"].astype(object)).where(
        own, "r" + areas["osm_id"].astype(object)
    )
    areas = areas.assign(street_id=ids, oneway="no", junction=None)
    areas["geometry"] = _rings(areas.geometry)
    return pd.DataFrame(explode_streets(areas.reset_index(drop=True)))


def _rings(areas: gpd.GeoSeries) -> gpd.GeoSeries:
    """Give the rings of every area, inner ones too, as lines."""
    polygons, area = shapely.get_parts(areas.array, return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    if not len(rings):
        return areas
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    lines = np.asarray(shapely.linestrings(coordinates, indices=ring), dtype=object)
    outlines = shapely.multilinestrings(lines, indices=area[polygon])
    return gpd.GeoSeries(outlines, index=areas.index, crs=areas.crs)


def _first_of(tags: pd.DataFrame, names: tuple[str, ...]) -> pd.Series[Any]:
    """Give the most particular tag that is there."""
    first = tags[names[0]]
    for name in names[1:]:
        first = first.where(first.notna(), tags[name])
    return first
