"""Shortfalls: which services of the living circle each unit lacks, and how many so by township."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.ledgers import township_of
from geo.scorecard_area import COUNTY, areas_of
from layers.vocabulary import PRIORITY, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHORT = ("people", *PRIORITY)
UNIT_COLUMNS = ("unit_id", "name", "township_id", "township", "urban", *_SHORT)
_FOUND = ("facility_id", "minutes", "metres", "reason")


def unit_shortfalls(
    coverage: pd.DataFrame, units: pd.DataFrame, categories: Sequence[str]
) -> pd.DataFrame:
    """Give one row per unit and category, units by township and id, categories as given.

    Columns are UNIT_COLUMNS, category, short (nullable: missing where nobody knows whether the
    unit has the service within its own limit), facility_id, minutes, metres, reason.
    """
    judged = coverage[coverage["indicator"] == coverage["category"]]
    known = judged[["unit_id", "category", "covered", *_FOUND]]
    rows = units[list(UNIT_COLUMNS)].sort_values(["township_id", "unit_id"], na_position="first")
    rows = rows.merge(pd.DataFrame({"category": list(categories)}), how="cross")
    rows = rows.merge(known, on=["unit_id", "category"], how="left", validate="one_to_one")
    unknown = rows["covered"].isna() | (rows["reason"] == Reason.NO_DATA)
    rows["short"] = (~rows["covered"].astype("boolean")).mask(unknown)
    return rows[[*UNIT_COLUMNS, "category", "short", *_FOUND]]


def township_shortfalls(shortfalls: pd.DataFrame, units: pd.DataFrame, county: str) -> pd.DataFrame:
    """Give one row per area and category, the county first, of what ``unit_shortfalls`` gave.

    Columns: area_id, area, category, units, short, unknown (counts of units), people and priority
    people (of the short units; missing where no short unit knows its own, 0 without any).
    A unit of unknown township counts for the county alone.
    """
    townships = township_of(units).set_axis(units["unit_id"])
    rows = shortfalls.assign(area_id=shortfalls["unit_id"].map(townships))
    rows = pd.concat([rows.assign(area_id=COUNTY), rows.dropna(subset="area_id")])
    is_short = rows["short"].fillna(value=False).astype(bool)
    rows = rows.assign(
        unknown=rows["short"].isna(),
        is_short=is_short,
        **{name: rows[name].where(is_short) for name in _SHORT},
    )
    groups = rows.groupby(["area_id", "category"], sort=False)
    counts = groups.agg(
        units=("unit_id", "size"), short=("is_short", "sum"), unknown=("unknown", "sum")
    )
    sums = groups[list(_SHORT)].sum(min_count=1)
    sums = sums.mask(counts["short"] == 0, 0.0)
    names = pd.DataFrame(
        [(area.id, area.name) for area in areas_of(units, county)], columns=["area_id", "area"]
    )
    order = shortfalls[["category"]].drop_duplicates()
    found = counts.join(sums).reset_index()
    return names.merge(order, how="cross").merge(found, on=["area_id", "category"], how="inner")
