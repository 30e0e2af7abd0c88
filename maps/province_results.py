"""What a province ends with: its sums with their workbook, and the overview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from geo.adding import added_up
from layers.kept_area import write_table
from maps.overview import OVERVIEW, write_counties
from maps.overview_tables import kept_county
from maps.sheets_province import province_sheets
from maps.workbook import write_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from layers.vocabulary import Language

TABLES = "tables"
BOOK = "province.xlsx"


@dataclass(frozen=True)
class Summing:
    """Add up the counties of a province, ``names`` by code, from their tables in ``out``."""

    province: str
    names: Mapping[str, str]
    out: Path
    simulated: bool
    lang: Language
    mark: Path
    key: str

    @property
    def table(self) -> Path:
        """The sums."""
        return self.out / TABLES / "province.parquet"

    @property
    def book(self) -> Path:
        """The workbook with the sums and a list of all counties."""
        return self.out / BOOK

    @property
    def made(self) -> tuple[Path, ...]:
        """The files that are there once it is done."""
        return self.table, self.book


@dataclass(frozen=True)
class Showing:
    """Draw the overview of counties, each kept in a folder, with its folder of results."""

    province: str
    kept: Mapping[Path, Path]
    out: Path
    lang: Language
    mark: Path
    key: str

    @property
    def made(self) -> tuple[Path, ...]:
        """The file that is there once it is done."""
        return (self.out / OVERVIEW,)


def sum_up(job: Summing) -> None:
    """Add up the scorecards of all counties; write the sums and the workbook."""

    def cards() -> Iterator[tuple[str, pd.DataFrame]]:
        for county, name in job.names.items():
            yield name, pd.read_parquet(job.out / TABLES / "scorecard" / f"{county}.parquet")

    summed = added_up(card for _, card in cards())
    write_table(summed, job.table)
    sheets = province_sheets(summed, cards(), job.lang)
    write_sheets(sheets, job.book, study=job.province, simulated=job.simulated, lang=job.lang)


def show(job: Showing) -> None:
    """Draw the overview."""
    counties = [kept_county(path, folder) for path, folder in job.kept.items()]
    write_counties(counties, job.out, name=job.province, lang=job.lang)
