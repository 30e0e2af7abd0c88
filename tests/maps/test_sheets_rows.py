"""Rows written at once against the same cells written by openpyxl one by one."""

from io import BytesIO
from zipfile import ZipFile

import openpyxl
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell import Cell

from layers.workbook_bytes import packed
from maps.sheets_layout import Column, Sheet, Shown, add_styles, lay_out
from maps.sheets_rows import Look, RowLook, Rows, Value

numbers = st.one_of(
    st.integers(-(10**14), 10**14), st.floats(allow_nan=False, allow_infinity=False)
)
texts = st.text(max_size=12) | st.sampled_from(
    ["=1+1", " x ", "a\r\nb", "<&>'\"", "@x", "\x07", ""]
)
values = st.none() | numbers | texts
looks = st.builds(
    Look,
    st.sampled_from(["text", "number", "long"]),
    st.sampled_from([None, "0.00", '0"/3"']),
    level=st.none(),
    quoted=st.just(value=False),
)
rows_told = st.none() | st.builds(
    RowLook, st.sampled_from([None, 14.0, 28.5]), st.integers(0, 2), st.booleans(), st.booleans()
)
tables = st.lists(
    st.tuples(st.lists(st.tuples(values, looks), min_size=1, max_size=4), rows_told),
    min_size=1,
    max_size=6,
)


def by_openpyxl(table: list[tuple[list[tuple[Value, Look]], RowLook | None]]) -> bytes:
    """Write cells as openpyxl does: a thing of its own for each."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    styles = add_styles(book)
    page = book.create_sheet("Sheet")
    for at, (cells, told) in enumerate(table, 1):
        made = []
        for value, look in cells:
            kept = value
            if isinstance(value, str):
                kept = "".join(
                    each for each in value if ord(each) >= 32 or each in "\t\n\r"
                ).translate(dict.fromkeys([*range(0xD800, 0xE000), 0xFFFE, 0xFFFF]))
            cell = Cell(page, 1, 1, kept, styles[look.style])
            if isinstance(kept, str):
                cell.data_type = "s"
                cell.quotePrefix = kept.startswith(tuple("=+-@\t\r\n＝＋－＠"))
            if look.format is not None:
                cell.number_format = look.format
            made.append(cell)
        page.append(made)
        if told is not None:
            row = page.row_dimensions[at]
            row.height, row.outlineLevel = told.height, told.level
            row.hidden, row.collapsed = told.hidden, told.collapsed
    return packed(book)


def at_once(table: list[tuple[list[tuple[Value, Look]], RowLook | None]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    styles = add_styles(book)
    rows = Rows(book.create_sheet("Sheet"), styles)
    for cells, told in table:
        rows.add(cells, told)
    return packed(book, [(rows.area, rows.xml())])


@given(tables)
def test_rows_written_at_once_are_those_openpyxl_writes_cell_by_cell(
    table: list[tuple[list[tuple[Value, Look]], RowLook | None]],
) -> None:
    parts = [ZipFile(BytesIO(write(table))) for write in (at_once, by_openpyxl)]
    ours, theirs = ({name: part.read(name) for name in part.namelist()} for part in parts)
    assert ours == theirs


def test_every_row_of_a_sheet_lies_where_its_outline_says() -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    columns = (Column("A", 10), Column("B", 10, "whole"))
    table = [["town", 3], ["village", Shown(0.5, "share")], ["gap", None]]
    sheet = Sheet("gaps", ("Gaps",), columns, table, levels=[0, 1, 2])
    rows = lay_out(book, sheet, add_styles(book))
    page = openpyxl.load_workbook(BytesIO(packed(book, [(rows.area, rows.xml())])))["gaps"]
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=3)] == [
        ["town", 3],
        ["village", 0.5],
        ["gap", None],
    ]
    folds = [page.row_dimensions[at] for at in (3, 4, 5)]
    assert [(row.outlineLevel, row.hidden, row.collapsed) for row in folds] == [
        (0, False, False),
        (1, False, True),
        (2, True, False),
    ]
    assert [cell.fill.fgColor.rgb for (cell,) in page["A3:A5"]] == [
        "00C9DAEA",
        "00EEF3F8",
        "00000000",
    ]
    assert page["A3"].font.bold
    assert page["B4"].number_format == "0.0%"
    assert (page.dimensions, page.print_area) == ("A1:B5", "'gaps'!$A$1:$B$5")
