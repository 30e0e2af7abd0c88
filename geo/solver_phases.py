"""Year by year: what is built stays, and every year counts, so the best come first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.solver_answer import Answer, is_whole, rounded_bound
from geo.solver_cover import merged
from geo.solver_program import Program, ones, picked_sites
from geo.solver_rules import keep_rules, undominated_alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_cover import Cover
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules

    Ints = NDArray[np.int64]


def by_year(
    cover: Cover,
    purses: Sequence[Purse],
    *,
    rules: Rules | None = None,
    clock: Clock,
) -> tuple[Answer, tuple[Ints, ...]]:
    """Choose sites for each year so that the weight covered, summed over the years, is most.

    ``purses`` hold what may be spent up to and including each year. Every year's sites stay. Give
    the answer for the last year's choice, its objective being the sum over the years, and the
    sites there are in each year.
    """
    left = undominated_alike(cover, purses[-1].price, rules)
    some = None if rules is None else rules.take(left)
    small = merged(cover.take(candidates=left))
    program = Program()
    years: list[int] = []
    one, served_by = ones(left.size), ones(small.places)
    for purse in purses:
        sites = program.columns(np.zeros(left.size), whole=True)
        served = program.columns(-small.weight)
        program.rows((small.matrix, sites), (-served_by, served), low=0.0)
        keep_rules(program, sites, purse.take(left), None)
        if years:
            program.rows((one, sites), (-one, years[-1]), low=0.0)
        years.append(sites)
    keep_rules(program, years[-1], purses[-1].take(left), some)
    solved = program.solve(clock)
    bound = picked_sites(solved, years[-1], left.size)[1]
    there = tuple(left[picked_sites(solved, sites, left.size)[0]] for sites in years)
    value = float(sum(cover.value(sites) for sites in there))
    bound = max(value, rounded_bound(-bound, "most", whole=is_whole(cover.weight)))
    return Answer(there[-1], value, bound, "most", "highs").within(clock), there
