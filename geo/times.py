"""The times of one mode: every place to its nearest facility of every category."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from geo.answers import KnownTravel, stands
from geo.arrival import telling_place
from geo.placement import has_point, standing
from geo.prepared import prepared_network
from geo.snap import join, near_streets
from geo.travel import NetworkTravel, StraightTravel
from layers.vocabulary import MILLISECONDS_PER_MINUTE, Method

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.demand import Demand
    from geo.network import Network
    from geo.pairs import Pairs
    from geo.snap import Joins, Near
    from geo.travel import Nearest
    from layers.project import Mode, Project
    from layers.study_area import StudyArea

    Ints = NDArray[np.int64]


class Travel(Protocol):
    """Anything that finds facilities for every place: the nearest, or all within a limit."""

    def nearest(self, rows: Ints) -> Nearest:
        """Find it among the facilities of these rows."""

    def nearest_of_each(self, groups: Sequence[Ints]) -> list[Nearest]:
        """Find it among the facilities of each group's rows."""

    def pairs(self, rows: Ints, *, limit_ms: int) -> Pairs:
        """Find every pair of a place and a facility of these rows within a limit."""


@dataclass(frozen=True)
class ModeTimes:
    """Times of one mode from the places of ``demand``; ``nearest`` is by category.

    ``facilities`` are those that count and have a point, by id; rows of Nearest point into it.
    ``unit_share`` of a unit's people have arrived when the unit has, ``travel`` is what times were
    found by, ``stands`` says where facilities of each category stand, those beyond a tile too (see
    ``geo.answers.stands``). ``network``, ``places``, ``joined`` (the facilities) and ``near``
    (both, before they were joined) are None where the study has no streets.
    """

    mode: Mode
    method: Method
    facilities: gpd.GeoDataFrame
    demand: Demand
    unit_share: float
    nearest: dict[str, Nearest]
    travel: Travel
    stands: pd.DataFrame
    network: Network | None = None
    places: Joins | None = None
    joined: Joins | None = None
    near: tuple[Near, ...] | None = None

    @cached_property
    def telling(self) -> dict[str, Ints]:
        """By category, for each unit the place whose time is the unit's."""
        return {
            name: telling_place(self.demand, found, self.unit_share)
            for name, found in self.nearest.items()
        }

    def rows_of(self, category: str) -> Ints:
        """Give the rows of a category's facilities."""
        return np.flatnonzero((self.facilities["category"] == category).to_numpy())

    @cached_property
    def facility_ids(self) -> NDArray[np.object_]:
        """The ids of the facilities, row by row."""
        ids: NDArray[np.object_] = self.facilities["facility_id"].to_numpy(dtype=object)
        return ids

    def is_anywhere(self, category: str) -> bool:
        """Say whether there is a facility of a category, however far."""
        return category in self._stands_by_category

    def standing_of(self, category: str) -> tuple[NDArray[np.float64], Ints]:
        """Give where the facilities of a category stand (x, y), and the island of each."""
        at, island = self._standing
        rows = self._stands_by_category.get(category, slice(0))
        return at[rows], island[rows]

    @cached_property
    def _standing(self) -> tuple[NDArray[np.float64], Ints]:
        return self.stands[["x", "y"]].to_numpy(np.float64), self.stands["island"].to_numpy()

    @cached_property
    def _stands_by_category(self) -> dict[str, Ints]:
        """The rows of a province's facilities by category, found once for all of them."""
        code, names = pd.factorize(self.stands["category"])
        order = np.argsort(code, kind="stable")
        bounds = pairwise(np.searchsorted(code[order], np.arange(len(names) + 1)))
        return {name: order[low:high] for name, (low, high) in zip(names, bounds, strict=True)}


def located_facilities(area: StudyArea, project: Project) -> gpd.GeoDataFrame:
    """Give the facilities of timed categories that count by status and have a point, by id."""
    counting = standing(area.facilities, list(project.categories), project.rules.statuses)
    placed = counting[has_point(counting)]
    return placed.sort_values("facility_id", ignore_index=True)


def straight_kmh(mode: Mode, project: Project) -> float:
    """Give the speed by which straight lines are judged: that of the study's straight class."""
    rule = mode.classes.get(project.rules.straight_class)
    return rule.kmh if rule else mode.max_kmh


def measure_times(
    area: StudyArea,
    demand: Demand,
    mode: Mode,
    project: Project,
    *,
    like: ModeTimes | None = None,
) -> ModeTimes:
    """Measure one mode along the streets, or in straight lines where the study has none.

    A tile takes the times of some modes from its whole. Times ``like`` others are those of the
    same categories, on the same network and from the same places where they have one.
    """
    facilities = located_facilities(area, project)
    points = (np.asarray(facilities.geometry.x), np.asarray(facilities.geometry.y))
    network = like.network if like else None
    near = places = joined = None
    answers = area.around.answers.get(mode.id) if area.around else None
    travel: Travel
    if area.streets is None:
        kmh = straight_kmh(mode, project)
        travel = StraightTravel((demand.x, demand.y), points, kmh=kmh, rules=project.rules)
    else:
        islands = area.around.islands.get(mode.id) if area.around else None
        network = network or prepared_network(area.streets, mode, islands, shelf=area.shelf)
        sides = (demand.x, demand.y), points
        near = like.near if like else None
        near = near or near_streets(network, sides, project.rules)
        places, joined = (join(network, each, project.rules) for each in near)
        travel = NetworkTravel(network, places, joined, project.rules)
    if answers:
        travel = KnownTravel(answers, demand.frame["residence_id"], facilities)
    of = facilities["category"].to_numpy()
    names = tuple(like.nearest if like else project.categories)
    groups = [np.flatnonzero(of == name) for name in names]
    nearest = dict(zip(names, travel.nearest_of_each(groups), strict=True))
    return ModeTimes(
        mode=mode,
        method=Method.STRAIGHT_LINE if network is None else Method.NETWORK,
        facilities=facilities,
        demand=demand,
        unit_share=project.rules.unit_share,
        nearest=nearest,
        travel=travel,
        stands=answers.stands if answers else stands(facilities, network, joined, area.around),
        network=network,
        places=places,
        joined=joined,
        near=near,
    )


def times_frame(measured: ModeTimes, demand: Demand, places: Ints | None = None) -> pd.DataFrame:
    """Give the times of some places, or of every one, reachable pairs only; see Study.times."""
    some = np.arange(len(demand.frame)) if places is None else places
    rows, _ = _rows(measured, demand, dict.fromkeys(measured.nearest, some))
    return rows


def unit_times_frame(measured: ModeTimes, demand: Demand, units: pd.DataFrame) -> pd.DataFrame:
    """Give every unit's own times, reachable pairs only; see Study.unit_times."""
    telling = {name: place[place >= 0] for name, place in measured.telling.items()}
    rows, kept = _rows(measured, demand, telling)
    there = [np.flatnonzero(place >= 0) for place in measured.telling.values()]
    unit = np.concatenate(there)[kept] if there else kept
    rows.insert(0, "unit_id", units["unit_id"].to_numpy()[unit])
    return rows


def _rows(
    measured: ModeTimes, demand: Demand, places: Mapping[str, Ints]
) -> tuple[pd.DataFrame, Ints]:
    """Give what some places reach of each category, and which of all these places those are."""
    nearest = [(measured.nearest[name], place) for name, place in places.items()]
    none = np.empty(0, dtype=np.int64)
    place, facility, milliseconds, metres = (
        np.concatenate([none.astype(kind), *parts])
        for kind, parts in (
            (np.int64, [place for _, place in nearest]),
            (np.int64, [found.facility[place] for found, place in nearest]),
            (np.int64, [found.milliseconds[place] for found, place in nearest]),
            (np.float64, [found.metres[place] for found, place in nearest]),
        )
    )
    names = np.repeat(np.array([*places], dtype=object), [len(each) for each in places.values()])
    kept = np.flatnonzero(milliseconds >= 0)
    # Of a few rows of a whole province only those are looked at.
    ids, homes = measured.facilities["facility_id"], demand.frame["residence_id"]
    frame = pd.DataFrame(
        {
            "residence_id": homes.iloc[place[kept]].to_numpy(),
            "category": names[kept],
            "mode": measured.mode.id,
            "facility_id": ids.iloc[facility[kept]].to_numpy(),
            "milliseconds": milliseconds[kept],
            "minutes": milliseconds[kept] / MILLISECONDS_PER_MINUTE,
            "metres": metres[kept].round(2),
            "method": str(measured.method),
        }
    )
    return frame, kept
