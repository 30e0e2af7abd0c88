"""The report says what the workbook says."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from openpyxl import load_workbook

import geo
from layers.vocabulary import text
from maps import write_report
from maps.fonts import chinese_font
from tests.maps.test_workbook import table


@pytest.fixture(scope="module")
def report(demo):
    return Document(demo[0] / "report.docx")


@pytest.fixture(scope="module")
def book(demo):
    return load_workbook(demo[0] / "report.xlsx")


def rows_of(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def shown(cell):
    """Say a cell as a spreadsheet shows it."""
    if cell.value is None:
        return ""
    form = cell.number_format
    sign = re.match(r'"(.)"', form)
    figure = re.sub(r'"."', "", form)
    least, most = (len(re.findall(mark, figure.split(".")[1])) for mark in ("0", "[0#]"))
    value = cell.value * (100 if "%" in figure else 1)
    told = f"{value:,.{most}f}"
    while told[-1] == "0" and len(told.split(".")[1]) > least:
        told = told[:-1]
    return (sign[1] if sign else "") + told + ("%" if "%" in figure else "")


def test_every_figure_of_the_indicators_is_the_workbooks(report, book):
    head, *rows = rows_of(report.tables[0])
    assert head == [
        text(f"report.head.{key}", "en")
        for key in ("row", "indicator", "target", "value", "gap", "met")
    ]
    sheet = {str(row["No."].value): row for row in table(book.worksheets[0])}
    with_target = [number for number, row in sheet.items() if row["met"].value != "no target"]
    assert [row[0] for row in rows] == with_target
    for number, name, target, value, _, met in rows:
        row = sheet[number]
        assert (name, met) == (row["indicator"].value, row["met"].value)
        county, province = row["county's target"], row["province's target"]
        wanted = shown(county if county.value is not None else province).replace(".0%", "%")
        assert target == re.sub(r"\.0$", "", wanted)
        if row["value"].value is not None:
            assert value.split(",")[0].split(" ")[0] == shown(row["value"]).split(",")[0]


def test_the_tasks_of_the_report_are_those_with_targets_and_say_what_the_workbook_says(
    report, book
):
    _, *rows = rows_of(report.tables[1])
    sheet = {str(row["No."].value): row for row in table(book["Tasks"]) if row["targets"].value}
    assert [row[0] for row in rows] == list(sheet)
    for number, title, targets, standing, gap in rows:
        own = sheet[number]
        told = [own[name].value or "" for name in ("task", "targets", "standing", "gap")]
        assert [title, targets, standing, gap] == told


def test_the_shortfalls_of_the_townships_are_the_workbooks(report, book):
    head, *rows = rows_of(report.tables[2])
    sheet = [list(row.values()) for row in table(book["Shortfalls by township"])]
    short = [row for row in sheet if row[1].value == text("workbook.cell.count_short", "en")]
    assert len(head) - 2 == len(short[0]) - 2
    for told, row in zip(rows, short, strict=True):
        assert told[0] == row[0].value
        assert [int(cell) for cell in told[2:]] == [cell.value for cell in row[2:]]


def test_findings_come_first_and_count_the_verdicts_of_the_table(report):
    paragraphs = [each.text for each in report.paragraphs if each.text]
    headings = [each.text for each in report.paragraphs if each.style.name == "Heading 1"]
    assert headings == [
        f"{number}. {text(f'report.heading.{name}', 'en')}"
        for number, name in enumerate(
            ("findings", "indicators", "tasks", "shortfalls", "priority", "method", "data"), 1
        )
    ]
    _, *rows = rows_of(report.tables[0])
    met = [row[5] for row in rows]
    counts = {
        "count": len(met),
        "yes": met.count("met"),
        "no": met.count("not met"),
        "undecided": met.count("undecided (data missing)"),
        "no_value": met.count("unknown"),
    }
    told = {name: str(count) for name, count in counts.items()}
    assert paragraphs.index(text("report.findings.targets", "en", **told)) < paragraphs.index(
        headings[1]
    )


def test_simulated_data_are_called_so_before_anything_else(report):
    first = [each.text for each in report.paragraphs if each.text][1]
    assert first == text("report.simulated", "en")


def test_the_heads_of_tables_come_again_on_every_page_and_rows_stay_whole(report):
    for each in report.tables:
        marks = [set(re.findall(r"w:(tblHeader|cantSplit)", row._tr.xml)) for row in each.rows]
        assert marks[0] == {"tblHeader", "cantSplit"}
        assert all(found == {"cantSplit"} for found in marks[1:])


def test_the_maps_are_pictures_in_the_file(demo):
    if chinese_font() is None:
        pytest.skip("this computer has no Chinese font")
    with zipfile.ZipFile(demo[0] / "report.docx") as parts:
        pictures = [name for name in parts.namelist() if name.startswith("word/media/")]
        assert len(pictures) == 2
        assert all(parts.read(name).startswith(b"\x89PNG") for name in pictures)


def test_without_a_font_the_report_says_so_and_draws_no_boxes(town, tmp_path):
    path = write_report(town, tmp_path / "report.docx", font=None)
    told = [each.text for each in Document(path).paragraphs]
    assert text("report.no_font") in told
    with zipfile.ZipFile(path) as parts:
        assert not [name for name in parts.namelist() if name.startswith("word/media/")]


def test_the_same_study_gives_the_same_bytes_and_no_clock_time_is_kept(town, tmp_path):
    paths = [
        write_report(town, tmp_path / name, font=chinese_font()) for name in ("1.docx", "2.docx")
    ]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with zipfile.ZipFile(paths[0]) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}


def test_a_study_without_people_policy_or_townships_has_its_report(area, project, tmp_path):
    nobody = {name: float("nan") for name in ("people", "age_0_14", "age_60_plus", "age_65_plus")}
    bare = replace(
        area,
        units=area.units.assign(township_id=None, township=None, **nobody),
        residences=area.residences.assign(**nobody),
        streets=None,
        has_elevation=False,
    )
    study = geo.assess(bare, replace(project, indicators=(), tasks=()))
    path = write_report(study, tmp_path / "report.docx", font=None)
    told = "\n".join(each.text for each in Document(path).paragraphs)
    assert "没有人口数据，按居住点计量" in told
    assert "nan" not in told
    assert text("report.body.no_targets") in told


def test_every_chinese_font_of_the_document_is_named_for_chinese_characters(report):
    for name in ("Body Text", "Title", "Heading 1", "Heading 2", "Caption", "Normal"):
        fonts = report.styles[name].element.rPr.rFonts
        assert {value for key, value in fonts.attrib.items() if key.endswith("eastAsia")} <= {
            "仿宋",
            "黑体",
            "楷体",
            "宋体",
        }
        assert any(key.endswith("}eastAsia") for key in fonts.attrib)
