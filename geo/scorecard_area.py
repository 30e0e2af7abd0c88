"""The areas of a scorecard: the county, and each township by the units it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from geo.ledgers import township_of

if TYPE_CHECKING:
    from collections.abc import Mapping

COUNTY = "county"


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


def by_area(rows: pd.DataFrame, units: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
    """Split a tally or a frame of amounts by area id.

    The county has every row as it is. A row of which nobody knows the township may lie in any:
    there it is unknown, and nothing of it is counted as that township's. The township of a row
    is its unit's, else its own ``township_id``.
    """
    township = rows["unit_id"].map(township_of(units).set_axis(units["unit_id"]))
    if "township_id" in rows:
        township = township.fillna(rows["township_id"])
    loose = _unknown(rows[township.isna()])
    parts = {str(name): part for name, part in rows.groupby(township, sort=True)}
    townships = sorted(township_of(units).dropna().unique())
    none = rows.iloc[:0]
    return {COUNTY: rows} | {name: _with(parts.get(name, none), loose) for name in townships}


def _unknown(rows: pd.DataFrame) -> pd.DataFrame:
    if "amount" in rows:
        return rows.assign(amount=float("nan"))
    return rows.assign(unknown=True, capped=False)


def _with(rows: pd.DataFrame, loose: pd.DataFrame) -> pd.DataFrame:
    return rows if loose.empty else pd.concat([rows, loose])
