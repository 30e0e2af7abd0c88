"""What an OpenStreetMap extract holds: points and areas with their tags, each with an id."""

from __future__ import annotations

import logging
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from layers.catalogue import load_categories
from layers.errors import LayerError, MissingLayerError, Problem
from layers.fetch_header import data_date

if TYPE_CHECKING:
    from pathlib import Path

    from layers.streets import Bounds

LOG = logging.getLogger(__name__)

NODE, WAY, RELATION = "1", "2", "3"
"""First digit of an id; the other eleven are OpenStreetMap's own number."""


@dataclass(frozen=True)
class Extract:
    """The places of an extract (points, then areas) by ``id``, in EPSG:4326, and its date."""

    places: gpd.GeoDataFrame
    date: str


@cache
def fetch_rules() -> dict[str, Any]:
    """Give the rules by which a study is made out of an extract."""
    source = files("layers").joinpath("catalogue", "osm.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def read_extract(path: Path, bbox: Bounds | None = None) -> Extract:
    """Read settlements, boundaries, buildings and facilities of an .osm.pbf or .osm file.

    With ``bbox`` (west, south, east, north, degrees) those alone that touch it.

    Areas whose rings cannot be closed are left out and logged. Raises LayerError
    (extract_broken) and MissingLayerError (extract_absent).
    """
    if not path.is_file():
        raise MissingLayerError(Problem(path.name, "extract_absent", value=str(path)))
    try:
        date = "" if path.suffix == ".osm" else data_date(path)
        points = _read(path, "points", _tagged("place"), bbox)
        areas = _read(path, "multipolygons", _tagged("place", "building", "boundary"), bbox)
    except (ValueError, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise LayerError(Problem(path.name, "extract_broken")) from error
    return extract_of(points, areas, date)


def extract_of(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, date: str) -> Extract:
    """Give the places of points and areas, as GDAL's ``points`` and ``multipolygons`` are."""
    own = areas["osm_way_id"].notna()
    numbers = areas["osm_way_id"].where(own, areas["osm_id"])
    kinds = own.map({True: WAY, False: RELATION})
    points = points.assign(id=NODE + points["osm_id"].str.zfill(11))
    areas = areas.assign(id=kinds + numbers.str.zfill(11))
    both = pd.concat([points, areas], ignore_index=True)
    return Extract(gpd.GeoDataFrame(both, crs="EPSG:4326"), date)


def facility_keys() -> tuple[str, ...]:
    """Give the keys by which facilities are found, those that lead the catalogue's rules."""
    rules = (rule for category in load_categories().values() for rule in category.osm)
    return tuple(sorted({next(iter(rule)) for rule in rules}))


def _tagged(*more: str) -> str:
    """Give the condition that a place has one of the tags that matter."""
    keys = sorted({*facility_keys(), *more})
    return " OR ".join(f'"{key}" IS NOT NULL' for key in keys)


def _read(path: Path, layer: str, where: str, bbox: Bounds | None) -> gpd.GeoDataFrame:
    with as_file(files("layers").joinpath("catalogue", "osmconf.ini")) as config:
        found = pyogrio.read_dataframe(
            path,
            layer=layer,
            where=where,
            bbox=bbox,
            use_arrow=True,
            on_invalid="ignore",  # one bad ring must not cost a whole extract
            CONFIG_FILE=str(config),
        )
    usable = found.geometry.notna()
    if not usable.all():
        LOG.warning("%s: %d areas cannot be closed", path.name, (~usable).sum())
    found = found[usable]
    return found.set_geometry(shapely.make_valid(found.geometry.array))
