"""Where to build: a question answered with a proof as far as there is one, and explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.priority_people import priority_sums
from geo.site_aims import Choice, solve
from geo.site_curve import coverage_curve
from geo.site_effects import EFFECTS, effects, in_order, runners_up
from geo.site_figures import figures
from geo.site_frontier import efficient_frontier
from geo.site_limits import purse_of, rules_of, tell_why_not
from geo.site_nearness import moved_nearer
from geo.site_plan import SitePlan
from geo.site_problem import site_problem
from geo.solver_answer import Clock
from layers.errors import SitingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.site_problem import SiteProblem
    from geo.solver_capacity import Assigned
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules
    from layers.project import Project
    from layers.question import SiteQuestion
    from layers.study_area import StudyArea

    Ints = NDArray[np.int64]


def choose_sites(area: StudyArea, project: Project, question: SiteQuestion) -> SitePlan:
    """Choose the sites of a question.

    Raises SitingError, naming what cannot be kept, where no choice meets what was asked.
    """
    problem = site_problem(area, project, question)
    purse, rules = purse_of(problem), rules_of(problem)
    try:
        choice = solve(problem, purse, rules, Clock(question.time_limit))
    except SitingError as error:
        if any(told.code == "rules_out_of_reach" for told in error.problems):
            raise tell_why_not(problem, purse, rules) from None
        raise
    return _explained(problem, moved_nearer(problem, choice, purse, rules), purse, rules)


def _explained(problem: SiteProblem, choice: Choice, purse: Purse, rules: Rules) -> SitePlan:
    question, chosen = problem.question, choice.chosen
    gone = problem.candidates.iloc[np.setdiff1d(problem.existing, chosen)]
    closed = tuple(gone["facility_id"]) if len(gone) else ()
    ordered = in_order(problem, chosen)
    added, served = effects(problem, ordered)
    if question.aim == "people":
        others = runners_up(problem, ordered, purse, rules)
    else:
        others = pd.DataFrame({"runner_up": np.full(ordered.size, -1), "runner_up_share": np.nan})
    if choice.assigned is not None:
        served = _assigned(problem, choice.assigned)
    return SitePlan(
        question=question,
        sites=_sites(problem, choice, ordered, pd.concat([added, others], axis=1)),
        served=served,
        figures=figures(problem, chosen),
        curve=coverage_curve(problem, chosen.size),
        frontier=efficient_frontier(problem, chosen, rules, Clock(question.time_limit / 2)),
        people=float(problem.people.sum()),
        basis=problem.where.basis,
        sources=problem.sources,
        candidates=problem.size - problem.existing.size,
        closed=closed,
        answers=choice.answers,
    )


def _assigned(problem: SiteProblem, assigned: Assigned) -> pd.DataFrame:
    """Give whom each site and each standing facility serves, by unit; see SitePlan.served."""
    standing = problem.standing["facility_id"]
    ids = np.array([*problem.candidates["candidate_id"], *standing], dtype=object)
    units = problem.area.units
    rows = pd.DataFrame(
        {
            "candidate_id": ids[assigned.candidate],
            "row": problem.where.unit[assigned.place],
            "people": assigned.people,
        }
    )
    groups = rows.groupby(["candidate_id", "row"])
    added = groups["people"].sum().reset_index()
    part = assigned.people / problem.people[assigned.place]
    group = groups.ngroup().to_numpy()
    told = priority_sums(problem.where, assigned.place, group, groups=len(added), part=part)
    added = added.assign(**told)
    row = added.pop("row").to_numpy()
    added.insert(1, "unit_id", units["unit_id"].to_numpy()[row])
    added.insert(2, "unit", units["name"].to_numpy()[row])
    return added


def _sites(
    problem: SiteProblem, choice: Choice, ordered: Ints, effect: pd.DataFrame
) -> gpd.GeoDataFrame:
    some = problem.candidates.iloc[ordered].reset_index(drop=True)
    ids = np.array([*problem.candidates["candidate_id"], None], dtype=object)
    names = np.array([*problem.candidates["name"], None], dtype=object)
    other = effect["runner_up"].to_numpy()
    built: dict[int, int] = {}
    for year, there in choice.by_year:
        for row in there:
            built.setdefault(int(row), year)
    years = pd.array([built.get(int(row)) for row in ordered], dtype="Int64")
    columns = ["candidate_id", "name", "unit_id", "township_id", "township", "cost", "capacity"]
    table = some[columns].assign(
        rank=np.arange(1, ordered.size + 1),
        year=years,
        **{name: effect[name] for name in EFFECTS},
        runner_up=ids[other],
        runner_up_name=names[other],
        runner_up_share=effect["runner_up_share"],
    )
    if "facility_id" in some:
        table["facility_id"] = some["facility_id"]
    uses = choice.uses or ((problem.question.category, choice.chosen),)
    table["uses"] = [";".join(name for name, there in uses if row in there) for row in ordered]
    order = ["rank", *(name for name in table.columns if name != "rank")]
    return gpd.GeoDataFrame(table[order], geometry=some.geometry, crs=some.crs)
