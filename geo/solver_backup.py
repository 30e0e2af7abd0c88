"""Backup coverage: the most people covered, and of such choices the most covered twice.

Hogan and ReVelle (1986), by rank: nobody loses the first site for somebody else's second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from geo.solver_answer import Answer, is_whole, rounded_bound
from geo.solver_cover import merged
from geo.solver_coverage import most_covered
from geo.solver_program import Program, ones, picked_sites
from geo.solver_rules import keep_rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.solver_answer import Clock
    from geo.solver_cover import Cover
    from geo.solver_purse import Purse
    from geo.solver_rules import Rules

    Ints = NDArray[np.int64]


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
    program = Program()
    sites = program.columns(np.zeros(cover.candidates), whole=True)
    once = program.columns(np.zeros(bare.places))
    both = program.columns(-bare.weight, whole=True)
    second = program.columns(-thin.weight)
    program.rows((bare.matrix, sites), (-ones(bare.places), once), low=0.0)
    program.rows((bare.matrix, sites), (csr_array(-2.0 * ones(bare.places)), both), low=0.0)
    program.rows((thin.matrix, sites), (-ones(thin.places), second), low=0.0)
    program.row((bare.weight, once), low=first.objective - 1e-6)
    keep_rules(program, sites, purse, rules)
    solved = program.solve(clock)
    # Out of time the first choice stands, whoever is covered twice by it.
    chosen, bound = picked_sites(solved, sites, cover.candidates, otherwise=first.chosen)
    flag = np.zeros(cover.candidates)
    flag[chosen] = 1.0
    twice = float(bare.weight[bare.matrix @ flag >= 2].sum()) + thin.value(chosen)  # noqa: PLR2004 - twice
    bound = max(bound, -float(bare.weight.sum() + thin.weight.sum()))
    bound = max(twice, rounded_bound(-bound, "most", whole=is_whole(cover.weight)))
    newly = bare.value(chosen)
    return (
        Answer(chosen, newly, max(newly, first.bound), "most", first.method).within(clock),
        Answer(chosen, twice, bound, "most", "highs").within(clock),
    )
