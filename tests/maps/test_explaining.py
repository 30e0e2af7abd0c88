"""Every figure can be worked out again from its account alone; nothing changed is explained."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import geo
import layers
from geo.account import account
from geo.coverage import Coverage
from geo.demand import demand
from layers.errors import LayerError, MissingLayerError
from livingcircle import app
from maps.account_words import account_lines
from maps.explaining import explained
from maps.outcome import BAD, DONE
from tests.test_cli import write_project
from tests.town import CENTRE, EMPTY, ISLET, REMOTE, town_area, town_project

NEVER = float("inf")
LONG = r"(?P<metres>\S+) 米 (?P<ms>\d+) 毫秒"
HOME = re.compile(
    r"  居住点 (?P<id>\S+)：权重 (?P<weight>\S+)，服务对象 (?P<people>\S+)，接入 \S+ 米，"
    rf"(?:到 (?P<facility>\S+) {LONG}|\S+ 分钟内到不了任何一处)，(?P<verdict>.+)"
)
LEG = re.compile(rf"  (?:接入|沿|接出|直行).* {LONG}（\S+ 分）")
TOTAL = re.compile(r"  合计 (?P<metres>\S+) 米 (?P<ms>\d+) 毫秒")
LIMIT = re.compile(r"时限：.* = (\d+) 毫秒")
TELLING = re.compile(r"二、.*权重累计达到 (\d+)% 的是居住点 (\S+)，")
FACILITY = re.compile(r"四、设施：.*（(\S+?)），状态")
PEOPLE = re.compile(r"六、.*：有着落 (\S+)，共 (\S+)，占 (\S+)")
STATUS = re.compile(r"七、结论：([^，]+)")


@dataclass
class Told:
    """What one account says, read from its text and from nothing else."""

    limit: int = 0
    share: float = 0.0
    telling: str = ""
    facility: str | None = None
    people: tuple[str, str, str] = ("", "", "")
    status: str = ""
    homes: list[dict[str, str]] = field(default_factory=list)
    legs: list[tuple[Decimal, int]] = field(default_factory=list)
    total: tuple[Decimal, int] | None = None

    def unit_ms(self) -> float:
        """Work out when ``share`` of the weights have arrived."""
        arrivals = sorted(
            (int(home["ms"]) if home["ms"] else NEVER, float(home["weight"])) for home in self.homes
        )
        need, arrived = self.share * sum(weight for _, weight in arrivals), 0.0
        for ms, weight in arrivals:
            arrived += weight
            if arrived >= need * (1 - 1e-9):
                return ms
        raise AssertionError(arrivals)

    def served(self, column: str) -> float:
        return sum(float(home[column]) for home in self.homes if home["verdict"] == "在时限内")

    def covered(self) -> bool:
        weights = sum(float(home["weight"]) for home in self.homes)
        enough = self.served("weight") >= self.share * weights * (1 - 1e-9)
        return self.unit_ms() <= self.limit and enough


def read(lines: list[str]) -> Told:
    told = Told()
    for line in lines:
        if found := HOME.fullmatch(line):
            told.homes.append(found.groupdict())
        elif found := LEG.fullmatch(line):
            told.legs.append((Decimal(found["metres"]), int(found["ms"])))
        elif found := TOTAL.match(line):
            told.total = Decimal(found["metres"]), int(found["ms"])
        elif found := LIMIT.match(line):
            told.limit = int(found[1])
        elif found := TELLING.match(line):
            told.share, told.telling = int(found[1]) / 100, found[2]
        elif found := FACILITY.match(line):
            told.facility = found[1]
        elif found := PEOPLE.match(line):
            told.people = (found[1], found[2], found[3])
        elif found := STATUS.match(line):
            told.status = found[1]
    return told


def accounts(study, rows):
    """Give the text of the account of each coverage row."""
    rules = study.project.rules
    where = demand(study.area.units, study.area.residences, known_share=rules.known_share)
    judge = Coverage(study.area, where, study.measured, study.project)
    for row in rows.to_dict("records"):
        told = account(judge, unit_id=row["unit_id"], category=row["category"])
        yield row, list(account_lines(told, study.area, study.project, lang="zh"))


def chosen(study, count):
    rows = study.coverage[study.coverage["indicator"].isin(list(study.project.categories))]
    rows = rows[rows["covered"].notna()]
    return rows.sample(count, random_state=np.random.default_rng(8))


def assert_recomputed(row, told):
    """Compare what a text says, worked out again, with a coverage row."""
    assert len(told.homes) > 0
    unit = told.unit_ms()
    if pd.isna(row["minutes"]):
        assert unit == NEVER
        assert told.legs == []
    else:
        assert unit == round(row["minutes"] * 60_000)
        metres, ms = (sum(column) for column in zip(*told.legs, strict=True))
        assert (metres, ms) == told.total
        assert ms == unit
        assert float(metres) == pytest.approx(row["metres"], abs=0.0051)
        telling = next(home for home in told.homes if home["id"] == told.telling)
        assert int(telling["ms"]) == unit
        assert told.facility == telling["facility"] == row["facility_id"]
    assert told.limit == round(row["limit_minutes"] * 60_000)
    assert told.covered() is row["covered"]
    assert told.status == ("已覆盖" if row["covered"] else "未覆盖")
    assert told.served("people") == pytest.approx(row["people_covered"])
    assert float(told.people[0]) == pytest.approx(row["people_covered"])
    if row["people"] > 0:
        total = sum(float(home["people"]) for home in told.homes)
        assert told.served("people") / total == pytest.approx(row["people_share"])
        assert told.people[2] == f"{row['people_share']:.2%}"


def test_a_hundred_figures_of_the_county_come_out_again_from_their_text_alone(demo_study):
    rows = chosen(demo_study, 100)
    assert len({*rows["category"]}) > 15
    streets = 0
    for row, lines in accounts(demo_study, rows):
        told = read(lines)
        assert_recomputed(row, told)
        streets += len(told.legs)
    assert streets > 500


@pytest.mark.real
def test_figures_of_andorra_come_out_again_and_name_the_streets(andorra_study):
    named = []
    for row, lines in accounts(andorra_study, chosen(andorra_study, 12)):
        assert_recomputed(row, read(lines))
        named += [line for line in lines if line.startswith("  沿 ") and "无名路" not in line]
    assert any("Carrer" in line or "Avinguda" in line or "Carretera" in line for line in named)


def test_every_figure_of_the_toy_town_comes_out_again(town):
    rows = town.coverage[town.coverage["indicator"].isin(list(town.project.categories))]
    rows = rows[rows["covered"].notna()]
    for row, lines in accounts(town, rows):
        told = read(lines)
        if row["people"] > 0:
            assert_recomputed(row, told)
    assert {CENTRE, ISLET, REMOTE, EMPTY} <= {*rows["unit_id"]}


def test_what_a_facility_without_coordinates_leaves_open_is_told_with_its_name(town):
    rows = town.coverage[(town.coverage["indicator"] == "hall") & town.coverage["covered"].isna()]
    ((row, lines),) = accounts(town, rows)
    assert row["unit_id"] == ISLET
    assert any(line.startswith("  台账里没有坐标") and "hall-islet" in line for line in lines)
    assert read(lines).status == "数据缺失"
    assert "设施没有坐标" in lines[-1]


def test_without_streets_the_way_is_one_straight_leg():
    project = town_project()
    study = geo.assess(replace(town_area(), streets=None), project)
    rows = study.coverage[study.coverage["unit_id"] == CENTRE]
    rows = rows[rows["indicator"].isin(list(project.categories)) & rows["minutes"].notna()]
    for row, lines in accounts(study, rows):
        assert sum(line.startswith("  直行 ") for line in lines) == 1
        assert_recomputed(row, read(lines))


# --- from a folder of results -------------------------------------------------------------------


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Give a small county with its results beside the input."""
    county = write_project(tmp_path_factory.mktemp("explain") / "某 县")
    done = CliRunner().invoke(app, ["run", str(county), "--quiet"])
    assert done.exit_code == DONE, done.output
    return county


@pytest.fixture
def county(ran, tmp_path):
    """Give a copy of it that a test may spoil."""
    return shutil.copytree(ran, tmp_path / "县")


def first_figure(county):
    frame = layers.read_results(county / "out").frames["coverage"]
    row = frame[frame["minutes"].notna() & (frame["measure"] == "access")].iloc[0]
    return row["unit_id"], row["category"], row


def test_the_command_tells_one_figure_from_its_folder_of_results(county):
    unit, category, row = first_figure(county)
    done = CliRunner().invoke(app, ["explain", str(county / "out"), unit, category])
    assert done.exit_code == DONE
    told = read(done.stdout.splitlines())
    assert_recomputed({**row, "covered": bool(row["covered"])}, told)
    record = json.loads((county / "out" / "run.json").read_text(encoding="utf-8"))
    assert f"{len(record['inputs'])} 个输入文件" in done.stdout


def test_units_and_categories_go_by_name_too(county):
    unit, category, _ = first_figure(county)
    project = layers.read_project(county)
    area = layers.read_study_area(project)
    name = area.units.set_index("unit_id").loc[unit, "name"]
    by_name = explained(county / "out", name, project.categories[category].name("zh"))
    assert by_name == explained(county / "out", unit, category)


def test_a_plan_is_applied_again(county):
    unit, category, row = first_figure(county)
    project = layers.read_project(county)
    plan = layers.Plan("一号方案", project.name, project.crs, closed=(row["facility_id"],))
    layers.write_plan(plan, county / "plan.json")
    words = ["run", county, "--plan", county / "plan.json", "--quiet", "--out", county / "planned"]
    assert CliRunner().invoke(app, [str(word) for word in words]).exit_code == DONE
    lines = explained(county / "planned", unit, category)
    assert any("一号方案" in line for line in lines)
    closed = f"到 {row['facility_id']} "
    assert any(closed in line for line in explained(county / "out", unit, category))
    assert not any(closed in line for line in lines)


def refused(*words):
    with pytest.raises(LayerError) as error:
        explained(*words)
    return {(problem.layer, problem.code) for problem in error.value.problems}


def test_a_changed_input_is_named_and_nothing_is_explained(county):
    unit, category, _ = first_figure(county)
    file = next(path for path in county.iterdir() if path.suffix == ".csv")
    file.write_bytes(file.read_bytes() + b"\n")
    assert refused(county / "out", unit, category) == {(file.name, "input_changed")}
    done = CliRunner().invoke(app, ["explain", str(county / "out"), unit, category])
    assert done.exit_code == BAD
    assert file.name in done.stderr
    assert done.stdout == ""


def test_a_changed_project_and_a_lost_input_are_named(county):
    unit, category, _ = first_figure(county)
    file = next(path for path in county.iterdir() if path.suffix == ".csv")
    file.unlink()
    assert refused(county / "out", unit, category) == {(file.name, "input_gone")}
    toml = county / "project.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + "\n# 改\n", encoding="utf-8")
    assert refused(county / "out", unit, category) == {("project.toml", "input_changed")}


def test_results_moved_away_are_explained_with_their_project(county, tmp_path):
    unit, category, _ = first_figure(county)
    moved = shutil.move(county / "out", tmp_path / "elsewhere" / "out")
    with pytest.raises(MissingLayerError) as error:
        explained(moved, unit, category)
    assert error.value.problems[0].code == "project_not_near"
    assert explained(moved, unit, category, project=county)[-1].startswith("核对")


def test_a_figure_that_does_not_come_out_again_is_refused(county, monkeypatch):
    unit, category, row = first_figure(county)
    results = layers.read_results(county / "out")
    coverage = results.frames["coverage"].assign(minutes=row["minutes"] + 1)
    spoilt = replace(results, frames={**results.frames, "coverage": coverage})
    monkeypatch.setattr(layers, "read_results", lambda _: spoilt, raising=False)
    assert refused(county / "out", unit, category) == {("results.gpkg", "figure_differs")}


def test_an_unknown_unit_or_category_is_told_with_the_nearest(county):
    unit, category, _ = first_figure(county)
    assert refused(county / "out", unit + "9", category) == {("results.gpkg", "no_such_unit")}
    assert refused(county / "out", unit, category + "x") == {("results.gpkg", "no_such_category")}
