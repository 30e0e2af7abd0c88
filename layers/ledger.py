"""An Excel sheet as a bureau keeps it: title rows, a heading in two rows, merged cells.

What is a title, a heading and data is told by how the cells are filled and merged alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter

from layers.headings import LEVELS, plain_text
from layers.reading import table_of

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.cell_range import CellRange
    from openpyxl.worksheet.worksheet import Worksheet

_LOOK_AT = 30  # rows that tell how wide a table is, and hold its heading
_DEEPEST = 3  # rows of a heading
_FIRST_CELLS = 3  # of a row, one of which says that it is a total


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows as text by column, the index the sheet's own row numbers.

    ``errors`` are cells that hold an Excel error, ``halved`` numbers in merged cells, which count
    in the first of their rows only: row, column, value.
    """

    name: str
    table: pd.DataFrame
    errors: tuple[tuple[int, str, str], ...] = ()
    halved: tuple[tuple[int, str, str | None], ...] = ()


def read_sheets(path: Path) -> dict[str, Sheet]:
    """Read every sheet that is shown and has anything in it, in order.

    Raises OSError or ValueError (KeyError, BadZipFile) for what is no workbook.
    """
    book = _opened(path)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return {sheet.title: _read(sheet) for sheet in shown if sheet.max_column > 1}
    finally:
        book.close()


def _opened(path: Path) -> openpyxl.Workbook:
    try:
        return openpyxl.load_workbook(path, data_only=True)
    except (OSError, ValueError, KeyError, BadZipFile):
        raise
    except Exception as error:  # damaged XML ends in whatever openpyxl trips over
        message = f"{type(error).__name__}: {error}"
        raise ValueError(message) from error


def is_notes(sheet: str) -> bool:
    """Say whether a sheet is called like one that explains a ledger."""
    return plain_text(sheet) in table_of("ledger")["sheets"]


def _read(sheet: Worksheet) -> Sheet:
    cells = [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    merges = list(sheet.merged_cells.ranges)
    texts = [each for each in merges if not _is_number(sheet, each)]
    spread = _spread(cells, merges)
    first, last = _heading_rows(spread, merges)
    names = _names(spread[first : last + 1])
    last += _is_numbering(cells[last + 1]) if last + 1 < len(cells) else 0
    body = _spread(cells, texts)[last + 1 :]
    rows = range(last + 2, last + 2 + len(body))
    table = pd.DataFrame(body, index=rows, columns=range(len(names)), dtype=object)
    kept = [at for at, name in enumerate(names) if name or table[at].notna().any()]
    labels = _unlike([names[at] or get_column_letter(at + 1) for at in kept])
    column = dict(zip(kept, labels, strict=True))
    halved = [
        (each.min_row, column.get(each.min_col - 1, ""), cells[each.min_row - 1][each.min_col - 1])
        for each in merges
        if each not in texts and each.min_row > last + 1 and each.max_row > each.min_row
    ]
    return Sheet(
        name=sheet.title,
        table=table[kept].set_axis(labels, axis=1).dropna(how="all"),
        errors=tuple(_errors(sheet, last + 2, column)),
        halved=tuple(halved),
    )


def _text(cell: Cell | MergedCell) -> str | None:
    """Give a cell as text: whole numbers in full, days as 2025-01-31, nothing for an error."""
    value = cell.value
    if value is None or cell.data_type == "e":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value).strip() or None


def _errors(sheet: Worksheet, first: int, column: dict[int, str]) -> list[tuple[int, str, str]]:
    return [
        (row, column.get(at, ""), str(cell.value))
        for row, cells in enumerate(sheet.iter_rows(min_row=first), start=first)
        for at, cell in enumerate(cells)
        if cell.data_type == "e"
    ]


def _is_number(sheet: Worksheet, merge: CellRange) -> bool:
    cell = sheet.cell(merge.min_row, merge.min_col)
    return cell.data_type == "n" and cell.value is not None


def _spread(cells: list[list[str | None]], merges: list[CellRange]) -> list[list[str | None]]:
    """Give the cells with what a merged cell holds in every one of its own."""
    found = [list(row) for row in cells]
    for each in merges:
        value = cells[each.min_row - 1][each.min_col - 1]
        for row in found[each.min_row - 1 : each.max_row]:
            row[each.min_col - 1 : each.max_col] = [value] * (each.max_col - each.min_col + 1)
    return found


def _heading_rows(cells: list[list[str | None]], merges: list[CellRange]) -> tuple[int, int]:
    """Find the first and the last row of the heading, counted from 0.

    It is where half of the columns are named apart for the first time; cells merged across rows,
    or across some columns of a row, join it to the row above or below.
    """
    top = cells[:_LOOK_AT]
    width = max((sum(cell is not None for cell in row) for row in top), default=0)
    named = (at for at, row in enumerate(top) if _distinct(row) >= max(2, width / 2))
    first = last = next(named, 0)
    while first and _joined(first - 1, merges, width):
        first -= 1
    while (
        last + 1 < len(cells)
        and last - first < _DEEPEST - 1
        and (_joined(last, merges, width) or _completes(cells[last], cells[last + 1]))
    ):
        last += 1
    return first, last


def _distinct(row: list[str | None]) -> int:
    """Count what could be names of columns; "填报单位：…" is none."""
    return len({cell for cell in row if cell and "：" not in cell and ":" not in cell})


def _joined(row: int, merges: list[CellRange], width: int) -> bool:
    """Say whether merged cells join a row, counted from 0, to the next."""
    here = [each for each in merges if each.min_row <= row + 1 <= each.max_row]
    across = any(1 < each.max_col - each.min_col + 1 < width - 1 for each in here)
    return across or any(each.max_row > row + 1 for each in here)


def _completes(above: list[str | None], below: list[str | None]) -> bool:
    """Say whether a row names the columns that the row above leaves open, and no others."""
    filled = [at for at, cell in enumerate(below) if cell is not None]
    opened = [at for at, cell in enumerate(above) if cell is None]
    allowed = {at + step for at in opened for step in (0, -1)}
    words = all(not any(letter.isdigit() for letter in below[at] or "") for at in filled)
    return bool(set(filled) & set(opened)) and set(filled) <= allowed and words and len(filled) > 1


def _names(rows: list[list[str | None]]) -> list[str]:
    """Give the name of every column, the rows of the heading one after another."""
    if len(rows) > 1:  # an open cell belongs to the one on its left, where a row below names it
        parents: list[str | None] = []
        for at, cell in enumerate(rows[0]):
            parents.append(cell if cell or not at or not rows[1][at] else parents[-1])
        rows = [parents, *rows[1:]]
    return [
        LEVELS.join(dict.fromkeys("".join(cell.split()) for cell in column if cell))
        for column in zip(*rows, strict=True)
    ]


def _unlike(names: list[str]) -> list[str]:
    """Give names with a number where they are there twice: 名称, 名称.1."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        count = seen[name] = seen.get(name, -1) + 1
        found.append(f"{name}.{count}" if count else name)
    return found


def _is_numbering(row: list[str | None]) -> bool:
    """Say whether a row below the heading only numbers the columns: 甲 乙 1 2 3."""
    said = [plain_text(cell).strip("()") for cell in row if cell is not None]
    numbers = [int(cell) for cell in said if cell.isdecimal()]
    counted = all(second == first + 1 for first, second in pairwise(numbers))
    others = [cell for cell in said if not cell.isdecimal()]
    enough = len(numbers) > 1 and numbers[0] == 1 and len(said) > len(row) / 2
    return enough and counted and set(others) <= set(table_of("ledger")["ordinals"])


def left_out(table: pd.DataFrame) -> pd.Series[Any]:
    """Say which rows are totals or notes below a table, by what their first cells say."""
    begin = table.iloc[:, :_FIRST_CELLS]
    said = begin.apply(lambda cells: cells.map(_bare, na_action="ignore"))
    first = said.iloc[:, -1]
    for at in reversed(range(said.shape[1] - 1)):
        first = said.iloc[:, at].where(said.iloc[:, at].notna(), first)
    first = first.fillna("").astype("str")
    words = table_of("ledger")
    totals = said.isin(words["totals"]).any(axis=1) | first.str.endswith(tuple(words["totals"]))
    few = table.notna().sum(axis=1) <= max(2, table.shape[1] // 2)
    notes = first.str.match(rf"(?:{'|'.join(words['notes'])})[:\d]") & few
    out: pd.Series[Any] = totals | notes
    return out


@cache
def _bare(cell: str) -> str:
    return plain_text(cell).replace(" ", "")
