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

from geo.catchments import widest_limit
from geo.contract import chains
from geo.coverage import limit_milliseconds
from geo.demand import demand
from geo.network import street_pieces, usable_streets
from geo.speed import reach_metres
from geo.times import located_facilities, measure_times, times_frame
from geo.travel import NetworkTravel
from layers.study_area import Answers, Around

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from geo.demand import Demand
    from geo.times import ModeTimes
    from layers.project import Mode, Project
    from layers.study_area import Islands, StudyArea

    Ints = NDArray[np.int64]

_SLACK = 1.01  # rounding to milliseconds makes a way shorter by less than this
_ANSWERS = ["residence_id", "category", "facility_id", "milliseconds", "metres"]
_PAIRS = ["residence_id", "facility_id", "milliseconds", "micrometres"]


@dataclass(frozen=True)
class Surroundings:
    """The land around a tile: what the other tiles have.

    ``streets`` may be more than are needed, ``facilities`` are ``offered`` by all other tiles but
    those that are too far to be in it, of which ``elsewhere`` (category, x, y) has the rest.
    ``reach`` is how far (metres, by mode) the tile must know its surroundings. ``islands`` and
    ``answers`` are those of the whole, by mode.
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
    return reach_metres(mode, project.rules.search_minutes) * _SLACK


def reaches(project: Project, side_metres: float) -> dict[str, float]:
    """Give each mode's reach in tiles that are about so many metres wide.

    A mode whose halo is wider than the tiles is not tiled; of it a tile only needs what its own
    living circles cover.
    """
    circle = project.circle
    found = {}
    for name, mode in project.modes.items():
        minutes = max(circle.minutes) if name == circle.mode else 0.0
        drawn = reach_metres(mode, minutes) * _SLACK
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


def cut(
    area: StudyArea, around: Surroundings, project: Project, *, land: BaseGeometry | None = None
) -> StudyArea:
    """Give a county's study as a tile: with what lies around it, as far as it matters.

    ``land`` is its ``ground`` where that is known.
    """
    tile, facilities = land or ground(area), around.facilities
    near = shapely.dwithin(facilities.geometry.to_numpy(), tile, max(around.reach.values()))
    near |= facilities["facility_id"].isin(named_by(around.answers.values())).to_numpy(dtype=bool)
    streets = area.streets
    if streets is not None and around.streets is not None:
        access = project.rules.max_access_metres * _SLACK
        wanted = [(project.modes[name], reach + access) for name, reach in around.reach.items()]
        ids = streets["street_id"]
        others = around.streets[~around.streets["street_id"].isin(ids)]
        theirs = _needed(_joined([streets, others], "street_id"), tile, wanted)
        streets = _joined([streets, others[others["street_id"].isin(theirs)]], "street_id")
    taken, left = facilities[near], facilities[~near]
    return replace(
        area,
        streets=streets,
        facilities=_joined([area.facilities, taken], "facility_id"),
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


def gathered(areas: Sequence[StudyArea]) -> StudyArea:
    """Give all tiles as one study area: units, residences, facilities and streets."""
    streets = [area.streets for area in areas if area.streets is not None]
    return replace(
        areas[0],
        units=_joined([area.units for area in areas], "unit_id"),
        residences=_joined([area.residences for area in areas], "residence_id"),
        facilities=_joined([area.facilities for area in areas], "facility_id"),
        streets=_joined(streets, "street_id") if streets else None,
    )


def answers_of(areas: Sequence[StudyArea], mode: Mode, project: Project) -> Iterable[Answers]:
    """Measure a mode on the whole, and give each tile what it takes of it, tile by tile."""
    whole = gathered(areas)
    where = demand(whole.units, whole.residences)
    measured = measure_times(whole, where, mode, project)
    ids = pd.Index(where.frame["residence_id"])
    for area in areas:
        own = demand(area.units, area.residences)
        rows = ids.get_indexer(pd.Index(own.frame["residence_id"]))
        nearest = times_frame(measured, where, rows)[_ANSWERS]
        pairs = _catchments(area, project, measured, (own, rows))
        yield Answers(nearest, pairs, measured.stands)


def _catchments(
    area: StudyArea, project: Project, measured: ModeTimes, here: tuple[Demand, Ints]
) -> pd.DataFrame:
    """Give the pairs within the catchments of what has a known capacity in a tile."""
    own, rows = here
    known = area.facilities[area.facilities["capacity"].notna()]["category"].unique()
    parts = [pd.DataFrame(columns=_PAIRS).astype({"milliseconds": "int64", "micrometres": "int64"})]
    if not isinstance(measured.travel, NetworkTravel):
        return parts[0]
    travel = measured.travel.at_places(rows)
    tile = _land(own)
    shapes = measured.facilities.geometry.to_numpy()
    for category in (each for each in project.categories.values() if each.id in known):
        limit = widest_limit(area.units, category, project)
        if limit.mode != measured.mode.id:
            continue
        minutes = min(limit.minutes, project.rules.search_minutes)
        of = measured.rows_of(category.id)
        near = shapely.dwithin(shapes[of], tile, reach_metres(measured.mode, minutes) * _SLACK)
        found = travel.pairs(of[near], limit_ms=limit_milliseconds(minutes))
        parts.append(
            pd.DataFrame(
                {
                    "residence_id": own.frame["residence_id"].to_numpy()[found.place],
                    "facility_id": measured.facilities["facility_id"].to_numpy()[found.facility],
                    "milliseconds": found.milliseconds,
                    "micrometres": found.micrometres,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _joined(frames: Sequence[gpd.GeoDataFrame], key: str) -> gpd.GeoDataFrame:
    """Put frames of one schema together, sorted by key."""
    some = [frame for frame in frames if len(frame)] or frames[:1]
    every = pd.concat(some, ignore_index=True).sort_values(key, ignore_index=True)
    return gpd.GeoDataFrame(every, geometry="geometry", crs=frames[0].crs)
