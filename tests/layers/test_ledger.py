from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.check import Findings
from layers.project import LayerSource
from layers.read import read_source
from layers.reading import words_of

COLUMNS = [
    "序号",
    "名称",
    "区划代码",
    "面积（平方米）/建筑面积",
    "面积（平方米）/活动面积",
    "有无食堂",
]
ROWS = [
    [1, "城东社区", 350421100001, 120, 60.5, "√"],
    [2, "城西社区", "350421100002", 80, None, "×"],
]


def book(path, *sheets):
    """Write sheets, each a title, rows and ranges to merge."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows, merges in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for merge in merges:
            sheet.merge_cells(merge)
    made.save(path)
    return path


def read(path, **settings):
    findings = Findings("台账")
    source = LayerSource("台账", "facilities", Path(path), **settings)
    return read_source(source, path, findings), findings


def two_rows(title="雪峰镇"):
    """A ledger with a title, who fills it in, a heading in two rows, and their merged cells."""
    rows = [
        [f"{title}社区综合服务设施台账"],
        ["填报单位：" + title, None, None, None, "单位：平方米"],
        ["序号", "名称", "区划代码", "面积（平方米）", None, "有无\n食堂"],
        [None, None, None, "建筑面积", "活动面积", None],
        *ROWS,
    ]
    return title, rows, ["A1:F1", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:F4"]


def test_titles_merged_cells_and_a_heading_in_two_rows(tmp_path):
    frame, findings = read(book(tmp_path / "a.xlsx", two_rows()))
    assert list(frame) == COLUMNS
    assert frame.to_numpy().tolist() == [
        ["1", "城东社区", "350421100001", "120", "60.5", "√"],
        ["2", "城西社区", "350421100002", "80", None, "×"],
    ]
    assert findings.problems == []


def test_a_heading_in_two_rows_needs_no_merged_cells(tmp_path):
    rows = [
        ["名称", "代码", "面积", None, "备注"],
        [None, None, "建筑", "活动", None],
        ["甲", "1", 5, 3, None],
    ]
    frame, _ = read(book(tmp_path / "a.xlsx", ("表", rows, [])))
    assert list(frame) == ["名称", "代码", "面积/建筑", "面积/活动", "备注"]
    assert len(frame) == 1


def test_a_plain_table_is_read_as_it_is(tmp_path):
    rows = [["名称", "人口", "建成"], ["甲", 12, date(2024, 5, 1)], ["乙", 3.5, None], [None] * 3]
    frame, _ = read(book(tmp_path / "a.xlsx", ("表", rows, [])))
    assert frame.to_numpy().tolist() == [["甲", "12", "2024-05-01"], ["乙", "3.5", None]]


def test_a_row_that_numbers_the_columns_is_no_data(tmp_path):
    rows = [["名称", "户数", "人口"], ["甲", 1, 2], ["城东社区", 5, 12]]
    frame, _ = read(book(tmp_path / "a.xlsx", ("表", rows, [])))
    assert frame["名称"].tolist() == ["城东社区"]


def test_problems_are_told_by_the_rows_of_the_sheet(tmp_path):
    title, rows, merges = two_rows()
    frame, findings = read(book(tmp_path / "a.xlsx", (title, rows, merges)))
    findings.tell_rows("missing_value", frame["名称"].iloc[1:], column="名称")
    assert [(problem.layer, problem.row) for problem in findings.problems] == [("台账", 6)]


def test_one_sheet_a_township_is_one_layer_with_the_sheet_as_a_column(tmp_path):
    notes = ("填表说明", [["列", "含义"], ["名称", "村名"]], [])
    path = book(tmp_path / "a.xlsx", two_rows("雪峰镇"), two_rows("盖洋镇"), notes)
    frame, findings = read(path)
    assert frame["工作表"].tolist() == ["雪峰镇"] * 2 + ["盖洋镇"] * 2
    assert findings.problems == []
    findings.tell_rows("missing_value", frame["名称"].iloc[3:], column="名称")
    assert [(problem.layer, problem.row) for problem in findings.problems] == [("台账/盖洋镇", 6)]
    assert read(path, layer="盖洋镇")[0]["名称"].tolist() == ["城东社区", "城西社区"]


def test_totals_and_notes_are_left_out_and_told(tmp_path):
    title, rows, merges = two_rows()
    rows += [["合  计", None, None, 200, 60.5], ["填表人：张三", None, None, "审核：李四"]]
    frame, findings = read(book(tmp_path / "a.xlsx", (title, rows, merges)))
    assert len(frame) == 2
    (problem,) = findings.problems
    assert (problem.code, problem.row, problem.fatal) == ("rows_left_out", 7, False)
    assert dict(problem.values) == {"count": "2"}


def test_a_township_merged_down_its_villages_is_that_of_each(tmp_path):
    rows = [["乡镇", "村", "人口"], ["雪峰镇", "甲", 5], [None, "乙", 7], ["盖洋镇", "丙", 9]]
    frame, _ = read(book(tmp_path / "a.xlsx", ("表", rows, ["A2:A3"])))
    assert frame["乡镇"].tolist() == ["雪峰镇", "雪峰镇", "盖洋镇"]


@given(
    people=st.lists(st.integers(0, 10_000), min_size=2, max_size=12),
    merged=st.integers(0, 9),
    total=st.booleans(),
)
def test_the_people_of_a_ledger_are_those_in_its_cells(tmp_path_factory, people, merged, total):
    """Neither a total nor a cell merged over two villages makes anybody count twice."""
    rows = [["村", "人口", "户数"], *([f"村{at}", count, 1] for at, count in enumerate(people))]
    merges = []
    if merged < len(people) - 1:
        rows[merged + 2][1] = None  # what a merged cell holds is in the first of its rows
        merges = [f"B{merged + 2}:B{merged + 3}"]
    counted = sum(row[1] or 0 for row in rows[1:])
    if total:
        rows.append(["合计", counted, len(people)])
    frame, _ = read(book(tmp_path_factory.mktemp("l") / "a.xlsx", ("表", rows, merges)))
    assert frame["人口"].dropna().astype(int).sum() == counted


@pytest.mark.parametrize("mark", ["√", "✓", "有", "是"])
def test_ticks_are_a_yes_and_crosses_a_no(mark):
    assert words_of("flag")[mark] == "yes"
    assert words_of("flag")["×"] == words_of("flag")["无"] == "no"
