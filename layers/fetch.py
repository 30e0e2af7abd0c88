"""A study out of an OpenStreetMap extract: a project folder to start from, no internet needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from layers.fetch_places import find_boundary, read_boundary
from layers.fetch_source import read_extract
from layers.fetch_study import (
    check_new,
    degrees_around,
    near_streets,
    study_frames,
    surroundings,
    write_study,
)
from layers.streets import read_osm_streets

if TYPE_CHECKING:
    from collections.abc import Callable


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
    check_new(folder)
    given = read_boundary(Path(boundary)) if boundary else None
    tell("fetch", 0, 4)
    extract = read_extract(source, None if given is None else degrees_around(given))
    ground = find_boundary(extract.places) if given is None else given
    ground = ground.to_crs(ground.estimate_utm_crs()).fillna({"name": source.name.split(".")[0]})
    tell("fetch", 1, 4)
    frames = study_frames(extract, ground, source=source.name)
    tell("fetch", 2, 4)
    streets = near_streets(read_osm_streets(source, degrees_around(ground)), surroundings(ground))
    tell("fetch", 3, 4)
    return write_study(
        frames | {"streets": streets},
        folder,
        source=source.name,
        date=extract.date,
        elevation=elevation,
    )
