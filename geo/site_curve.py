"""How far more sites would go: coverage against their number, and where the curve bends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.priority_people import added_up, priority_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.site_problem import SiteProblem

    Floats = NDArray[np.float64]

_LEAST, _BEYOND, _MOST = 10, 2, 200


def coverage_curve(problem: SiteProblem, sites: int) -> pd.DataFrame:
    """Give coverage by number of sites, the best next one taken each time; see SitePlan.curve.

    Nested choices cover at least 63 % of the best (Nemhauser, Wolsey and Fisher 1978), and
    mostly nearly all of it. ``knee`` marks the point farthest above the chord.
    """
    cover = problem.cover(problem.people)
    columns = cover.matrix.T.tocsr()
    open_ = cover.weight.copy()
    price = problem.candidates["cost"].to_numpy(dtype=np.float64)
    had = float(problem.people[problem.there > 0].sum())
    rows = [(0, had, 0.0)]
    taken = np.where(problem.there > 0, 0, -1)
    for number in range(1, min(_MOST, max(_LEAST, _BEYOND * sites)) + 1):
        gain = columns @ open_
        best = int(gain.argmax())
        if gain[best] <= 0:
            break
        rows.append((number, rows[-1][1] + float(gain[best]), rows[-1][2] + price[best]))
        reached = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        taken[reached[taken[reached] < 0]] = number
        open_[reached] = 0.0
    curve = pd.DataFrame(rows, columns=["sites", "people", "cost"])
    people = curve["people"].to_numpy(dtype=np.float64)
    total = float(problem.people.sum())
    covered = np.flatnonzero(taken >= 0)
    sums = priority_sums(problem.where, covered, taken[covered], groups=len(curve))
    bend = np.arange(len(curve)) == knee(people)
    return curve.assign(**added_up(sums), share=people / total, knee=bend)


def knee(values: Floats) -> int:
    """Give where a rising, bending curve lies farthest above its chord; -1 where it is straight.

    >>> knee(np.array([0.0, 6.0, 9.0, 10.0, 10.5, 11.0]))
    2
    """
    if values.size <= 2 or values[-1] <= values[0]:  # noqa: PLR2004 - two points have no bend
        return -1
    along = np.linspace(values[0], values[-1], values.size)
    above = values - along
    best = int(above.argmax())
    return best if above[best] > 1e-9 * values[-1] else -1
