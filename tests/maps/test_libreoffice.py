"""The workbook of the demo, opened and saved by another office program, says the same."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from openpyxl import load_workbook


@pytest.fixture(scope="module")
def soffice() -> str:
    found = shutil.which("soffice")
    if not found:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice (soffice) is not here")
        pytest.skip("LibreOffice (soffice) is not here")
    return found


@pytest.fixture(scope="module")
def both(soffice, demo, tmp_path_factory):
    """Give the demo's workbook as written, and as LibreOffice read and saved it."""
    folder = tmp_path_factory.mktemp("office")
    source = demo[0] / "report.xlsx"
    profile = (folder / "profile").as_uri()
    subprocess.run(  # noqa: S603 - a program of the system with our own words
        [
            soffice,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    saved = folder / "report.xlsx"
    assert saved.stat().st_size > 10_000
    return load_workbook(source), load_workbook(saved)


def values(page):
    rows = [list(row) for row in page.iter_rows(values_only=True)]
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    return rows


def test_every_sheet_is_there_in_order_with_every_cell_as_it_was(both):
    written, saved = both
    assert saved.sheetnames == written.sheetnames
    for page in written:
        ours, theirs = values(page), values(saved[page.title])
        assert len(ours) == len(theirs), page.title
        for row, other in zip(ours, theirs, strict=True):
            assert [*other, *[None] * (len(row) - len(other))] == [
                pytest.approx(cell) if isinstance(cell, float) else cell for cell in row
            ]


def test_no_cell_is_a_formula_or_an_error(both):
    for book in both:
        kinds = {cell.data_type for page in book for row in page.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "b"}


def test_filters_papers_and_print_areas_survive(both):
    # frozen panes are a matter of the window, which a conversion without one does not save
    written, saved = both
    for page in written:
        other = saved[page.title]
        assert other.auto_filter.ref == page.auto_filter.ref
        assert other.page_setup.paperSize == page.page_setup.paperSize
        assert other.print_area.replace("$", "") == page.print_area.replace("$", "")


def test_shares_are_shown_as_percent_and_codes_as_text(both):
    for book in both:
        page = book.worksheets[0]
        formats = {cell.number_format for row in page.iter_rows() for cell in row}
        assert "0.0%" in formats
        codes = [row[1] for row in book["Shortfalls"].iter_rows(min_row=6) if row[1].value]
        assert len(codes) > 80
        assert all(str(cell.value).isdigit() and cell.data_type == "s" for cell in codes)
