"""Conditions on the columns of a ledger; what is not filled in is unknown, not failed."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.indicators import Condition


_COMPARE = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}


def holds(rows: pd.DataFrame, conditions: Iterable[Condition]) -> pd.Series[bool]:
    """Say of each row whether it meets all conditions: nullable boolean on the rows' index.

    One that fails decides; else one that is unknown leaves the row unknown.
    """
    every = pd.Series(data=True, index=rows.index, dtype="boolean")
    for condition in conditions:
        every = every & _holds(rows, condition)
    return every


def numbers(rows: pd.DataFrame, column: str) -> pd.Series[float]:
    """Give a column as numbers, flags as 1 and 0, missing where there is no such number."""
    if column not in rows:
        return pd.Series(float("nan"), rows.index)
    if pd.api.types.is_numeric_dtype(rows[column]):
        return rows[column].astype("float64")
    cells = rows[column].astype(object)
    return pd.to_numeric(cells.where(cells.notna(), None), errors="coerce").astype("float64")


def _holds(rows: pd.DataFrame, condition: Condition) -> pd.Series[bool]:
    if condition.comparison in ("in", "filled"):
        return _says(rows, condition)
    found = numbers(rows, condition.column)
    if condition.over is not None:
        whole = numbers(rows, condition.over)
        found = found / whole.where(whole > 0)
    if condition.comparison == "between":
        met = found.between(condition.value, condition.high or condition.value)
    else:
        met = _COMPARE[condition.comparison](found, condition.value)
    return met.astype("boolean").mask(found.isna())


def _says(rows: pd.DataFrame, condition: Condition) -> pd.Series[bool]:
    """Compare texts; a ledger that fills a column at all says by an empty cell that it has none."""
    said = rows.get(condition.column, pd.Series(None, rows.index, dtype=object))
    unknown = said.isna()
    if condition.comparison == "in":
        found = said.isin(condition.values)
    else:
        found = said.notna()
        unknown = unknown & bool(unknown.all())
    known: pd.Series[bool] = found.astype("boolean").mask(unknown)
    return known
