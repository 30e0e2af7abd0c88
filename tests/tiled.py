"""A study cut into tiles, and the same tiles with the whole around them, to compare."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from shapely import to_wkb

import geo
from geo.islands import islands_of, pieces_of
from geo.tiles import Surroundings, cut, ground, needed_streets, offered, reaches, untiled
from geo.whole import answers_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.study import Study
    from layers.project import Project
    from layers.study_area import StudyArea

EVERYWHERE = 1e9


def divided(area: StudyArea, tile_of: Mapping[str, str]) -> dict[str, StudyArea]:
    """Divide a study by its units; a facility goes with its unit, a street by where it begins."""
    seats = area.units.assign(tile=area.units["unit_id"].map(tile_of))
    middles = seats.geometry.centroid
    tiles = {}
    begins = area.streets.geometry.apply(lambda line: line.coords[0])
    nearest = [
        seats["tile"].iloc[int(np.argmin(np.hypot(middles.x - at[0], middles.y - at[1])))]
        for at in begins
    ]
    stray = area.facilities.geometry.map(
        lambda at: (
            seats["tile"].iloc[0]
            if at is None
            else seats["tile"].iloc[int(np.argmin(middles.distance(at)))]
        )
    )
    homes = area.facilities["unit_id"].map(tile_of)
    for tile in sorted(set(tile_of.values())):
        own = [unit for unit, name in tile_of.items() if name == tile]
        tiles[tile] = replace(
            area,
            units=area.units[area.units["unit_id"].isin(own)].reset_index(drop=True),
            residences=area.residences[area.residences["unit_id"].isin(own)].reset_index(drop=True),
            facilities=area.facilities[homes.fillna(stray) == tile].reset_index(drop=True),
            streets=area.streets[[name == tile for name in nearest]].reset_index(drop=True),
        )
    return tiles


def around(tiles: Mapping[str, StudyArea], name: str, project: Project) -> Surroundings:
    """Give everything around a tile, however far."""
    others = {tile: area for tile, area in tiles.items() if tile != name}
    streets = pd.concat([area.streets for area in others.values()], ignore_index=True)
    parts = [offered(area, project, tile) for tile, area in others.items()]
    reach = dict.fromkeys(project.modes, EVERYWHERE)
    return Surroundings(streets, pd.concat(parts, ignore_index=True), reach)


def tiled(
    tiles: Mapping[str, StudyArea], project: Project, side_metres: float
) -> dict[str, tuple[Study, Study]]:
    """Assess every tile as a tile, and with the whole around it."""
    areas: Sequence[StudyArea] = list(tiles.values())
    reach = reaches(project, side_metres)
    islands = {
        name: islands_of([pieces_of(area.streets, mode) for area in areas])
        for name, mode in project.modes.items()
    }
    answers = {
        name: dict(zip(tiles, answers_of(areas, project.modes[name], project), strict=True))
        for name in untiled(project, side_metres)
    }
    found = {}
    for name, area in tiles.items():
        whole = around(tiles, name, project)
        own = {mode: each[name] for mode, each in answers.items()}
        streets = needed_streets(
            area.streets, whole.streets, project, land=ground(area), reach=reach
        )
        some = replace(whole, streets=streets, reach=reach, islands=islands, answers=own)
        found[name] = (
            geo.assess(cut(area, some), project),
            geo.assess(cut(area, whole), project),
        )
    return found


def assert_same(one: Study, other: Study) -> None:
    """Compare every frame of two studies, row by row, geometry byte by byte."""
    first, second = one.frames(), other.frames()
    assert first.keys() == second.keys()
    for name, frame in first.items():
        typed = len(frame) > 0  # of nothing pandas cannot tell the type
        both = _plain(frame), _plain(second[name])
        pd.testing.assert_frame_equal(*both, obj=name, rtol=1e-12, check_dtype=typed)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    if "geometry" not in frame:
        return frame
    return pd.DataFrame(frame).assign(geometry=to_wkb(frame["geometry"].to_numpy()))
