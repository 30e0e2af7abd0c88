"""Radiation: a unit is served, wherever the facility lies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from geo.coverage_rows import coverage_rows, whole_units
from layers.vocabulary import Reason, text

if TYPE_CHECKING:
    from geo.ledgers import Ledgers
    from layers.indicators import Indicator

BY_TIME = ":access"


def radiation(ledgers: Ledgers, indicator: Indicator, *, by_time: pd.DataFrame) -> pd.DataFrame:
    """Say which units are served: coverage rows by one definition, the other beside it.

    Where any facility of the categories has a list of the units it ``serves``, the lists are
    the definition (method ledger) and ``by_time`` (the access rows of the same indicator)
    stands beside it as indicator ``"<id>:access"``. Without any list the minutes stand in for
    it, with their own method. The two are never mixed in one figure.
    """
    of_category = ledgers.standing(indicator.categories)
    by_time = by_time.assign(measure=str(indicator.measure))
    if not of_category["serves"].notna().any():
        return by_time.assign(indicator=indicator.id)
    beside = by_time.assign(indicator=indicator.id + BY_TIME)
    by_list = served_by_list(ledgers, of_category, indicator)
    return pd.concat([by_list, beside], ignore_index=True)


def beside(indicator: Indicator) -> Indicator:
    """Give the indicator by which the minutes are printed beside the lists, without a target."""
    return replace(
        indicator,
        id=indicator.id + BY_TIME,
        name_zh=text("scorecard.beside", "zh", name=indicator.name_zh),
        name_en=text("scorecard.beside", "en", name=indicator.name_en),
        base=None,
        base_year=None,
        target_province=None,
        target_county=None,
    )


def served_by_list(
    ledgers: Ledgers, facilities: pd.DataFrame, indicator: Indicator
) -> pd.DataFrame:
    """Judge by the served lists; a facility serves the unit it stands in too.

    While some facility has no list, a unit on no other list is unknown.
    """
    judged = ledgers.judged(indicator.units)
    server = _served(facilities).groupby("unit_id")["facility_id"].min()
    served = judged["unit_id"].isin(server.index)
    unknown = facilities["serves"].isna().any()
    covered = served.astype("boolean").mask(~served, pd.NA if unknown else False)
    told = {
        "facility_id": judged["unit_id"].map(server),
        "reason": served.map({False: str(Reason.NO_DATA if unknown else Reason.NOT_SERVED)}),
    }
    return coverage_rows(whole_units(judged, indicator, covered) | told, indicator)


def _served(facilities: pd.DataFrame) -> pd.DataFrame:
    """Give one row per facility and unit it serves."""
    listed = facilities.assign(unit_id=facilities["serves"].str.split(";")).explode("unit_id")
    pairs = pd.concat([listed, facilities])[["facility_id", "unit_id"]].dropna()
    return pairs.assign(unit_id=pairs["unit_id"].str.strip())
