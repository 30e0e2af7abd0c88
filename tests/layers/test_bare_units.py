"""Units that nobody has drawn: a table of codes and names is a study of ledgers."""

from __future__ import annotations

import pandas as pd
import pytest

import geo
import layers
import maps
from layers.vocabulary import Reason

UNITS = pd.DataFrame(
    {
        "区划代码": ["350421100001", "350421101201"],
        "名称": ["城东居委会", "盖洋村委会"],
        "类型": ["居委会", "村委会"],
        "城乡分类": ["121", "220"],
        "户数": [40, 60],
    }
)
CENTRES = pd.DataFrame(
    {"编号": ["s1"], "所在单元": ["盖洋村"], "建筑面积": [45], "经度": [None], "纬度": [None]}
)
PROJECT = """
name = "某县"
crs = "EPSG:4548"
policy = "mingxi-2023-16"
[layers.units]
source = "单元.csv"
[layers.units.columns]
unit_id = "区划代码"
name = "名称"
kind = "类型"
urban_class = "城乡分类"
households = "户数"
[layers.centres]
role = "facilities"
source = "设施.csv"
values = { category = "svc-comprehensive" }
[layers.centres.columns]
facility_id = "编号"
unit_id = "所在单元"
area_m2 = "建筑面积"
x = "经度"
y = "纬度"
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bare")
    UNITS.to_csv(folder / "单元.csv", index=False)
    CENTRES.to_csv(folder / "设施.csv", index=False)
    (folder / "project.toml").write_text(PROJECT, encoding="utf-8")
    project = layers.read_project(folder)
    return geo.assess(layers.read_study_area(project), project)


def test_that_units_have_no_place_is_told(study):
    assert "no_places" in {problem.code for problem in study.area.problems}


def test_figures_of_ledgers_are_known(study):
    county = study.scorecard[study.scorecard["level"] == "county"].set_index("indicator")
    assert county.loc["rural-facility-coverage", "value"] == 1.0
    assert county.loc["facility-area-per-100-households", "value"] == 45.0


def test_times_are_unknown_and_not_no(study):
    access = study.coverage[study.coverage["measure"] == "access"]
    assert access["covered"].isna().all()
    assert set(access["reason"]) == {Reason.NO_DATA}
    assert study.times.empty
    card = study.scorecard.set_index(["level", "indicator"])["missing"]["county"]
    for name in ("village-clinic", "village-clinic:units"):
        assert "单元图层没有图形和坐标" in card[name], name
    assert "都没有坐标" in card["svc-comprehensive"]


def test_page_workbook_and_package_are_written(study, tmp_path):
    maps.write_page(study, tmp_path / "map.html")
    maps.write_workbook(study, tmp_path / "report.xlsx")
    layers.write_frames(study.frames(), tmp_path / "results.gpkg")
    assert (tmp_path / "map.html").stat().st_size > 10_000
    assert study.frames()["names_review"]["unit"].tolist() == ["盖洋村委会"]
