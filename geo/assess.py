"""The whole analysis, in order, in memory."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from geo.areas import areas, no_areas
from geo.circles import living_circles
from geo.coverage import Coverage
from geo.coverage_rows import COVERAGE_COLUMNS
from geo.demand import Demand, demand
from geo.equity_frames import equity_frame, lorenz_frame, spreads
from geo.gaps import gaps
from geo.indicator_coverage import indicator_coverage
from geo.ledgers import Ledgers
from geo.scorecard import scorecard
from geo.sensitivity import sensitivity, with_flips, with_swing
from geo.study import Study
from geo.supply_areas import supply_areas
from geo.supply_frames import load_frame, supply_frame
from geo.supply_measured import known_supply
from geo.times import ModeTimes, measure_times, times_frame, unit_times_frame
from geo.unlocated import with_closed
from layers.errors import CrsError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.project import Project
    from layers.study_area import StudyArea

    Found = TypeVar("Found")


class Progress(Protocol):
    """Told how many of a run's stages are done."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that a stage begins, with ``done`` of ``total`` behind it."""


class Begin(Protocol):
    """Begins work that nothing waits for until its outcome is asked for.

    ``functools.partial`` is one: it does the work only then.
    """

    def __call__(self, work: Callable[..., Found], /, *arguments: Any) -> Callable[[], Found]:  # noqa: ANN401 - those of the work
        """Give what tells the outcome of work on arguments."""


def assess(  # noqa: PLR0913 - what is left out and who helps is asked apart
    area: StudyArea,
    project: Project,
    *,
    progress: Progress | None = None,
    draw: bool = True,
    weigh: bool = True,
    begin: Begin = partial,
) -> Study:
    """Measure times, circles, coverage, gaps, supply, fairness and the scorecard of a study area.

    Polygons are left out where there is nobody to ``draw`` them for, supply and fairness where
    nobody is to ``weigh`` them. Whoever ``begin``s work aside draws them meanwhile.
    Raises NetworkError where a mode may use no street, CrsError where the study's coordinates
    are not in metres.
    """
    _require_metres(area)
    project = with_closed(project, area)
    stages = [*project.modes, "coverage", "areas"]
    where = demand(area.units, area.residences, known_share=project.rules.known_share)
    measured = {}
    for name, mode in project.modes.items():
        _tell(progress, stages, name)
        measured[name] = measure_times(area, where, mode, project)
    _tell(progress, stages, "coverage")
    circle_times = measured[project.circle.mode]
    drawn = begin(areas, area, where, circle_times, project) if draw else None
    judge = Coverage(area, where, measured, project)
    known = judge.rows(*project.categories.values())
    single = known[list(COVERAGE_COLUMNS)]
    ledgers = _ledgers(area, project)
    policy = indicator_coverage(ledgers, project, where=where, reach=judge.reach, nearest=single)
    known = pd.concat([known, policy] if len(policy) else [known], ignore_index=True)
    coverage = known[list(COVERAGE_COLUMNS)]
    supply = known_supply(judge)
    spread = spreads(judge, supply) if weigh else ()
    swings = sensitivity(judge, coverage)
    scores = scorecard(ledgers, project, coverage=coverage, basis=where.basis)
    times = [times_frame(each, where) for each in measured.values()]
    known_here = _known_here(area, times)
    _tell(progress, stages, "areas")
    return Study(
        project=project,
        area=_of_its_own(area, known_here),
        basis=where.basis,
        places=_places(where, measured),
        facility_access=_facility_access(area, measured),
        times=pd.concat(times, ignore_index=True),
        unit_times=pd.concat(
            [unit_times_frame(each, where, area.units) for each in measured.values()],
            ignore_index=True,
        ),
        circles=living_circles(area.units, where, circle_times, project.circle, judge.unsure),
        coverage=coverage,
        gaps=with_flips(gaps(known, area.units, project), swings, judge, coverage),
        scorecard=with_swing(scores, swings, judge, coverage),
        sensitivity=swings,
        supply=supply_frame(supply if weigh else ()),
        facility_load=_load_here(load_frame(judge, supply), known_here),
        supply_areas=supply_areas(judge, supply if weigh else ()),
        equity=equity_frame(judge, spread),
        lorenz=lorenz_frame(spread),
        areas=drawn() if drawn else no_areas(area.crs),
        measured=measured,
    )


def _ledgers(area: StudyArea, project: Project) -> Ledgers:
    """Give what figures are counted from; of neighbours' facilities those whose lists name us."""
    theirs = area.of_neighbours(area.facilities)
    lists = area.facilities["serves"].astype("str").str.split(";")
    ours = lists.explode().isin(area.units["unit_id"]).groupby(level=0).any()
    counted = area.facilities[~theirs | ours.to_numpy(dtype=bool)]
    # Plain frames: a hundred indicators pick columns from them, and a GeoDataFrame takes its time.
    units, here, there = (
        pd.DataFrame(each) for each in (area.units, counted, area.facilities[theirs])
    )
    registers = None if area.registers is None else pd.DataFrame(area.registers)
    return Ledgers(units, here, registers, project.rules.statuses, there)


def _of_its_own(area: StudyArea, facilities: gpd.GeoDataFrame) -> StudyArea:
    """Give a study area with these facilities; a tile without the streets of the land around."""
    streets = area.streets if area.around is None else area.around.streets
    return replace(area, facilities=facilities, streets=streets)


def _known_here(area: StudyArea, times: list[pd.DataFrame]) -> gpd.GeoDataFrame:
    """Give a study's own facilities, and of a tile's neighbours those that are the nearest here."""
    named = pd.concat([each["facility_id"] for each in times]).unique()
    theirs = area.of_neighbours(area.facilities)
    known = ~theirs | area.facilities["facility_id"].isin(named)
    return area.facilities[known].reset_index(drop=True)


def _load_here(load: pd.DataFrame, facilities: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the load of the facilities that are known here."""
    return load[load["facility_id"].isin(facilities["facility_id"])].reset_index(drop=True)


def _require_metres(area: StudyArea) -> None:
    crs = CRS.from_user_input(area.crs)
    if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info):
        raise CrsError(Problem("project.toml", "crs_not_metres", column="crs", value=area.crs))


def _tell(progress: Progress | None, stages: list[str], stage: str) -> None:
    if progress:
        progress(stage, stages.index(stage), len(stages))


def _places(where: Demand, measured: dict[str, ModeTimes]) -> gpd.GeoDataFrame:
    """Say how every place was joined to each mode's network."""
    parts = []
    for name, each in measured.items():
        joins = each.places
        parts.append(
            where.frame.assign(
                mode=name,
                status="straight" if joins is None else joins.status(),
                access_metres=float("nan") if joins is None else joins.access_metres.round(2),
            )
        )
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=where.frame.crs)


def _facility_access(area: StudyArea, measured: dict[str, ModeTimes]) -> pd.DataFrame:
    """Say how every facility of the study's own was joined to each mode's network."""
    parts: list[pd.DataFrame] = []
    for name, each in measured.items():
        joins = each.joined
        parts.append(
            each.facilities[["facility_id", "category"]].assign(
                mode=name,
                status="straight" if joins is None else joins.status(),
                access_metres=float("nan") if joins is None else joins.access_metres.round(2),
            )
        )
    found = pd.concat(parts, ignore_index=True)
    return found[~area.of_neighbours(found)].reset_index(drop=True)
