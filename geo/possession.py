"""Possession: a unit or a township has a facility of its own, or what its ledger says it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.conditions import holds
from geo.coverage_rows import counted, coverage_rows, whole_units
from geo.indicator_tally import tally
from geo.ledgers import subjects, township_of
from geo.placement import placement
from layers.vocabulary import Reason

if TYPE_CHECKING:
    import pandas as pd

    from geo.ledgers import Ledgers
    from layers.indicators import Indicator


def possession(ledgers: Ledgers, indicator: Indicator) -> pd.DataFrame:
    """Say which units have a facility of any of the indicator's categories: coverage rows.

    While some facility's own unit is unknown, or whether it is good enough (``where``), a unit
    without one is unknown too (``covered`` missing, reason no_data): it may be that unit's.
    """
    found = _placed(ledgers, indicator)
    inside = found[found["place"] == "inside"]
    own = inside[inside["good"].fillna(value=False)].groupby("unit_id")["facility_id"].min()
    judged = counted(ledgers.units, indicator)
    has = judged["unit_id"].isin(own.index)
    maybe = judged["unit_id"].isin(inside.loc[inside["good"].isna(), "unit_id"])
    unknown = maybe | bool((found["place"] == "unplaced").any())
    covered = has.astype("boolean").mask(~has & unknown)
    absent = Reason.NONE_IN_UNIT if len(inside) else Reason.NONE_IN_STUDY
    reason = unknown.map({True: str(Reason.NO_DATA), False: str(absent)})
    rows = whole_units(judged, indicator, covered).assign(
        facility_id=judged["unit_id"].map(own), reason=reason.where(~has, None)
    )
    return coverage_rows(rows, indicator)


def by_ledger(ledgers: Ledgers, indicator: Indicator) -> pd.DataFrame:
    """Say which units meet the indicator's conditions by their own columns: coverage rows."""
    judged = counted(ledgers.units, indicator)
    covered = holds(judged, indicator.conditions)
    reason = covered.astype(object).map({False: str(Reason.NOT_MET)})
    rows = whole_units(judged, indicator, covered).assign(
        reason=reason.mask(covered.isna(), str(Reason.NO_DATA))
    )
    return coverage_rows(rows, indicator)


def townships_tally(ledgers: Ledgers, indicator: Indicator) -> pd.DataFrame:
    """Tally the townships that have a facility of any of the indicator's categories.

    One whose township is unknown may be any township's, as with units.
    """
    found = _placed(ledgers, indicator)
    of_unit = township_of(ledgers.units).set_axis(ledgers.units["unit_id"])
    township = found["unit_id"].map(of_unit)
    rows = subjects(ledgers, indicator.rows)
    has = rows["key"].isin(township[found["good"].fillna(value=False)])
    maybe = rows["key"].isin(township[found["good"].isna()])
    unknown = maybe | bool((found["place"] == "unplaced").any())
    return tally(rows, has.astype("boolean").mask(~has & unknown))


def unplaced(ledgers: Ledgers, indicator: Indicator) -> int:
    """Count the facilities that may be one more unit's own: at most so many more may have one."""
    found = _placed(ledgers, indicator)
    return int(((found["place"] == "unplaced") | found["good"].isna()).sum())


def _placed(ledgers: Ledgers, indicator: Indicator) -> pd.DataFrame:
    """Give the facilities of the categories less those that are not good enough.

    Beside their columns: ``place`` (inside, outside, unplaced) and ``good`` (nullable).
    """
    facilities = ledgers.standing(indicator.categories)
    place = placement(ledgers.units, facilities)
    good = holds(facilities, indicator.where)
    return facilities.assign(place=place, good=good)[good.fillna(value=True).astype(bool)]
