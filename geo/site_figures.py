"""The figures a plan is made for: coverage and the policy's indicators, before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.coverage import Coverage
from geo.coverage_rows import COVERAGE_COLUMNS, people_within
from geo.figure import divided
from geo.indicator_coverage import indicator_coverage
from geo.ledgers import Ledgers
from geo.scorecard import scorecard
from geo.times import measure_times
from layers.vocabulary import PRIORITY, Measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.site_problem import SiteProblem
    from layers.project import Project
    from layers.study_area import StudyArea

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FIGURE_COLUMNS = (
    "indicator",
    "over",
    "before",
    "after",
    "target",
    "comparison",
    "met_before",
    "met_after",
    *(f"{cohort}_{when}" for cohort in PRIORITY for when in ("before", "after")),
)


def figures(problem: SiteProblem, chosen: Ints) -> pd.DataFrame:
    """Give FIGURE_COLUMNS: people and units within the limit, then the policy's indicators.

    The policy's are county figures by their own definitions, worked out twice.
    """
    question = problem.question
    own = [
        {
            "indicator": question.category,
            "over": over,
            "before": share(problem, problem.existing),
            "after": share(problem, chosen),
            "target": question.target if over == question.aim else None,
        }
        for over, share in (("people", _people_share), ("units", _unit_share))
    ]
    own[0] |= _priority_shares(problem, problem.existing, "before")
    own[0] |= _priority_shares(problem, chosen, "after")
    found = pd.DataFrame(own).assign(comparison=">=")
    policy = _policy(problem, chosen)
    both = pd.concat([found, policy], ignore_index=True) if len(policy) else found
    return both.reindex(columns=list(FIGURE_COLUMNS))


def _people_share(problem: SiteProblem, chosen: Ints) -> float:
    inside = problem.covered(chosen)
    return float(problem.people[inside].sum() / problem.people.sum())


def _priority_shares(problem: SiteProblem, chosen: Ints, when: str) -> dict[str, float]:
    """Give the covered share of each cohort, over the units that know it; none of dwellings."""
    if problem.where.basis == "dwellings":
        return {}
    told = people_within(problem.where, problem.covered(chosen))
    found = {}
    for cohort in PRIORITY:
        of, covered = told[cohort], told[f"{cohort}_covered"]
        known = ~(np.isnan(of) | np.isnan(covered))
        found[f"{cohort}_{when}"] = divided(float(covered[known].sum()), float(of[known].sum()))
    return found


def _unit_share(problem: SiteProblem, chosen: Ints) -> float:
    where, share = problem.where, problem.project.rules.unit_share
    placed = np.bincount(where.unit, minlength=where.units) > 0
    return float(where.enough(problem.covered(chosen), share)[placed].mean())


def _policy(problem: SiteProblem, chosen: Ints) -> pd.DataFrame:
    project = _narrowed(problem)
    if not project.indicators:
        return pd.DataFrame()
    before, after = (
        _county(problem, project, area) for area in (problem.area, _with_sites(problem, chosen))
    )
    was, now = (
        {"value": when, "met": f"met_{when}"}
        | {f"{cohort}_share": f"{cohort}_{when}" for cohort in PRIORITY}
        for when in ("before", "after")
    )
    return before.rename(columns=was).join(after[list(now)].rename(columns=now)).reset_index()


def _narrowed(problem: SiteProblem) -> Project:
    """Leave of the project what this category's indicators need."""
    project, category = problem.project, problem.question.category
    measures = (Measure.ACCESS, Measure.RADIATION, Measure.POSSESSION)
    indicators = tuple(
        each
        for each in project.indicators
        if category in each.categories and each.measure in measures
    )
    names = {name for each in indicators for name in each.categories}
    categories = {name: each for name, each in project.categories.items() if name in names}
    limits = [limit for each in categories.values() for limit in (each.urban, each.rural)]
    modes = {limit.mode for limit in limits} | {each.mode for each in indicators if each.mode}
    return replace(
        project,
        indicators=indicators,
        categories=categories,
        modes={name: mode for name, mode in project.modes.items() if name in modes},
    )


def _county(problem: SiteProblem, project: Project, area: StudyArea) -> pd.DataFrame:
    where = problem.where
    measured = {
        name: measure_times(area, where, mode, project) for name, mode in project.modes.items()
    }
    judge = Coverage(area, where, measured, project)
    single = judge.rows(*project.categories.values())[list(COVERAGE_COLUMNS)]
    ledgers = Ledgers(area.units, area.facilities, area.registers, project.rules.statuses)
    policy = indicator_coverage(ledgers, project, where=where, reach=judge.reach, nearest=single)
    coverage = pd.concat([single, policy], ignore_index=True)[list(COVERAGE_COLUMNS)]
    card = scorecard(ledgers, project, coverage=coverage, basis=where.basis)
    known = [each.id for each in project.indicators]
    county = card[(card["level"] == "county") & card["indicator"].isin(known)]
    columns = ["over", "value", "target", "comparison", "met"]
    columns += [f"{cohort}_share" for cohort in PRIORITY]
    return county.set_index("indicator")[columns]


def _with_sites(problem: SiteProblem, chosen: Ints) -> StudyArea:
    """Give the study area with the sites built, and without what they let close."""
    facilities, sites = problem.area.facilities, problem.candidates.iloc[chosen]
    if problem.existing.size:
        gone = problem.candidates["facility_id"].iloc[np.setdiff1d(problem.existing, chosen)]
        facilities = facilities[~facilities["facility_id"].isin(gone)]
        sites = sites[sites["facility_id"].isna()]
    new = gpd.GeoDataFrame(
        {
            "facility_id": "site:" + sites["candidate_id"].astype(str),
            "name": sites["name"],
            "category": problem.question.category,
            "unit_id": sites["unit_id"],
            "status": problem.project.rules.statuses[0],
            "capacity": sites["capacity"].astype(float),
        },
        geometry=sites.geometry,
        crs=problem.area.units.crs,
    )
    columns = {name: new.get(name) for name in facilities.columns}
    filled = gpd.GeoDataFrame(columns, index=new.index, geometry="geometry", crs=new.crs)
    kinds = {name: kind for name, kind in facilities.dtypes.items() if name != "geometry"}
    filled = filled.astype(kinds)
    both = pd.concat([facilities, filled], ignore_index=True)
    ordered = both.sort_values("facility_id", ignore_index=True)
    return replace(problem.area, facilities=gpd.GeoDataFrame(ordered, crs=new.crs))
