"""A study out of OpenStreetMap itself, asked through osmnx: a place by its name, or a box."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from layers.fetch_online_layers import ask, osm_layers
from layers.fetch_online_place import box_ground, box_name, check_bbox, check_size, find_place
from layers.fetch_online_server import osm_server
from layers.fetch_source import extract_of, facility_keys, fetch_rules
from layers.fetch_study import check_new, near_streets, study_frames, surroundings, write_study
from layers.streets import osm_streets

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.fetch_online_place import Box

CACHE = ".cache"


def fetch_place(
    where: str | Box,
    *,
    out: Path | str,
    cache: Path | str | None = None,
    elevation: Path | str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Path:
    """Make a project folder out of OpenStreetMap as it is today and give its project.toml.

    ``where`` is a place's name (or its number, such as R9407) or a box: west, south, east, north
    in degrees. The layers are those of ``fetch_extract``. Answers are kept in ``cache`` (by
    default in ``out``), so that a second try asks only for what is missing. Servers, time limits
    and proxies are those of ``osmnx.settings``. Raises LayerError for anything that cannot be
    used.
    """
    folder = Path(out)
    tell = progress or (lambda _stage, _done, _total: None)
    check_new(folder)
    source = where if isinstance(where, str) else box_name(check_bbox(where))
    study = hashlib.sha256(source.encode()).hexdigest()[:16]
    with osm_server(Path(cache or folder / CACHE) / study) as answers:
        tell("fetch", 0, 6)
        ground = find_place(where, answers) if isinstance(where, str) else box_ground(where)
        check_size(ground)
        ground = ground.to_crs(ground.estimate_utm_crs())
        around = surroundings(ground)
        tell("fetch", 1, 6)
        levels = fetch_rules()["online"]["levels"]
        settled = ask(ground.geometry, {"place": True, "admin_level": levels})
        tell("fetch", 2, 6)
        served = ask(ground.geometry, dict.fromkeys(facility_keys(), True))
        tell("fetch", 3, 6)
        built = ask(ground.geometry, {"building": True})
        tell("fetch", 4, 6)
        ways = osm_layers(ask(around, {"highway": True}))
        date = answers.date()
    tell("fetch", 5, 6)
    places = osm_layers(settled, served, built)
    extract = extract_of(places.points, places.areas, date)
    frames = study_frames(extract, ground, source=source)
    frames["streets"] = near_streets(osm_streets(ways.ways, ways.areas), around)
    return write_study(frames, folder, source=source, date=date, elevation=elevation)
