"""What each site of a choice does: whom it reaches, what it alone adds, what would do as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.priority_people import priority_sums
from layers.vocabulary import PRIORITY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.site_problem import SiteProblem
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EFFECTS = (
    "people",
    *PRIORITY,
    "alone",
    *(f"{cohort}_alone" for cohort in PRIORITY),
    "lost",
    *(f"{cohort}_lost" for cohort in PRIORITY),
)
"""What is told of each site: newly covered, covered by it alone, lost without it."""
_CLOSE = 0.01
_TRIED = 50


def in_order(problem: SiteProblem, chosen: Ints) -> Ints:
    """Order a choice so that each site covers newly as many as any of those left."""
    columns = problem.cover(problem.people).matrix[:, chosen].T.tocsr()
    open_ = np.where(problem.there > 0, 0.0, problem.people)
    order: list[int] = []
    left = list(range(chosen.size))
    while left:
        gain = columns[left] @ open_
        best = left[int(gain.argmax())]
        order.append(best)
        left.remove(best)
        open_[columns.indices[columns.indptr[best] : columns.indptr[best + 1]]] = 0.0
    return chosen[order]


def effects(problem: SiteProblem, chosen: Ints) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give per site of an ordered choice what it adds, and per site and unit whom it covers."""
    cover = problem.cover(problem.people)
    matrix = cover.matrix[:, chosen]
    hits = np.asarray(matrix.sum(axis=1)).ravel()
    columns = matrix.T.tocsr()
    first = np.full(cover.places, -1)
    for rank in range(chosen.size - 1, -1, -1):
        first[columns.indices[columns.indptr[rank] : columns.indptr[rank + 1]]] = rank
    first[problem.there > 0] = -1
    people = np.where(problem.there > 0, 0.0, problem.people)
    table = {"people": _by_site(first, people, chosen.size)}
    new = np.flatnonzero(first >= 0)
    table |= priority_sums(problem.where, new, first[new], groups=chosen.size)
    place, site = columns.indices, np.repeat(np.arange(chosen.size), np.diff(columns.indptr))
    for of, counts in (("alone", problem.there == 0), ("lost", (problem.there == 0) & (hits == 1))):
        table[of] = columns @ np.where(counts, people, 0.0)
        some = counts[place]
        sums = priority_sums(problem.where, place[some], site[some], groups=chosen.size)
        table |= {f"{cohort}_{of}": told for cohort, told in sums.items()}
    return pd.DataFrame(table), _served(problem, chosen, first, people)


def _by_site(first: Ints, people: Floats, count: int) -> Floats:
    some = first >= 0
    return np.bincount(first[some], people[some], count).astype(np.float64)


def _served(problem: SiteProblem, chosen: Ints, first: Ints, people: Floats) -> pd.DataFrame:
    some = np.flatnonzero(first >= 0)
    units = problem.area.units
    frame = pd.DataFrame(
        {"rank": first[some], "row": problem.where.unit[some], "people": people[some]}
    )
    groups = frame.groupby(["rank", "row"])
    added = groups["people"].sum().reset_index()
    group = groups.ngroup().to_numpy()
    added = added.assign(**priority_sums(problem.where, some, group, groups=len(added)))
    added = added[added["people"] > 0].reset_index(drop=True)
    frame = pd.DataFrame(
        {
            "candidate_id": problem.candidates["candidate_id"].to_numpy()[chosen[added["rank"]]],
            "unit_id": units["unit_id"].to_numpy()[added["row"]],
            "unit": units["name"].to_numpy()[added["row"]],
        }
    )
    return frame.join(added[["people", *PRIORITY]])


def runners_up(problem: SiteProblem, chosen: Ints, purse: Purse, rules: Rules) -> pd.DataFrame:
    """Give per site the best other place in its stead, if the plan stays within 1 % of its value.

    ``runner_up`` is a row of the candidates or -1. It keeps to the purse and to the rules.
    """
    cover = problem.cover()
    value = cover.value(chosen)
    found = {"runner_up": np.full(chosen.size, -1), "runner_up_share": np.full(chosen.size, np.nan)}
    columns = cover.matrix.T.tocsr()
    for rank in range(chosen.size):
        rest = np.delete(chosen, rank)
        covered = cover.covered(rest)
        gain = columns @ np.where(covered, 0.0, cover.weight)
        gain[chosen] = -1.0
        for other in np.argsort(-gain, kind="stable")[:_TRIED]:
            total = float(cover.weight[covered].sum() + gain[other])
            if gain[other] < 0 or total < (1 - _CLOSE) * value:
                break
            instead = np.append(rest, other)
            if purse.affords(instead) and not rules.broken(instead):
                found["runner_up"][rank] = other
                found["runner_up_share"][rank] = total / value if value else 1.0
                break
    return pd.DataFrame(found)
