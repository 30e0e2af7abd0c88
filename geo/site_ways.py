"""How long the way is from every place to every candidate, and to what stands already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.coverage import is_urban, limit_milliseconds
from geo.pairs import put_together
from geo.prepared import prepared_network
from geo.snap import attach
from geo.times import straight_kmh
from geo.travel import NetworkTravel, StraightTravel

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.demand import Demand
    from geo.network import Network
    from geo.pairs import Pairs
    from geo.snap import Joins
    from layers.project import Limit, Project
    from layers.question import SiteQuestion
    from layers.study_area import StudyArea

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_NEWLY = ("people", "units", "fair")


@dataclass(frozen=True)
class SiteWays:
    """Pairs of a place and a point (a row of the points asked about), with whole milliseconds.

    ``limit_ms`` is each place's own limit. Pairs beyond it are there only where asked for.
    """

    place: Ints
    point: Ints
    milliseconds: Ints
    limit_ms: Ints

    @property
    def within(self) -> Flags:
        """Say which pairs lie within the limit of their place."""
        inside: Flags = self.milliseconds <= self.limit_ms[self.place]
        return inside


class Grounds:
    """What a question's ways go over: each mode's network is built once, however often asked."""

    def __init__(self, area: StudyArea, project: Project, where: Demand) -> None:
        """Begin with nothing built; ways begin where people live."""
        self.area, self.project, self.where = area, project, where
        self._built: dict[str, tuple[Network, Joins]] = {}

    def travel(self, points: gpd.GeoSeries, name: str) -> NetworkTravel | StraightTravel:
        """Give the ways from where people live to points, by a mode of the project."""
        at, mode = (np.asarray(points.x), np.asarray(points.y)), self.project.modes[name]
        where, rules = self.where, self.project.rules
        if self.area.streets is None:
            kmh = straight_kmh(mode, self.project)
            return StraightTravel((where.x, where.y), at, kmh=kmh, rules=rules)
        if name not in self._built:
            network = prepared_network(self.area.streets, mode, shelf=self.area.shelf)
            self._built[name] = network, attach(network, where.x, where.y, rules)
        network, here = self._built[name]
        return NetworkTravel(network, here, attach(network, *at, rules), rules)


def site_ways(
    grounds: Grounds,
    points: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame],
    question: SiteQuestion,
) -> SiteWays:
    """Find the ways of a question: within each place's limit, or as far as a study searches.

    ``points`` are the candidates and what stands, numbered on. Where only who is newly covered
    counts, places that are covered already have no ways to candidates, unless none has any.
    Places of urban and rural units go by the limits and modes of their own, unless the question
    says otherwise.
    """
    area, project, where = grounds.area, grounds.project, grounds.where
    far = question.aim in ("travel", "longest")
    urban = is_urban(area.units)[where.unit]
    limits = [_limit(project, question, urban=flag) for flag in (True, False)]
    own = np.where(urban, *(limit_milliseconds(each.minutes) for each in limits))
    modes = np.where(urban, *(each.mode for each in limits))
    every = pd.concat([each.geometry for each in points], ignore_index=True)
    asked = np.arange(len(points[0])), np.arange(len(points[0]), len(every))
    parts = []
    for name in sorted({each.mode for each in limits}):
        rows = np.flatnonzero(modes == name)
        if not rows.size:
            continue
        travel = grounds.travel(every, name).at_places(rows)
        reach = limit_milliseconds(project.rules.search_minutes) if far else own[rows]
        thin = question.aim in _NEWLY
        parts.append(_pairs(travel, asked, reach, thin=thin).at(rows))
    found = put_together(parts).by_place()
    return SiteWays(found.place, found.facility, found.milliseconds, own)


def _limit(project: Project, question: SiteQuestion, *, urban: bool) -> Limit:
    limit = project.categories[question.category].limit(urban=urban)
    return replace(
        limit, minutes=question.minutes or limit.minutes, mode=question.mode or limit.mode
    )


def _pairs(
    travel: NetworkTravel | StraightTravel,
    points: tuple[Ints, Ints],
    reach: Ints | int,
    *,
    thin: bool,
) -> Pairs:
    """Give who reaches candidates and what stands within a limit of all places, or of each."""
    candidates, standing = points
    limit_ms = int(np.max(reach))

    def within(found: Pairs, limits: Ints | int) -> Pairs:
        own = limits if isinstance(limits, int) else limits[found.place]
        return found.take(found.milliseconds <= own)

    if thin and not isinstance(reach, int):
        stands = within(travel.pairs(standing, limit_ms=limit_ms), reach)
        rows = np.setdiff1d(np.arange(reach.size), stands.place)
        some = within(travel.at_places(rows).pairs(candidates, limit_ms=limit_ms), reach[rows])
        if some.place.size:
            return put_together([some.at(rows), stands])
    return within(travel.pairs(np.concatenate(points), limit_ms=limit_ms), reach)
