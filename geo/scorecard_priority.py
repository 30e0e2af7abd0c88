"""The priority people of a figure: minors, the elderly and the disabled, each with their share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.figure import divided
from geo.scorecard_area import by_area
from layers.vocabulary import PRIORITY

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from layers.indicators import Indicator


def priority_shares(
    judged: pd.DataFrame, units: pd.DataFrame, indicator: Indicator
) -> Callable[[str], dict[str, float]]:
    """Give by area the share of each cohort that is covered, ``<cohort>_share``.

    Only where the figure is over people; over the units that know the cohort, missing where
    nobody of it lives or none does.
    """
    if indicator.over != "people" or judged.empty:
        return lambda _area: {}
    parts = {}
    for cohort in PRIORITY:
        of, yes = judged[cohort], judged[f"{cohort}_covered"]
        unknown = of.isna() | yes.isna()
        tally = judged[["unit_id"]].assign(of=of, yes=yes, unknown=unknown, capped=False)
        parts[cohort] = by_area(tally, units)

    def shares(area: str) -> dict[str, float]:
        known = {cohort: part[area][~part[area]["unknown"]] for cohort, part in parts.items()}
        return {
            f"{cohort}_share": divided(rows["yes"].sum(), rows["of"].sum())
            for cohort, rows in known.items()
        }

    return shares
