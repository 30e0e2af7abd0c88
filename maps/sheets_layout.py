"""What a sheet of the workbook is, and how one is laid out: fonts, colours, widths, print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import Outline, PageSetupProperties

from layers.harmless import FORMULA

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | None
Row = Sequence["Value | Shown"]
Kind = Literal[
    "text", "long", "id", "whole", "number", "index", "share", "mark", "good", "bad", "unknown"
]

Styles = dict[str, "StyleArray"]

FONT = "等线"
_A4_WIDTH = 180  # characters; what is wider would be too small to read on A4
_LINE_HEIGHT = 14.0
_TITLE_HEIGHT = 22.0
_FORMATS = {"id": "@", "text": "@", "long": "@", "whole": "#,##0", "number": "#,##0.0#"}
_FORMATS |= {"share": "0.0%", "index": "0.000"}
_COLOURS = {"good": "1B7837", "bad": "B2182B", "unknown": "7F7F7F"}
_CENTRED = ("mark", *_COLOURS)
_WORDS = ("text", "long")
_LINE = Side(style="thin", color="BFBFBF")
_BOLD = Font(name=FONT, size=10, bold=True)
_GROUNDS = (PatternFill("solid", fgColor="C9DAEA"), PatternFill("solid", fgColor="EEF3F8"))
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)

# Neither XML nor Excel can hold these.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in characters and the kind of its cells."""

    heading: str
    width: float
    kind: Kind = "text"


@dataclass(frozen=True)
class Shown:
    """A cell that differs from its column: another kind, or a number format of its own."""

    value: Value
    kind: Kind
    format: str | None = None


@dataclass(frozen=True)
class Sheet:
    """One sheet: a title, lines above the table, and the table; ``kept`` columns stay in view.

    ``levels`` say how deep each row lies in an outline; the deepest are folded away at first.
    """

    title: str
    lines: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    kept: int = 0
    levels: Sequence[int] = ()


def cells(column: pd.Series) -> list[Value]:
    """Give a column as cells: what is missing stays empty."""
    return [None if pd.isna(value) else value for value in column.tolist()]


def add_styles(book: Workbook) -> Styles:
    """Register the named styles that every sheet uses, and give them by name."""
    made = (_banner_style(), _title_style(), _lead_style(), _head_style())
    styles = (*made, *map(_cell_style, get_args(Kind)))
    for style in styles:
        book.add_named_style(style)
    return {style.name: style.as_tuple() for style in styles}


def lay_out(book: Workbook, sheet: Sheet, styles: Styles, *, banner: str | None = None) -> None:
    """Add one sheet to the workbook, with ``banner`` in plain sight in its first row."""
    page = book.create_sheet(sheet.title)
    _append_top(page, sheet, styles, banner)
    page.append([_cell(page, column.heading, styles["head"]) for column in sheet.columns])
    head = page.max_row
    page.row_dimensions[head].height = _LINE_HEIGHT * max(
        _lines(column.heading, column.width) for column in sheet.columns
    )
    for at, row in enumerate(sheet.rows, head + 1):
        _append_row(page, row, sheet.columns, styles)
        lines = _tallest(row, sheet.columns)
        if lines > 1:
            page.row_dimensions[at].height = _LINE_HEIGHT * lines
    _fold(page, sheet, head)
    for number, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    last = get_column_letter(len(sheet.columns))
    page.auto_filter.ref = f"A{head}:{last}{head + len(sheet.rows)}"
    page.freeze_panes = f"{get_column_letter(sheet.kept + 1)}{head + 1}"
    _set_print(page, sheet, head)


def _append_top(page: Worksheet, sheet: Sheet, styles: Styles, banner: str | None) -> None:
    if banner is not None:
        across = [banner, *[None] * (len(sheet.columns) - 1)]
        page.append([_cell(page, value, styles["banner"]) for value in across])
        page.row_dimensions[1].height = _TITLE_HEIGHT
    for number, line in enumerate(sheet.lines):
        page.append([_cell(page, line, styles["lead" if number else "title"])])
        if number == 0:
            page.row_dimensions[page.max_row].height = _TITLE_HEIGHT


def _append_row(page: Worksheet, row: Row, columns: Sequence[Column], styles: Styles) -> None:
    page.append(
        [
            _shown_cell(page, value, styles)
            if isinstance(value, Shown)
            else _cell(page, value, styles[column.kind])
            for value, column in zip(row, columns, strict=True)
        ]
    )


def _fold(page: Worksheet, sheet: Sheet, head: int) -> None:
    """Fold the deepest rows under those above them, which are told apart by their ground."""
    levels, width = sheet.levels, len(sheet.columns)
    if not levels:
        return
    page.sheet_properties.outlinePr = Outline(summaryBelow=False)
    deepest = max(levels)
    for at, level in enumerate(levels, head + 1):
        row = page.row_dimensions[at]
        row.outlineLevel, row.hidden = level, level == deepest
        if level == deepest:
            continue
        row.collapsed = level == deepest - 1
        (cells,) = page.iter_rows(at, at, max_col=width)
        for cell in cells:
            cell.fill = _GROUNDS[level]
            if level == 0:
                cell.font = _BOLD


def _tallest(row: Row, columns: Sequence[Column]) -> int:
    """Give the lines a row needs, since not every program that opens the file fits them itself."""
    return max(
        (
            _lines(value, column.width)
            for value, column in zip(row, columns, strict=True)
            if column.kind == "long" and isinstance(value, str)
        ),
        default=1,
    )


def _lines(told: str, width: float) -> int:
    """Give the lines a text needs in a column so many narrow characters wide."""
    room = width - 2  # the margins of a cell
    return sum(max(1, ceil(_broad(part) / room)) for part in told.split("\n"))


def _broad(told: str) -> int:
    # Chinese characters take two bytes of this encoding and two narrow ones of the screen.
    return len(told.encode("gb18030", errors="replace"))


def _cell(page: Worksheet, value: Value, style: StyleArray) -> Cell:
    # Row and column are provisional: append gives each cell its place.
    if not isinstance(value, str):
        return Cell(page, 1, 1, value, style)
    told = _CONTROLS.sub("", value)
    cell = Cell(page, 1, 1, told, style)
    cell.data_type = "s"
    if told.startswith(FORMULA):
        cell.quotePrefix = True
    return cell


def _shown_cell(page: Worksheet, shown: Shown, styles: Styles) -> Cell:
    cell = _cell(page, shown.value, styles[shown.kind])
    if shown.format is not None:
        cell.number_format = shown.format
    return cell


def _set_print(page: Worksheet, sheet: Sheet, head: int) -> None:
    width = sum(column.width for column in sheet.columns)
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A3 if width > _A4_WIDTH else page.PAPERSIZE_A4
    page.print_area = f"A1:{get_column_letter(len(sheet.columns))}{page.max_row}"
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"1:{head}"
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top = page.page_margins.bottom = 0.5
    if page.oddFooter is not None:  # the types allow a sheet without footers; openpyxl does not
        page.oddFooter.center.text = "&A  &P / &N"


def _cell_style(kind: Kind) -> NamedStyle:
    across = "center" if kind in _CENTRED else "left" if kind in _WORDS else None
    return NamedStyle(
        kind,
        font=Font(name=FONT, size=10, color=_COLOURS.get(kind), bold=kind == "bad"),
        alignment=Alignment(
            horizontal=across,
            vertical="center",
            wrap_text=kind == "long",
            indent=1 if kind in _WORDS else 0,
        ),
        border=_BOX,
        number_format=_FORMATS.get(kind, "General"),
    )


def _head_style() -> NamedStyle:
    return NamedStyle(
        "head",
        font=Font(name=FONT, size=10, bold=True, color="FFFFFF"),
        fill=PatternFill("solid", fgColor="1F4E79"),
        alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
        border=_BOX,
    )


def _title_style() -> NamedStyle:
    return NamedStyle("title", font=Font(name=FONT, size=14, bold=True))


def _lead_style() -> NamedStyle:
    return NamedStyle("lead", font=Font(name=FONT, size=9, color="595959"))


def _banner_style() -> NamedStyle:
    return NamedStyle(
        "banner",
        font=Font(name=FONT, size=12, bold=True, color="9C0006"),
        fill=PatternFill("solid", fgColor="FFEB9C"),
    )
