"""Totals and ratios of totals, with what the missing amounts leave open."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

import pandas as pd

from geo.conditions import numbers
from geo.figure import Figure, divided
from geo.ledgers import subjects

if TYPE_CHECKING:
    from geo.ledgers import Ledgers
    from layers.indicators import Amount, Indicator


def amounts(ledgers: Ledgers, amount: Amount) -> pd.DataFrame:
    """Give what each row adds to a total: key, unit_id, township_id and amount.

    The amount is missing where it is unknown.
    """
    rows = subjects(ledgers, amount.rows)
    each = pd.Series(1.0, rows.index) if amount.column is None else numbers(rows, amount.column)
    return pd.DataFrame(
        {
            "key": rows["key"],
            "unit_id": rows["unit_id"],
            "township_id": rows.get("township_id"),
            "amount": (each / amount.per).mask(rows["unsure"]),
        }
    )


def count(top: pd.DataFrame, amount: Amount) -> Figure:
    """Add up a frame of ``amounts``: no share of anything.

    Rows that may count make the high bound; an unknown amount has none.
    """
    known, unknown = float(top["amount"].sum()), int(top["amount"].isna().sum())
    high = known + unknown / amount.per
    if amount.column is not None and unknown:
        high = nan
    return Figure(known, None, known, high, unknown)


def ratio(top: pd.DataFrame, bottom: pd.DataFrame, indicator: Indicator) -> Figure:
    """Divide the totals of two frames of ``amounts``.

    A share of two columns of the same rows is a part of a whole: it is taken over the rows that
    know both, and an unknown part lies between nothing and its whole. Otherwise an unknown
    numerator only adds, so that the value is the low bound and there is no high one; and where a
    unit's denominator is unknown, what stands in that unit is left out of the value.
    """
    a, b = indicator.numerator, indicator.denominator
    same_rows = a is not None and b is not None and a.rows == b.rows
    return _part(top, bottom) if same_rows and indicator.is_share else _quotient(top, bottom)


def _part(top: pd.DataFrame, bottom: pd.DataFrame) -> Figure:
    part, whole = top["amount"], bottom["amount"]
    known = part.notna() & whole.notna()
    if whole.isna().any():
        low = high = nan
    else:
        total = whole.sum()
        low = divided(part.sum(), total)
        high = divided(part.sum() + whole[part.isna()].sum(), total)
    return Figure(
        float(part[known].sum()), float(whole[known].sum()), low, high, int((~known).sum())
    )


def _quotient(top: pd.DataFrame, bottom: pd.DataFrame) -> Figure:
    part, whole = top["amount"], bottom["amount"]
    dark = bottom.loc[whole.isna(), "unit_id"]
    value_part = part[~top["unit_id"].isin(dark)].sum()
    total = float(whole.sum())
    return Figure(
        numerator=float(value_part),
        denominator=total,
        low=nan if whole.isna().any() else divided(part.sum(), total),
        high=nan if part.isna().any() else divided(part.sum(), total),
        unknown=int(part.isna().sum() + whole.isna().sum()),
    )
