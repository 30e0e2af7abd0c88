"""Two runs beside each other: how each indicator changed, and which units gained or lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from layers.vocabulary import PRIORITY, Change, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIGURE = ("value", "low", "high", "target", "met")
_NAMED = ("area", "level", "name", "unit", "over", "comparison")
_SHOWN = ("minutes", "facility_id")


@dataclass(frozen=True)
class Comparison:
    """What changed from one run to another.

    indicators  one row per area and indicator of either run, those of the new one first:
                area_id, area, level, indicator, name, unit, over, comparison, then value, low,
                high, target and met as ``…_old`` and ``…_new``, and change (new less old value,
                missing where either is)
    units       one row per unit and indicator whose coverage changed: unit_id, name, township,
                people and priority people (as the newer run has them), indicator, change (a
                Change), and minutes and facility_id as ``…_old`` and ``…_new``; by indicator in
                the order of the new run, then by change and unit
    """

    indicators: pd.DataFrame
    units: pd.DataFrame


def compare(old: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame]) -> Comparison:
    """Compare the frames units, coverage and scorecard of two runs."""
    return Comparison(
        _indicators(old["scorecard"], new["scorecard"]),
        _units(old, new),
    )


def _indicators(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    keys = ["area_id", "indicator"]
    names = pd.concat([new, old]).drop_duplicates(keys)[[*keys, *_NAMED]]
    found = names
    for frame, when in ((old, "old"), (new, "new")):
        figures = frame[[*keys, *_FIGURE]].rename(
            columns={name: f"{name}_{when}" for name in _FIGURE}
        )
        found = found.merge(figures, on=keys, how="left", validate="one_to_one")
    found["change"] = found["value_new"] - found["value_old"]
    columns = [f"{name}_{when}" for name in _FIGURE for when in ("old", "new")]
    first = ["area_id", "area", "level", "indicator", "name", "unit", "over", "comparison"]
    return found[[*first, *columns, "change"]].reset_index(drop=True)


def _units(old: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    keys = ["unit_id", "indicator"]
    rows = _judged(old["coverage"]).merge(
        _judged(new["coverage"]),
        on=keys,
        how="outer",
        suffixes=("_old", "_new"),
        validate="one_to_one",
    )
    both = set(new["coverage"]["indicator"]) & set(old["coverage"]["indicator"])
    rows = rows[rows["indicator"].isin(both)]
    rows["change"] = _changes(rows, set(old["units"]["unit_id"]), set(new["units"]["unit_id"]))
    named = ["unit_id", "name", "township", "people", *PRIORITY]
    names = pd.concat([new["units"], old["units"]]).reindex(columns=named)
    names = names.drop_duplicates("unit_id")
    rows = rows.dropna(subset="change").merge(names, on="unit_id", how="left")
    order = {name: place for place, name in enumerate(new["coverage"]["indicator"].unique())}
    kinds = {change: place for place, change in enumerate(Change)}
    rows = rows.sort_values(
        ["indicator", "change", "unit_id"],
        key=lambda column: (
            column.map({"indicator": order, "change": kinds}[str(column.name)])
            if column.name != "unit_id"
            else column
        ),
        ignore_index=True,
    )
    shown = [f"{name}_{when}" for name in _SHOWN for when in ("old", "new")]
    return rows[[*named, "indicator", "change", *shown]]


def _judged(coverage: pd.DataFrame) -> pd.DataFrame:
    unknown = coverage["covered"].isna() | (coverage["reason"] == Reason.NO_DATA)
    covered = coverage["covered"].astype("boolean").mask(unknown)
    return coverage.assign(covered=covered)[["unit_id", "indicator", "covered", *_SHOWN]]


def _changes(rows: pd.DataFrame, old: set[str], new: set[str]) -> pd.Series:
    """Give what became of each row, None where nothing did."""
    was, is_now = rows["covered_old"], rows["covered_new"]
    covered = (was.fillna(value=False), is_now.fillna(value=False))
    found = pd.Series(None, index=rows.index, dtype=object)
    found[was.notna() & is_now.isna()] = Change.NOW_UNKNOWN
    found[was.isna() & is_now.notna()] = Change.NOW_KNOWN
    found[was.notna() & is_now.notna() & ~covered[0] & covered[1]] = Change.GAINED
    found[was.notna() & is_now.notna() & covered[0] & ~covered[1]] = Change.LOST
    found[~rows["unit_id"].isin(old)] = Change.UNIT_ADDED
    found[~rows["unit_id"].isin(new)] = Change.UNIT_REMOVED
    return found
