"""The sheets of supply and fairness, of the town of one street."""

from dataclasses import replace

import numpy as np
import openpyxl
import pytest

import geo
from layers.catalogue.supply import load_supply
from maps.workbook import write_workbook
from tests.geo.test_supply_frames import NURSERIES, TEN, UNITS
from tests.line_town import home, line_area, service
from tests.maps.test_workbook import head_row, table


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    project = replace(TEN, supply=load_supply("2sfca"))
    small = [NURSERIES[0] | {"capacity": 4.0}, NURSERIES[1]]
    study = geo.assess(line_area(UNITS, small), project)
    path = tmp_path_factory.mktemp("supply") / "report.xlsx"
    return openpyxl.load_workbook(write_workbook(study, path))


def cells_of(book, sheet, *heads):
    return [tuple(row[head].value for head in heads) for row in table(book[sheet])]


def test_every_area_tells_its_times_and_its_places(book):
    spread = cells_of(book, "供需与公平", "乡镇（街道）", "内容", "人均")
    minutes, places = "到最近设施的时间（分钟）", "每千人可享有的位数"
    assert spread == [
        ("小镇", minutes, 5),
        ("小镇", places, pytest.approx(85)),
        ("农村", minutes, 5),
        ("农村", places, pytest.approx(85)),
        ("东镇", minutes, 5),
        ("东镇", places, pytest.approx(115)),
        ("西镇", minutes, 5),
        ("西镇", places, pytest.approx(75)),
    ]


def test_priority_people_stand_beside_whom_the_sheets_count(tmp_path):
    homes = [home("a1", 80, (500, 0), disabled=8), home("a2", 20, (500, 4000), disabled=5)]
    homes.append(home("b1", 300, (2000, 0), disabled=30))
    study = geo.assess(line_area(UNITS, NURSERIES, homes=homes), TEN)
    book = openpyxl.load_workbook(write_workbook(study, tmp_path / "report.xlsx"))
    heads = ("残疾人", "不可达残疾人（人）", "残疾人不足比例", "不可达0—14岁（人）")
    east = [
        told for area, *told in cells_of(book, "供需与公平", "乡镇（街道）", *heads)
        if area == "东镇"
    ]  # fmt: skip
    assert east[0] == [13, 5, pytest.approx(5 / 13), None]  # by minutes: a2 is off the street
    load = cells_of(book, "设施负荷", "搜索范围内残疾人（人）", "搜索范围内0—14岁（人）")
    assert sorted(load) == [(8, None), (38, None)]


def test_where_dwellings_are_counted_no_ages_are_told(tmp_path):
    units = [each | {"people": np.nan} for each in UNITS]
    study = geo.assess(line_area(units, NURSERIES), TEN)
    book = openpyxl.load_workbook(write_workbook(study, tmp_path / "report.xlsx"))
    for sheet in ("供需与公平", "设施负荷"):
        heads = [cell.value for cell in book[sheet][head_row(book[sheet])]]
        assert not [head for head in heads if "残疾人" in head or "岁" in head]


def test_places_that_stand_there_are_beside_those_within_reach(book):
    own = cells_of(book, "供需与公平", "位数", "本地每千人位数", "标准（每千人）")
    assert own[:2] == [(None, None, None), (34, 85, 50)]
    assert own[5::2] == [(4, 40, 50), (30, 100, 50)]


def test_facilities_are_listed_the_fullest_first(book):
    load = cells_of(book, "设施负荷", "设施编号", "最近者人口", "可服务人口", "负荷", "超员")
    assert load == [("nursery-1", 100, 80, 1.25, "是"), ("nursery-2", 300, 600, 0.5, "否")]


def test_the_method_and_its_source_are_told(book):
    told = [str(page.cell(row, 1).value) for page in [book["供需与公平"]] for row in (1, 2, 3)]
    assert head_row(book["供需与公平"]) == 5
    assert "两步移动搜索法（2SFCA）" in told[2]
    method = {row["项目"].value: row["依据"].value for row in table(book["口径说明"])}
    assert "Luo & Wang 2003" in method["两步移动搜索法（2SFCA）"]


def test_without_capacities_the_sheets_tell_times_and_people_alone(tmp_path):
    bare = [service("nursery-1", (0, 0))]
    study = geo.assess(line_area(UNITS, bare), TEN)
    book = openpyxl.load_workbook(write_workbook(study, tmp_path / "report.xlsx", lang="en"))
    spread = cells_of(book, "Supply and fairness", "of what", "places")
    assert set(spread) == {("minutes to the nearest", None)}
    assert cells_of(book, "Load of facilities", "capacity", "load") == [(None, None)]
