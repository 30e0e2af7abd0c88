"""Minors, the elderly and the disabled: the workbook and the report say what the rows add up to."""

from __future__ import annotations

import pandas as pd
import pyogrio
import pytest
from docx import Document
from openpyxl import load_workbook

from layers.vocabulary import text
from tests.maps.test_workbook import table

HEADS = {
    "age_0_14": "people aged 0-14",
    "age_60_plus": "people aged 60+",
    "disabled": "disabled people",
}


@pytest.fixture(scope="module")
def frames(demo):
    names = ("units", "coverage", "scorecard", "gaps")
    path = demo[0] / "results.gpkg"
    return {name: pyogrio.read_dataframe(path, layer=name, read_geometry=False) for name in names}


@pytest.fixture(scope="module")
def book(demo):
    return load_workbook(demo[0] / "report.xlsx")


def by_hand(frames, area_id, indicator, cohort):
    """Give the share of a group that is covered, of the units that know how many it has."""
    town = frames["units"].set_index("unit_id")["township_id"]
    rows = frames["coverage"]
    rows = rows[rows["indicator"] == indicator]
    if area_id != "county":
        rows = rows[rows["unit_id"].map(town) == area_id]
    known = rows.dropna(subset=[cohort, f"{cohort}_covered"])
    people = known[cohort].sum()
    return known[f"{cohort}_covered"].sum() / people if people else float("nan")


def test_every_figure_of_people_has_its_shares_for_the_county_and_each_township(frames, book):
    card = frames["scorecard"]
    number = card.groupby("area_id", sort=False).cumcount() + 1
    people = card.assign(number=number)[card["over"] == "people"]
    rows = table(book["Priority people"])
    assert len(rows) == len(people) > 200
    for row, told in zip(people.to_dict("records"), rows, strict=True):
        assert (told["No."].value, told["township"].value) == (row["number"], row["area"])
        shares = {}
        for cohort, head in HEADS.items():
            share = by_hand(frames, row["area_id"], row["indicator"], cohort)
            if pd.isna(share):
                assert told[head].value is None
            else:
                assert told[head].value == pytest.approx(share)
                shares[head] = round(share, 4)
        if len(set(shares.values())) > 1:
            assert told["worst off"].value == min(shares, key=shares.get)


def test_the_report_tells_them_apart_as_the_workbook_does(demo, book):
    document = Document(demo[0] / "report.docx")
    head, *rows = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    sheet = table(book["Priority people"])
    county = [row for row in sheet if row["township"].value == sheet[0]["township"].value]
    assert head == [name for name in county[0] if name != "township"]
    assert len(rows) == len(county)
    for told, row in zip(rows, county, strict=True):
        cells = [row[name].value for name in head]
        assert told == [
            f"{cell:.1%}" if isinstance(cell, float) else str(cell or "") for cell in cells
        ]


def test_the_shortfalls_by_township_count_them_with_plain_sums(frames, book):
    units = frames["units"].set_index("unit_id")
    judged = frames["coverage"].query("indicator == category and category == 'pharmacy'")
    short = judged[(judged["covered"] == 0) & (judged["reason"] != "no_data")]["unit_id"]
    counted = {name: text(f"workbook.cell.count_{name}", "en") for name in HEADS}
    rows = [[*row.values()] for row in table(book["Shortfalls by township"])]
    heads = [*table(book["Shortfalls by township"])[0]]
    column = next(at for at, head in enumerate(heads) if head.startswith("pharmacy"))
    for cohort, word in counted.items():
        own = [row[column].value for row in rows if row[1].value == word]
        assert own[0] == units.loc[short, cohort].sum()
        assert sum(own[1:]) == own[0]


def test_the_gaps_of_a_unit_are_counted_once_each(frames, book):
    page = book["Gaps"]
    gaps = frames["gaps"]
    rows = table(page)
    head = page.max_row - len(rows)
    levels = [page.row_dimensions[head + at].outlineLevel for at in range(1, len(rows) + 1)]
    per_unit = gaps["unit_id"].value_counts().to_dict()
    told = {
        row["unit code"].value: row["gaps"].value
        for row, level in zip(rows, levels, strict=True)
        if level == 1
    }
    assert told == per_unit
    for level in (0, 1, 2):
        own = [row["gaps"].value for row, at in zip(rows, levels, strict=True) if at == level]
        assert sum(own) == len(gaps)
    assert levels.count(2) < len(gaps) / 2
    assert levels.count(0) + levels.count(1) < 110
    by_reason = {}
    for row, level in zip(rows, levels, strict=True):
        if level == 2:
            by_reason[row["reason"].value] = (
                by_reason.get(row["reason"].value, 0) + row["gaps"].value
            )
    reasons = gaps["reason"].value_counts()
    assert by_reason == {text(f"words.reason.{name}", "en"): n for name, n in reasons.items()}
