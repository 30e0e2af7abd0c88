"""Backup coverage: the most people covered, and of such choices the most covered twice.

Hogan and ReVelle (1986), by rank: nobody loses the first site for somebody else's second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from geo.solver_answer import TOLERANCE, Answer, is_whole, rounded_bound
from geo.solver_cover import merged
from geo.solver_coverage import most_covered, rivals
from geo.solver_program import Program, ones, picked_sites
from geo.solver_rules import keep_rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_cover import Cover
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules

    Ints = NDArray[np.int64]

_HALF = 0.5


def twice_covered(
    cover: Cover,
    purse: Purse,
    there: Ints,
    *,
    rules: Rules | None = None,
    clock: Clock,
) -> tuple[Answer, Answer]:
    """Choose what newly covers most once, and among such choices most twice.

    ``there`` counts the sites that cover each place already. The first answer's objective is the
    weight newly covered, the second's the weight newly covered at least twice; both have the
    same choice.
    """
    bare, thin = (merged(cover.take(places=there == count)) for count in (0, 1))
    first = most_covered(bare, purse, rules=rules, clock=clock.share(0.5))
    left = rivals(bare, purse, first.objective, clock.share(0.2))
    own, some = purse.take(left), None if rules is None else rules.take(left)
    bare, thin = (merged(each.take(candidates=left)) for each in (bare, thin))
    program = Program()
    sites = program.columns(np.zeros(left.size), whole=True)
    once = program.columns(np.zeros(bare.places))
    both = program.columns(-bare.weight, whole=True)
    second = program.columns(-thin.weight)
    program.rows((bare.matrix, sites), (-ones(bare.places), once), low=0.0)
    program.rows((bare.matrix, sites), (csr_array(-2.0 * ones(bare.places)), both), low=0.0)
    program.rows((thin.matrix, sites), (-ones(thin.places), second), low=0.0)
    # Where weights are whole, half of one less is no choice's, and clear of all rounding.
    slack = _HALF if is_whole(cover.weight) else TOLERANCE * max(1.0, first.objective)
    program.row((bare.weight, once), low=first.objective - slack)
    keep_rules(program, sites, own, some)
    solved = program.solve(clock)
    # Out of time the first choice stands, whoever is covered twice by it.
    known = np.searchsorted(left, first.chosen)
    picked, bound = picked_sites(solved, sites, left.size, otherwise=known)
    chosen = left[picked]
    flag = np.zeros(left.size)
    flag[picked] = 1.0
    twice = float(bare.weight[bare.matrix @ flag >= 2].sum()) + thin.value(picked)  # noqa: PLR2004 - twice
    bound = max(bound, -float(bare.weight.sum() + thin.weight.sum()))
    bound = max(twice, rounded_bound(-bound, "most", whole=is_whole(cover.weight)))
    newly = bare.value(picked)
    return (
        Answer(chosen, newly, max(newly, first.bound), "most", first.method).within(clock),
        Answer(chosen, twice, bound, "most", "highs").within(clock),
    )
