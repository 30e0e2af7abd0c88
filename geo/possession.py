"""Possession: a unit or a township has a facility of its own, or what its ledger says it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo.conditions import holds
from geo.coverage_rows import coverage_rows, whole_units
from geo.indicator_tally import tally
from geo.ledgers import subjects, township_of
from layers.vocabulary import Reason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.ledgers import Ledgers
    from layers.indicators import Indicator

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Texts = NDArray[np.object_]


class _Placed(NamedTuple):
    """Facilities that are good enough, or may be: by id, with the row of the unit they stand in.

    ``unit`` is -1 of those that stand in none of the study; nobody knows where ``unplaced`` do.
    """

    facility_id: Texts
    unit: Ints
    good: Flags
    unplaced: Flags

    def standing(self, units: int) -> tuple[Flags, Flags]:
        """Say of which units one is known to be their own, and of which one may be."""
        has, maybe = np.zeros((2, units + 1), dtype=bool)  # the last is of those in none
        has[self.unit[self.good]] = True
        maybe[self.unit[~self.good]] = True
        return has[:units], (maybe | self.unplaced.any())[:units]


def possession(ledgers: Ledgers, indicator: Indicator) -> pd.DataFrame:
    """Say which units have a facility of any of the indicator's categories: coverage rows.

    While some facility's own unit is unknown, or whether it is good enough (``where``), a unit
    without one is unknown too (``covered`` missing, reason no_data): it may be that unit's.
    """
    found, size = _placed(ledgers, indicator), len(ledgers.units)
    has, maybe = found.standing(size)
    own = np.full(size + 1, None, dtype=object)
    own[found.unit[found.good][::-1]] = found.facility_id[found.good][::-1]  # the first id stays
    absent = Reason.NONE_IN_UNIT if (found.unit >= 0).any() else Reason.NONE_IN_STUDY
    reason = np.where(maybe, str(Reason.NO_DATA), str(absent)).astype(object)
    reason[has] = None
    judged = ledgers.judged(indicator.units)
    row = ledgers.unit_rows.get_indexer(pd.Index(judged["unit_id"], dtype="object"))
    covered = pd.Series(pd.arrays.BooleanArray(has, maybe & ~has)[row])
    told = {"facility_id": own[row], "reason": reason[row]}
    return coverage_rows(whole_units(judged, indicator, covered) | told, indicator)


def by_ledger(ledgers: Ledgers, indicator: Indicator) -> pd.DataFrame:
    """Say which units meet the indicator's conditions by their own columns: coverage rows."""
    judged = ledgers.judged(indicator.units)
    covered = holds(judged, indicator.conditions)
    unknown, met = covered.isna().to_numpy(), covered.eq(other=True).fillna(value=False).to_numpy()
    reason = np.where(unknown, str(Reason.NO_DATA), str(Reason.NOT_MET)).astype(object)
    reason[met.astype(bool)] = None
    rows = whole_units(judged, indicator, covered) | {"reason": reason}
    return coverage_rows(rows, indicator)


def townships_tally(ledgers: Ledgers, indicator: Indicator) -> pd.DataFrame:
    """Tally the townships that have a facility of any of the indicator's categories.

    One whose township is unknown may be any township's, as with units.
    """
    found = _placed(ledgers, indicator)
    has_one, may_have = found.standing(len(ledgers.units))
    township = township_of(ledgers.units)
    rows = subjects(ledgers, indicator.rows)
    has = rows["key"].isin(township[has_one])
    maybe = rows["key"].isin(township[may_have]) | bool(found.unplaced.any())
    return tally(rows, has.astype("boolean").mask(~has & maybe))


def unplaced(ledgers: Ledgers, indicator: Indicator) -> int:
    """Count the facilities that may be one more unit's own: at most so many more may have one."""
    found = _placed(ledgers, indicator)
    return int((found.unplaced | ~found.good).sum())


def _placed(ledgers: Ledgers, indicator: Indicator) -> _Placed:
    """Give the facilities of the categories less those that are not good enough."""
    asked = ("placed", indicator.categories, indicator.where)
    return ledgers.once(asked, lambda: _found(ledgers, indicator))


def _found(ledgers: Ledgers, indicator: Indicator) -> _Placed:
    facilities = ledgers.standing(indicator.categories)
    place = ledgers.placement(indicator.categories)
    good = holds(facilities, indicator.where)
    unknown, fine = good.isna().to_numpy(), good.fillna(value=False).to_numpy(dtype=bool)
    unit = ledgers.unit_rows.get_indexer(pd.Index(facilities["unit_id"], dtype="object"))
    ids = facilities["facility_id"].to_numpy(dtype=object)
    rows = np.argsort(ids, kind="stable")
    rows = rows[(fine | unknown)[rows]]
    inside = np.where(place == "inside", unit, -1)
    return _Placed(ids[rows], inside[rows], fine[rows], (place == "unplaced")[rows])
