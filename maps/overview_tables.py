"""The counties of a province as its overview shows them: kept by whoever tells them."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.kept_area import kept_rows, write_table
from layers.record import project_record
from layers.results_map import CIRCLES, COVERAGE, PEOPLE, UNITS, MappedResults
from layers.store import storable
from maps.cells import unit_cells
from maps.overview_county import County, Reached

if TYPE_CHECKING:
    from pathlib import Path

    from geo.study import Study

_REACHED = tuple(each.name for each in fields(Reached))


def mapped_study(study: Study, folder: Path) -> MappedResults:
    """Give a study as an overview shows it, as ``read_mapped_results`` does from its results.

    Its page, if it has one, is in ``folder``.
    """
    units, homes = study.area.units, study.area.residences
    single = study.coverage["indicator"] == study.coverage["category"]
    return MappedResults(
        folder=folder,
        record=project_record(study.project),
        units=unit_cells(units, study.area.townships)[[*UNITS, "geometry"]],
        people=units[["unit_id", *PEOPLE, "geometry"]],
        residences=homes[["residence_id", "unit_id", *PEOPLE, "geometry"]],
        coverage=study.coverage.loc[single, COVERAGE],
        circles=study.circles[CIRCLES],
    )


def keep_county(county: County, folder: Path) -> None:
    """Keep in a folder what an overview shows of a county."""
    told = {"record": county.record, "cohorts": county.cohorts, "basis": county.basis}
    names = np.repeat(np.array([*county.found], dtype=object), len(county.units))
    columns = {
        part: np.concatenate([getattr(reached, part) for reached in county.found.values()])
        for part in _REACHED
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "told.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    write_table(pd.DataFrame({"category": names, **columns}), folder / "reached.parquet")
    write_table(storable(county.units), folder / "units.parquet")


def kept_county(kept: Path, folder: Path) -> County:
    """Give a county that was kept, whose page, if it has one, is in ``folder``."""
    told = json.loads((kept / "told.json").read_text(encoding="utf-8"))
    units, reached = kept_rows(kept, "units"), pd.read_parquet(kept / "reached.parquet")
    columns = {
        part: np.split(reached[part].to_numpy(), len(reached) // len(units)) for part in _REACHED
    }
    found = {
        name: Reached(**{part: cells[number] for part, cells in columns.items()})
        for number, name in enumerate(reached["category"].iloc[:: len(units)])
    }
    return County(
        folder=folder,
        record=told["record"],
        units=units,
        found=found,
        cohorts=told["cohorts"],
        basis=told["basis"],
    )
