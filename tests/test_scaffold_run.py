"""A new county's folder, through the commands as a planner types them: new, run, fill in, run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
from docx import Document
from typer.testing import CliRunner

import layers
from layers.vocabulary import text
from livingcircle import app
from maps.outcome import DONE
from tests.maps.test_workbook import table

if TYPE_CHECKING:
    from pathlib import Path


def ask(*words: str | Path) -> None:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == DONE, result.output


def figures(folder: Path) -> dict[str, dict[str, object]]:
    """Give the rows of the table of indicators by name, the policy's before the categories'."""
    page = openpyxl.load_workbook(folder / "out" / "report.xlsx").worksheets[0]
    rows = [{name: cell.value for name, cell in row.items()} for row in table(page)]
    return {str(row["指标"]): row for row in reversed(rows)}


@pytest.mark.parametrize("code", ["350421", "350102", "350723"])
def test_the_untouched_folder_of_a_county_runs_and_every_indicator_says_what_is_missing(
    tmp_path, code
):
    ask("new", code, "--out", tmp_path / "县")
    ask("run", tmp_path / "县")
    rows = figures(tmp_path / "县")
    policy = layers.read_project(tmp_path / "县").indicators
    assert len(policy) > 100
    for name in (each.name_zh for each in policy):
        told = str(rows[name]["备注"])
        assert any(word in told for word in ("缺列", "没有记录", "不适用")), name
    told = [each.text for each in Document(tmp_path / "县" / "out" / "report.docx").paragraphs]
    assert text("report.no_shapes") in told


def test_what_a_planner_fills_in_is_counted_and_the_rest_still_asked_for(tmp_path):
    ask("new", "350421", "--out", tmp_path / "县")
    path = tmp_path / "县" / "设施台账.xlsx"
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    row = {
        "设施编号": "F001",
        "设施类别代码": "社区综合服务设施",
        "所在乡镇": "瀚仙镇",
        "所在社区或村": "龙湖村",
        "是否24小时线上服务": "√",
    }
    page.append([row.get(cell.value) for cell in page[1]])
    book.save(path)
    ask("run", tmp_path / "县")
    rows = figures(tmp_path / "县")
    villages = 96 - 7
    assert rows["农村社区综合服务设施覆盖率"]["现状值"] == pytest.approx(1 / villages)
    assert rows["提供24小时线上服务的综合服务设施比例"]["现状值"] == 1
    assert "缺列 area_m2（建筑面积（平方米））" in str(
        rows["居民活动区域面积占社区综合服务设施总建筑面积比例"]["备注"]
    )
    names = openpyxl.load_workbook(tmp_path / "县" / "out" / "report.xlsx")["名称核对"]
    assert [row["表中写法"].value for row in table(names)] == ["龙湖村"]
