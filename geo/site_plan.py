"""Where to build, answered: the sites, whom each helps, and how good the choice is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geo.demand import Basis
    from geo.solver_answer import Answer
    from layers.question import SiteQuestion


@dataclass(frozen=True)
class SitePlan:
    """The answer to one question, in frames.

    sites      rank, candidate_id, name, unit_id, township_id, township, year, cost, capacity,
               people (newly covered, taken in this order), age_0_14, age_60_plus, disabled,
               alone (what it covers newly if it is the only one), lost (what is lost without it),
               of both age_0_14_alone, age_0_14_lost and so on for every priority cohort,
               runner_up (candidate_id of the best other place within 1 % of the plan, if any),
               runner_up_name, runner_up_share (of the plan's value), uses (categories, joined by
               semicolons), facility_id of what stays where it may move; geometry point
    served     candidate_id, unit_id, unit, people newly covered: by the first site in this order;
               where capacity counts, people sent there, facilities that stand included; of them
               age_0_14, age_60_plus, disabled
    figures    indicator, over, before, after, target, comparison, met_before, met_after,
               age_0_14_before, age_0_14_after and so on: the shares of each cohort, of people only
    curve      sites, people, cost, of the people age_0_14, age_60_plus, disabled, share, knee
               (bool): taken one by one, the best next each time
    frontier   cost, sites, people, of them age_0_14, age_60_plus, disabled, share, at_most (people
               no choice of that cost exceeds), proved (bool): the most people covered for one sum
               of money after another, nothing first
    people     whom the category serves, all told; dwellings where ``basis`` says so, here and
               wherever people are counted above
    sources    where candidates were taken from, and ``candidates`` how many there were
    closed     ids of existing facilities that are given up (where they may move)
    answers    the name of each rank of the aim, with its Answer: objective, bound, gap, method
    """

    question: SiteQuestion
    sites: gpd.GeoDataFrame
    served: pd.DataFrame
    figures: pd.DataFrame
    curve: pd.DataFrame
    frontier: pd.DataFrame
    people: float
    basis: Basis
    sources: tuple[str, ...]
    candidates: int
    closed: tuple[str, ...]
    answers: tuple[tuple[str, Answer], ...]

    def frames(self) -> dict[str, pd.DataFrame]:
        """Give the frames by name, for writing."""
        return {
            "sites": self.sites,
            "served": self.served,
            "figures": self.figures,
            "curve": self.curve,
            "frontier": self.frontier,
        }

    @property
    def optimal(self) -> bool:
        """Say whether it is proved that no choice is better."""
        return all(answer.optimal for _, answer in self.answers)
