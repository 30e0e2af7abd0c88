"""What a sheet of the workbook is, and how one is laid out: fonts, colours, widths, print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from math import ceil
from typing import TYPE_CHECKING, Literal, get_args

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import Outline, PageSetupProperties

from maps.sheets_rows import FONT, Look, RowLook, Rows, Value

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from maps.sheets_rows import Styles

Row = Sequence["Value | Shown"]
Kind = Literal[
    "text", "long", "id", "whole", "number", "index", "share", "mark", "good", "bad", "unknown"
]

_A4_WIDTH = 180  # characters; what is wider would be too small to read on A4
_LINE_HEIGHT = 14.0
_TITLE_HEIGHT = 22.0
_FORMATS = {"id": "@", "text": "@", "long": "@", "whole": "#,##0", "number": "#,##0.0#"}
_FORMATS |= {"share": "0.0%", "index": "0.000"}
_COLOURS = {"good": "1B7837", "bad": "B2182B", "unknown": "7F7F7F"}
_CENTRED = ("mark", *_COLOURS)
_WORDS = ("text", "long")
_LINE = Side(style="thin", color="BFBFBF")
_BANNER, _TITLE, _LEAD, _HEAD = (Look(name) for name in ("banner", "title", "lead", "head"))
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


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
    values = column.astype(object).to_numpy(copy=True)
    values[column.isna().to_numpy()] = None
    found: list[Value] = values.tolist()
    return found


def add_styles(book: Workbook) -> Styles:
    """Register the named styles that every sheet uses, and give them by name."""
    made = (_banner_style(), _title_style(), _lead_style(), _head_style())
    styles = (*made, *map(_cell_style, get_args(Kind)))
    for style in styles:
        book.add_named_style(style)
    return {style.name: style.as_tuple() for style in styles}


def lay_out(book: Workbook, sheet: Sheet, styles: Styles, *, banner: str | None = None) -> Rows:
    """Add one sheet to the workbook, with ``banner`` in plain sight in its first row.

    Its rows are given back: the page itself has none.
    """
    page = book.create_sheet(sheet.title)
    rows = Rows(page, styles)
    _add_top(rows, sheet, banner)
    tallest = max(_lines(column.heading, column.width) for column in sheet.columns)
    heads = ((column.heading, _HEAD) for column in sheet.columns)
    rows.add(heads, RowLook(_LINE_HEIGHT * tallest))
    head = rows.count
    _add_table(rows, sheet)
    if sheet.levels:
        page.sheet_properties.outlinePr = Outline(summaryBelow=False)
    for number, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    last = get_column_letter(len(sheet.columns))
    page.auto_filter.ref = f"A{head}:{last}{rows.count}"
    page.freeze_panes = f"{get_column_letter(sheet.kept + 1)}{head + 1}"
    _set_print(page, sheet, head, rows.area)
    return rows


def _add_top(rows: Rows, sheet: Sheet, banner: str | None) -> None:
    if banner is not None:
        across = [banner, *[None] * (len(sheet.columns) - 1)]
        rows.add(((value, _BANNER) for value in across), RowLook(_TITLE_HEIGHT))
    for number, line in enumerate(sheet.lines):
        rows.add([(line, _LEAD if number else _TITLE)], None if number else RowLook(_TITLE_HEIGHT))


def _add_table(rows: Rows, sheet: Sheet) -> None:
    """Add the rows of the table, the deepest folded under those above them."""
    looks = [Look(column.kind) for column in sheet.columns]
    deepest = max(sheet.levels, default=0)
    levels = sheet.levels or repeat(None)
    for row, level in zip(sheet.rows, levels, strict=bool(sheet.levels)):
        lines = _tallest(row, sheet.columns)
        height = _LINE_HEIGHT * lines if lines > 1 else None
        cells = (_shown(*cell) for cell in zip(row, looks, strict=True))
        if level is None:
            rows.add(cells, RowLook(height))
        elif level == deepest:
            rows.add(cells, RowLook(height, level, hidden=True))
        else:
            grounded = ((value, look._replace(level=level)) for value, look in cells)
            rows.add(grounded, RowLook(height, level, collapsed=level == deepest - 1))


def _shown(value: Value | Shown, look: Look) -> tuple[Value, Look]:
    return (
        (value.value, Look(value.kind, value.format)) if isinstance(value, Shown) else (value, look)
    )


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


def _set_print(page: Worksheet, sheet: Sheet, head: int, area: str) -> None:
    width = sum(column.width for column in sheet.columns)
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A3 if width > _A4_WIDTH else page.PAPERSIZE_A4
    page.print_area = area
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
