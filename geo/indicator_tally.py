"""What an indicator counts: units covered, rows of a ledger that meet its conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.conditions import holds
from geo.ledgers import of_class, subjects

if TYPE_CHECKING:
    from geo.ledgers import Ledgers
    from layers.indicators import Indicator


def units_tally(units: pd.DataFrame, rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Tally the coverage rows of an indicator: unit_id, of, yes, unknown, capped.

    Over people, each unit counts its people and those covered; over units, itself. A unit that
    may not be of the indicator's class is unknown; ``capped`` are those unknown by their coverage.
    """
    kind = rows["unit_id"].map(of_class(units, indicator.units))
    rows = rows[kind != "no"]
    covered = rows["covered"].astype("boolean")
    unsure = kind[rows.index] == "unknown"
    if indicator.over == "people":
        of, yes = rows["people"].astype("float64"), rows["people_covered"].astype("float64")
        unknown = yes.isna() | unsure
    else:
        of = pd.Series(1.0, rows.index)
        yes = covered.fillna(value=False).astype("float64")
        unknown = covered.isna() | unsure
    return pd.DataFrame(
        {
            "unit_id": rows["unit_id"],
            "of": of,
            "yes": yes,
            "unknown": unknown,
            "capped": unknown & ~unsure,
        }
    )


def subjects_tally(ledgers: Ledgers, indicator: Indicator) -> pd.DataFrame:
    """Tally the rows that meet the indicator's conditions.

    Columns are those of ``tally``; ``unit_id`` is missing where nobody knows it.
    """
    rows = subjects(ledgers, indicator.rows)
    return tally(rows, holds(rows, indicator.conditions))


def tally(rows: pd.DataFrame, met: pd.Series[bool]) -> pd.DataFrame:
    """Tally subjects of which some are met: unit_id, township_id, of, yes, unknown, capped."""
    return pd.DataFrame(
        {
            "unit_id": rows["unit_id"],
            "township_id": rows.get("township_id"),
            "of": 1.0,
            "yes": met.fillna(value=False).astype("float64"),
            "unknown": met.isna() | rows["unsure"],
            "capped": False,
        }
    )
