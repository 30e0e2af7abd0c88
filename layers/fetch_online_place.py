"""Where a study lies: a place by its name or number, or a box in degrees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import osmnx
import pyproj
import shapely
from osmnx._errors import InsufficientResponseError

from layers.errors import LayerError, Problem
from layers.fetch_source import fetch_rules

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from layers.fetch_online_server import Answers

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

_AREAS = ("Polygon", "MultiPolygon")
_NUMBER = re.compile(r"[NWR]\d+")
_TOLD = 8  # places that share a name


def read_bbox(words: str) -> Box:
    """Read ``W,S,E,N`` in degrees. Raises LayerError (bbox_unreadable, bbox_swapped)."""
    try:
        west, south, east, north = map(float, re.split(r"[,，\s]+", words.strip()))
    except ValueError as error:
        raise LayerError(Problem("bbox", "bbox_unreadable", value=words)) from error
    return check_bbox((west, south, east, north))


def check_bbox(box: Box) -> Box:
    """Give the box if it is one. Raises LayerError (bbox_unreadable, bbox_swapped)."""
    west, south, east, north = box
    if _is_box(box):
        return box
    for x, y in (((west, east), (south, north)), ((south, north), (west, east))):
        likely = (min(x), min(y), max(x), max(y))
        if _is_box(likely):
            values = (("likely", box_name(likely)),)
            raise LayerError(Problem("bbox", "bbox_swapped", value=box_name(box), values=values))
    raise LayerError(Problem("bbox", "bbox_unreadable", value=box_name(box)))


def box_name(box: Box) -> str:
    """Give the box as it is written."""
    return ",".join(f"{degrees:.7g}" for degrees in box)


def box_ground(box: Box) -> gpd.GeoDataFrame:
    """Give a box as the ground of a study: one row, ``name`` and polygon, in EPSG:4326."""
    return _ground(box_name(box), shapely.box(*box))


def find_place(name: str, answers: Answers) -> gpd.GeoDataFrame:
    """Ask for a place by its name, or by its number such as R9407, and give its ground.

    One row, ``name`` and polygon, in EPSG:4326. Among areas of one name only an administrative
    one is taken. Raises LayerError (place_unknown, place_no_area, place_ambiguous).
    """
    by_number = _NUMBER.fullmatch(name) is not None
    try:
        osmnx.geocode_to_gdf(name, by_osmid=by_number)
    except InsufficientResponseError as error:
        raise LayerError(Problem("place", "place_unknown", value=name)) from error
    except TypeError:  # found, but as points only
        raise LayerError(Problem("place", "place_no_area", value=name)) from None
    areas = {_number(place): place for place in answers.places() if _is_area(place)}
    official = {
        number: place for number, place in areas.items() if place.get("class") == "boundary"
    }
    found = official or areas
    if not found:
        raise LayerError(Problem("place", "place_no_area", value=name))
    if len(found) > 1:
        told = [f"{number} {place['display_name']}" for number, place in found.items()]
        values = (("known", "；".join(told[:_TOLD])),)
        raise LayerError(Problem("place", "place_ambiguous", value=name, values=values))
    (place,) = found.values()
    own = place.get("name") or place["display_name"].partition(",")[0]
    return _ground(own, shapely.make_valid(shapely.geometry.shape(place["geojson"])))


def check_size(ground: gpd.GeoDataFrame) -> None:
    """Raise LayerError (area_too_large) for more than a public server should be asked."""
    square_metres, _ = pyproj.Geod(ellps="WGS84").geometry_area_perimeter(ground.geometry.iloc[0])
    size, limit = abs(square_metres) / 1e6, fetch_rules()["online"]["max_km2"]
    if size > limit:
        values = (("size", f"{size:.0f}"), ("limit", f"{limit:.0f}"))
        raise LayerError(Problem(ground["name"].iloc[0], "area_too_large", values=values))


def _ground(name: str, area: BaseGeometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": [name]}, geometry=[area], crs="EPSG:4326")


def _is_box(box: Box) -> bool:
    west, south, east, north = box
    finite = bool(np.isfinite(box).all())
    return finite and -180 <= west < east <= 180 and -90 <= south < north <= 90  # noqa: PLR2004 - degrees of the globe


def _is_area(place: dict[str, Any]) -> bool:
    return place.get("geojson", {}).get("type") in _AREAS


def _number(place: dict[str, Any]) -> str:
    return f"{place['osm_type'][0].upper()}{place['osm_id']}"
