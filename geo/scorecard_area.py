"""The areas of a scorecard: the county, and each township by the units it has."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from geo.ledgers import township_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.figure import Columns

    Ints = NDArray[np.int64]

COUNTY = "county"
UNKNOWN = -1
"""The number of a township that nobody knows."""


@dataclass(frozen=True)
class Area:
    """One area of the scorecard."""

    id: str
    name: str
    level: Literal["county", "township"]


def areas_of(units: pd.DataFrame, county: str) -> tuple[Area, ...]:
    """Give the county, then its townships by id; a township without a code goes by its name."""
    named = pd.DataFrame({"id": township_of(units), "name": units["township"]}).dropna(subset="id")
    named = named.assign(name=named["name"].fillna(named["id"]))
    townships = named.sort_values(["id", "name"]).drop_duplicates("id")
    return (
        Area(COUNTY, county, "county"),
        *(
            Area(township, name, "township")
            for township, name in zip(townships["id"], townships["name"], strict=True)
        ),
    )


class Townships:
    """The townships of a study's units, by which rows are split."""

    def __init__(self, units: pd.DataFrame) -> None:
        """Sort the townships, once for every indicator."""
        named = township_of(units)
        self.names: list[str] = sorted(named.dropna().unique())
        self._names = pd.Index(self.names, dtype="object")
        self._units = pd.Index(units["unit_id"], dtype="object")
        self._of_unit = self._names.get_indexer(pd.Index(named, dtype="object"))

    def of(self, rows: Columns) -> Ints:
        """Give each row's township, its unit's or else its own ``township_id``, by number.

        Of a row of which nobody knows it that is UNKNOWN, of one elsewhere still less.
        """
        unit = self._units.get_indexer(pd.Index(rows["unit_id"], dtype="object"))
        number = np.where(unit >= 0, self._of_unit[unit], UNKNOWN)
        if "township_id" in rows:
            open_ = np.flatnonzero(number == UNKNOWN)
            own = pd.Index(rows["township_id"], dtype="object")[open_]
            known = self._names.get_indexer(own)
            elsewhere = np.where(own.isna(), UNKNOWN, UNKNOWN - 1)
            number[open_] = np.where(known >= 0, known, elsewhere)
        return number


def by_area(rows: Columns, townships: Townships) -> Mapping[str, Columns]:
    """Split a tally or a frame of amounts by area id, into its columns.

    The county has every row as it is. A row of which nobody knows the township may lie in any:
    there it is unknown, and nothing of it is counted as that township's.
    """
    number = townships.of(rows)
    order = np.argsort(number, kind="stable")
    bounds = np.searchsorted(number[order], np.arange(len(townships.names) + 1))
    columns = {str(name): np.asarray(cells) for name, cells in rows.items()}
    loose = _unknown({name: cells[number == UNKNOWN] for name, cells in columns.items()})
    sorted_ = {name: cells[order] for name, cells in columns.items()}
    found: dict[str, Columns] = {COUNTY: columns}
    for name, (low, high) in zip(townships.names, pairwise(bounds), strict=True):
        found[name] = {
            each: np.concatenate([cells[low:high], loose[each]]) for each, cells in sorted_.items()
        }
    return found


def _unknown(columns: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Give rows that may lie in any township as they count in each."""
    size = len(columns["unit_id"])
    if "amount" in columns:
        return columns | {"amount": np.full(size, np.nan)}
    nobody = np.zeros(size, dtype=bool)
    return columns | {"unknown": ~nobody, "capped": nobody}
