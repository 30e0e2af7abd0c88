"""The frames that figures are counted from, together, and which of their rows count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.conditions import holds
from geo.found_once import FoundOnce
from geo.placement import placement, standing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from layers.indicators import Rows, UnitClass

    Ints = NDArray[np.int64]
    Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Ledgers(FoundOnce):
    """Units, facilities and registers of a study; facilities count by their status.

    ``registers`` is None where the study keeps none. ``neighbours`` are facilities of other tiles:
    nobody's own, and near all the same.
    """

    units: pd.DataFrame
    facilities: pd.DataFrame
    registers: pd.DataFrame | None = None
    statuses: Collection[str] = ("existing",)
    neighbours: pd.DataFrame | None = None

    def standing(self, categories: Collection[str]) -> pd.DataFrame:
        """Give the facilities of some categories (all where none is named) that count."""
        return self.once(("standing", *categories), lambda: self._standing(categories))

    def _standing(self, categories: Collection[str]) -> pd.DataFrame:
        return self._counting.iloc[self._rows(categories)] if categories else self._counting

    def _rows(self, categories: Collection[str]) -> Ints:
        """Give the rows of some categories (all where none is named) among those that count."""
        if not categories:
            return np.arange(len(self._counting))
        return _rows_of(self._of_category, categories)

    def listed(self, categories: Collection[str]) -> pd.DataFrame:
        """Give all facilities of some categories, whether they count or not."""
        return self.once(
            ("listed", *categories),
            lambda: self.facilities.iloc[_rows_of(self._listed_by, categories)],
        )

    def placement(self, categories: Collection[str]) -> Texts:
        """Say where each facility of ``standing`` stands: inside, outside or unplaced."""
        return self._places[self._rows(categories)]

    @cached_property
    def _places(self) -> Texts:
        return placement(self.units, self._counting).to_numpy(dtype=object)

    @cached_property
    def unit_rows(self) -> pd.Index[str]:
        """The ids of the units, which say of an id which row of the units it is."""
        rows: pd.Index[str] = pd.Index(self.units["unit_id"], dtype="object")
        return rows

    def judged(self, kind: UnitClass) -> pd.DataFrame:
        """Give the units of a class; those of unknown class stay, to be told as unknown."""
        return self.once(("judged", kind), lambda: counted(self.units, kind))

    def kinds(self, kind: UnitClass) -> pd.Series[str]:
        """Say by unit_id whether a unit is of a class: yes, no or unknown."""
        return self.once(("kinds", kind), lambda: of_class(self.units, kind))

    @cached_property
    def _counting(self) -> pd.DataFrame:
        return standing(self.facilities, (), self.statuses)

    @cached_property
    def _of_category(self) -> Mapping[str, Ints]:
        """The rows of each category among those that count, found once for all indicators."""
        return _by_category(self._counting)

    @cached_property
    def _listed_by(self) -> Mapping[str, Ints]:
        """The rows of each category, whether they count or not."""
        return _by_category(self.facilities)

    def near(self, categories: Collection[str]) -> pd.DataFrame:
        """Give the facilities of some categories that count, the neighbours' too."""
        return self.once(("near", *categories), lambda: self._near(categories))

    def _near(self, categories: Collection[str]) -> pd.DataFrame:
        own = self.standing(categories)
        if self.neighbours is None or self.neighbours.empty:
            return own
        return pd.concat([own, standing(self.neighbours, categories, self.statuses)])

    def of_kind(self, kind: str | None) -> pd.DataFrame:
        """Give the registers of one kind."""
        registers = self.registers
        if registers is None:
            return pd.DataFrame(columns=["register_id", "kind", "unit_id", "township_id", "serves"])
        of = registers["kind"]
        return self.once(("kind", kind), lambda: pd.DataFrame(registers[of == kind]))


def _by_category(facilities: pd.DataFrame) -> Mapping[str, Ints]:
    of = facilities["category"].to_numpy(dtype=object)
    return {name: np.flatnonzero(of == name) for name in pd.unique(of)}


def _rows_of(by_category: Mapping[str, Ints], categories: Collection[str]) -> Ints:
    """Give the rows of some categories, in their own order."""
    rows = [by_category[name] for name in {*categories} & {*by_category}]
    return np.sort(np.concatenate([*rows, np.empty(0, dtype=np.int64)]))


def subjects(ledgers: Ledgers, rows: Rows) -> pd.DataFrame:
    """Give the rows that count, with key, unit_id, township_id and ``unsure`` (bool) beside theirs.

    A row is unsure that may or may not count: its unit's class, or what ``where`` asks, is
    unknown. Facilities outside the study do not count. Indicators that ask for the same rows, and
    what tells why one of them is open, share what is found.
    """
    return ledgers.once(rows, lambda: _found(ledgers, rows))


def _found(ledgers: Ledgers, rows: Rows) -> pd.DataFrame:
    found = {
        "units": _units,
        "facilities": _facilities,
        "registers": _registers,
        "townships": _townships,
    }[rows.frame](ledgers, rows)
    if not rows.where:
        return pd.DataFrame(found)
    counts = holds(found, rows.where)
    unsure = found["unsure"].astype(bool) | counts.isna()
    return pd.DataFrame(found.assign(unsure=unsure)[counts.fillna(value=True).astype(bool)])


def counted(units: pd.DataFrame, kind: UnitClass) -> pd.DataFrame:
    """Give the units of a class; those of unknown class stay, to be told as unknown."""
    if kind == "all":
        return units
    urban = units["urban"].astype("boolean")
    return units[(urban if kind == "urban" else ~urban).fillna(value=True)]


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
    kind = ledgers.kinds(rows.units).to_numpy()
    marked = units.assign(key=units["unit_id"], unsure=kind == "unknown")
    return pd.DataFrame(marked[kind != "no"])


def _facilities(ledgers: Ledgers, rows: Rows) -> pd.DataFrame:
    """Give facilities in units of a class; ``unit_id`` is missing where nobody knows it."""
    facilities = ledgers.standing(rows.categories)
    place = ledgers.placement(rows.categories)
    unit = facilities["unit_id"].to_numpy(dtype=object, copy=True)
    counts, unsure = place != "outside", np.zeros(len(place), dtype=bool)
    if rows.units != "all":
        classes = facilities["unit_id"].map(ledgers.kinds(rows.units)).fillna("unknown").to_numpy()
        counts, unsure = counts & (classes != "no"), classes == "unknown"
    unit[place != "inside"] = None
    own = {"key": facilities["facility_id"], "unit_id": pd.Series(unit, facilities.index)}
    return pd.DataFrame(facilities.assign(**own, unsure=unsure)[counts])


def _registers(ledgers: Ledgers, rows: Rows) -> pd.DataFrame:
    registers = ledgers.of_kind(rows.kind)
    found = registers.assign(key=registers["register_id"], unsure=False)
    if rows.units == "all":
        return found
    classes = found["unit_id"].map(ledgers.kinds(rows.units)).fillna("unknown")
    return found.assign(unsure=classes == "unknown")[classes != "no"]


def _townships(ledgers: Ledgers, _rows: Rows) -> pd.DataFrame:
    """Give every township of the units, with what the ledger of townships says of it."""
    names = sorted(township_of(ledgers.units).dropna().unique())
    every = pd.DataFrame({"township_id": names, "key": names, "unsure": False})
    ledger = ledgers.of_kind("township").drop(columns="unit_id")
    return every.merge(pd.DataFrame(ledger), on="township_id", how="left").assign(unit_id=None)
