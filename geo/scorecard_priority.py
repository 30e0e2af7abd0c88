"""The priority people of a figure: minors, the elderly and the disabled, each with their share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.figure import divided
from geo.scorecard_area import COUNTY
from layers.vocabulary import PRIORITY

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from geo.scorecard_area import Townships
    from layers.indicators import Indicator


def priority_shares(
    judged: pd.DataFrame, townships: Townships, indicator: Indicator
) -> Callable[[str], dict[str, float]]:
    """Give by area the share of each cohort that is covered, ``<cohort>_share``.

    Only where the figure is over people; over the units that know the cohort, missing where
    nobody of it lives or none does. A unit of unknown township is nobody's but the county's.
    """
    if indicator.over != "people" or judged.empty:
        return lambda _area: {}
    number = townships.of(judged)
    rows = {COUNTY: np.ones(number.size, dtype=bool)}
    rows |= {name: number == at for at, name in enumerate(townships.names)}
    people = {}
    for cohort in PRIORITY:
        of, yes = (judged[name].to_numpy(np.float64) for name in (cohort, f"{cohort}_covered"))
        people[cohort] = of, yes, ~(np.isnan(of) | np.isnan(yes))

    def shares(area: str) -> dict[str, float]:
        found = {}
        for cohort, (of, yes, known) in people.items():
            here = known & rows[area]
            found[f"{cohort}_share"] = divided(float(yes[here].sum()), float(of[here].sum()))
        return found

    return shares
