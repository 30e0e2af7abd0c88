"""A workbook as one layer: one sheet, or all that have the same columns, such as one a township."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.check import nearest
from layers.headings import simplified
from layers.ledger import is_notes, left_out, read_sheets
from layers.reading import table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from layers.check import Findings
    from layers.ledger import Sheet
    from layers.project import LayerSource


def read_workbook(source: LayerSource, path: Path, findings: Findings) -> pd.DataFrame:
    """Read the sheet that ``layer`` names, else every one with the columns of the first.

    Problems are told by the rows of the sheet. Of several sheets each row has the name of its own
    as one more column, 工作表. Raises LayerError where there is no such sheet.
    """
    sheets = read_sheets(path)
    if source.layer and source.layer not in sheets:
        refuse_layer(source.layer, list(sheets), findings)
    used = [sheets[source.layer]] if source.layer else _alike(list(sheets.values()), findings)
    if not used:
        return pd.DataFrame()
    several = len(used) > 1
    rows = [(sheet.name if several else "", row) for sheet in used for row in sheet.table.index]
    column = str(table_of("ledger")["sheet_column"])
    asked = several or column in source.columns.values()
    tables = [
        sheet.table.assign(**{column: sheet.name})
        if asked and column not in sheet.table
        else sheet.table
        for sheet in used
    ]
    table = pd.concat(tables, ignore_index=True)
    findings.come_from(rows)
    _tell_cells(used, rows, findings)
    return without_totals(table, findings)


def without_totals(table: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Leave out rows that add up others, and notes below a table; both are told."""
    if table.empty:
        return table
    out = left_out(table)
    if not out.any():
        return table
    said = table[out].bfill(axis=1).iloc[:, 0].astype("str").str.strip().unique()
    findings.tell(
        "rows_left_out",
        row=int(table.index[out][0]) + 1,
        value="、".join(said[:3]),
        fatal=False,
        count=str(int(out.sum())),
    )
    return table[~out]


def refuse_layer(layer: str, known: Sequence[str], findings: Findings) -> None:
    """Tell that a file has no such layer or sheet, with the one most like it; raises LayerError."""
    findings.refuse(
        "unknown_layer", value=layer, nearest=nearest(layer, known), known="、".join(known)
    )


def _alike(sheets: list[Sheet], findings: Findings) -> list[Sheet]:
    """Give the sheets with the columns of the first; others that hold data are told."""
    data = [sheet for sheet in sheets if not is_notes(sheet.name)] or sheets
    used = [sheet for sheet in data if _columns(sheet) == _columns(data[0])]
    others = [sheet.name for sheet in data if sheet not in used and len(sheet.table)]
    if others:
        used_names = "、".join(sheet.name for sheet in used)
        findings.tell("sheets_left", value="、".join(others), fatal=False, used=used_names)
    return used


def _columns(sheet: Sheet) -> set[str]:
    return {simplified(str(column)) for column in sheet.table}


def _tell_cells(used: list[Sheet], rows: list[tuple[str, int]], findings: Findings) -> None:
    """Tell cells with an Excel error, and numbers in cells merged over several rows."""
    at = {place: number for number, place in enumerate(rows, start=1)}
    several = len(used) > 1
    for sheet in used:
        for code, cells, fatal in (
            ("cell_error", sheet.errors, True),
            ("merged_number", sheet.halved, False),
        ):
            for row, column, value in cells:
                number = at.get((sheet.name if several else "", row))
                if number:
                    findings.tell(code, row=number, column=column, value=value, fatal=fatal)
