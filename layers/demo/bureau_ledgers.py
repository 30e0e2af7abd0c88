"""Excel ledgers as a county's bureaus keep them: a title, a heading in two rows, totals, ticks.

One sheet a township, villages by their everyday names and without codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from layers.workbook_bytes import packed

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

NUMBER, TOTAL = "序号", "合计"


@dataclass(frozen=True)
class Ledger:
    """One ledger: its title, its columns in the order of its sheets, and those it adds up.

    ``columns`` maps ours to headings; one in two rows is written "人口（人）/常住人口".
    """

    title: str
    columns: dict[str, str]
    totals: tuple[str, ...] = ()


def write_bureau_ledger(rows: pd.DataFrame, ledger: Ledger, path: Path) -> Path:
    """Write rows, which name their ``township``, as one sheet for each township."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for township, some in rows.groupby("township", sort=False):
        _fill(book.create_sheet(str(township)), some, ledger)
    path.write_bytes(packed(book))
    return path


def _fill(page: Worksheet, rows: pd.DataFrame, ledger: Ledger) -> None:
    headings = [NUMBER, *ledger.columns.values()]
    last = get_column_letter(len(headings))
    page.append([f"{page.title}{ledger.title}"])
    page.append([f"填报单位：{page.title}人民政府"])
    page.append([heading.partition("/")[0] for heading in headings])
    page.append([heading.partition("/")[2] for heading in headings])
    for number, row in enumerate(rows[list(ledger.columns)].itertuples(index=False), start=1):
        page.append([number, *map(_cell, row)])
    if ledger.totals:
        sums = {name: rows[name].sum() for name in ledger.totals}
        page.append([TOTAL, *(sums.get(name) for name in ledger.columns)])
    page.merge_cells(f"A1:{last}1")
    _merge_headings(page, headings)
    page["A1"].font = Font(bold=True, size=14)
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for row in page["A1" : f"{last}4"]:
        for cell in row:
            cell.alignment = middle
    for at, heading in enumerate(headings, start=1):
        page.column_dimensions[get_column_letter(at)].width = 22 if "名称" in heading else 12
    page.freeze_panes = "A5"


def _merge_headings(page: Worksheet, headings: list[str]) -> None:
    """Merge a heading of one row downwards, and the upper row of several sidewards."""
    above = [heading.partition("/")[0] for heading in headings]
    for at, heading in enumerate(headings, start=1):
        letter = get_column_letter(at)
        if "/" not in heading:
            page.merge_cells(f"{letter}3:{letter}4")
        elif at == 1 or above[at - 2] != above[at - 1]:
            over = above[at - 1 :].count(above[at - 1])
            page.merge_cells(f"{letter}3:{get_column_letter(at + over - 1)}3")


def _cell(value: object) -> object:
    """Give a cell as a bureau writes it: a tick, a whole number, nothing for what is missing."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124  # NaN is what differs from itself
        return None
    if isinstance(value, bool | np.bool_):
        return "√" if value else "×"
    return int(value) if isinstance(value, float) and value.is_integer() else value
