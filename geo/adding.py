"""The scorecard of a whole, added up from those of its parts one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

SUM_COLUMNS = (
    "indicator",
    "name",
    "measure",
    "over",
    "numerator",
    "denominator",
    "value",
    "unknown",
    "unit",
    "target",
    "comparison",
    "target_year",
    "counties",
    "counties_known",
    "counties_met",
)
_TOLD = ("name", "measure", "over", "unit", "target", "comparison", "target_year")


def added_up(scorecards: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Add the county rows of scorecards up, holding one of them at a time; see SUM_COLUMNS.

    Numerators and denominators add up over the counties that have the figure (``counties_known``
    of ``counties``), and their quotient is the whole's value: a share of all people or units, never
    a mean of shares. ``counties_met`` counts those that meet their target for sure. Targets are the
    counties' own: the whole is not said to meet one.
    """
    found: dict[str, dict[str, object]] = {}
    amounts: dict[str, np.ndarray] = {}
    for scorecard in scorecards:
        for row in scorecard[scorecard["level"] == "county"].to_dict("records"):
            name = str(row["indicator"])
            found.setdefault(name, {column: row[column] for column in _TOLD})
            known = not pd.isna(row["value"])
            told = (row["numerator"], row["denominator"], row["unknown"]) if known else (0, 0, 0)
            met = not pd.isna(row["met"]) and bool(row["met"])
            each = np.array([*told, 1, known, met], dtype=np.float64)
            amounts[name] = amounts.get(name, 0.0) + each
    rows = [{"indicator": name} | told | _summed(amounts[name]) for name, told in found.items()]
    return pd.DataFrame(rows, columns=list(SUM_COLUMNS))


def _summed(amounts: np.ndarray) -> dict[str, float | int]:
    """Give the figures of one indicator; a count has no denominator."""
    numerator, denominator, unknown, counties, known, met = amounts
    if np.isnan(denominator):
        value = numerator
    else:
        value = numerator / denominator if denominator > 0 else np.nan
    return {
        "numerator": numerator if known else np.nan,
        "denominator": denominator if known else np.nan,
        "value": value if known else np.nan,
        "unknown": int(unknown),
        "counties": int(counties),
        "counties_known": int(known),
        "counties_met": int(met),
    }
