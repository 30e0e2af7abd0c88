"""Ways in which an Excel ledger can be wrong, or only look so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

from tests.broken.breaks import both, cell, renamed, source
from tests.broken.case import Case
from tests.broken.good_study import UNITS

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from tests.broken.breaks import Break, Damage

HEADS = ("编号", "名称", "类别", "所在单元", "建筑面积（平方米）", "床位")
ROWS = (
    ("f1", "卫生所甲", "village-clinic", UNITS[0], 60, 2),
    ("f2", "卫生所乙", "village-clinic", UNITS[1], 80, None),
    ("f3", "药店", "pharmacy", UNITS[2], 45.5, None),
)
COLUMNS = {
    "facility_id": "编号",
    "name": "名称",
    "category": "类别",
    "unit_id": "所在单元",
    "area_m2": "建筑面积",
    "capacity": "床位",
}


def ledger(**changes: str) -> Break:
    """Let the facilities come from an Excel ledger."""
    path = Path("台账.xlsx")
    return source("facilities", path=path, datum=None, columns=COLUMNS | changes)


def write(*more: Any, heads: tuple[str, ...] = HEADS, sheet: str = "雪峰镇") -> Damage:
    """Write the ledger with more rows, or done to its sheet what is asked for."""

    def damage(folder: Path) -> None:
        book = openpyxl.Workbook()
        page: Worksheet = book.active  # type: ignore[assignment]  # a new book has a sheet
        page.title = sheet
        for row in (heads, *ROWS):
            page.append(row)
        for each in more:
            if callable(each):
                each(page)
            else:
                page.append(each)
        book.save(folder / "台账.xlsx")

    return damage


def put(cell: str, value: object) -> Any:
    return lambda page: page.__setitem__(cell, value)


def merge(cells: str) -> Any:
    return lambda page: page.merge_cells(cells)


def beside(title: str, *rows: tuple[Any, ...]) -> Any:
    """Add another sheet."""

    def add(page: Worksheet) -> None:
        other = page.parent.create_sheet(title)
        for row in rows:
            other.append(row)

    return add


def hide(page: Worksheet) -> None:
    page.parent.create_sheet("空表")
    page.sheet_state = "hidden"


LEDGER_CASES = (
    Case(
        "台账末尾有合计行",
        "facilities",
        "rows_left_out",
        ledger(),
        write(("合  计", None, None, None, 185.5, 2)),
        fatal=False,
    ),
    Case(
        "台账中间有小计行",
        "facilities",
        "rows_left_out",
        ledger(),
        write((None, "雪峰镇小计", None, None, 140, 2), ("f4", "药店二", "药店", UNITS[3], 9, 0)),
        fatal=False,
    ),
    Case(
        "台账末尾有填表人、审核人",
        "facilities",
        "rows_left_out",
        ledger(),
        write(("填表人：张三", None, None, "审核人：李四")),
        fatal=False,
    ),
    Case(
        "另一张工作表的列不同",
        "facilities",
        "sheets_left",
        ledger(),
        write(beside("盖洋镇", ("编号", "名称", "地址"), ("g1", "药店", "街上"))),
        fatal=False,
    ),
    Case(
        "工作表名写错（雪峰）",
        "facilities",
        "unknown_layer",
        both(ledger(), source("facilities", layer="雪峰")),
        write(),
    ),
    Case("数据所在的工作表被隐藏", "facilities", "no_rows", ledger(), write(hide)),
    Case(
        "两张工作表有相同的编号",
        "facilities/盖洋镇",
        "duplicate_id",
        ledger(),
        write(beside("盖洋镇", HEADS, ROWS[0])),
    ),
    Case(
        "每张工作表的序号都从1数起，当作编号",
        "facilities",
        "row_numbers",
        ledger(),
        write(
            *(put(f"A{row}", str(row - 1)) for row in (2, 3, 4)),
            beside("盖洋镇", HEADS, ("1", "药店", "pharmacy", UNITS[3], 50, None)),
        ),
        fatal=False,
    ),
    Case("公式算不出来（#N/A）", "facilities", "cell_error", ledger(), write(put("E3", "#N/A"))),
    Case("公式引用丢失（#REF!）", "facilities", "cell_error", ledger(), write(put("F2", "#REF!"))),
    Case(
        "几行合并的单元格里是一个数字",
        "facilities",
        "merged_number",
        ledger(),
        write(merge("E2:E3")),
        fatal=False,
    ),
    Case(
        "几行合并的单元格里是一个编号",
        "facilities",
        "duplicate_id",
        ledger(),
        write(merge("A2:A3")),
    ),
    Case(
        "表头的面积以亩为单位",
        "facilities",
        "unit_changed",
        ledger(),
        write(put("E1", "建筑面积（亩）")),
        fatal=False,
    ),
    Case(
        "表头的单位不是面积",
        "facilities",
        "unit_differs",
        ledger(),
        write(put("E1", "建筑面积（户）")),
    ),
    Case(
        "人口以万人为单位",
        "units",
        "unit_changed",
        both(
            renamed("units", "people", "常住人口（万人）"),
            source("units", columns={"people": "常住人口"}),
        ),
        fatal=False,
    ),
    Case(
        "两列同名，只差计量单位",
        "facilities",
        "missing_column",
        ledger(),
        write(put("F1", "建筑面积（亩）")),
    ),
    Case(
        "数字里写了单位",
        "facilities",
        "not_a_number",
        ledger(),
        write(put("E2", "60平方米")),
    ),
    Case(
        "类别写成简称",
        "facilities",
        "unknown_category",
        ledger(),
        write(put("C2", "诊所")),
    ),
    Case(
        "编号在 Excel 里成了科学计数法的文字",
        "facilities",
        "scientific_id",
        ledger(),
        write(put("D2", "3.50421E+11")),
    ),
    Case(
        "编号在 Excel 里末几位成了零",
        "facilities",
        "unknown_unit",
        ledger(),
        write(put("D2", 350421000000)),
    ),
    Case(
        "是否一列写了别的符号",
        "streets",
        "unknown_choice",
        cell("streets", 1, "bridge", "○"),
    ),
)
