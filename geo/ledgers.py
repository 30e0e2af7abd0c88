"""The frames that figures are counted from, together, and which of their rows count."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.conditions import holds
from geo.placement import placement, standing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from layers.indicators import Rows, UnitClass

    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ledgers:
    """Units, facilities and registers of a study; facilities count by their status.

    ``registers`` is None where the study keeps none. ``neighbours`` are facilities of other tiles:
    nobody's own, and near all the same.
    """

    units: pd.DataFrame
    facilities: pd.DataFrame
    registers: pd.DataFrame | None = None
    statuses: Collection[str] = ("existing",)
    neighbours: pd.DataFrame | None = None
    _subjects: dict[Rows, pd.DataFrame] = field(default_factory=dict, init=False, repr=False)

    def standing(self, categories: Collection[str]) -> pd.DataFrame:
        """Give the facilities of some categories (all where none is named) that count."""
        if not categories:
            return self._counting
        rows = [self._of_category[name] for name in {*categories} & {*self._of_category}]
        return self._counting.iloc[np.sort(np.concatenate([*rows, np.empty(0, dtype=np.int64)]))]

    @cached_property
    def _counting(self) -> pd.DataFrame:
        return standing(self.facilities, (), self.statuses)

    @cached_property
    def _of_category(self) -> Mapping[str, Ints]:
        """The rows of each category among those that count, found once for all indicators."""
        of = self._counting["category"].to_numpy()
        return {name: np.flatnonzero(of == name) for name in pd.unique(of)}

    def near(self, categories: Collection[str]) -> pd.DataFrame:
        """Give the facilities of some categories that count, the neighbours' too."""
        own = self.standing(categories)
        if self.neighbours is None or self.neighbours.empty:
            return own
        return pd.concat([own, standing(self.neighbours, categories, self.statuses)])

    def of_kind(self, kind: str | None) -> pd.DataFrame:
        """Give the registers of one kind."""
        if self.registers is None:
            return pd.DataFrame(columns=["register_id", "kind", "unit_id", "township_id", "serves"])
        return pd.DataFrame(self.registers[self.registers["kind"] == kind])


def subjects(ledgers: Ledgers, rows: Rows) -> pd.DataFrame:
    """Give the rows that count, with key, unit_id, township_id and ``unsure`` (bool) beside theirs.

    A row is unsure that may or may not count: its unit's class, or what ``where`` asks, is
    unknown. Facilities outside the study do not count. Indicators that ask for the same rows, and
    what tells why one of them is open, share what is found.
    """
    known = ledgers._subjects  # noqa: SLF001 - kept with the frames it is found in
    if rows not in known:
        known[rows] = _found(ledgers, rows)
    return known[rows]


def _found(ledgers: Ledgers, rows: Rows) -> pd.DataFrame:
    found = {
        "units": _units,
        "facilities": _facilities,
        "registers": _registers,
        "townships": _townships,
    }[rows.frame](ledgers, rows)
    counts = holds(found, rows.where)
    unsure = found["unsure"].astype(bool) | counts.isna()
    return pd.DataFrame(found.assign(unsure=unsure)[counts.fillna(value=True).astype(bool)])


def of_class(units: pd.DataFrame, kind: UnitClass) -> pd.Series[str]:
    """Say by unit_id whether a unit is of a class: yes, no or unknown."""
    ids = pd.Index(units["unit_id"])
    if kind == "all":
        return pd.Series("yes", ids)
    urban = units["urban"].astype("boolean")
    wanted = urban.fillna(value=False).to_numpy(dtype=bool) == (kind == "urban")
    words = np.select([urban.isna(), wanted], ["unknown", "yes"], "no")
    return pd.Series(words, ids)


def township_of(units: pd.DataFrame) -> pd.Series[str]:
    """Give each unit's township: its code, else its name."""
    return units["township_id"].fillna(units["township"])


def _units(ledgers: Ledgers, rows: Rows) -> pd.DataFrame:
    units = ledgers.units
    kind = of_class(units, rows.units).to_numpy()
    marked = units.assign(key=units["unit_id"], unsure=kind == "unknown")
    return pd.DataFrame(marked[kind != "no"])


def _facilities(ledgers: Ledgers, rows: Rows) -> pd.DataFrame:
    """Give facilities in units of a class; ``unit_id`` is missing where nobody knows it."""
    facilities = ledgers.standing(rows.categories)
    place = placement(ledgers.units, facilities)
    classes = facilities["unit_id"].map(of_class(ledgers.units, rows.units)).fillna("unknown")
    if rows.units == "all":
        classes = classes.mask(place == "unplaced", "yes")
    counts = (place != "outside") & (classes != "no")
    found = facilities.assign(
        key=facilities["facility_id"],
        unit_id=facilities["unit_id"].where(place == "inside", None),
        unsure=classes == "unknown",
    )
    return found[counts]


def _registers(ledgers: Ledgers, rows: Rows) -> pd.DataFrame:
    registers = ledgers.of_kind(rows.kind)
    found = registers.assign(key=registers["register_id"], unsure=False)
    if rows.units == "all":
        return found
    classes = found["unit_id"].map(of_class(ledgers.units, rows.units)).fillna("unknown")
    return found.assign(unsure=classes == "unknown")[classes != "no"]


def _townships(ledgers: Ledgers, _rows: Rows) -> pd.DataFrame:
    """Give every township of the units, with what the ledger of townships says of it."""
    names = sorted(township_of(ledgers.units).dropna().unique())
    every = pd.DataFrame({"township_id": names, "key": names, "unsure": False})
    ledger = ledgers.of_kind("township").drop(columns="unit_id")
    return every.merge(pd.DataFrame(ledger), on="township_id", how="left").assign(unit_id=None)
