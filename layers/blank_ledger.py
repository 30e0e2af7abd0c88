"""Excel ledgers to be filled in: headings, drop-downs, and a sheet that explains every column."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from layers.reading import words_of
from layers.vocabulary import text
from layers.workbook_bytes import packed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    from layers.frame_schema import Column

_ROWS = 2000  # rows that drop-downs reach down to
_HEAD = PatternFill("solid", fgColor="DDE7F0")
_REQUIRED = PatternFill("solid", fgColor="F8E3C8")
_LINE = Side(style="thin", color="BFBFBF")
_NARROWEST, _WORDS, _WIDEST, _HEAD_HEIGHT = 9, 16, 26, 48
_NOTES = (14, 36, 22, 6, 44, 60)  # widths of the sheet that explains
_LINE_HEIGHT = 15.0
_KEPT = ("unit_id", "name", "facility_id", "register_id", "township_id")  # stay while one scrolls


@dataclass(frozen=True)
class LedgerSheet:
    """One sheet: its columns, the rows filled in so far, and lists for drop-downs by column.

    ``serves`` says what each column is for, ``words`` what each word of a column's list is for.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Mapping[str, object]] = ()
    lists: Mapping[str, Sequence[str]] | None = None
    serves: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def write_ledger(sheets: Sequence[LedgerSheet], path: Path, *, title: str) -> Path:
    """Write the sheets as one workbook, with the sheets 填表说明 (what each column is) and 选项."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    options = book.create_sheet(text("scaffold.sheet.options"))
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title, len(book.worksheets) - 1), sheet, options)
    _explain(book.create_sheet(text("scaffold.sheet.notes"), len(sheets)), sheets, title)
    options.sheet_state = "hidden"
    path.write_bytes(packed(book))
    return path


def _fill(page: Worksheet, sheet: LedgerSheet, options: Worksheet) -> None:
    """Write the headings, the rows that are known, and the lists to choose from."""
    page.append([column.heading for column in sheet.columns])
    for row in sheet.rows:
        page.append([row.get(column.name) for column in sheet.columns])
    columns = zip(sheet.columns, page.iter_cols(), strict=True)
    for number, (column, cells) in enumerate(columns, start=1):
        letter = get_column_letter(number)
        _style(cells[0], required=column.required)
        page.column_dimensions[letter].width = _width(column, sheet)
        if column.type == "text":  # so that Excel leaves codes as they are
            page.column_dimensions[letter].number_format = "@"
            for cell in cells[1:]:
                cell.number_format = "@"
        words = (sheet.lists or {}).get(column.name) or _choices(column)
        if words:
            _offer(page, letter, words, options)
    page.row_dimensions[1].height = _HEAD_HEIGHT
    kept = sum(column.name in _KEPT for column in sheet.columns[:3])
    page.freeze_panes = f"{get_column_letter(kept + 1)}2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}1"


def _style(head: Cell | MergedCell, *, required: bool) -> None:
    head.font, head.fill = Font(bold=True), _REQUIRED if required else _HEAD
    head.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    head.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def _width(column: Column, sheet: LedgerSheet) -> float:
    """Give a width in which the heading takes two lines at most, and what is filled in one."""
    filled = max((len(str(row.get(column.name) or "")) for row in sheet.rows), default=0)
    least = _WORDS if column.type == "text" and not sheet.rows else _NARROWEST
    return min(_WIDEST, max(least, 1.2 * len(column.heading) + 2, 1.3 * filled + 2))


def _offer(page: Worksheet, letter: str, words: Sequence[str], options: Worksheet) -> None:
    """Let a column be chosen from a list, which stands in the sheet of options."""
    known = [str(cell.value) for cell in options[1] if cell.value]
    at = known.index(words[0]) + 1 if words[0] in known else len(known) + 1
    for row, word in enumerate(words, start=1):
        options.cell(row, at, word)
    place = get_column_letter(at)
    area = f"'{options.title}'!${place}$1:${place}${len(words)}"
    rule = DataValidation(type="list", formula1=area, allow_blank=True, showErrorMessage=False)
    rule.add(f"{letter}2:{letter}{_ROWS}")
    page.add_data_validation(rule)


def _choices(column: Column) -> tuple[str, ...]:
    """Give the words to choose from, as a planner says them."""
    if column.type == "flag":
        return ("√", "×")
    if not column.choices:
        return ()
    words = words_of(column.name)
    chinese = {value: word for word, value in [*words.items()][::-1] if not word.isascii()}
    return tuple(chinese.get(choice, choice) for choice in column.choices)


def _explain(page: Worksheet, sheets: Sequence[LedgerSheet], title: str) -> None:
    """Write what every column is, what to write in it and whether it is needed."""
    page.append([title])
    page.append([text("scaffold.notes.how")])
    heads = ("sheet", "column", "type", "required", "meaning", "serves")
    page.append([text(f"scaffold.notes.{name}") for name in heads])
    for sheet in sheets:
        for column in sheet.columns:
            kind = "/".join(_choices(column)) or text(f"scaffold.type.{column.type}")
            needed = text("scaffold.notes.yes") if column.required else ""
            serves = sheet.serves.get(column.name, "")
            page.append([sheet.title, column.heading, kind, needed, column.zh, serves])
            for word, told in sheet.words.get(column.name, {}).items():
                told_of = text("scaffold.serves.category", heading=column.heading, word=word)
                page.append([sheet.title, told_of, "", "", "", told])
    page["A1"].font = Font(bold=True, size=14)
    page["A2"].alignment = Alignment(wrap_text=True, vertical="top")
    page.merge_cells(f"A2:{get_column_letter(len(heads))}2")
    page.row_dimensions[2].height = 54
    for cell in page[3]:
        cell.font, cell.fill = Font(bold=True), _HEAD
    for number, width in enumerate(_NOTES, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    for number, row in enumerate(page.iter_rows(min_row=4), start=4):
        lines = [ceil(2 * len(str(cell.value or "")) / _NOTES[at]) for at, cell in enumerate(row)]
        page.row_dimensions[number].height = _LINE_HEIGHT * max(*lines, 1)
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A4"
