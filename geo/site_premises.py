"""A question whose premises several categories may share, each with its own people and limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.site_problem import site_problem
from geo.solver_premises import Service, shared_premises
from layers.question import Use

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.site_problem import SiteProblem
    from geo.solver_answer import Answer, Clock
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules

    Ints = NDArray[np.int64]


def choose_premises(
    problem: SiteProblem, purse: Purse, rules: Rules, clock: Clock
) -> tuple[Answer, tuple[tuple[str, Ints], ...]]:
    """Choose premises and what goes into each; give the answer and each category's premises.

    People covered are added up over the categories. Premises of unknown floor area hold all.
    """
    question = problem.question
    uses = {question.category: Use(), **question.uses}
    services = []
    for category, use in uses.items():
        one = replace(question, category=category, uses={})
        same = category == question.category
        its = problem if same else site_problem(problem.area, problem.project, one)
        # Where sites are merely counted, fitting out another service costs nothing.
        price = 0.0 if purse.counts else use.cost
        services.append(Service(its.cover(), price, use.area_m2))
    needed = sum(use.area_m2 for use in uses.values())
    room = problem.candidates["area_m2"].fillna(needed).to_numpy(dtype=np.float64)
    answer, into = shared_premises(services, purse, room, rules=rules, clock=clock)
    return answer, tuple(zip(uses, into, strict=True))
