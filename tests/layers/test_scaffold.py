"""A new county's folder: real units, ledgers that explain themselves, and a run as it is."""

from __future__ import annotations

import lzma
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

import geo
import layers
from layers.catalogue.ledger import load_attributes, load_register_kinds
from layers.catalogue.policy import document
from layers.check import Findings
from layers.columns import renamed
from layers.county_list import COUNTY_LIST, county_codes, county_of
from layers.errors import ProjectError
from layers.project import LayerSource
from layers.schema import FACILITIES, REGISTERS, SCHEMAS, UNITS
from tests.county_list import made

HARMLESS = {"no_places", "ledger_empty"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return layers.write_scaffold("350421", tmp_path_factory.mktemp("new") / "明溪").parent


def test_the_list_of_units_is_the_published_one_and_small(real_data):
    assert lzma.decompress(COUNTY_LIST.read_bytes()).decode() == made(real_data / "fujian")
    assert COUNTY_LIST.stat().st_size < 400_000


def test_all_units_of_all_counties_are_there():
    counties = [county_of(code) for code in county_codes()]
    assert len(counties) == 84
    units = pd.concat([county.units for county in counties])
    assert len(units) == 17_498
    assert units["unit_id"].is_unique
    assert units.notna().all().all()
    assert {county.crs for county in counties} == {"EPSG:4548", "EPSG:4549"}


@pytest.mark.parametrize(("said", "likely"), [("3504211", "350421 "), ("明溪", "350421 明溪县")])
def test_an_unknown_code_is_told_with_the_nearest(said, likely):
    with pytest.raises(ProjectError) as refused:
        county_of(said)
    (problem,) = refused.value.problems
    assert likely in dict(problem.values)["nearest"]


def test_a_project_that_is_there_is_not_written_over(folder):
    with pytest.raises(ProjectError):
        layers.write_scaffold("350421", folder)


@pytest.mark.parametrize("code", ["350421", "350102", "350723"])
def test_the_untouched_folder_of_a_county_runs(tmp_path, code):
    """A mountain county, a city district and a county without a seat in the gazetteer."""
    project = layers.read_project(layers.write_scaffold(code, tmp_path))
    area = layers.read_study_area(project)
    assert {problem.code for problem in area.problems} == HARMLESS
    assert len(area.units) == len(county_of(code).units)
    study = geo.assess(area, project)
    access = study.coverage[study.coverage["measure"] == "access"]
    assert access["covered"].isna().all()
    ratios = study.scorecard[study.scorecard["measure"].isin(["ratio", "attribute"])]
    assert ratios["value"].isna().all()


def headings(folder, name, sheet=0):
    book = openpyxl.load_workbook(folder / name)
    page = book.worksheets[sheet] if isinstance(sheet, int) else book[sheet]
    return [cell.value for cell in page[1]], page, book


def test_every_ledger_column_of_the_catalogue_is_in_a_ledger(folder):
    found = {
        "units": headings(folder, "单元台账.xlsx")[0],
        "facilities": headings(folder, "设施台账.xlsx")[0],
    }
    for frame, names in found.items():
        assert {column.heading for column in load_attributes(frame)} <= set(names)
    for kind in load_register_kinds().values():
        if kind.id not in ("unit", "township"):
            names = headings(folder, "登记簿.xlsx", kind.name_zh)[0]
            assert {column.heading for column in kind.columns} <= set(names)


def test_headings_tell_columns_apart():
    for columns in (
        (*UNITS.columns, *load_attributes("units")),
        (*FACILITIES.columns, *load_attributes("facilities")),
        *((*REGISTERS.columns, *kind.columns) for kind in load_register_kinds().values()),
    ):
        names = [column.heading for column in columns]
        assert len(set(names)) == len({column.name for column in columns})


def test_ticks_categories_and_villages_are_chosen_from_lists(folder):
    names, page, book = headings(folder, "设施台账.xlsx")
    lists = {}
    for rule in page.data_validations.dataValidation:
        column = page[f"{str(rule.sqref).split(':')[0]}"].column
        sheet, _, cells = rule.formula1.partition("!")
        words = [
            cell.value for row in book[sheet.strip("'")][cells.replace("$", "")] for cell in row
        ]
        lists[names[column - 1]] = words
    assert lists["所在社区或村"] == county_of("350421").units["name"].tolist()
    assert lists["所在乡镇"][0] == "雪峰镇"
    assert "警务室" in lists["设施类别代码"]
    assert lists["是否24小时线上服务"] == ["√", "×"]
    assert lists["状态"] == ["已建", "在建", "规划"]
    assert book["选项"].sheet_state == "hidden"


def test_a_sheet_explains_every_column(folder):
    for path in sorted(folder.glob("*.xlsx")):
        book = openpyxl.load_workbook(path)
        rows = book["填表说明"].iter_rows(min_row=4, max_col=2, values_only=True)
        notes = set(rows)
        for page in book.worksheets:
            if page.title not in ("填表说明", "选项"):
                assert {(page.title, cell.value) for cell in page[1]} <= notes


def readings_of(policy):
    """Give every table of the catalogue, and once more as each of its readings has it."""
    for name, table in document(policy).items():
        for reading in table.get("variants", {"": {}}).values():
            yield name, {**table, **reading}


def columns_of(table):
    """Give the ledgers and columns that a table of the catalogue names, from its TOML alone."""
    over = {"registers": table.get("kind"), "townships": "township"}
    over |= {"facilities": "facilities"}
    ledger = over.get(table.get("over"), "units")
    parts = [(ledger, each) for each in table.get("conditions", ())]
    own = table.get("kind") or "facilities"
    parts += [(own, each) for each in table.get("where", ())]
    for amount in (table.get(key) for key in ("numerator", "denominator")):
        if amount:
            frame = amount.get("kind", amount["frame"])
            parts += [(frame, amount), *((frame, each) for each in amount.get("where", ()))]
    for ledger, part in parts:
        yield from ((ledger, part[key]) for key in ("column", "over") if key in part)


@pytest.mark.parametrize("code", ["350421", "350102", "350723"])
def test_every_column_names_the_indicators_it_serves(tmp_path, code):
    project = layers.read_project(layers.write_scaffold(code, tmp_path))
    told = {}
    for path in tmp_path.glob("*.xlsx"):
        rows = openpyxl.load_workbook(path)["填表说明"].iter_rows(min_row=4, values_only=True)
        told |= {(row[0], row[1]): row[5] for row in rows}
    kinds = load_register_kinds()
    sheets = {name: kind.name_zh for name, kind in kinds.items()}
    sheets |= {"units": "单元台账", "township": "乡镇台账", "facilities": "设施台账"}
    columns = {name: {each.name: each for each in kind.columns} for name, kind in kinds.items()}
    columns["units"] = columns["unit"]
    columns["facilities"] = {
        each.name: each for each in (*FACILITIES.columns, *load_attributes("facilities"))
    }
    names = {each.id: each.name_zh for each in project.indicators}
    policy = "mingxi-2023-16" if code == "350421" else "fujian-2022-37"
    assert len(names) == len(document(policy))
    asked = {
        (sheets[ledger], columns[ledger][column].heading, names[indicator])
        for indicator, table in readings_of(policy)
        for ledger, column in columns_of(table)
        if column != "urban_class"  # stands in the list of units itself, and is filled in
    }
    assert len(asked) > 100
    named = {
        (sheet, heading, name)
        for (sheet, heading), said in told.items()
        for name in names.values()
        if name in said.split("；")
    }
    assert asked <= named
    beyond = {(sheet, heading) for sheet, heading, _ in named - asked if "＝" not in heading}
    people = {("单元台账", UNITS.column(each).heading) for each in ("people", "age_60_plus")}
    classed = {("单元", UNITS.column(each).heading) for each in ("urban_class", "urban")}
    assert beyond == people | classed
    assert all(said for said in told.values())


def test_every_category_names_the_indicators_it_serves(folder):
    rows = openpyxl.load_workbook(folder / "设施台账.xlsx")["填表说明"].iter_rows(values_only=True)
    told = {row[1].partition("＝")[2]: row[5] for row in rows if row[1] and "＝" in row[1]}
    assert told["城市书房等阅读空间"] == "城市书房等公共文化空间可达率"
    assert told["警务室"] == "城市社区警务室覆盖率；农村社区警务室有效辐射率"
    assert told["中学"] == "没有指标直接用到，供参考"


def test_every_heading_of_a_ledger_is_read_as_the_column_it_stands_for():
    """Also where kinds of register head one column differently, as the people of a village."""
    ledgers = [("facilities", (*FACILITIES.columns, *load_attributes("facilities")))]
    ledgers += [("registers", kind.columns) for kind in load_register_kinds().values()]
    for role, columns in ledgers:
        cells = {column.heading: [str(number)] for number, column in enumerate(columns)}
        source = LayerSource(role, role, Path("台账.xlsx"))
        frame = renamed(gpd.GeoDataFrame(cells), source, SCHEMAS[role], Findings(role))
        for number, column in enumerate(columns):
            assert frame[column.name].tolist() == [str(number)], (role, column.heading)


def test_what_is_filled_in_counts(folder, tmp_path):
    """A facility by township and village, a tick and a number in the ledger of units."""
    for path in folder.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    book = openpyxl.load_workbook(tmp_path / "设施台账.xlsx")
    page = book.worksheets[0]
    row = {
        "设施编号": "s1",
        "设施类别代码": "社区综合服务设施",
        "所在乡镇": "雪峰",
        "所在社区或村": "城东社区",
        "建筑面积（平方米）": "３６０",
        "是否24小时线上服务": "√",
    }
    page.append([row.get(cell.value) for cell in page[1]])
    book.save(tmp_path / "设施台账.xlsx")
    book = openpyxl.load_workbook(tmp_path / "单元台账.xlsx")
    page = book.worksheets[0]
    page["C2"], page["D2"] = 500, 1700
    assert (page["C1"].value, page["D1"].value) == ("户数（户）", "常住人口（人）")
    book.save(tmp_path / "单元台账.xlsx")
    area = layers.read_study_area(layers.read_project(tmp_path))
    (facility,) = area.facilities.to_dict("records")
    assert facility["unit_id"] == "350421100001"
    assert (facility["area_m2"], facility["online_24h"]) == (360, True)
    assert area.units["households"].sum() == 500
    assert area.units["people"].sum() == 1700
    assert area.names["how"].tolist() == ["variant"]
