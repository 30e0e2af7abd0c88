"""Tiles: a province or a country as many studies, each answering as the whole would.

A tile is one county's study with the streets and facilities around it as far as anybody gets in
``search_minutes``, so that every answer within them is exact at the seams, and beyond them nothing
is found, tiled and untiled alike. A mode so fast that its halo would swallow the neighbours is
measured once, on the whole, and each tile takes its answers (``answers_of``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.contract import chains
from geo.demand import demand
from geo.network import street_pieces, usable_streets
from geo.speed import reach_metres
from geo.times import located_facilities
from layers.study_area import Around

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from geo.demand import Demand
    from layers.project import Mode, Project
    from layers.study_area import Answers, Islands, StudyArea

    Ints = NDArray[np.int64]

SLACK = 1.01  # rounding to milliseconds makes a way shorter by less than this


@dataclass(frozen=True)
class Surroundings:
    """The land around a tile: what the other tiles have.

    ``streets`` are those of others that are needed (``needed_streets``), or more; ``facilities``
    are ``offered`` by all other tiles but those that are too far to be in it, of which
    ``elsewhere`` (category, x, y) has the rest. ``reach`` is how far (metres, by mode) the tile
    must know its surroundings. ``islands`` and ``answers`` are those of the whole, by mode.
    """

    streets: gpd.GeoDataFrame | None
    facilities: gpd.GeoDataFrame
    reach: Mapping[str, float]
    elsewhere: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"category": [], "x": [], "y": []})
    )
    islands: Mapping[str, Islands] = field(default_factory=dict)
    answers: Mapping[str, Answers] = field(default_factory=dict)


def halo(mode: Mode, project: Project) -> float:
    """Give how many metres around it a tile of a mode must know."""
    return reach_metres(mode, project.rules.search_minutes) * SLACK


def reaches(project: Project, side_metres: float) -> dict[str, float]:
    """Give each mode's reach in tiles that are about so many metres wide.

    A mode whose halo is wider than the tiles is not tiled; of it a tile only needs what its own
    living circles cover.
    """
    circle = project.circle
    found = {}
    for name, mode in project.modes.items():
        minutes = max(circle.minutes) if name == circle.mode else 0.0
        drawn = reach_metres(mode, minutes) * SLACK
        wide = halo(mode, project)
        found[name] = max(wide, drawn) if wide <= side_metres else drawn
    return found


def untiled(project: Project, side_metres: float) -> tuple[str, ...]:
    """Give the modes that are measured on the whole, in tiles about so many metres wide."""
    return tuple(name for name, mode in project.modes.items() if halo(mode, project) > side_metres)


def offered(area: StudyArea, project: Project, tile: str) -> gpd.GeoDataFrame:
    """Give what a tile's neighbours may go to: its facilities that count, are timed and placed.

    Whose place among the units is unknown stands in the ``tile``, and so in none of theirs. How
    many places are left to others is unknown.
    """
    found = located_facilities(area, project)
    return found.assign(unit_id=found["unit_id"].fillna(tile), capacity=np.nan)


def ground(area: StudyArea) -> BaseGeometry:
    """Give the land between the homes of a study: the hull of its places."""
    return _land(demand(area.units, area.residences))


def _land(where: Demand) -> BaseGeometry:
    hull: BaseGeometry = shapely.MultiPoint(np.column_stack((where.x, where.y))).convex_hull
    return hull


def cut(area: StudyArea, around: Surroundings, *, land: BaseGeometry | None = None) -> StudyArea:
    """Give a county's study as a tile: with what lies around it, as far as it matters.

    ``land`` is its ``ground`` where that is known.
    """
    tile, facilities = land or ground(area), around.facilities
    near = shapely.dwithin(facilities.geometry.to_numpy(), tile, max(around.reach.values()))
    near |= facilities["facility_id"].isin(named_by(around.answers.values())).to_numpy(dtype=bool)
    streets = area.streets
    if streets is not None and around.streets is not None:
        streets = joined([streets, around.streets], "street_id")
    taken, left = facilities[near], facilities[~near]
    return replace(
        area,
        streets=streets,
        facilities=joined([area.facilities, taken], "facility_id"),
        around=Around(
            streets=area.streets,
            neighbours=frozenset(taken["facility_id"]),
            elsewhere=_beyond(left, around.elsewhere),
            islands=around.islands,
            answers=around.answers,
        ),
    )


def named_by(answers: Iterable[Answers]) -> pd.Series[str]:
    """Give the ids of the facilities that answers of the whole name, each once."""
    found = [each["facility_id"] for one in answers for each in (one.nearest, one.pairs)]
    each_once = [ids.drop_duplicates() for ids in found]
    ids: pd.Series[str] = pd.concat([pd.Series(dtype=object), *each_once])
    return ids


def _beyond(left: gpd.GeoDataFrame, elsewhere: pd.DataFrame) -> pd.DataFrame:
    here = pd.DataFrame({"category": left["category"], "x": left.geometry.x, "y": left.geometry.y})
    return pd.concat([each for each in (here, elsewhere) if len(each)] or [here], ignore_index=True)


def needed_streets(
    own: gpd.GeoDataFrame,
    others: gpd.GeoDataFrame,
    project: Project,
    *,
    land: BaseGeometry,
    reach: Mapping[str, float],
) -> gpd.GeoDataFrame:
    """Give those of ``others``, streets of other tiles, that a tile needs beside its own.

    ``land`` is its ``ground``, ``reach`` as of ``Surroundings``.
    """
    access = project.rules.max_access_metres * SLACK
    wanted = [(project.modes[name], metres + access) for name, metres in reach.items()]
    others = others[~others["street_id"].isin(own["street_id"])]
    theirs = _needed(joined([own, others], "street_id"), land, wanted)
    return others[others["street_id"].isin(theirs)]


def _needed(
    streets: gpd.GeoDataFrame, tile: BaseGeometry, wanted: Sequence[tuple[Mode, float]]
) -> pd.Series[str]:
    """Give the ids of the streets that lie within reach by some mode, chains whole.

    A chain that is cut would be contracted otherwise than in the whole, and its times rounded
    otherwise. So chains within reach come whole, with all streets at their ends.
    """
    shapes = streets.geometry.to_numpy()
    least = min(metres for _, metres in wanted)
    found = [streets["street_id"][shapely.dwithin(shapes, tile, least)]]
    for mode, metres in wanted:
        usable = usable_streets(streets, mode)
        if usable.empty:
            continue
        pieces = street_pieces(usable, mode)
        chain = chains(pieces.ends)
        of_piece = np.empty_like(chain.chain)
        of_piece[chain.order] = chain.chain
        near = shapely.dwithin(usable.geometry.to_numpy(), tile, metres)
        whole = np.unique(of_piece[near[pieces.street]])
        ends = np.union1d(chain.start[whole], chain.end[whole])
        kept = np.isin(of_piece, whole)
        kept |= np.isin(pieces.ends.a, ends) | np.isin(pieces.ends.b, ends)
        found.append(usable["street_id"].iloc[np.unique(pieces.street[kept])])
    needed: pd.Series[str] = pd.concat(found)
    return needed


def joined(frames: Sequence[gpd.GeoDataFrame], key: str) -> gpd.GeoDataFrame:
    """Put frames of one schema together, sorted by key."""
    some = [frame for frame in frames if len(frame)] or frames[:1]
    every = pd.concat(some, ignore_index=True).sort_values(key, ignore_index=True)
    return gpd.GeoDataFrame(every, geometry="geometry", crs=frames[0].crs)
