"""A mode measured on the whole of a province, and what each of its tiles takes of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.catchments import widest_limit
from geo.coverage import limit_milliseconds
from geo.demand import demand
from geo.speed import reach_metres
from geo.tiles import SLACK, joined
from geo.times import measure_times, times_frame
from geo.travel import NetworkTravel
from layers.study_area import Answers
from layers.vocabulary import COHORTS, MILLISECONDS_PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from geo.demand import Demand
    from geo.pairs import Pairs
    from geo.times import ModeTimes
    from layers.project import Category, Mode, Project
    from layers.study_area import StudyArea

    Ints = NDArray[np.int64]

COLUMNS: dict[str, list[str] | None] = {
    "units": ["unit_id", "kind", "urban", *COHORTS, "geometry"],
    "residences": ["residence_id", "unit_id", *COHORTS, "geometry"],
    "facilities": ["facility_id", "category", "status", "capacity", "geometry"],
    "townships": ["township_id", "geometry"],
    "streets": None,
}
"""What a mode is measured by on the whole: columns of each frame, of streets all."""
_PLACES_AT_ONCE = 100_000  # whose pairs are found together: what is kept of them is bounded
_ANSWERS = ["residence_id", "category", "facility_id", "milliseconds", "metres"]
_PAIRS = ["residence_id", "facility_id", "milliseconds", "micrometres"]


def gathered(areas: Sequence[StudyArea]) -> StudyArea:
    """Give all tiles as one study area: units, residences, facilities and streets."""
    streets = [area.streets for area in areas if area.streets is not None]
    return replace(
        areas[0],
        units=joined([area.units for area in areas], "unit_id"),
        residences=joined([area.residences for area in areas], "residence_id"),
        facilities=joined([area.facilities for area in areas], "facility_id"),
        streets=joined(streets, "street_id") if streets else None,
    )


def answers_of(areas: Sequence[StudyArea], mode: Mode, project: Project) -> Iterable[Answers]:
    """Measure a mode on the whole, and give each tile what it takes of it, tile by tile."""
    whole = gathered(areas)
    where = demand(whole.units, whole.residences)
    measured = measure_times(whole, where, mode, project)
    rows = _rows_of_each(areas, whole, where)
    sizes = np.cumsum([each.size for each in rows])
    breaks = np.flatnonzero(np.diff(sizes // _PLACES_AT_ONCE)) + 1
    for some in np.split(np.arange(len(areas)), breaks):
        tiles = [_Tile.of(areas[each], rows[each]) for each in some]
        pairs = _catchments(tiles, project, measured, where)
        for tile, theirs in zip(tiles, pairs, strict=True):
            nearest = times_frame(measured, where, tile.rows)[_ANSWERS]
            yield Answers(nearest, theirs, measured.stands)


class _Tile(NamedTuple):
    """A tile, the rows of its places among those of the whole, and what has a known capacity."""

    area: StudyArea
    rows: Ints
    counted: frozenset[str]

    @classmethod
    def of(cls, area: StudyArea, rows: Ints) -> _Tile:
        """Give a tile with its rows."""
        known = area.facilities["capacity"].notna()
        return cls(area, rows, frozenset(area.facilities["category"][known]))


def _rows_of_each(areas: Sequence[StudyArea], whole: StudyArea, where: Demand) -> list[Ints]:
    """Give the rows of each tile's places, which are those of its units."""
    number = np.repeat(np.arange(len(areas)), [len(area.units) for area in areas])
    ids = pd.Index(np.concatenate([area.units["unit_id"].to_numpy(object) for area in areas]))
    tile = number[ids.get_indexer(pd.Index(whole.units["unit_id"]))][where.unit]
    order = np.argsort(tile, kind="stable")
    return np.split(order, np.searchsorted(tile[order], np.arange(1, len(areas))))


def _catchments(
    tiles: Sequence[_Tile], project: Project, measured: ModeTimes, where: Demand
) -> list[pd.DataFrame]:
    """Give the pairs within the catchments of what has a known capacity in each tile."""
    none = pd.DataFrame(columns=_PAIRS).astype({"milliseconds": "int64", "micrometres": "int64"})
    found = [[none] for _ in tiles]
    travel = measured.travel
    if isinstance(travel, NetworkTravel):
        for category in project.categories.values():
            minutes = [_minutes(tile, category, measured.mode, project) for tile in tiles]
            asking = [number for number, most in enumerate(minutes) if most is not None]
            limits = [limit_milliseconds(most) for most in minutes if most is not None]
            rows = [tiles[number].rows for number in asking]
            if not asking:
                continue
            of = measured.rows_of(category.id)
            pairs = _pairs_within(travel, rows, of, limits)
            for number, part in zip(asking, pairs, strict=True):
                found[number].append(_told(part, measured, where))
    return [pd.concat(parts, ignore_index=True) for parts in found]


def _minutes(tile: _Tile, category: Category, mode: Mode, project: Project) -> float | None:
    """Give how far a category's catchments reach in a tile; None where they are not by the mode."""
    if category.id not in tile.counted:
        return None
    limit = widest_limit(tile.area.units, category, project)
    return min(limit.minutes, project.rules.search_minutes) if limit.mode == mode.id else None


def _pairs_within(
    travel: NetworkTravel, places: Sequence[Ints], facilities: Ints, limits: Sequence[int]
) -> Iterator[Pairs]:
    """Give the pairs of each tile's places within its limit (ms): searched for all at once.

    Places and facilities are rows of the whole's.
    """
    place, limit = np.concatenate(places), max(limits)
    some = travel.at_places(place)
    land = shapely.MultiPoint(np.column_stack((some.places.x, some.places.y))).convex_hull
    reach = reach_metres(travel.network.mode, limit / MILLISECONDS_PER_MINUTE) * SLACK
    there = travel.facilities.take(facilities)
    near = shapely.dwithin(shapely.points(there.x, there.y), land, reach)
    found = some.pairs(facilities[near], limit_ms=limit)
    first = np.searchsorted(found.place, np.cumsum([0, *(each.size for each in places)]))
    for (begin, end), bound in zip(pairwise(first), limits, strict=True):
        here = found.take(slice(begin, end))
        yield here.take(here.milliseconds <= bound).at(place)


def _told(pairs: Pairs, measured: ModeTimes, where: Demand) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "residence_id": where.frame["residence_id"].to_numpy()[pairs.place],
            "facility_id": measured.facility_ids[pairs.facility],
            "milliseconds": pairs.milliseconds,
            "micrometres": pairs.micrometres,
        }
    )
