"""The counties of a province as its overview shows them, from its tables and what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.kept_area import kept_rows
from layers.record import project_record
from layers.results_map import CIRCLES, COVERAGE, PEOPLE, UNITS, MappedResults
from maps.cells import unit_cells

if TYPE_CHECKING:
    from pathlib import Path

    from layers.project import Project


def mapped_tables(
    project: Project, folder: Path, *, kept: Path, tables: Path, county: str
) -> MappedResults:
    """Give one county as an overview shows it, as ``read_mapped_results`` does from its results.

    Its page, if it has one, is in ``folder``; ``kept`` is where its layers were kept, ``tables``
    those of the province.
    """
    units, homes = (kept_rows(kept, name) for name in ("units", "residences"))
    judged = ["indicator", *COVERAGE]
    rows = pd.read_parquet(tables / "coverage" / f"{county}.parquet", columns=judged)
    circles = pd.read_parquet(tables / "circles" / f"{county}.parquet", columns=CIRCLES)
    return MappedResults(
        folder=folder,
        record=project_record(project),
        units=unit_cells(units, kept_rows(kept, "townships"))[[*UNITS, "geometry"]],
        people=units[["unit_id", *PEOPLE, "geometry"]],
        residences=homes[["residence_id", "unit_id", *PEOPLE, "geometry"]],
        coverage=rows.loc[rows["indicator"] == rows["category"], COVERAGE],
        circles=circles,
    )
