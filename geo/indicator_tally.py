"""What an indicator counts: units covered, rows of a ledger that meet its conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.conditions import holds
from geo.ledgers import subjects

if TYPE_CHECKING:
    from geo.figure import Columns
    from geo.ledgers import Ledgers
    from layers.indicators import Indicator


def units_tally(ledgers: Ledgers, rows: pd.DataFrame, indicator: Indicator) -> Columns:
    """Tally the coverage rows of an indicator: unit_id, of, yes, unknown, capped.

    Over people, each unit counts its people and those covered; over units, itself. A unit that
    may not be of the indicator's class is unknown; ``capped`` are those unknown by their coverage.
    """
    unsure = np.zeros(len(rows), dtype=bool)
    if indicator.units != "all":
        kind = rows["unit_id"].map(ledgers.kinds(indicator.units))
        rows, unsure = rows[kind != "no"], kind[kind != "no"].eq("unknown").to_numpy(dtype=bool)
    if indicator.over == "people":
        of, yes = (rows[name].to_numpy(np.float64) for name in ("people", "people_covered"))
        open_ = np.isnan(yes)
    else:
        of, yes = np.ones(len(rows)), rows["covered"].to_numpy(np.float64, na_value=0.0)
        open_ = rows["covered"].isna().to_numpy()
    return {
        "unit_id": rows["unit_id"].to_numpy(dtype=object),
        "of": of,
        "yes": yes,
        "unknown": open_ | unsure,
        "capped": open_ & ~unsure,
    }


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
