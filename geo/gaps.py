"""Gaps: the coverage rows that are not covered, those with most people left out first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.explain import EVIDENCE_COLUMNS
from layers.vocabulary import PRIORITY

if TYPE_CHECKING:
    import pandas as pd

    from layers.project import Project


def gaps(coverage: pd.DataFrame, units: pd.DataFrame, project: Project) -> pd.DataFrame:
    """Give the rows not covered with their units' names, by priority people left out.

    Priority people are those of the category's cohort (the elderly for elder care). Rows of
    unknown coverage are told too, the last of all: how many they leave out is missing.
    """
    missing = coverage[~coverage["covered"].fillna(value=False)]
    names = units[["unit_id", "name", "township_id", "township"]]
    rows = missing.merge(names, on="unit_id", how="left", validate="many_to_one")
    cohort = {name: category.cohort for name, category in project.categories.items()}
    rows["cohort"] = rows["category"].map(cohort).fillna("people")
    rows["people_left_out"] = rows["people"] - rows["people_covered"]
    for priority in PRIORITY:
        rows[f"{priority}_left_out"] = rows[priority] - rows[f"{priority}_covered"]
    rows = rows.sort_values(
        ["people_left_out", "unit_id", "indicator"],
        ascending=[False, True, True],
        ignore_index=True,
        na_position="last",
    )
    first = ["unit_id", "name", "township_id", "township"]
    last = [name for name in rows.columns if name not in (*first, *EVIDENCE_COLUMNS)]
    return rows[[*first, *last, *EVIDENCE_COLUMNS]]
