"""What OpenStreetMap holds made into the layers of a study, and its project folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from layers.errors import LayerError, Problem
from layers.fetch_elevation import write_elevation
from layers.fetch_facilities import find_facilities, find_residences
from layers.fetch_places import find_townships, find_units, lying_in, unit_of
from layers.fetch_source import Extract, fetch_rules
from layers.project_file import DEFAULT_CIRCLE, PROJECT_FILE, project_toml
from layers.store import results_folder, write_frames
from layers.vocabulary import LANGUAGES, text

AREA_FILE, ELEVATION_FILE = "area.gpkg", "elevation.tif"

Frames = dict[str, gpd.GeoDataFrame]


def check_new(folder: Path) -> None:
    """Raise LayerError (project_exists) where a project is there already."""
    if (folder / PROJECT_FILE).exists():
        raise LayerError(Problem(PROJECT_FILE, "project_exists", value=str(folder)))


def study_frames(extract: Extract, ground: gpd.GeoDataFrame, *, source: str) -> Frames:
    """Give units, townships, residences, facilities and boundary of the places in ``ground``.

    ``ground`` is one row, ``name`` and polygon, in the CRS of the study. Raises LayerError
    (extract_no_settlements), in the name of ``source``.
    """
    places = extract.places.to_crs(ground.crs)
    area, name = ground.geometry.iloc[0], ground["name"].iloc[0]
    townships = find_townships(places, area, name)
    units = find_units(places, area, townships)
    if units.empty:
        raise LayerError(Problem(source, "extract_no_settlements"))
    inside = places[lying_in(area, places)]
    frames = {
        "units": units,
        "townships": townships,
        "residences": find_residences(inside),
        "facilities": find_facilities(inside),
        "boundary": ground.assign(boundary_id="1")[["boundary_id", "name", "geometry"]],
    }
    for layer in ("residences", "facilities"):
        frames[layer] = frames[layer].assign(unit_id=unit_of(frames[layer], townships, units))
    return frames


def near_streets(streets: gpd.GeoDataFrame, around: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Give the streets that touch an area, whole, in its CRS."""
    area = around.iloc[0]
    streets = streets.to_crs(around.crs)
    shapely.prepare(area)
    near = streets[shapely.intersects(area, streets.geometry.array)]
    return near.sort_values("street_id", ignore_index=True)


def surroundings(ground: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Give the area whose streets and elevation a study needs: a little more than its own."""
    return ground.buffer(fetch_rules()["boundary"]["street_metres"])


def degrees_around(ground: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """Give west, south, east and north of the surroundings of a study, in degrees of WGS-84."""
    metric = ground.to_crs(ground.estimate_utm_crs())
    bounds = surroundings(metric).total_bounds
    turn = Transformer.from_crs(metric.crs, "EPSG:4326", always_xy=True)
    west, south, east, north = turn.transform_bounds(*bounds)
    return west, south, east, north


def write_study(
    frames: Frames, folder: Path, *, source: str, date: str, elevation: Path | str | None
) -> Path:
    """Write the project folder, all of it or nothing, and give its project.toml.

    Layers without rows are left out; ``elevation`` is a raster, cut to the area.
    """
    filled = {layer: _rounded(frame) for layer, frame in frames.items() if len(frame)}
    settings = _settings(filled, date, elevation=elevation is not None)
    with results_folder(folder) as new:
        write_frames(filled, new / AREA_FILE)
        if elevation:
            around = surroundings(frames["boundary"])
            write_elevation(Path(elevation), around, new / ELEVATION_FILE)
        (new / PROJECT_FILE).write_bytes(_document(settings, source).encode())
    return folder / PROJECT_FILE


def _rounded(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give whole centimetres, as every study has them."""
    whole = shapely.transform(frame.geometry.array, lambda at: np.round(at, 2))
    return frame.set_geometry(gpd.GeoSeries(whole, index=frame.index, crs=frame.crs))


def _settings(frames: Frames, date: str, *, elevation: bool) -> dict[str, Any]:
    layers = {layer: {"source": AREA_FILE, "layer": layer, "datum": "wgs84"} for layer in frames}
    return {
        "name": frames["boundary"]["name"].iloc[0],
        "crs": frames["units"].crs.to_string(),
        "attribution": [fetch_rules()["attribution"]],
        "data_date": date or None,
        "circle": DEFAULT_CIRCLE,
        "layers": layers | ({"elevation": {"source": ELEVATION_FILE}} if elevation else {}),
    }


def _document(settings: dict[str, Any], source: str) -> str:
    comment = "\n".join(text("project.fetch.comment", lang, source=source) for lang in LANGUAGES)
    return project_toml(settings, comment=comment)
