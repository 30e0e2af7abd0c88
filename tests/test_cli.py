"""The commands as a planner runs them: what is said, what is written, how they end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from layers.noted import OF_RESULTS
from layers.project_file import project_toml
from layers.vocabulary import text
from livingcircle import app
from maps.outcome import BAD, DONE, FOUND, INTERRUPTED
from tests.broken.good_study import GoodStudy
from tests.page_block import block_of
from tests.started import PROGRAM, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
TOLD = {"map.html", "report.docx", "report.xlsx", "results.gpkg", "run.json", "run.log"}
RESULTS = TOLD | {OF_RESULTS}
SAME_EVERY_TIME = RESULTS - {"run.log"}


def write_project(folder: Path, study: GoodStudy | None = None, *, simulated: bool = False) -> Path:
    """Write a small county as a planner's folder and give it."""
    folder.mkdir(parents=True)
    study = study or GoodStudy()
    study.write(folder)
    layers = {}
    for name, source in study.sources.items():
        said = {"role": source.role, "source": source.path.name, "datum": source.datum}
        layers[name] = {key: value for key, value in said.items() if value} | (
            {"columns": dict(source.columns)} if source.columns else {}
        )
    rules = {"cell_metres": 100.0}  # coarse areas: quicker to draw
    settings = {"name": "小县", "crs": study.crs, "simulated": simulated}
    settings |= {"layers": layers, "rules": rules}
    (folder / "project.toml").write_text(project_toml(settings), encoding="utf-8")
    return folder


def broken_study() -> GoodStudy:
    """Give a study wrong in two layers: a category of the second facility, a unit's people."""
    study = GoodStudy()
    study.facilities.loc[1, "category"] = "polce-room"
    study.units = study.units.assign(people=["100", "二百", "40", "0"])
    return study


def noted_study() -> GoodStudy:
    """Give a study with a problem that does not stop it: a facility registered twice."""
    study = GoodStudy()
    study.facilities.loc[1, ["经度", "纬度"]] = study.facilities.loc[0, ["经度", "纬度"]]
    return study


def contents(folder: Path) -> dict[str, bytes]:
    """Give every file of a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def with_earlier_results(county: Path) -> dict[str, bytes]:
    """Leave the results of an earlier run in a planner's folder, and give them."""
    out = county / "out"
    out.mkdir()
    for name in RESULTS:
        (out / name).write_text("earlier", encoding="utf-8")
    return contents(out)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Give a planner's folder with nothing wrong, its path Chinese and with a space."""
    return write_project(tmp_path / "某 县")


@pytest.fixture
def ask() -> Callable[..., Result]:
    """Run a command within this process."""

    def run(*words: str | Path) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words])

    return run


# --- demo ---------------------------------------------------------------------------------------


def test_the_demo_leaves_its_files_and_a_planners_folder(demo):
    out, _, _ = demo
    assert {path.name for path in out.iterdir()} == RESULTS | {"county"}
    assert (out / "county" / "project.toml").is_file()


def test_the_demo_says_that_its_data_are_simulated_and_which_file_to_open(demo):
    out, said, _ = demo
    assert text("cli.simulated", "en") in said
    assert str(out / "map.html") in said.replace("\n", "")
    assert all(name in said for name in TOLD)


def test_english_is_spoken_on_the_terminal_the_map_and_the_workbook(demo):
    out, said, told = demo
    assert text("cli.summary_title", "en") in said
    assert text("cli.stage.map", "en") in told
    page = block_of((out / "map.html").read_text(encoding="utf-8"))
    assert page.header["lang"] == "en"
    sheets = load_workbook(out / "report.xlsx", read_only=True).sheetnames
    assert sheets[0] == text("workbook.sheet.scorecard", "en")


def test_the_english_sheet_of_methods_speaks_chinese_in_names_of_files_and_places_alone(demo):
    out, _, _ = demo
    book = load_workbook(out / "report.xlsx")
    rows = book[text("workbook.sheet.method", "en")].iter_rows(values_only=True)
    head = next(row for row in rows if row[0] == text("workbook.head.section", "en"))
    assert head[3] == text("workbook.head.stated_source", "en")
    study, files, readings = (
        text(f"workbook.method.{key}", "en") for key in ("study", "file", "choice")
    )
    told = 0
    for part, item, content, source in rows:
        said = [item, content, source]
        if part == study and item == text("workbook.method.name", "en"):
            continue  # the county's name
        if part == files:
            said = [content, source]
        if part == readings:  # a reading is named in project.toml as the catalogue names it
            said = [item, re.sub(r" \([^()]+\)", "", content), source]
        assert [each for each in said if each and CHINESE.search(str(each))] == [], item
        told += source is not None
    assert told > 60


def test_verbose_tells_every_step_on_stderr_and_the_log_keeps_it(demo):
    out, said, told = demo
    steps = [line.split(" s  ")[1] for line in told.splitlines() if " s  " in line]
    assert len(steps) >= len(RESULTS)
    log = (out / "run.log").read_text(encoding="utf-8")
    assert [line.split(" s  ")[1] for line in log.splitlines()] == steps
    assert not any(step in said.splitlines() for step in steps)


# --- check --------------------------------------------------------------------------------------


def test_check_ends_with_0_where_nothing_is_wrong(county, ask):
    before = contents(county)
    result = ask("check", county)
    assert result.exit_code == DONE
    assert result.stdout.strip() == text("cli.no_problems")
    assert contents(county) == before


def test_check_ends_with_1_and_lists_every_problem_on_stdout(tmp_path, ask):
    result = ask("check", write_project(tmp_path / "study", broken_study()))
    assert result.exit_code == FOUND
    for told in ("units", "people", "二百", "facilities", "category", "polce-room"):
        assert told in result.stdout
    assert text("cli.problem_count", count="2", fatal="2") in result.stdout


def test_check_ends_with_1_for_a_problem_that_would_not_stop_a_run_and_run_goes_on(tmp_path, ask):
    study = write_project(tmp_path / "study", noted_study())
    assert ask("check", study).exit_code == FOUND
    result = ask("run", study)
    assert result.exit_code == DONE
    assert text("cli.noted", count="1") in result.stdout
    assert text("cli.simulated") not in result.stdout


# --- run ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Give a simulated county that was run once, every step told, and what that said."""
    county = write_project(tmp_path_factory.mktemp("ran") / "某 县", simulated=True)
    return county, CliRunner().invoke(app, ["run", str(county), "--verbose"])


def test_run_writes_into_out_of_the_projects_folder_and_speaks_chinese(ran):
    county, result = ran
    assert result.exit_code == DONE, result.output
    assert set(contents(county / "out")) == RESULTS
    assert text("cli.summary_title") in result.stdout
    assert "模拟数据" in result.stdout


def test_progress_goes_to_stderr_and_results_to_stdout(ran):
    _, result = ran
    assert text("cli.stage.read") in result.stderr
    assert text("cli.stage.read") not in result.stdout
    assert text("cli.summary_title") not in result.stderr


def test_the_same_input_gives_the_same_bytes_wherever_it_is_written_and_quiet_is_quiet(
    ran, tmp_path, ask
):
    county, _ = ran
    out = tmp_path / "一" / "二"
    result = ask("run", county / "project.toml", "--out", out, "--quiet")
    assert result.exit_code == DONE
    assert result.stderr == ""
    first, second = contents(county / "out"), contents(out)
    assert set(first) == set(second) == RESULTS
    assert [name for name in SAME_EVERY_TIME if first[name] != second[name]] == []


def test_a_broken_study_ends_with_2_names_every_problem_and_writes_nothing(tmp_path, ask):
    study = write_project(tmp_path / "study", broken_study())
    before = contents(study)
    result = ask("run", study)
    assert result.exit_code == BAD
    assert result.stdout == ""
    rows = [[cell.strip() for cell in line.split("|")[1:5]] for line in result.stderr.split("\n")]
    assert ["units", "2", "people", "二百"] in rows
    assert ["facilities", "2", "category", "polce-room"] in rows
    assert contents(study) == before
    assert not (study / "out").exists()


def test_a_run_that_is_refused_leaves_earlier_results_as_they_were(county, ask):
    before = with_earlier_results(county)
    (county / "streets.gpkg").unlink()
    assert ask("run", county).exit_code == BAD
    assert contents(county / "out") == before


CTRL_C_AT_THE_WORKBOOK = """
import os, signal
import livingcircle, maps.papers

def interrupted(*_, **__):
    os.kill(os.getpid(), signal.SIGINT)

maps.papers.write_workbook = interrupted
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
livingcircle.main()
"""


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows sends Ctrl-C to a console, not a process"
)
def test_ctrl_c_ends_with_130_and_leaves_earlier_results_as_they_were(county):
    before = with_earlier_results(county)
    process = started("run", county, "--verbose", program=("-c", CTRL_C_AT_THE_WORKBOOK))
    said, rest = process.communicate(timeout=300)
    assert text("cli.stage.papers") in rest, "it never came that far"
    assert process.returncode == INTERRUPTED
    assert text("cli.interrupted") in rest
    assert "Traceback" not in rest
    assert text("cli.summary_title") not in said
    assert contents(county / "out") == before
    assert {path.name for path in (county / "out").iterdir()} == RESULTS


# --- what cannot be ------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_missing_project_ends_with_2_and_says_what_to_give(command, tmp_path, ask):
    result = ask(command, tmp_path / "没有")
    assert result.exit_code == BAD
    assert result.stdout == ""
    assert "找不到项目文件" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_key_of_project_toml_ends_with_2_and_names_the_right_one(county, ask):
    project = county / "project.toml"
    said = project.read_text(encoding="utf-8")
    project.write_text(said.replace("crs = ", "csr = "), encoding="utf-8")
    result = ask("check", project)
    assert result.exit_code == BAD
    assert "csr" in result.stderr
    assert "crs" in result.stderr


def test_a_missing_extract_ends_with_2_and_leaves_no_folder(tmp_path, ask):
    result = ask("fetch", "--pbf", tmp_path / "no.osm.pbf", "--out", tmp_path / "study")
    assert result.exit_code == BAD
    assert "no.osm.pbf" in result.stderr
    assert not (tmp_path / "study").exists()


@pytest.mark.parametrize("out", ["taken", "taken/deeper"])
def test_results_that_cannot_be_written_end_with_2(out, county, tmp_path, ask):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    result = ask("run", county, "--out", tmp_path / out)
    assert result.exit_code == BAD
    assert "taken" in result.stderr
    assert "Traceback" not in result.stderr
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "a file"


@pytest.mark.parametrize(
    "words",
    [("--nope",), ("run", "--nope"), ("run",), ("nope",), ("run", ".", "--lang", "fr"), ("fetch",)],
)
def test_a_mistyped_command_ends_with_2(words, ask):
    result = ask(*words)
    assert result.exit_code == BAD
    assert result.stdout == ""


def test_an_error_nobody_expected_ends_with_2_in_one_line(county, ask, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        message = "out of cheese"
        raise RuntimeError(message)

    monkeypatch.setattr("geo.assess", fail)
    result = ask("run", county, "--quiet")
    assert result.exit_code == BAD
    assert result.stderr.strip() == text("cli.unexpected", error="RuntimeError: out of cheese")
    assert ask("run", county, "--debug").exit_code == BAD


def test_debug_shows_the_traceback(tmp_path):
    process = started("run", tmp_path / "nowhere", "--debug")
    said, told = process.communicate(timeout=60)
    assert process.returncode == BAD
    assert said == ""
    assert "Traceback" in told
    assert "ProjectError" in told


# --- help ---------------------------------------------------------------------------------------


def test_help_waits_for_no_heavy_library():
    code = (
        "import runpy, sys\n"
        f"sys.argv = ['livingcircle', 'run', '--help']\n"
        f"try:\n    runpy.run_path({str(PROGRAM)!r}, run_name='__main__')\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "heavy = {'geopandas', 'pandas', 'numpy', 'shapely', 'scipy', 'folium', 'pyproj'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(  # noqa: S603 - our own program with our own words
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
        cwd=PROGRAM.parent,
        check=True,
    )
    assert done.stderr.strip() == "[]"
    assert "--out" in done.stdout


@pytest.mark.parametrize("command", [(), ("demo",), ("check",), ("run",), ("fetch",)])
def test_every_command_has_help_in_chinese(command, ask):
    result = ask(*command, "--help")
    assert result.exit_code == DONE
    assert text(f"cli.command.{command[0]}" if command else "cli.command.run") in result.stdout
