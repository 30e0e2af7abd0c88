"""The workbook: what a planner finds in it, and that it is the same every time."""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pandas as pd
import pytest

from geo.equity_frames import EQUITY_COLUMNS
from geo.sensitivity import SENSITIVITY_COLUMNS
from geo.study import Study
from geo.supply_areas import SUPPLY_AREA_COLUMNS
from geo.supply_frames import LOAD_COLUMNS
from layers.errors import LayerError, Problem
from layers.indicators import Target
from layers.project import Rules
from layers.study_area import InputFile
from layers.vocabulary import LANGUAGES, Reason, text
from maps.sheets_gaps import minutes_up
from maps.workbook import write_workbook
from tests.town import CENTRE, HILL, REMOTE, town_area, town_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SHEETS = [
    "指标完成情况总表",
    "乡镇指标",
    "重点人群",
    "短板汇总",
    "短板清单",
    "缺口清单",
    "敏感单元",
    "供需与公平",
    "设施负荷",
    "数据质量",
    "口径说明",
]


def coverage() -> pd.DataFrame:
    """Give every unit and category: near the clinic, far from the shop, the school unknown."""
    units, project = town_area().units, town_project()
    rows = units[["unit_id", "people"]].merge(
        pd.DataFrame({"category": list(project.categories)}), how="cross"
    )
    near = rows["category"] == "clinic"
    known = rows["category"] != "school"
    rows = rows.assign(
        indicator=rows["category"],
        measure="access",
        mode="walk",
        limit_minutes=15.0,
        facility_id=np.where(near, "clinic-main", None),
        minutes=np.where(near, 10.0, 15.00002),
        metres=1234.2,
        people_covered=rows["people"].where(near, 0.0),
        people_share=1.0,
        covered=near.astype("boolean").mask(~known),
        method="network",
        reason=np.where(near, None, np.where(known, Reason.TOO_FAR, Reason.NO_DATA)),
    )
    rows["minutes"] = rows["minutes"].where(known)
    return rows


def scorecard(**county: Any) -> pd.DataFrame:
    """Give one indicator of the county and of its two townships."""
    row = {
        "area_id": "county",
        "area": "小镇",
        "level": "county",
        "indicator": "clinic-people",
        "name": "clinic-people",
        "measure": "access",
        "over": "people",
        "numerator": 3.0,
        "denominator": 4.0,
        "value": 0.75,
        "low": 0.7,
        "high": 0.8,
        "unknown": 2,
        "unit": "%",
        "base": 0.5,
        "base_year": 2020,
        "target_province": np.nan,
        "target_county": 0.7,
        "target": 0.7,
        "comparison": ">=",
        "target_year": pd.NA,
        "met": True,
        "gap_to_target": -0.05,
        "age_0_14_share": 0.8,
        "age_60_plus_share": 0.6,
        "disabled_share": np.nan,
        "binding": "expected",
        "responsible": "民政局",
        "source": "表2",
        "limit": "步行15分钟",
        "method": "network",
        "choice": "",
        "missing": "",
        "swing_low": 0.6,
        "swing_high": 0.9,
    } | county
    town = row | {"level": "township", "area_id": "1", "area": "老城镇"}
    other = town | {"area_id": "2", "area": "新城镇", "value": np.nan, "met": pd.NA}
    return pd.DataFrame([row, town, other]).astype({"met": "boolean"})


def flips(rows: pd.DataFrame) -> pd.Series:
    """Give what would close each gap: the centre's are sensitive."""
    closing = np.where(rows["unit_id"] == CENTRE, "limit_more;speed_more", "")
    return pd.Series(closing, rows.index, dtype=object).where(rows["covered"].notna(), None)


def sensitivity() -> pd.DataFrame:
    """Give three changes: the centre gains the shop twice over, the hill loses the clinic."""
    rows = [
        (CENTRE, "shop", "speed_more", False, True, 0.0, 10.0),
        (CENTRE, "shop", "limit_more", False, True, 0.0, 10.0),
        (HILL, "clinic", "streets_less", True, False, 10.0, 0.0),
        (HILL, "shop", "limit_more", False, False, 0.0, 1.0),
    ]
    return pd.DataFrame(rows, columns=list(SENSITIVITY_COLUMNS))


def study(**changes: Any) -> Study:
    """Give an assessed town, written down by hand."""
    area = town_area()
    found = coverage()
    circles = pd.DataFrame(
        {
            "level": "unit",
            "place_id": area.units["unit_id"],
            "unit_id": area.units["unit_id"],
            "limit_minutes": 15.0,
            "reached": 1,
            "of": 3,
            "missing": "shop;school",
        }
    )
    none = {each.name: pd.DataFrame() for each in fields(Study) if each.init}
    written = {
        "project": town_project(),
        "area": replace(
            area,
            problems=(Problem("units", "output_locked", 3, "people", "三百", fatal=False),),
            inputs=(InputFile("单元.gpkg", 12, "ab" * 32),),
        ),
        "basis": "people",
        "places": area.residences.assign(mode="walk"),
        "circles": circles,
        "coverage": found,
        "gaps": found[~found["covered"].fillna(value=False)]
        .sort_values("unit_id", ascending=False)
        .assign(flips=flips),
        "sensitivity": sensitivity(),
        "scorecard": scorecard(),
        # the sheets of these have tests of their own
        "equity": pd.DataFrame(columns=list(EQUITY_COLUMNS)),
        "supply_areas": pd.DataFrame(columns=list(SUPPLY_AREA_COLUMNS)),
        "facility_load": pd.DataFrame(columns=list(LOAD_COLUMNS)),
    }
    return Study(**none | written | changes)


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Workbook]:
    def write_and_open(made: Study | None = None, **options: Any) -> Workbook:
        path = write_workbook(made or study(), tmp_path / "report.xlsx", **options)
        return openpyxl.load_workbook(path)

    return write_and_open


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """Give the workbook of the study as it is, for tests that only look at it."""
    folder = tmp_path_factory.mktemp("book")
    return openpyxl.load_workbook(write_workbook(study(), folder / "report.xlsx"))


def head_row(page: Worksheet) -> int:
    """Give the row of the headings: the one the filter starts from."""
    return int(re.sub(r"\D", "", str(page.auto_filter.ref).split(":")[0]))


def table(page: Worksheet) -> list[dict[str, Any]]:
    """Give the rows of a sheet as cells by heading."""
    head = head_row(page)
    names = [cell.value for cell in page[head]]
    return [dict(zip(names, row, strict=True)) for row in page.iter_rows(min_row=head + 1)]


HOSTILE = (
    "=1+1",
    "-2+3",
    "@SUM(A1)",
    '+HYPERLINK("http://x")',
    "#N/A",
    "\x01=1+1",
    "城\x00中\x0b\ud800村\uffff",
)


@pytest.fixture(scope="module")
def hostile_names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give the cells that hold the names of units, by the names they were given."""
    made = study()
    units = made.area.units.assign(name=pd.Series(HOSTILE, dtype=object))
    path = tmp_path_factory.mktemp("hostile") / "report.xlsx"
    write_workbook(replace(made, area=replace(made.area, units=units)), path)
    rows = table(openpyxl.load_workbook(path)["短板清单"])
    cells = {row["单元代码"].value: row["社区（村）"] for row in rows}
    return {name: cells[unit] for unit, name in zip(units["unit_id"], HOSTILE, strict=True)}


def test_the_sheets_come_in_the_order_a_planner_reads_them(book):
    assert book.sheetnames == SHEETS


def test_the_same_study_gives_the_same_bytes(tmp_path, monkeypatch):
    first = write_workbook(study(), tmp_path / "one.xlsx").read_bytes()
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    second = write_workbook(study(), tmp_path / "two.xlsx").read_bytes()
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()


def test_no_clock_time_is_kept_in_any_part_of_the_file(tmp_path):
    path = write_workbook(study(), tmp_path / "report.xlsx")
    with zipfile.ZipFile(path) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core) == ["2000-01-01T00:00:00Z"] * 2


def test_simulated_figures_are_marked_in_the_first_row_of_every_sheet(opened, book):
    simulated = opened(replace(study(), project=replace(town_project(), simulated=True)))
    for title in SHEETS:
        assert "模拟数据" in simulated[title]["A1"].value
        assert "模拟数据" not in book[title]["A1"].value


@pytest.mark.parametrize("title", SHEETS)
def test_every_sheet_prints_whole_on_landscape_a4_or_a3_one_page_wide_with_its_headings(
    book, title
):
    page = book[title]
    widths = [page.column_dimensions[cell.column_letter].width for cell in page[head_row(page)]]
    assert page.page_setup.orientation == "landscape"
    assert int(page.page_setup.paperSize) == (8 if sum(widths) > 180 else 9)
    assert page.print_area.replace("$", "").endswith(f"!A1:{page.dimensions.split(':')[1]}")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == f"$1:${head_row(page)}"


@pytest.mark.parametrize("title", SHEETS)
def test_every_sheet_keeps_its_headings_in_view_and_can_be_filtered(book, title):
    page = book[title]
    assert page.freeze_panes.endswith(str(head_row(page) + 1))
    assert page.cell(head_row(page), 1).font.bold


def test_shares_stay_numbers_from_zero_to_one_and_are_shown_as_percent(book):
    row = table(book["指标完成情况总表"])[0]
    assert (row["现状值"].value, row["现状值"].number_format) == (0.75, "0.0%")
    assert (row["县目标值"].value, row["县目标值"].number_format) == (0.7, '"≥"0.0##%')
    assert (row["最低（缺失按否）"].value, row["最高（缺失按是）"].value) == (0.7, 0.8)


def test_what_is_missing_stays_empty_and_is_never_zero(book):
    row = table(book["指标完成情况总表"])[0]
    assert row["省目标值"].value is None
    assert row["目标年"].value is None
    unreached = [row for row in table(book["缺口清单"]) if row["设施类别"].value == "school"]
    assert {row["分钟"].value for row in unreached} == {None}
    assert {row["原因"].value for row in unreached} == {"数据缺失"}


@pytest.mark.parametrize(
    ("county", "told"),
    [
        ({"met": True}, "达标"),
        ({"met": False}, "未达标"),
        ({"met": pd.NA}, "无法判定（数据缺失）"),
        ({"met": pd.NA, "value": np.nan}, "数据缺失"),
        ({"met": pd.NA, "target": np.nan}, "未设目标"),
    ],
)
def test_whether_a_target_is_met_is_told_in_words(opened, county, told):
    made = replace(study(), scorecard=scorecard(**county))
    assert table(opened(made)["指标完成情况总表"])[0]["是否达标"].value == told


def test_a_value_that_misses_its_target_is_not_shown_as_equal_to_it(opened):
    made = replace(study(), scorecard=scorecard(value=0.69996, met=False))
    assert table(opened(made)["指标完成情况总表"])[0]["现状值"].number_format == "0.000%"


def test_the_targets_sign_is_the_indicators_own(opened):
    made = study()
    first, *rest = made.project.indicators
    strict = replace(first, target_county=Target(0.7, ">"))
    made = replace(made, project=replace(made.project, indicators=(strict, *rest)))
    assert table(opened(made)["指标完成情况总表"])[0]["县目标值"].number_format.startswith('">"')


def test_the_county_and_the_townships_each_have_their_sheet(book):
    assert len(table(book["指标完成情况总表"])) == 1
    towns = table(book["乡镇指标"])
    assert [row["乡镇（街道）"].value for row in towns] == ["老城镇", "新城镇"]
    assert [row["序号"].value for row in towns] == [1, 1]


def test_the_definition_of_an_indicator_names_measure_limit_method_and_clause(book):
    told = table(book["指标完成情况总表"])[0]["数据来源与口径"].value
    assert told == "可达；按人口；步行15分钟；沿路网；依据：表2"


def gap_lines(page: Worksheet) -> dict[int, list[dict[str, Any]]]:
    """Give the values of the rows of gaps by how deep they lie: townships, units, gaps."""
    found: dict[int, list[dict[str, Any]]] = {0: [], 1: [], 2: []}
    for at, row in enumerate(table(page), head_row(page) + 1):
        level = page.row_dimensions[at].outlineLevel
        found[level].append({name: cell.value for name, cell in row.items()})
        assert page.row_dimensions[at].hidden == (level == 2)
    return found


def test_gaps_are_folded_under_their_unit_and_units_under_their_township(book):
    page = book["缺口清单"]
    townships, units, gaps = gap_lines(page).values()
    codes = town_area().units.set_index("unit_id")["township_id"]
    ids = [row["单元代码"] for row in units]
    assert ids == sorted(codes.index, key=lambda code: (codes[code], code))
    short = [name for name in town_project().categories if name != "clinic"]
    assert [row["单元代码"] for row in gaps] == [code for code in ids for _ in short]
    assert not page.sheet_properties.outlinePr.summaryBelow
    for row in units:
        own = [gap for gap in gaps if gap["单元代码"] == row["单元代码"]]
        assert row["缺口项数"] == sum(gap["缺口项数"] for gap in own) == len(short)
        assert row["优先次序"] == min(gap["优先次序"] for gap in own)
        assert row["设施类别"].split("；") == short
        assert row["指标"].endswith(f"超出时限 {len(short) - 1}；数据缺失 1")
    for row in townships:
        own = [unit for unit in units if unit["乡镇"] == row["乡镇"]]
        assert row["社区（村）"] == f"{len(own)} 个单元"
        for name in ("缺口项数", "人口", "0—14岁人口", "60岁及以上人口", "残疾人"):
            known = [unit[name] for unit in own if unit[name] is not None]
            assert row[name] == (sum(known) if known else None)
    assert sorted(gap["优先次序"] for gap in gaps) == list(range(1, len(gaps) + 1))


def test_gaps_of_one_category_and_limit_share_a_line_that_names_all_their_indicators(opened):
    made = study()
    made = replace(made, gaps=made.gaps[made.gaps["category"].isin(["shop", "school"])])
    shop = made.gaps[made.gaps["category"] == "shop"]
    asked = [each.id for each in made.project.indicators[:2]]
    more = [shop.assign(indicator=name) for name in asked]
    ledger = shop.assign(indicator=asked[0], category=None, limit_minutes=np.nan, reason="not_met")
    gaps = pd.concat([made.gaps, *more, ledger], ignore_index=True)
    _, units, lines = gap_lines(opened(replace(made, gaps=gaps))["缺口清单"]).values()
    assert {row["缺口项数"] for row in units} == {5}
    assert len(lines) == 3 * len(units)
    names = {each.id: each.name_zh for each in made.project.indicators}
    told = {(row["设施类别"], row["缺口项数"], row["指标"]) for row in lines}
    both = "；".join(names[name] for name in asked)
    assert told == {("shop", 3, both), ("school", 1, None), (None, 1, names[asked[0]])}


def test_priority_people_are_told_apart_and_the_worst_off_named(book):
    rows = table(book["重点人群"])
    assert [row["乡镇（街道）"].value for row in rows] == ["小镇", "老城镇", "新城镇"]
    shares = [rows[0][name].value for name in ("0—14岁人口", "60岁及以上人口", "残疾人")]
    assert shares == [0.8, 0.6, None]
    assert rows[0]["最不利人群"].value == "60岁及以上人口"
    assert rows[0]["60岁及以上人口"].number_format == "0.0%"


def test_where_nobody_is_counted_there_is_no_sheet_of_priority_people(opened):
    made = study()
    none = made.scorecard.assign(over="dwellings")
    assert "重点人群" not in opened(replace(made, scorecard=none)).sheetnames


def test_shortfalls_tell_priority_people_apart(book):
    units = town_area().units.set_index("unit_id")
    for row in table(book["短板清单"]):
        for name, head in (("age_0_14", "0—14岁人口"), ("disabled", "残疾人")):
            told, known = row[head].value, units.loc[row["单元代码"].value, name]
            assert told == (None if pd.isna(known) else known)
    counted = {row["项目"].value for row in table(book["短板汇总"])}
    assert counted >= {"涉及0—14岁人口（人）", "涉及60岁及以上人口（人）", "涉及残疾人（人）"}


def names_of(*rows: tuple[str, ...]) -> pd.DataFrame:
    columns = ["layer", "row", "column", "township", "said", "how", "unit_id", "unit"]
    return pd.DataFrame(rows, columns=columns)


def test_names_are_listed_for_review_the_unsure_first_and_each_once(opened):
    made = study()
    exact = ("台账/一", 4, "unit_id", "老城镇", "甲村", "exact", "1", "甲村")
    variant = ("台账/一", 5, "unit_id", "老城镇", "乙村", "variant", "2", "乙村委会")
    again = ("设施", 9, "serves", "老城镇", "乙村", "variant", "2", "乙村委会")
    fuzzy = ("设施", 7, "unit_id", None, "丙材", "fuzzy", "3", "丙村")
    names = names_of(exact, variant, again, fuzzy)
    page = opened(replace(made, area=replace(made.area, names=names)))["名称核对"]
    rows = [[cell.value for cell in row.values()] for row in table(page)]
    assert rows == [
        ["相近，已采用", None, "丙材", "丙村", "3", 1, "设施 第7行"],
        ["惯用写法", "老城镇", "乙村", "乙村委会", "2", 2, "台账/一 第5行、设施 第9行"],
    ]
    assert "共 4 处" in page["A2"].value
    assert "一字不差 1 处（不列），惯用写法 2 处" in page["A2"].value


def test_names_that_are_all_spelled_alike_are_one_line_and_no_names_no_sheet(opened):
    made = study()
    names = names_of(("台账/一", 4, "unit_id", "老城镇", "甲村", "exact", "1", "甲村"))
    page = opened(replace(made, area=replace(made.area, names=names)))["名称核对"]
    assert table(page) == []
    assert "全部一字不差，无须核对" in page["A2"].value
    assert "名称核对" not in opened(made).sheetnames


def test_minutes_and_metres_are_rounded_up_so_that_nothing_beyond_a_limit_looks_within(book):
    row = next(row for row in table(book["缺口清单"]) if row["设施类别"].value == "shop")
    assert row["分钟"].value == 15.1
    assert row["米"].value == 1235
    assert minutes_up(pd.Series([15.0, 900_001 / 60_000, 0.0])).tolist() == [15.0, 15.1, 0.0]


def test_codes_of_twelve_digits_stay_text(book):
    code = table(book["短板清单"])[0]["单元代码"]
    assert (code.value, code.data_type, code.number_format) == (CENTRE, "s", "@")


def test_the_matrix_tells_within_reach_not_and_unknown_apart(book):
    page = book["短板清单"]
    marks = {str(name).split("\n")[0]: cell.value for name, cell in next(iter(table(page))).items()}
    assert (marks["clinic"], marks["shop"], marks["school"]) == ("√", "×", "?")


def test_the_matrix_counts_the_living_circle_as_a_number_shown_n_of_m(book):
    row = table(book["短板清单"])[0]
    cell = row["15分钟生活圈（步行）可达类别数"]
    assert (cell.value, cell.number_format) == (1, '0"/3"')
    assert row["生活圈所缺类别"].value == "shop、school"


def test_a_unit_that_was_not_judged_is_unknown_in_the_matrix(opened):
    made = study()
    judged = made.coverage[made.coverage["unit_id"] != HILL]
    rows = table(opened(replace(made, coverage=judged))["短板清单"])
    hill = next(row for row in rows if row["单元代码"].value == HILL)
    assert [cell.value for cell in list(hill.values())[8:11]] == ["?", "?", "?"]


def test_a_gap_says_whether_it_stands_whatever_is_a_little_off(book):
    rows = table(book["缺口清单"])
    told = {(row["单元代码"].value, row["设施类别"].value): row["稳健性"].value for row in rows}
    shop = town_project().categories["shop"].name_zh
    school = town_project().categories["school"].name_zh
    assert told[CENTRE, shop] == "敏感：时限多1分、速度快10%即可覆盖"
    assert told[HILL, shop] == "稳健"
    assert told[HILL, school] is None


def test_units_that_would_change_are_listed_both_ways(book):
    rows = [[cell.value for cell in row.values()] for row in table(book["敏感单元"])]
    assert [(row[1], *row[4:]) for row in rows] == [
        (CENTRE, "未覆盖", "已覆盖", "速度快10%、时限多1分"),
        (HILL, "已覆盖", "未覆盖", "缺5%道路"),
    ]


def test_the_swing_stands_beside_the_range_of_missing_data(book):
    row = table(book["指标完成情况总表"])[0]
    names = ("最低（缺失按否）", "最高（缺失按是）", "参数浮动最低", "参数浮动最高")
    assert [row[name].value for name in names] == [0.7, 0.8, 0.6, 0.9]


@pytest.mark.parametrize("name", HOSTILE[:4])
def test_a_name_that_looks_like_a_formula_is_written_as_text(hostile_names, name):
    cell = hostile_names[name]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (name, "s", True)


def test_an_error_word_is_text_like_any_other(hostile_names):
    cell = hostile_names["#N/A"]
    assert (cell.value, cell.data_type) == ("#N/A", "s")


def test_a_control_character_does_not_hide_a_formula(hostile_names):
    cell = hostile_names["\x01=1+1"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_characters_that_no_sheet_can_hold_are_removed(hostile_names):
    assert hostile_names[HOSTILE[-1]].value == "城中村"


def test_data_problems_say_where_what_and_the_remedy(book):
    row = table(book["数据质量"])[0]
    problem = study().area.problems[0]
    assert [cell.value for cell in row.values()] == [
        1,
        "units",
        3,
        "people",
        "三百",
        problem.message(),
        problem.remedy(),
    ]


def test_the_method_names_speeds_limits_files_and_versions_with_their_sources(book):
    rows = [[cell.value for cell in row.values()] for row in table(book["口径说明"])]
    assert ["输入文件", "单元.gpkg", f"12 字节，SHA-256 {'ab' * 32}", None] in rows
    assert ["时限（含端点）", "clinic（城镇）", "10 分钟，步行", "town"] in rows
    assert ["出行方式", "步行：平地 6 公里/小时", "道路等级 footway, residential", "town"] in rows
    assert "python" in {row[1] for row in rows if row[0] == "软件版本"}


def test_every_rule_has_a_name_in_every_language():
    for field in fields(Rules):
        for lang in LANGUAGES:
            assert text(f"workbook.method.rule.{field.name}", lang)


def test_without_people_the_gaps_count_dwellings(opened):
    heads = table(opened(replace(study(), basis="dwellings"))["缺口清单"])[0]
    assert "未覆盖住宅（服务对象）" in heads


def test_an_english_workbook_holds_no_chinese_but_the_datas_own(opened):
    book = opened(lang="en")
    words = [str(cell.value) for page in book for row in page.iter_rows() for cell in row]
    assert not {"达标", "按人口", "步行", "沿路网", "单位"} & set(words)
    assert "Indicators" in book.sheetnames


def test_a_study_without_gaps_problems_or_townships_still_has_every_sheet(opened):
    made = study()
    quiet = replace(
        made,
        gaps=made.gaps.iloc[:0],
        coverage=made.coverage.iloc[:0],
        circles=made.circles.iloc[:0],
        scorecard=made.scorecard.iloc[:0],
        area=replace(made.area, problems=(), inputs=()),
    )
    book = opened(quiet)
    assert book.sheetnames == [title for title in SHEETS if title != "重点人群"]
    assert "未发现问题。" in [cell.value for cell in book["数据质量"]["A"]]
    assert {row["15分钟生活圈（步行）可达类别数"].value for row in table(book["短板清单"])} == {
        None
    }


def test_a_locked_workbook_is_told_and_left_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")

    def locked(*_: object, **__: object) -> None:
        raise PermissionError(13, "used by another process")

    monkeypatch.setattr("pathlib.Path.replace", locked)
    with pytest.raises(LayerError) as refused:
        write_workbook(study(), path)
    assert [problem.code for problem in refused.value.problems] == ["output_locked"]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_units_without_a_township_or_class_are_listed_all_the_same(opened):
    made = study()
    units = made.area.units
    bare = units.assign(
        township_id=units["township_id"].mask(units["unit_id"] == REMOTE, None),
        urban=units["urban"].mask(units["unit_id"] == REMOTE),
    )
    rows = table(opened(replace(made, area=replace(made.area, units=bare)))["短板清单"])
    assert rows[0]["单元代码"].value == REMOTE
    assert rows[0]["城乡"].value is None
