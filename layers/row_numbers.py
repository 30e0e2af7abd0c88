"""Row numbers that stand where an id should: each layer, sheet or file of a ledger counts anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.check import Findings


def told_apart(
    ids: pd.Series[Any], part_of: Callable[[int], str], findings: Findings
) -> pd.Series[Any]:
    """Give ids with the name of their part before them where every part only counts its rows.

    ``part_of`` names the sheet or file that a row (of the index) is from. Ids that no other part
    has, or that are more than 1, 2, 3 … in the order of the rows, stay as they are: who uses an id
    twice is told so elsewhere.
    """
    if not ids.dropna().duplicated().any():  # nor are parts asked for: rows may be very many
        return ids
    parts = pd.Series([part_of(int(row)) for row in ids.index], ids.index, dtype=object)
    if parts.eq("").any():
        return ids
    counted = (ids.groupby(parts, sort=False).cumcount() + 1).astype(str)
    if not ids.eq(counted).all():
        return ids
    findings.tell(
        "row_numbers",
        column=str(ids.name),
        value=f"{parts.iloc[0]}-{ids.iloc[0]}",
        fatal=False,
        count=str(parts.nunique()),
    )
    return (parts + "-" + ids).astype(object)


def only_counts(ids: pd.Series[Any], findings: Findings) -> bool:
    """Say whether the ids of a layer, in the order of its rows, do no more than count them.

    They run 1, 2, 3 … (or from 0, as a GIS counts), were told to do so in every sheet or file, or
    none is given, in which case the rows' own numbers stand in.
    """
    if any(each.code == "row_numbers" for each in findings.problems) or ids.isna().all():
        return True
    rows = np.arange(len(ids))
    return any(bool((ids == (rows + start).astype(str)).all()) for start in (0, 1))


def with_layer_name(ids: pd.Series[Any], findings: Findings) -> pd.Series[Any]:
    """Give row numbers that another layer has too with the name of their own before them."""
    named: pd.Series[Any] = findings.layer + "-" + ids.astype(object)
    findings.tell("layer_row_numbers", column=str(ids.name), value=named.iloc[0], fatal=False)
    return named
