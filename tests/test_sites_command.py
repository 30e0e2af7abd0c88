"""`livingcircle sites`: a question asked, or those of project.toml, into a plan that can be run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import layers
from layers.errors import ProjectError
from livingcircle import app
from maps.outcome import BAD, DONE
from tests.page_block import block_of
from tests.test_plan_run import county

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"answer.json", "map.html", "plan.json", "sites.gpkg", "sites.xlsx"}
ALL = ("--category", "pharmacy", "--target", "1")
ASKED = ("--category", "pharmacy", "--count", "1")


def ask(*words):
    return CliRunner(env={"COLUMNS": "300"}).invoke(
        app, ["sites", *(str(word) for word in words), "--quiet"]
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return county(tmp_path_factory.mktemp("sites") / "某 县")


@pytest.fixture(scope="module")
def answered(folder):
    result = ask(folder, *ASKED)
    assert result.exit_code == DONE, result.output
    return folder / "sites" / "pharmacy", result.stdout


def test_it_leaves_a_plan_a_workbook_and_a_geopackage_and_says_how_good_the_choice_is(answered):
    out, told = answered
    assert {path.name for path in out.iterdir()} == FILES
    assert "已证明不可能更好" in told
    assert "选址建议表" in told
    assert "--plan" in told


def test_the_plan_is_one_that_run_can_read(answered, folder):
    out, _ = answered
    project = layers.read_project(folder)
    area = layers.read_study_area(project)
    plan = layers.read_plan(out / "plan.json", area, project)
    (added,) = plan.added
    sites = gpd.read_file(out / "sites.gpkg", layer="sites")
    assert (added.x_cm, added.y_cm) == (
        round(sites.geometry.x[0] * 100),
        round(sites.geometry.y[0] * 100),
    )
    after = layers.apply_plan(area, plan, project)
    assert len(after.facilities) == len(area.facilities) + 1


def test_the_workbook_names_sites_whom_they_serve_before_and_after_and_the_curve(answered):
    book = load_workbook(answered[0] / "sites.xlsx")
    assert book.sheetnames == ["选址建议表", "服务对象", "建成前后", "数量与覆盖率", "造价与覆盖率"]


def test_the_same_question_gives_the_same_bytes(answered, folder, tmp_path):
    assert ask(folder, *ASKED, "--out", tmp_path).exit_code == DONE
    for name in FILES:
        first = (answered[0] / name).read_bytes()
        assert (tmp_path / "pharmacy" / name).read_bytes() == first, name


def test_the_questions_of_project_toml_are_answered_one_by_one(tmp_path):
    folder = county(tmp_path / "县")
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write('\n[sites.rooms]\ncategory = "pharmacy"\ncount = 1\n')
        file.write('\n[sites.doctors]\ncategory = "village-clinic"\ntarget = 0.3\n')
    result = ask(folder)
    assert result.exit_code == DONE, result.output
    page = block_of((folder / "sites" / "doctors" / "map.html").read_text(encoding="utf-8"))
    assert [each["name"] for each in page.header["answers"]] == ["doctors"]
    assert page.header["opens"] == "sites"
    names = {path.name for path in (folder / "sites").iterdir()}
    assert names == {"rooms", "doctors"}
    plan = json.loads((folder / "sites" / "rooms" / "plan.json").read_text(encoding="utf-8"))
    assert plan["added"][0]["category"] == "pharmacy"


def test_a_run_answers_them_in_its_workbook_and_on_its_page(tmp_path):
    folder = county(tmp_path / "县")
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write('\n[sites.rooms]\ncategory = "pharmacy"\ncount = 1\n')
    result = CliRunner().invoke(app, ["run", str(folder), "--quiet"])
    assert result.exit_code == DONE, result.output
    header = block_of((folder / "out" / "map.html").read_text(encoding="utf-8")).header
    (answer,) = header["answers"]
    assert header["opens"] is None
    sheet = load_workbook(folder / "out" / "report.xlsx")["选址建议表"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "rooms"]
    assert [row[3] for row in rows] == [site["name"] for site in answer["sites"]]
    assert [row[9] for row in rows] == [site["people"] for site in answer["sites"]]

    assert ask(folder).exit_code == DONE
    plan = folder / "sites" / "rooms" / "plan.json"
    result = CliRunner().invoke(app, ["run", str(folder), "--plan", str(plan), "--quiet"])
    assert result.exit_code == DONE, result.output
    sheet = load_workbook(folder / "out" / "report.xlsx")["选址建议表"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[1] == "rooms-1"]
    assert [row[3] for row in rows] == ["药店"]
    assert rows[0][9] >= answer["sites"][0]["people"]
    assert not block_of((folder / "out" / "map.html").read_text(encoding="utf-8")).header["answers"]


def test_the_answer_as_json_holds_its_proof_its_frames_and_the_plan(answered):
    out, _ = answered
    told = json.loads((out / "answer.json").read_text(encoding="utf-8"))
    assert told["plan"] == json.loads((out / "plan.json").read_text(encoding="utf-8"))
    (proof,) = told["proof"]
    assert proof["proved"]
    assert proof["objective"] == sum(site["people"] for site in told["sites"])
    for name in ("sites", "served", "figures", "curve", "frontier"):
        layer = gpd.read_file(out / "sites.gpkg", layer=name)
        assert len(told[name]) == len(layer), name
    assert told["frontier"][-1]["share"] <= 1.0
    assert told["question"] == {"category": "pharmacy", "aim": "people", "count": 1}


def test_one_question_that_cannot_be_answered_leaves_nothing_of_the_others(tmp_path):
    folder = county(tmp_path / "县")
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write('\n[sites.rooms]\ncategory = "pharmacy"\ncount = 1\n')
        file.write('\n[sites.poor]\ncategory = "pharmacy"\nbudget = 0.5\n')
    assert ask(folder).exit_code == BAD
    assert not (folder / "sites").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--category", "pharmacy"), "count"),
        (("--category", "pharmacy", "--count", "1", "--target", "0.5"), "count"),
        (("--category", "pharmcy", "--count", "1"), "pharmacy"),
        ((*ASKED, "--mode", "wak"), "walk"),
        ((*ASKED, "--exclude", "nowhere"), "nowhere"),
        ((*ALL, "--candidates", "units", "--within", "0.2"), "最多"),
        (("--category", "pharmacy", "--budget", "0.5"), "0.5"),
        ((*ASKED, "--per", "village"), "township"),
        (("--category", "nursery", "--count", "1", "--aim", "served"), "capacity"),
        ((), "category"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_what_cannot_be_answered_ends_with_2_and_says_why(words, said, folder, tmp_path):
    result = ask(folder, *words, "--out", tmp_path / "out")
    assert result.exit_code == BAD, result.output
    assert said in result.output.replace("\n", "")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("count = 1\nbudget = 2.0", "sites_one_amount"),
        ('aim = "travel"\ntarget = 0.5', "sites_amount_of_aim"),
        ('count = 1\ncandidates = ["street"]', "unknown_word"),
        ("count = 1\nyears = { soon = 1 }", "wrong_type"),
        ("count = 1\npriority = { old = 2 }", "unknown_key"),
        ("cuont = 1", "unknown_key"),
        ('count = 1\nuses = { "village-clinic" = { area_m2 = -5.0 } }', "out_of_range"),
    ],
)
def test_a_wrong_question_of_project_toml_is_told(lines, code, tmp_path):
    folder = county(tmp_path / "县")
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[sites.rooms]\ncategory = "pharmacy"\n{lines}\n')
    with pytest.raises(ProjectError) as caught:
        layers.read_project(folder)
    assert code in {problem.code for problem in caught.value.problems}


def test_candidates_and_excluded_areas_come_from_layers_by_name(tmp_path):
    own = county(tmp_path / "县")
    project = layers.read_project(own)
    units = layers.read_study_area(project).units
    points = gpd.GeoDataFrame(
        {"candidate_id": ["a", "b"], "allowed": [True, False]},
        geometry=units.geometry.representative_point()[:2].to_list(),
        crs=units.crs,
    )
    points.to_file(own / "lots.gpkg")
    zone = gpd.GeoDataFrame(geometry=[points.geometry[0].buffer(5)], crs=units.crs)
    zone.to_file(own / "zone.gpkg")
    with (own / "project.toml").open("a", encoding="utf-8") as file:
        file.write('\n[layers.lots]\nrole = "candidates"\nsource = "lots.gpkg"\n')
        file.write('\n[layers.zone]\nrole = "excluded"\nsource = "zone.gpkg"\n')
    area = layers.read_study_area(layers.read_project(own))
    assert area.candidates["layer"].unique().tolist() == ["lots"]
    assert area.excluded["layer"].unique().tolist() == ["zone"]
    refused = ask(own, *ASKED, "--candidates", "lots", "--exclude", "zone")
    assert refused.exit_code == BAD
    assert "zone" in refused.output
