"""A study out of an OpenStreetMap extract: a project folder to start from, no internet needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from layers.errors import LayerError, Problem
from layers.fetch_elevation import write_elevation
from layers.fetch_facilities import find_facilities, find_residences
from layers.fetch_places import (
    find_boundary,
    find_townships,
    find_units,
    lying_in,
    read_boundary,
    unit_of,
)
from layers.fetch_source import Extract, fetch_rules, read_extract
from layers.project_file import DEFAULT_CIRCLE, PROJECT_FILE, project_toml
from layers.store import results_folder, write_frames
from layers.streets import read_osm_streets
from layers.vocabulary import LANGUAGES, text

if TYPE_CHECKING:
    from collections.abc import Callable

AREA_FILE, ELEVATION_FILE = "area.gpkg", "elevation.tif"

Frames = dict[str, gpd.GeoDataFrame]


def fetch_extract(
    pbf: Path | str,
    *,
    out: Path | str,
    boundary: Path | str | None = None,
    elevation: Path | str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Path:
    """Make a project folder out of an .osm.pbf file and give its project.toml.

    Settlements become units, the coarsest administrative level that divides the boundary
    townships, buildings residences, and a place belongs to the nearest settlement of its
    township. Without ``boundary`` (a polygon file) the administrative area that holds most
    settlements is taken. ``elevation`` is a raster, cut to the area. ``progress`` is told each
    stage and how many of how many are done. Nothing is left behind if it fails. Raises LayerError
    for anything that cannot be used.
    """
    source, folder = Path(pbf), Path(out)
    tell = progress or (lambda _stage, _done, _total: None)
    if (folder / PROJECT_FILE).exists():
        raise LayerError(Problem(PROJECT_FILE, "project_exists", value=str(folder)))
    given = read_boundary(Path(boundary)) if boundary else None
    tell("fetch", 0, 4)
    extract = read_extract(source)
    ground = find_boundary(extract.places) if given is None else given
    ground = ground.to_crs(ground.estimate_utm_crs()).fillna({"name": source.name.split(".")[0]})
    tell("fetch", 1, 4)
    frames = _frames(extract, ground)
    if frames["units"].empty:
        raise LayerError(Problem(source.name, "extract_no_settlements"))
    tell("fetch", 2, 4)
    around = ground.buffer(fetch_rules()["boundary"]["street_metres"])
    frames["streets"] = _streets(source, around)
    frames = {layer: frame for layer, frame in frames.items() if len(frame)}
    tell("fetch", 3, 4)
    settings = _settings(extract, frames, elevation=elevation is not None)
    with results_folder(folder) as new:
        write_frames({layer: _rounded(frame) for layer, frame in frames.items()}, new / AREA_FILE)
        if elevation:
            write_elevation(Path(elevation), around, new / ELEVATION_FILE)
        (new / PROJECT_FILE).write_bytes(_document(settings, source.name).encode())
    return folder / PROJECT_FILE


def _frames(extract: Extract, ground: gpd.GeoDataFrame) -> Frames:
    places = extract.places.to_crs(ground.crs)
    area, name = ground.geometry.iloc[0], ground["name"].iloc[0]
    townships = find_townships(places, area, name)
    units = find_units(places, area, townships)
    inside = places[lying_in(area, places)]
    frames = {
        "units": units,
        "townships": townships,
        "residences": find_residences(inside),
        "facilities": find_facilities(inside),
        "boundary": ground.assign(boundary_id="1")[["boundary_id", "name", "geometry"]],
    }
    for layer in ("residences", "facilities") if len(units) else ():
        frames[layer] = frames[layer].assign(unit_id=unit_of(frames[layer], townships, units))
    return frames


def _streets(source: Path, around: gpd.GeoSeries) -> gpd.GeoDataFrame:
    area = around.iloc[0]
    streets = read_osm_streets(source).to_crs(around.crs)
    shapely.prepare(area)
    near = streets[shapely.intersects(area, streets.geometry.array)]
    return near.sort_values("street_id", ignore_index=True)


def _rounded(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give whole centimetres, as every study has them."""
    whole = shapely.transform(frame.geometry.array, lambda at: np.round(at, 2))
    return frame.set_geometry(gpd.GeoSeries(whole, index=frame.index, crs=frame.crs))


def _settings(extract: Extract, frames: Frames, *, elevation: bool) -> dict[str, Any]:
    layers = {layer: {"source": AREA_FILE, "layer": layer, "datum": "wgs84"} for layer in frames}
    return {
        "name": frames["boundary"]["name"].iloc[0],
        "crs": frames["units"].crs.to_string(),
        "attribution": [fetch_rules()["attribution"]],
        "data_date": extract.date or None,
        "circle": DEFAULT_CIRCLE,
        "layers": layers | ({"elevation": {"source": ELEVATION_FILE}} if elevation else {}),
    }


def _document(settings: dict[str, Any], source: str) -> str:
    comment = "\n".join(text("project.fetch.comment", lang, source=source) for lang in LANGUAGES)
    return project_toml(settings, comment=comment)
