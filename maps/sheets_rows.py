"""The rows of a sheet as its file holds them, written at once.

A library that makes something of every cell before it writes it takes four times as long. What it
makes of a workbook otherwise, of styles too, stays its own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from openpyxl.cell import Cell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from layers.harmless import FORMULA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

    Styles = dict[str, StyleArray]

Value = str | int | float | None

FONT = "等线"
_BOLD = Font(name=FONT, size=10, bold=True)
_GROUNDS = (PatternFill("solid", fgColor="C9DAEA"), PatternFill("solid", fgColor="EEF3F8"))
_LONGEST = 32_767  # characters of a cell: Excel holds no more
_TEXTS_KEPT = 1 << 14
# Neither XML nor Excel can hold these.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Look(NamedTuple):
    """How a cell looks: its named style, and what it has of its own.

    That is a number format, the ground of its level in an outline, the mark of what is a text
    though it begins like a formula.
    """

    style: str
    format: str | None = None
    level: int | None = None
    quoted: bool = False


class RowLook(NamedTuple):
    """What is told of a row beside its cells: its height in points, how it lies in an outline."""

    height: float | None = None
    level: int = 0
    hidden: bool = False
    collapsed: bool = False


class Rows:
    """Rows of one page, one below the other."""

    def __init__(self, page: Worksheet, styles: Styles) -> None:
        """Begin with none; ``styles`` are those of the page's workbook."""
        self.count = 0
        self._page = page
        self._styles = styles
        self._numbers: dict[Look, int] = {}
        self._letters: list[str] = []
        self._written: list[str] = []

    def add(self, cells: Iterable[tuple[Value, Look]], told: RowLook | None = None) -> None:
        """Add a row of values from the first column on."""
        self.count += 1
        written = [self._cell(*cell, at) for at, cell in enumerate(cells)]
        self._written += (f'<row r="{self.count}"{_attributes(told)}>', *written, "</row>")

    @property
    def area(self) -> str:
        """The cells from the first to the last."""
        return f"A1:{self._letters[-1]}{self.count}"

    def xml(self) -> bytes:
        """Give them as they stand in the file of the page."""
        return "".join(self._written).encode("ascii", "xmlcharrefreplace")

    def _cell(self, value: Value, look: Look, at: int) -> str:
        kind, held = "n", ""
        if isinstance(value, str):
            kind = "inlineStr"
            held, quoted = _held(value)
            if quoted:
                look = look._replace(quoted=True)
        elif value is not None:
            held = f"<v>{value:.16g}</v>"
        if at == len(self._letters):
            self._letters.append(get_column_letter(at + 1))
        number = self._numbers.get(look)
        if number is None:
            number = self._numbers[look] = self._number(look)
        return f'<c r="{self._letters[at]}{self.count}" s="{number}" t="{kind}">{held}</c>'

    def _number(self, look: Look) -> int:
        """Give the number of a look among those of the workbook."""
        cell = Cell(self._page, 1, 1, None, self._styles[look.style])
        if look.quoted:
            cell.quotePrefix = True
        if look.format is not None:
            cell.number_format = look.format
        if look.level is not None:
            cell.fill = _GROUNDS[look.level]
            if look.level == 0:
                cell.font = _BOLD
        return int(cell.style_id)


def _attributes(told: RowLook | None) -> str:
    if told is None:
        return ""
    found = ' hidden="1"' if told.hidden else ""
    found += f' outlineLevel="{told.level}"' if told.level else ""
    found += ' collapsed="1"' if told.collapsed else ""
    return found + (f' ht="{told.height:.16g}" customHeight="1"' if told.height else "")


@lru_cache(maxsize=_TEXTS_KEPT)
def _held(told: str) -> tuple[str, bool]:
    """Give a text as a cell holds it, and say whether it must be marked as one."""
    told = _CONTROLS.sub("", told)[:_LONGEST]
    if not told:
        return "", False
    space = "" if told == told.strip() else ' xml:space="preserve"'
    inside = escape(told, {"\r": "&#13;"})
    return f"<is><t{space}>{inside}</t></is>", told.startswith(FORMULA)
