"""Totals and ratios of totals, with what the missing amounts leave open."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.conditions import numbers
from geo.figure import Figure, divided
from geo.ledgers import subjects

if TYPE_CHECKING:
    from geo.figure import Columns
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


def count(top: Columns, amount: Amount) -> Figure:
    """Add up what ``amounts`` gives: no share of anything.

    Rows that may count make the high bound; an unknown amount has none.
    """
    each = np.asarray(top["amount"], dtype=np.float64)
    known, unknown = float(np.nansum(each)), int(np.isnan(each).sum())
    high = known + unknown / amount.per
    if amount.column is not None and unknown:
        high = nan
    return Figure(known, None, known, high, unknown)


def ratio(top: Columns, bottom: Columns, indicator: Indicator) -> Figure:
    """Divide the totals of what ``amounts`` gives twice.

    A share of two columns of the same rows is a part of a whole: it is taken over the rows that
    know both, and an unknown part lies between nothing and its whole. Otherwise an unknown
    numerator only adds, so that the value is the low bound and there is no high one; and where a
    unit's denominator is unknown, what stands in that unit is left out of the value.
    """
    a, b = indicator.numerator, indicator.denominator
    same_rows = a is not None and b is not None and a.rows == b.rows
    return _part(top, bottom) if same_rows and indicator.is_share else _quotient(top, bottom)


def _part(top: Columns, bottom: Columns) -> Figure:
    part, whole = (np.asarray(each["amount"], dtype=np.float64) for each in (top, bottom))
    open_ = np.isnan(part)
    known = ~(open_ | np.isnan(whole))
    if np.isnan(whole).any():
        low = high = nan
    else:
        total, sure = float(whole.sum()), float(np.nansum(part))
        low = divided(sure, total)
        high = divided(sure + float(whole[open_].sum()), total)
    return Figure(
        float(part[known].sum()), float(whole[known].sum()), low, high, int((~known).sum())
    )


def _quotient(top: Columns, bottom: Columns) -> Figure:
    part, whole = (np.asarray(each["amount"], dtype=np.float64) for each in (top, bottom))
    open_, dark = np.isnan(part), np.isnan(whole)
    sure, total = float(np.nansum(part)), float(np.nansum(whole))
    value_part = sure
    if dark.any():
        left_out = pd.Index(top["unit_id"]).isin(np.asarray(bottom["unit_id"], dtype=object)[dark])
        value_part = float(np.nansum(part[~left_out]))
    return Figure(
        numerator=value_part,
        denominator=total,
        low=nan if dark.any() else divided(sure, total),
        high=nan if open_.any() else divided(sure, total),
        unknown=int(open_.sum() + dark.sum()),
    )
