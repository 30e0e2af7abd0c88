"""Pictures of the ledgers for docs/first-county.md: ``python docs/images/sheets.py``.

It needs LibreOffice, pdftoppm and Pillow. The county is made by ``livingcircle new``; what is
filled in is invented.
"""  # noqa: INP001 - a script beside the pictures it takes, not a package

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import openpyxl
from PIL import Image, ImageChops

import layers

HERE = Path(__file__).parent / "first-county"
FILLED = {
    "设施编号": ("F001", "F002", "F003"),
    "设施名称": ("城东社区服务中心", "龙湖村党群服务中心", "盖洋村卫生所"),
    "设施类别代码": ("社区综合服务设施", "社区综合服务设施", "卫生所（站）"),
    "所在乡镇": ("雪峰镇", "瀚仙镇", "盖洋镇"),
    "所在社区或村": ("城东社区", "龙湖村", "盖洋村"),
    "状态": ("已建", "已建", "在建"),
    "建成年份": (2019, 2021, 2026),
    "建筑面积（平方米）": (560, 310, 80),
    "居民活动区域面积（平方米）": (380, 150, None),
    "每日开放小时数": (8, 6, None),
    "是否24小时线上服务": ("√", "×", None),
}


def fill(path: Path) -> None:
    """Fill in three rows of the ledger of facilities (invented)."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    for row in range(3):
        page.append([FILLED.get(str(cell.value), [None] * 3)[row] for cell in page[1]])
    book.save(path)


def picture(book: Path, sheet: str, name: str, *, columns: int, rows: int) -> None:
    """Draw the first rows and columns of one sheet, as LibreOffice shows them."""
    pages = openpyxl.load_workbook(book)
    for page in list(pages.worksheets):
        if page.title != sheet:
            page.sheet_state = "hidden"
    page = pages[sheet]
    pages.active = pages.worksheets.index(page)
    page.print_area = f"A1:{page.cell(rows, columns).coordinate}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(
        fitToPage=True
    )
    page.print_options.gridLines = page.print_options.headings = True
    with tempfile.TemporaryDirectory() as folder:
        pages.save(Path(folder) / "one.xlsx")
        office = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder]
        subprocess.run([*office, f"{folder}/one.xlsx"], check=True)  # noqa: S603 - of our own choice
        size = ["-r", "110", "-f", "1", "-l", "1", "-singlefile"]
        target = str(HERE / name)
        subprocess.run(["pdftoppm", "-png", *size, f"{folder}/one.pdf", target], check=True)  # noqa: S603, S607
    trim(HERE / f"{name}.png")


def trim(path: Path) -> None:
    """Cut the white margin off, and keep as many colours as there are."""
    page = Image.open(path).convert("RGB")
    left, top, right, bottom = ImageChops.difference(
        page, Image.new("RGB", page.size, "white")
    ).getbbox() or (0, 0, *page.size)
    part = page.crop((max(left - 8, 0), max(top - 8, 0), right + 8, bottom + 8))
    part.quantize(32).save(path, optimize=True)


def main() -> None:
    """Make a county, fill in its first ledger, and draw the sheets."""
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        county = layers.write_scaffold("350421", Path(folder) / "明溪").parent
        picture(county / "单元台账.xlsx", "单元台账", "units", columns=9, rows=16)
        picture(county / "设施台账.xlsx", "填表说明", "notes", columns=6, rows=22)
        fill(county / "设施台账.xlsx")
        picture(county / "设施台账.xlsx", "设施台账", "filled", columns=13, rows=7)


if __name__ == "__main__":
    main()
