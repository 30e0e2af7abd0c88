"""How long the way is from every place to every candidate, and to what stands already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geo.coverage import is_urban, limit_milliseconds
from geo.network import build_network
from geo.snap import attach
from geo.times import straight_kmh
from geo.travel import NetworkTravel, StraightTravel

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.demand import Demand
    from layers.project import Limit, Mode, Project
    from layers.question import SiteQuestion
    from layers.study_area import StudyArea

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


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


def site_ways(
    area: StudyArea,
    project: Project,
    where: Demand,
    points: gpd.GeoDataFrame,
    question: SiteQuestion,
) -> SiteWays:
    """Find the ways of a question: within each place's limit, or as far as a study searches.

    Places of urban and rural units go by the limits and modes of their own, unless the question
    says otherwise.
    """
    far = question.aim in ("travel", "longest")
    urban = is_urban(area.units)[where.unit]
    limits = [_limit(project, question, urban=flag) for flag in (True, False)]
    own = np.where(urban, *(limit_milliseconds(each.minutes) for each in limits))
    modes = np.where(urban, *(each.mode for each in limits))
    parts = []
    for name in sorted({each.mode for each in limits}):
        here = modes == name
        if not here.any():
            continue
        reach = limit_milliseconds(project.rules.search_minutes) if far else int(own[here].max())
        found = _pairs(area, project, where, points, (project.modes[name], reach))
        keep = here[found[0]] & (far | (found[2] <= own[found[0]]))
        parts.append([column[keep] for column in found])
    place, point, milliseconds = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((point, place))
    return SiteWays(place[order], point[order], milliseconds[order], own)


def _limit(project: Project, question: SiteQuestion, *, urban: bool) -> Limit:
    limit = project.categories[question.category].limit(urban=urban)
    return replace(
        limit, minutes=question.minutes or limit.minutes, mode=question.mode or limit.mode
    )


def _pairs(
    area: StudyArea,
    project: Project,
    where: Demand,
    points: gpd.GeoDataFrame,
    search: tuple[Mode, int],
) -> tuple[Ints, Ints, Ints]:
    mode, limit_ms = search
    at = (np.asarray(points.geometry.x), np.asarray(points.geometry.y))
    travel: NetworkTravel | StraightTravel
    if area.streets is None:
        kmh = straight_kmh(mode, project)
        travel = StraightTravel((where.x, where.y), at, kmh=kmh, rules=project.rules)
    else:
        network = build_network(area.streets, mode)
        here = attach(network, where.x, where.y, project.rules)
        travel = NetworkTravel(network, here, attach(network, *at, project.rules), project.rules)
    found = travel.pairs(np.arange(len(points)), limit_ms=limit_ms)
    return found.place, found.facility, found.milliseconds
