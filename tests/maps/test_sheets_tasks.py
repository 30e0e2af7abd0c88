"""The table of tasks: what the figures say of each, and what only its office can."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from layers.catalogue.policy import load_indicators
from layers.catalogue.tasks import load_tasks
from layers.tasks import Task
from maps.figures import figure_text, gap_text, target_text
from maps.sheets_tasks import office_sheets, task_sheets, task_standings
from tests.maps.test_workbook import scorecard, study

TASKS = (
    Task(1, "一", "甲", ("县民政局", "县住建局", "各乡镇"), "持续推进", ("覆盖80%",), ("rate",)),
    Task(2, "一", "乙", ("县民政局", "各乡镇"), "2025年", indicators=("rate", "unknown-to-us")),
    Task(3, "二", "丙", ("县公安局（派出所）/某队", "各乡镇"), "持续推进"),
)


def with_tasks(tasks=TASKS, **county):
    made = study()
    figures = scorecard(indicator="rate", **county)
    named = made.gaps.assign(indicator=made.gaps["indicator"].replace("shop", "rate"))
    project = replace(made.project, tasks=tasks)
    return replace(made, project=project, scorecard=figures, gaps=named)


def standing(**county):
    return task_standings(with_tasks(**county), "zh")[1]


def rows_of(sheet):
    heads = [column.heading for column in sheet.columns]
    return [dict(zip(heads, row, strict=True)) for row in sheet.rows]


def test_the_table_has_the_columns_that_the_document_asks_for_and_every_task_in_order():
    (sheet,) = task_sheets(with_tasks(), "zh")
    asked = ["主要任务", "责任单位", "推进时间", "量化指标", "现状", "差距", "佐证", "下一步"]
    assert [column.heading for column in sheet.columns] == ["序号", "类别", *asked]
    rows = rows_of(sheet)
    assert [row["序号"] for row in rows] == [1, 2, 3]
    assert rows[0]["量化指标"] == "覆盖80%"
    assert rows[0]["责任单位"] == "县民政局、县住建局"
    assert "各乡镇对每一项任务负责" in sheet.lines[1]


def test_in_english_the_tasks_their_offices_and_deadlines_are_english():
    made = with_tasks(load_tasks("mingxi-2023-16"))
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for sheet in (*task_sheets(made, "en"), *office_sheets(made, "en")):
        assert not chinese.search(sheet.title)
        assert not [line for line in sheet.lines if chinese.search(line)]
        for row in sheet.rows:
            assert not [cell for cell in row[:6] if chinese.search(str(cell))]


def test_a_policy_without_tasks_has_no_such_sheets():
    assert task_sheets(with_tasks(()), "zh") == office_sheets(with_tasks(()), "zh") == ()


def test_a_task_without_indicators_is_left_to_its_office():
    told = task_standings(with_tasks(), "zh")[3]
    assert told == ("由责任单位填报", "", "", "")


def test_a_target_that_is_missed_says_by_how_much_for_whom_and_where_the_figure_stands():
    missed = {"value": 0.59, "target": 0.8, "met": False, "gap_to_target": 0.21}
    told = standing(unknown=0, **missed)
    assert told.standing == "rate：59.0%（未达标）"
    assert told.gap == "rate：差 21 个百分点"
    assert told.evidence == "总表第1行：3 / 4"
    assert told.next_step.startswith("补齐 7 个单元：")
    assert told.next_step.endswith(" 等，见缺口清单")


def test_an_amount_over_its_ceiling_says_that_it_is_too_many():
    row = {"unit": "个", "value": 12.0, "target": 10.0, "met": False, "gap_to_target": -2.0}
    assert gap_text(row | {"comparison": "<="}, "个", "zh") == "超出 2 个"


def test_a_target_that_is_met_asks_for_nothing_more():
    told = standing(unknown=0)
    assert (told.gap, told.next_step) == ("rate：已达标", "")


def test_a_target_left_open_by_missing_data_shows_its_range_and_asks_for_the_data():
    told = standing(met=pd.NA)
    assert told.standing == "rate：75.0%，70.0% 至 80.0%（无法判定（数据缺失））"
    assert told.gap == "rate：待定：缺数 2 个"
    assert told.next_step == "补报数据：rate"


def test_an_unknown_figure_asks_for_the_column_that_would_give_it():
    lacks = "单元图层或单元台账缺列 has_5g（是否通5G）"
    assert (
        standing(met=pd.NA, value=np.nan, missing=lacks).next_step == f"补报数据：rate（{lacks}）"
    )
    assert standing(met=pd.NA, missing=lacks).next_step == f"补报数据：rate（{lacks}）"
    missed = {"value": 0.59, "target": 0.8, "met": False, "gap_to_target": 0.21}
    assert standing(missing=lacks, **missed).next_step.startswith("补齐 7 个单元：")


def test_an_indicator_that_does_not_apply_asks_for_no_data():
    name = "district-community-hospital"
    made = with_tasks((replace(TASKS[0], indicators=(name,)),), met=pd.NA, value=np.nan)
    card = made.scorecard.assign(indicator=name)
    project = replace(made.project, indicators=load_indicators("mingxi-2023-16"))
    told = task_standings(replace(made, scorecard=card, project=project), "en")[1].next_step
    assert told.endswith(": does not apply: Mingxi is a county and has no city districts")


def test_a_figure_nobody_can_give_is_told_as_unknown_not_as_zero():
    told = standing(met=pd.NA, value=np.nan, numerator=np.nan)
    assert told.standing == "rate：数据缺失"
    assert told.evidence == "总表第1行"


def test_every_office_has_a_sheet_of_its_tasks_but_those_responsible_for_all():
    sheets = office_sheets(with_tasks(), "zh")
    names = {sheet.title: [row["序号"] for row in rows_of(sheet)] for sheet in sheets}
    assert names == {"县民政局": [1, 2], "县住建局": [1], "县公安局（派出所）某队": [3]}


def test_the_countys_99_tasks_give_every_office_a_sheet_that_excel_can_name():
    sheets = office_sheets(with_tasks(load_tasks("mingxi-2023-16")), "zh")
    titles = [sheet.title for sheet in sheets]
    assert len(set(titles)) == len(titles) == 38
    assert all(0 < len(title) <= 31 for title in titles)
    assert {row["序号"] for sheet in sheets for row in rows_of(sheet)} == set(range(1, 100))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"unit": "%", "value": 0.79999, "target": 0.8}, "79.999%"),
        ({"unit": "个", "value": 1234.5, "target": None}, "1,234.5"),
        ({"unit": "个", "value": None, "target": 4.5}, None),
    ],
)
def test_a_figure_is_said_with_the_decimals_of_its_cell(row, told):
    assert figure_text(row) == told


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"unit": "%", "target": 0.8, "comparison": ">="}, "≥80%"),
        ({"unit": "%", "target": 0.185, "comparison": ">"}, ">18.5%"),
        ({"unit": "个", "target": 4.5, "comparison": "<="}, "≤4.5"),
    ],
)
def test_a_target_is_said_with_its_sign_and_no_more_decimals_than_it_has(row, told):
    assert target_text(row) == told
