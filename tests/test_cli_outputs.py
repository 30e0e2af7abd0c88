"""The commands about results: runs compared, spatial results in other forms, fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from layers.vocabulary import text
from livingcircle import app
from maps.outcome import BAD, DONE
from tests.broken.good_study import GoodStudy
from tests.page_block import block_of
from tests.test_cli import contents, write_project

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def ask(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give the results of a county, exported, and those of the year its pharmacy is rebuilt."""
    folder = tmp_path_factory.mktemp("两年 runs")
    fewer = GoodStudy()
    rebuilt = fewer.facilities["facility_id"] == "f4"
    fewer.facilities["status"] = fewer.facilities["status"].mask(rebuilt, "在建")
    old = write_project(folder / "old", simulated=True)
    new = write_project(folder / "new", fewer, simulated=True)
    assert ask("run", old, "--export", "shp", "--export", "geojson").exit_code == DONE
    assert ask("run", new).exit_code == DONE
    return old / "out", new / "out"


def test_compare_tells_on_stdout_what_changed_and_writes_the_workbook(years):
    old, new = years
    result = ask("compare", old, new)
    assert result.exit_code == DONE, result.output
    assert text("comparison.change.lost") in result.stdout
    assert str(new / "compare.xlsx") in result.stdout
    assert load_workbook(new / "compare.xlsx").sheetnames == [
        text(f"comparison.sheet.{name}") for name in ("indicators", "units", "differences")
    ]


def test_compare_writes_where_it_is_told_and_leaves_both_runs_as_they_were(years, tmp_path):
    old, new = years
    before = contents(old), contents(new)
    assert ask("compare", old, new, "--out", tmp_path / "对比.xlsx").exit_code == DONE
    assert (tmp_path / "对比.xlsx").is_file()
    assert (contents(old), contents(new)) == before


def test_compare_writes_a_page_of_both_runs_when_asked(years, tmp_path):
    old, new = years
    result = ask("compare", old, new, "--out", tmp_path / "对比.xlsx", "--page")
    assert result.exit_code == DONE, result.output
    assert str(tmp_path / "对比.html") in result.stdout
    runs = block_of((tmp_path / "对比.html").read_text(encoding="utf-8")).header["runs"]
    parts = [row[0] for row in runs["differences"]["zh"]]
    assert parts.count(text("comparison.part.inputs")) > 0
    assert runs["old"]["simulated"]


def test_compare_without_the_map_of_a_run_writes_nothing(years, tmp_path):
    old, new = years
    for name in ("run.json", "results.gpkg"):
        (tmp_path / name).write_bytes((old / name).read_bytes())
    result = ask("compare", tmp_path, new, "--out", tmp_path / "对比.xlsx", "--page")
    assert result.exit_code == BAD
    assert "map.html" in result.stderr
    assert not (tmp_path / "对比.xlsx").exists()


def test_compare_with_a_page_of_another_version_writes_nothing_and_says_what_to_do(years, tmp_path):
    old, new = years
    for name in ("run.json", "results.gpkg"):
        (tmp_path / name).write_bytes((old / name).read_bytes())
    block = "7ZzBbhs3EIbfZU8" * 20  # another version's
    page = f'<script id="study">{block}</script>'
    (tmp_path / "map.html").write_text(page, encoding="utf-8")
    result = ask("compare", tmp_path, new, "--out", tmp_path / "对比.xlsx", "--page")
    assert result.exit_code == BAD
    assert "map.html" in result.stderr
    assert not (tmp_path / "对比.xlsx").exists()


def test_compare_of_a_folder_that_holds_no_results_ends_with_2_and_says_what_to_give(
    years, tmp_path
):
    result = ask("compare", tmp_path, years[1])
    assert result.exit_code == BAD
    assert "run.json" in result.stderr
    assert result.stdout == ""


def test_a_run_writes_shapefiles_and_geojson_beside_the_rest_when_asked(years):
    names = set(contents(years[0]))
    assert {
        "shp/units.shp",
        "shp/units.cpg",
        "shp/fields.csv",
        "geojson/unit_services.geojson",
    } < names
    assert not any(name.startswith(("shp/", "geojson/")) for name in contents(years[1]))


def test_a_font_that_cannot_write_chinese_ends_with_2_before_anything_is_written(tmp_path):
    county = write_project(tmp_path / "county")
    (tmp_path / "letters.ttf").write_text("no font", encoding="utf-8")
    result = ask("run", county, "--font", tmp_path / "letters.ttf")
    assert result.exit_code == BAD
    assert "--font" in result.stderr
    assert not (county / "out").exists()
