"""A run of a plan: every result names it and is of the study as it would be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from layers.plan import Addition, Plan
from layers.plan_file import write_plan
from layers.project_file import project_toml
from layers.vocabulary import text
from livingcircle import app
from maps.outcome import BAD, DONE
from tests.broken.good_study import CRS, EAST, NORTH, UNITS, GoodStudy
from tests.page_block import block_of

if TYPE_CHECKING:
    from pathlib import Path


def county(folder: Path) -> Path:
    """Write a small county as a planner's folder."""
    folder.mkdir()
    study = GoodStudy()
    study.write(folder)
    layers = {
        name: {"role": source.role, "source": source.path.name}
        | ({"datum": source.datum} if source.datum else {})
        | ({"columns": dict(source.columns)} if source.columns else {})
        for name, source in study.sources.items()
    }
    settings = {"name": "小县", "crs": CRS, "layers": layers, "rules": {"cell_metres": 100.0}}
    (folder / "project.toml").write_text(project_toml(settings), encoding="utf-8")
    return folder


def new_shop(facility_id: str = "new-1", category: str = "shop") -> Addition:
    x_cm, y_cm = round((EAST + 1050) * 100), round((NORTH + 1000) * 100)
    return Addition(facility_id, "便民店", category, x_cm, y_cm)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Plan]:
    """Give the results of a plan that opens a shop and closes a police room."""
    folder = county(tmp_path_factory.mktemp("plan") / "某 县")
    plan = Plan("新增便民店 <一>", "小县", CRS, (new_shop(),), ("f2",))
    path = write_plan(plan, folder / "方案.json")
    result = CliRunner().invoke(app, ["run", str(folder), "--plan", str(path)])
    assert result.exit_code == DONE, result.output
    return folder / "out", plan


def test_the_record_tells_the_whole_plan_and_its_hash(ran):
    out, plan = ran
    told = json.loads((out / "run.json").read_text(encoding="utf-8"))["plan"]
    assert told == plan.content() | {"sha256": plan.sha256}


def test_the_method_sheet_names_the_plan_and_its_hash(ran):
    out, plan = ran
    sheet = load_workbook(out / "report.xlsx")[text("workbook.sheet.method")]
    told = {row[1].value: row[2].value for row in sheet.iter_rows()}[text("workbook.method.plan")]
    assert plan.name in told
    assert plan.sha256 in told


def test_the_map_is_given_the_name_of_the_plan_and_the_mark_of_its_hash(ran):
    out, plan = ran
    page = block_of((out / "map.html").read_text(encoding="utf-8"))
    assert page.header["plan"] == {"name": plan.name, "mark": plan.sha256[:12]}


def test_the_layers_show_what_is_new_and_not_what_is_closed(ran):
    out, _ = ran
    facilities = gpd.read_file(out / "results.gpkg", layer="facilities").set_index("facility_id")
    assert facilities.loc["new-1", "status"] == "plan"
    assert facilities.loc["new-1", "unit_id"] == UNITS[0]
    assert "f2" not in facilities.index
    times = gpd.read_file(out / "results.gpkg", layer="times")
    assert set(times.query("category == 'shop'")["facility_id"]) == {"new-1"}


def test_a_plan_that_does_not_fit_ends_with_2_and_leaves_nothing(tmp_path):
    folder = county(tmp_path / "study")
    plan = Plan("错", "另一个县", CRS, (new_shop("f1", "shpo"),), ("f9",))
    path = write_plan(plan, tmp_path / "plan.json")
    result = CliRunner().invoke(app, ["run", str(folder), "--plan", str(path)])
    assert result.exit_code == BAD
    assert result.stdout == ""
    for told in ("plan.json", "另一个县", "shpo", "f1", "f9"):
        assert told in result.stderr
    assert not (folder / "out").exists()
