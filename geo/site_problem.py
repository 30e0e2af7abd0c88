"""A question of where to build, turned into numbers: who lives where, and who reaches what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.demand import demand
from geo.placement import standing
from geo.site_candidates import site_candidates
from geo.site_ways import Grounds, site_ways
from geo.solver_cover import cover_of
from layers.errors import Problem, SitingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.demand import Demand
    from geo.site_ways import SiteWays
    from geo.solver_cover import Cover
    from layers.project import Project
    from layers.question import SiteQuestion
    from layers.study_area import StudyArea
    from layers.vocabulary import Cohort

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_MOST_PAIRS = 8_000_000  # a program of so many takes some gigabytes
_TRIED = 64


@dataclass(frozen=True)
class SiteProblem:
    """A question in numbers.

    ``candidates`` are the new ones, from ``sources``; where existing facilities may move they
    follow, with their ``facility_id``. ``standing`` are the facilities that count and stay. Points
    of ``ways`` are rows of ``candidates``, then of ``standing``.
    """

    area: StudyArea
    project: Project
    question: SiteQuestion
    where: Demand
    sources: tuple[str, ...]
    candidates: gpd.GeoDataFrame
    standing: gpd.GeoDataFrame
    ways: SiteWays

    @property
    def size(self) -> int:
        """The number of candidates."""
        return len(self.candidates)

    @cached_property
    def existing(self) -> Ints:
        """The candidates that are existing facilities, free to move."""
        if "facility_id" not in self.candidates:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.candidates["facility_id"].notna())

    @cached_property
    def cohort(self) -> Cohort:
        """Whose share the category is measured by; everyone where the cohort is unknown."""
        cohort = self.project.categories[self.question.category].cohort
        return cohort if self.where.frame[cohort].notna().any() else "people"

    @cached_property
    def people(self) -> Floats:
        """The people of each place whom the category serves; nobody where unknown."""
        return np.nan_to_num(self.where.weight(self.cohort))

    @cached_property
    def weight(self) -> Floats:
        """People as the question ranks them: each of a priority cohort counts so many times."""
        weight = self.people
        for cohort, times in self.question.priority.items():
            some = np.nan_to_num(self.where.weight(cohort))
            weight = weight + (times - 1.0) * some
        return np.maximum(weight, 0.0)

    @cached_property
    def there(self) -> Ints:
        """How many standing facilities each place has within its limit."""
        ways = self.ways
        use = ways.within & (ways.point >= self.size)
        return np.bincount(ways.place[use], minlength=self.people.size)

    @cached_property
    def reach(self) -> tuple[Ints, Ints]:
        """Pairs of a place and a candidate within the limit."""
        use = self.ways.within & (self.ways.point < self.size)
        return self.ways.place[use], self.ways.point[use]

    @cached_property
    def everybody(self) -> Cover:
        """Who is covered from where, places covered already like all others."""
        return cover_of(*self.reach, weight=self.weight, candidates=self.size)

    def cover(self, weight: Floats | None = None) -> Cover:
        """Give who is covered from where; places covered already are there without weight."""
        weight = self.weight if weight is None else weight
        return replace(self.everybody, weight=np.where(self.there > 0, 0.0, weight))

    def covered(self, chosen: Ints) -> Flags:
        """Say which places are within the limit of what stands or is chosen."""
        found: Flags = self.everybody.covered(chosen) | (self.there > 0)
        return found


def site_problem(area: StudyArea, project: Project, question: SiteQuestion) -> SiteProblem:
    """Turn a question into numbers. Raises SitingError where there is nothing to choose from."""
    where = demand(area.units, area.residences, known_share=project.rules.known_share)
    statuses = set(project.rules.statuses) | (
        {"planned", "building"} if question.planned else set()
    )
    stands = standing(area.facilities, [question.category], statuses)
    stands = stands[stands.geometry.notna() & ~stands.geometry.is_empty]
    stands = stands.sort_values("facility_id", ignore_index=True)
    asked = _with_sources(question)
    candidates = site_candidates(area, where, asked)
    ways_of = partial(site_ways, Grounds(area, project, where), question=question)
    if not question.candidates and _too_many(candidates, stands, len(where.frame), ways_of):
        asked = replace(question, candidates=("units",))
        candidates = site_candidates(area, where, asked)
    if question.may_move:
        candidates, stands = _movable(candidates, stands)
    ways = ways_of((candidates, stands))
    problem = SiteProblem(
        area, project, question, where, asked.candidates, candidates, stands, ways
    )
    if not problem.weight.sum() > 0:
        raise SitingError(Problem("sites", "sites_nobody", value=problem.cohort))
    if not (ways.point < len(candidates)).any():
        told = (("count", str(len(candidates))),)
        raise SitingError(Problem("sites", "sites_nobody_near", values=told))
    return problem


def _with_sources(question: SiteQuestion) -> SiteQuestion:
    """Name the sources of candidates where the question does not: fewer where pairs are many."""
    if question.candidates:
        return question
    few = question.aim in ("travel", "longest", "served")
    return replace(question, candidates=("units",) if few else ("units", "residences"))


def _too_many(
    candidates: gpd.GeoDataFrame,
    stands: gpd.GeoDataFrame,
    places: int,
    ways_of: Callable[[tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]], SiteWays],
) -> bool:
    """Say whether candidates reach more places in all than can be weighed; some are tried."""
    if len(candidates) * places <= _MOST_PAIRS:
        return False
    some = candidates.iloc[:: -(-len(candidates) // _TRIED)]
    reached = int((ways_of((some, stands)).point < len(some)).sum())
    return reached * len(candidates) / len(some) > _MOST_PAIRS


def _movable(
    candidates: gpd.GeoDataFrame, stands: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Let existing facilities stand where they are only if they are chosen again."""
    own = stands[stands["status"] == "existing"]
    again = gpd.GeoDataFrame(
        {
            "candidate_id": own["facility_id"],
            "facility_id": own["facility_id"],
            "name": own["name"],
            "unit_id": own["unit_id"],
            "cost": 0.0,
            "capacity": own["capacity"].astype(float),
            "area_m2": own["area_m2"].astype(float),
        },
        geometry=own.geometry,
        crs=candidates.crs,
    )
    both = pd.concat([candidates, again], ignore_index=True)
    rest = stands[stands["status"] != "existing"].reset_index(drop=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=candidates.crs), rest
