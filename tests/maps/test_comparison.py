"""Two runs compared, as the workbook and the terminal tell it."""

from __future__ import annotations

import pandas as pd
import pytest
from openpyxl import load_workbook

from layers.results import Results
from maps.comparison import comparison_lines, write_comparison
from tests.layers.test_results import record
from tests.maps.test_workbook import table


@pytest.fixture(scope="module")
def runs(town):
    """Give the town's run, and one in which a category's first covered unit is lost to it."""
    frames = {name: getattr(town, name) for name in ("coverage", "scorecard")}
    frames["units"] = pd.DataFrame(town.area.units.drop(columns="geometry"))
    category = town.project.circle.categories[0]
    coverage = town.coverage.copy()
    covered = coverage[
        (coverage["indicator"] == category) & coverage["covered"].fillna(value=False)
    ]
    coverage.loc[covered.index[0], "covered"] = False
    coverage.loc[covered.index[0], "reason"] = "too_far"
    scorecard = town.scorecard.copy()
    of_units = scorecard["indicator"] == f"{category}:units"
    scorecard.loc[of_units & (scorecard["level"] == "county"), "value"] -= 0.125
    lost = coverage.loc[covered.index[0], "unit_id"]
    old = Results(record(simulated=True), frames)
    new = Results(record(), frames | {"coverage": coverage, "scorecard": scorecard})
    return old, new, category, lost


@pytest.fixture(scope="module")
def book(runs, tmp_path_factory):
    path = tmp_path_factory.mktemp("compare") / "compare.xlsx"
    return load_workbook(write_comparison(*runs[:2], path))


def test_the_workbook_says_what_changed_which_units_and_what_the_runs_differ_in(book, runs):
    assert book.sheetnames == ["指标变化", "单元变化", "两次计算的不同"]
    changed = [row for row in table(book["指标变化"]) if row["变化"].value not in (None, 0)]
    assert [row["变化"].value for row in changed] == [pytest.approx(-0.125)]
    assert changed[0]["变化"].number_format == "+0.0%;-0.0%;0.0%"
    (row,) = table(book["单元变化"])
    assert (row["变化"].value, row["单元代码"].value) == ("不再覆盖", runs[3])
    (differing,) = table(book["两次计算的不同"])
    assert [cell.value for cell in differing.values()] == ["研究区", "simulated", "true", "false"]


def test_a_comparison_with_simulated_data_says_so(book):
    assert all("模拟数据" in page["A1"].value for page in book)


def test_the_terminal_names_the_units_that_were_lost(runs, town):
    old, new, category, lost = runs
    lines = list(comparison_lines(old, new))
    unit = town.area.units.set_index("unit_id").loc[lost]
    name = town.project.categories[category].name("zh")
    assert any(name in line and "-12.5 个百分点" in line for line in lines)
    assert f"  不再覆盖 1 个：{unit['township']}{unit['name']}" in lines
    assert any("simulated" in line for line in lines)


def test_the_terminal_tells_what_became_unknown_and_units_that_change_places(runs, town):
    old, _, category, lost = runs
    coverage, card = town.coverage.copy(), town.scorecard.copy()
    known = (card["level"] == "county") & (card["indicator"] == "hall-units")
    card.loc[known, "value"] = None
    own = coverage[coverage["indicator"] == category]
    gained = own[~own["covered"].fillna(value=True)].index[0]
    coverage.loc[gained, ["covered", "reason"]] = [True, None]
    swapped = own[own["unit_id"] == lost].index[0]
    coverage.loc[swapped, ["covered", "reason"]] = [False, "too_far"]
    new = Results(old.record, old.frames | {"coverage": coverage, "scorecard": card})
    lines = list(comparison_lines(old, new))
    assert "hall-units：42.9% → 数据缺失" in lines
    assert any(line.startswith("  新覆盖 1 个") for line in lines)
    assert any(line.startswith("  不再覆盖 1 个") for line in lines)
    assert list(comparison_lines(old, old))[-1].endswith("0 个有变化：")


def test_a_run_that_counts_dwellings_beside_one_that_counts_people_says_so(runs, town):
    old, _, category, _ = runs
    card = town.scorecard.replace({"indicator": {category: "pharmacy"}})
    fewer = card["value"].mask(card["indicator"] == "pharmacy", 0.125)
    homes = card["over"].mask(card["over"] == "people", "dwellings")
    old = Results(old.record, old.frames | {"scorecard": card})
    new = Results(old.record, old.frames | {"scorecard": card.assign(value=fewer, over=homes)})
    assert [each.basis for each in (old, new)] == ["people", "dwellings"]
    lines = list(comparison_lines(old, new, lang="en"))
    assert "the runs differ: basis: people → dwellings" in lines
    assert "两次不同：人口比例按什么计：人口 → 住宅" in list(comparison_lines(old, new))
    assert any(line.startswith("pharmacy within reach (share of dwellings)") for line in lines)
    assert not any("share of people" in line for line in lines)


def test_runs_of_different_studies_are_told_apart(runs):
    old, new, *_ = runs
    other = Results(new.record | {"study": "大县"}, new.frames)
    lines = list(comparison_lines(old, other, lang="en"))
    assert lines[0] == "小县 and 大县"
    assert lines[1] == "Note: the two runs are of different studies."


def test_the_same_runs_give_the_same_bytes(runs, tmp_path):
    paths = [write_comparison(*runs[:2], tmp_path / name) for name in ("a.xlsx", "b.xlsx")]
    assert paths[0].read_bytes() == paths[1].read_bytes()
