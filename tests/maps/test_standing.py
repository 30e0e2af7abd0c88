"""A run computes nothing where nothing has changed since its results were written, else anew."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import geo
import layers
from layers.noted import OF_RESULTS
from layers.one_writer import working_folder
from layers.plan import Plan
from layers.plan_file import write_plan
from layers.vocabulary import text
from livingcircle import app
from maps.asked import Asked
from maps.choices import Form
from maps.fonts import Font
from maps.outcome import BAD, DONE, INTERRUPTED
from maps.running import write_results
from maps.simulating import run_demo
from maps.stages import Stages
from maps.standing import key_of_results, told_again
from tests.broken.good_study import CRS, GoodStudy
from tests.started import started
from tests.test_cli import RESULTS, SAME_EVERY_TIME, contents, write_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    Harm = Callable[[Path], object]

HEAVY = ("geo", "scipy", "folium", "rasterio", "osmnx")


def ask(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def _with_all_kinds(folder: Path) -> Path:
    """Write a county whose streets are a shapefile and whose homes are the files of a folder."""
    county = write_project(folder, simulated=True)
    (county / "streets.gpkg").unlink()
    GoodStudy().streets.to_file(county / "streets.shp", encoding="utf-8")
    (county / "homes").mkdir()
    (county / "residences.csv").rename(county / "homes" / "residences.csv")
    project = county / "project.toml"
    said = project.read_text("utf-8").replace("streets.gpkg", "streets.shp")
    project.write_text(said.replace('"residences.csv"', '"homes"'), "utf-8")
    return county


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Give a county that was run once, and what that said."""
    county = _with_all_kinds(tmp_path_factory.mktemp("again") / "某 县")
    return county, ask("run", county, "--quiet")


@pytest.fixture
def county(ran: tuple[Path, Result], tmp_path: Path) -> Path:
    """Give a county that was run once, to be harmed."""
    return Path(shutil.copytree(ran[0], tmp_path / "县"))


@pytest.fixture
def nothing_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geo, "assess", lambda *_, **__: pytest.fail("computed"))
    monkeypatch.setattr(layers, "read_study_area", lambda *_, **__: pytest.fail("read"))


def stands(county: Path, out: Path | None = None, **asked: object) -> bool:
    """Say whether a run asked for like this would find its results there already."""
    lang = asked.pop("lang", "zh")
    with Stages(lang, quiet=True, verbose=False) as stages:  # type: ignore[arg-type]  # as they are given
        return told_again(county, out or county / "out", stages, lang=lang, asked=Asked(**asked))  # type: ignore[arg-type]


# --- nothing has changed --------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_is_computed")
def test_where_nothing_has_changed_nothing_is_computed_and_the_same_is_told(ran):
    county, first = ran
    assert first.exit_code == DONE, first.output
    before = contents(county)
    result = ask("run", county, "--quiet")
    assert result.exit_code == DONE, result.output
    told = text("cli.unchanged", folder=str(county / "out")) + "\n"
    assert result.stdout == told + first.stdout
    assert contents(county) == before


@pytest.mark.usefixtures("nothing_is_computed")
def test_results_stand_wherever_county_and_results_are_moved_and_however_they_are_named(
    county, tmp_path
):
    (county / "out").rename(tmp_path / "elsewhere")
    moved = county.rename(tmp_path / "same")
    assert ask("run", moved / "project.toml", "--out", tmp_path / "elsewhere").exit_code == DONE


@pytest.mark.parametrize(
    "beside",
    [
        lambda county: (county / "notes.docx").write_text("a planner's own"),
        lambda county: (county / "homes" / "~$residences.xlsx").write_text("open in Excel"),
        lambda county: (county / "out" / "compare.xlsx").write_text("compared"),
        lambda county: (county / "out" / "run.log").write_text("of another day"),
        lambda county: [path.touch() for path in county.rglob("*")],
    ],
)
def test_what_is_no_part_of_input_or_results_changes_nothing(county, beside):
    beside(county)
    assert stands(county)


# --- something has changed ------------------------------------------------------------------------


def _add(name: str, what: bytes = b"\n") -> Harm:
    def harm(county: Path) -> None:
        with (county / name).open("ab") as file:
            file.write(what)

    return harm


def _set(old: str, new: str) -> Harm:
    def harm(county: Path) -> None:
        project = county / "project.toml"
        said = project.read_text("utf-8")
        assert old in said
        project.write_text(said.replace(old, new), "utf-8")

    return harm


def _recoded(county: Path) -> None:
    (county / "streets.cpg").write_text("GBK", "ascii")


def _one_street_fewer(county: Path) -> None:
    path = county / "streets.shp"
    gpd.read_file(path).iloc[:-1].to_file(path, encoding="utf-8")


def _ledger_beside(county: Path) -> None:
    shutil.copy(county / "homes" / "residences.csv", county / "homes" / "more.csv")


@pytest.mark.parametrize(
    "harm",
    [
        _add("facilities.csv"),
        _add("units.gpkg"),
        _add("streets.dbf"),
        _add("streets.shx"),
        _add("streets.prj", b" "),
        _add("dem.tif.aux.xml", b"<PAMDataset/>"),
        _add("units.gpkg-wal", b"saved, and still open in QGIS"),
        _recoded,
        lambda county: (county / "streets.cpg").unlink(),
        _one_street_fewer,
        _ledger_beside,
        lambda county: (county / "homes" / "residences.csv").rename(county / "homes" / "r.csv"),
        _add("project.toml", b"# a note\n"),
        _set("cell_metres = 100.0", "cell_metres = 99.0"),
        _set("小县", "大县"),
    ],
)
def test_whatever_changes_of_the_input_the_county_is_run_anew(county, harm, capsys):
    assert stands(county)
    capsys.readouterr()
    harm(county)
    assert not stands(county)
    assert capsys.readouterr() == ("", "")


def test_whatever_else_is_asked_for_is_run(county, tmp_path):
    plan = write_plan(Plan("方案", "小县", CRS, (), ("f2",)), tmp_path / "plan.json")
    assert stands(county)
    for other in (
        {"plan": plan},
        {"export": (Form.SHP,)},
        {"lang": "en"},
        {"profile": "public"},
    ):
        assert not stands(county, **other)


def test_another_plan_under_the_same_name_is_run(county, tmp_path):
    plan = partial(write_plan, path=tmp_path / "plan.json")
    words = ("run", county, "--plan", plan(Plan("方案", "小县", CRS, (), ("f2",))), "--quiet")
    assert ask(*words).exit_code == DONE
    assert stands(county, plan=tmp_path / "plan.json")
    assert not stands(county)
    plan(Plan("方案", "小县", CRS, (), ("f3",)))
    assert not stands(county, plan=tmp_path / "plan.json")


def test_exports_stand_whatever_order_they_are_asked_for_in(county):
    words = ("run", county, "--export", "geojson", "--export", "shp", "--quiet")
    assert ask(*words).exit_code == DONE
    assert stands(county, export=(Form.SHP, Form.GEOJSON))
    assert not stands(county, export=(Form.SHP,))
    (county / "out" / "shp" / "units.dbf").unlink()
    assert not stands(county, export=(Form.SHP, Form.GEOJSON))


def test_another_font_for_the_pictures_is_another_run(county, tmp_path, monkeypatch):
    (tmp_path / "other.ttf").write_bytes(b"a font")
    monkeypatch.setattr("maps.standing.find_font", lambda _: Font(tmp_path / "other.ttf"))
    assert not stands(county)


def test_another_program_or_another_version_of_a_library_runs_anew(county, monkeypatch):
    other = layers.record.versions() | {"geos": "0.0.1"}
    with monkeypatch.context() as patched:
        patched.setattr("maps.standing.versions", lambda: other)
        assert not stands(county)
    with monkeypatch.context() as patched:
        patched.setattr("layers.made_of.program_digest", lambda: "0" * 64)
        assert not stands(county)
    assert stands(county)


# --- the results themselves -----------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(RESULTS))
def test_a_file_of_the_results_that_is_gone_is_made_anew(county, name):
    (county / "out" / name).unlink()
    assert not stands(county)


@pytest.mark.parametrize("name", sorted(SAME_EVERY_TIME))
def test_a_file_of_the_results_in_which_one_byte_differs_is_made_anew(county, name):
    path = county / "out" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert not stands(county)


def test_results_that_a_planner_wrote_into_are_made_anew_as_they_were(county):
    before = contents(county / "out")
    book = load_workbook(county / "out" / "report.xlsx")
    book.worksheets[0]["A1"] = "改过"
    book.save(county / "out" / "report.xlsx")
    (county / "out" / "map.html").unlink()
    result = ask("run", county, "--quiet")
    assert result.exit_code == DONE, result.output
    assert text("cli.unchanged", folder=str(county / "out")) not in result.stdout
    after = contents(county / "out")
    assert [name for name in SAME_EVERY_TIME if after[name] != before[name]] == []
    assert stands(county)


def test_results_that_were_being_replaced_when_the_program_was_killed_are_made_anew(county):
    with working_folder(county / "out") as work:
        (work / "moving").touch()
        assert not stands(county)


def test_results_of_a_province_are_no_results_of_the_county_by_itself(ran, tmp_path):
    """Only a run of one project notes its results: its neighbours are no part of its files."""
    county, _ = ran
    project = layers.read_project(county)
    area = layers.read_study_area(project)
    with Stages("zh", quiet=True, verbose=False) as stages:
        study = geo.assess(area, project)
        write_results((study, ()), tmp_path / "out", stages, lang="zh", asked=Asked())
    assert set(contents(tmp_path / "out")) == RESULTS - {OF_RESULTS}


# --- a planner's day ------------------------------------------------------------------------------


def _people(county: Path) -> float:
    units = pyogrio.read_dataframe(county / "out" / "results.gpkg", layer="units")
    return float(units["people"].sum())


def test_one_cell_changed_changes_the_figures_and_changed_back_they_are_as_before(county):
    before, people = contents(county / "out"), _people(county)
    path = county / "units.gpkg"
    units = gpd.read_file(path)
    old = path.read_bytes()
    units.assign(people=units["people"].where(units["people"] != 100.0, 160.0)).to_file(
        path, layer="units"
    )
    assert ask("run", county, "--quiet").exit_code == DONE
    assert _people(county) == people + 60.0
    assert stands(county)
    path.write_bytes(old)
    assert ask("run", county, "--quiet").exit_code == DONE
    after = contents(county / "out")
    assert [name for name in SAME_EVERY_TIME if after[name] != before[name]] == []


def test_a_file_that_changes_during_the_run_is_run_again(county, monkeypatch):
    _add("facilities.csv")(county)
    assess = geo.assess

    def changing(*words: object, **options: object) -> object:
        _add("facilities.csv")(county)
        return assess(*words, **options)  # type: ignore[arg-type]  # as they were given

    with monkeypatch.context() as patched:
        patched.setattr(geo, "assess", changing)
        assert ask("run", county, "--quiet").exit_code == DONE
    assert not stands(county)


def test_a_project_or_plan_that_changes_during_the_run_leaves_no_note(county, monkeypatch):
    shutil.rmtree(county / "out")
    assess = geo.assess

    def changing(*words: object, **options: object) -> object:
        _set("小县", "大县")(county)
        return assess(*words, **options)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(geo, "assess", changing)
    assert ask("run", county, "--quiet").exit_code == DONE
    assert set(contents(county / "out")) == RESULTS - {OF_RESULTS}


def test_an_interrupted_run_leaves_no_note_and_results_from_before_stand_for_what_they_are(
    county, monkeypatch
):
    old = (county / "facilities.csv").read_bytes()
    _add("facilities.csv")(county)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("maps.running.write_page", interrupted)
    assert ask("run", county, "--quiet").exit_code == INTERRUPTED
    assert ask("run", county, "--quiet", "--out", county / "new").exit_code == INTERRUPTED
    assert not (county / "new").exists()
    assert not stands(county)
    (county / "facilities.csv").write_bytes(old)
    assert stands(county)


def test_what_a_database_holds_is_asked_anew_each_time(county, monkeypatch):
    monkeypatch.setattr(
        "layers.read.read_database", lambda *_: gpd.read_file(county / "units.gpkg")
    )
    _set('"units.gpkg"', '"postgis:service=plan"\nlayer = "units"')(county)
    shutil.rmtree(county / "out")
    result = ask("run", county, "--quiet")
    assert result.exit_code == DONE, result.output
    assert set(contents(county / "out")) == RESULTS - {OF_RESULTS}
    assert not stands(county)


def test_nothing_is_known_of_a_study_with_one_layer_of_a_database(county):
    project = layers.read_project(county)
    first, *rest = project.layers
    asked = replace(project, layers=(replace(first, database="service=plan"), *rest))
    assert key_of_results("made", project, ()) is not None
    assert key_of_results("made", asked, ()) is None


# --- for everybody --------------------------------------------------------------------------------


def test_of_public_results_nothing_is_noted_and_they_are_computed_each_time(county):
    words = ("run", county, "--out", county / "public", "--profile", "public", "--quiet")
    result = ask(*words)
    assert result.exit_code == DONE, result.output
    assert set(contents(county / "public")) == RESULTS - {OF_RESULTS}
    assert not stands(county, county / "public", profile="public")


def test_a_public_run_leaves_a_folder_alone_in_which_internal_results_are_noted(county):
    (county / "out" / "run.json").unlink()
    before = contents(county / "out")
    result = ask("run", county, "--profile", "public", "--quiet")
    assert result.exit_code == BAD
    assert "--out" in result.stderr
    assert contents(county / "out") == before


# --- the note, and the demo -----------------------------------------------------------------------


def test_the_note_names_no_path_no_input_and_no_clock(ran):
    county, _ = ran
    note = (county / "out" / OF_RESULTS).read_text("utf-8")
    assert set(json.loads(note)) == {"seal", "files", "told"}
    assert set(json.loads(note)["files"]) == RESULTS - {OF_RESULTS}
    for told in (str(county.parent), county.name, "facilities.csv", "streets"):
        assert told not in note


def test_the_demo_again_is_told_at_once_without_a_second_process(demo, monkeypatch, capsys):
    out, said, _ = demo
    before = contents(out)
    monkeypatch.setattr("maps.simulating.second_process", lambda _: pytest.fail("started"))
    with Stages("en", quiet=True, verbose=False) as stages:
        run_demo(out, stages, lang="en")
    told = capsys.readouterr().out
    assert told.startswith(text("cli.unchanged", "en", folder=str(out)))
    assert told.replace("\n", "").endswith(said.replace("\n", ""))
    assert contents(out) == before


def test_to_find_that_nothing_has_changed_takes_none_of_the_libraries_of_a_run(demo):
    watched = (
        "import sys, livingcircle\n"
        "try:\n    livingcircle.main()\n"
        f"finally:\n    print(sorted({HEAVY} & sys.modules.keys()), file=sys.stderr)"
    ).replace(str(HEAVY), str(set(HEAVY)))
    words = ("demo", "--out", demo[0], "--lang", "en", "--quiet")
    said, loaded = started(*words, program=("-c", watched)).communicate(timeout=300)
    assert said.startswith(text("cli.unchanged", "en", folder=str(demo[0])))
    assert loaded.strip() == "[]"


def test_a_county_of_the_demo_that_somebody_changed_is_written_and_run_anew(demo, tmp_path):
    out = Path(shutil.copytree(demo[0], tmp_path / "out"))
    _add("residences.csv")(out / "county")

    class Second(Exception):  # noqa: N818 - no error: how far it came
        pass

    def begun(_: int) -> None:
        raise Second

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("maps.simulating.second_process", begun)
        with Stages("en", quiet=True, verbose=False) as stages, pytest.raises(Second):
            run_demo(out, stages, lang="en")
