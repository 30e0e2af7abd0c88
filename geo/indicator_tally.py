"""What an indicator counts: units covered, facilities that meet a condition."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

import pandas as pd

from geo.placement import placement, standing

if TYPE_CHECKING:
    from collections.abc import Collection

    from layers.indicators import Condition, Indicator, UnitClass

_HOLDS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}


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


def facilities_tally(
    units: pd.DataFrame,
    facilities: pd.DataFrame,
    indicator: Indicator,
    *,
    statuses: Collection[str],
) -> pd.DataFrame:
    """Tally the facilities that meet the indicator's condition: unit_id, of, yes, unknown, capped.

    Facilities outside the study do not count; ``unit_id`` is missing where nobody knows it.
    """
    rows = counted_facilities(
        units,
        standing(facilities, indicator.categories, statuses),
        indicator.units,
    )
    holds = _holds(rows, indicator.condition) if indicator.condition else None
    if holds is None:
        holds = pd.Series(pd.NA, rows.index, dtype="boolean")
    return pd.DataFrame(
        {
            "unit_id": rows["unit_id"],
            "of": 1.0,
            "yes": holds.fillna(value=False).astype("float64"),
            "unknown": holds.isna() | rows["unsure"],
            "capped": False,
        }
    )


def counted_facilities(
    units: pd.DataFrame, facilities: pd.DataFrame, kind: UnitClass
) -> pd.DataFrame:
    """Give the facilities in units of a class, and those that may be (``unsure``)."""
    place = placement(units, facilities)
    classes = facilities["unit_id"].map(of_class(units, kind)).fillna("unknown")
    if kind == "all":
        classes = classes.mask(place == "unplaced", "yes")
    counts = (place != "outside") & (classes != "no")
    unit_id = facilities["unit_id"].where(place == "inside", None)
    return facilities.assign(unit_id=unit_id, unsure=classes == "unknown")[counts]


def of_class(units: pd.DataFrame, kind: UnitClass) -> pd.Series[str]:
    """Say by unit_id whether a unit is of a class: yes, no or unknown."""
    ids = pd.Index(units["unit_id"])
    if kind == "all":
        return pd.Series("yes", ids)
    urban = units["urban"].astype("boolean").set_axis(ids)
    wanted = urban if kind == "urban" else ~urban
    return wanted.astype(object).map({True: "yes", False: "no"}).fillna("unknown")


def numbers(frame: pd.DataFrame, column: str) -> pd.Series[float]:
    """Give a column as numbers, missing where the layer has no such column or no number."""
    if column not in frame:
        return pd.Series(float("nan"), frame.index)
    return pd.to_numeric(frame[column], errors="coerce").astype("float64")


def _holds(facilities: pd.DataFrame, condition: Condition) -> pd.Series[bool]:
    """Say whether each facility meets a condition, missing where that is unknown."""
    value = numbers(facilities, condition.column)
    if condition.over is not None:
        over = numbers(facilities, condition.over)
        value = value / over.where(over > 0)
    met: pd.Series[bool] = _HOLDS[condition.comparison](value, condition.value).astype("boolean")
    return met.mask(value.isna(), pd.NA)
