"""A province runs county by county, by whoever there is, and ends with the same tables."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

import geo
import layers
from geo.whole import gathered
from layers.errors import LayerError, ProjectError
from layers.kept_area import keep_area, kept_area
from layers.made_of import program_digest
from layers.province import is_province, read_province
from layers.store import storable
from maps.county_jobs import TABLES
from maps.crews import Cluster, Processes
from maps.overview import write_overview
from tests.page_block import block_of
from tests.province import COUNTIES, cluster, run_small, small_province, table, tables

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return small_province(tmp_path_factory.mktemp("province") / "省")


@pytest.fixture(scope="module")
def alone(folder, tmp_path_factory) -> Path:
    return run_small(folder, tmp_path_factory.mktemp("alone"))


def test_what_is_kept_of_a_county_tells_as_its_files_do(folder, tmp_path):
    project = layers.read_project(folder / COUNTIES[0])
    area = layers.read_study_area(project)
    noted = area.units["name"].where(area.units.index < 3, None)
    registers = area.facilities.iloc[:5].rename(columns={"facility_id": "register_id"})
    area = replace(
        area,
        units=area.units.assign(note=noted, visits=[3, None, *["5"] * (len(area.units) - 2)]),
        registers=registers.assign(kind="grid", township_id=None),
    )
    keep_area(area, tmp_path)
    found, expected = (
        geo.assess(each, project, draw=False) for each in (kept_area(tmp_path, project.crs), area)
    )
    assert found.scorecard["value"].notna().sum() > len(project.categories)
    for name in TABLES:
        told, wanted = (
            pd.DataFrame(getattr(each.area if name == "units" else each, name))
            for each in (found, expected)
        )
        assert set(told) == set(wanted)
        kept, read = (
            frame.astype(object).where(frame.notna(), None)
            for frame in (told[wanted.columns], storable(wanted))
        )
        pd.testing.assert_frame_equal(kept, read, obj=name)


def test_every_county_has_its_partition_and_units_are_there_once(folder, alone):
    for name in ("units", "unit_times", "coverage", "scorecard"):
        found = sorted(path.stem for path in (alone / "tables" / name).glob("*.parquet"))
        assert found == list(COUNTIES), name
    areas = [layers.read_study_area(layers.read_project(folder / code)) for code in COUNTIES]
    units = table(alone, "units")
    assert sorted(units["unit_id"]) == sorted(
        unit for area in areas for unit in area.units["unit_id"]
    )


def test_times_on_foot_and_by_car_are_those_of_the_province_as_one_study(folder, alone):
    projects = [layers.read_project(folder / code) for code in COUNTIES]
    whole = gathered([layers.read_study_area(project) for project in projects])
    expected = geo.assess(whole, projects[0], draw=False).unit_times
    told = ["unit_id", "category", "mode", "facility_id", "milliseconds", "metres"]
    found = table(alone, "unit_times")
    first, second = (sorted(map(tuple, frame[told].to_numpy())) for frame in (found, expected))
    assert first == second
    # some go over the border, or the test would show nothing
    assert (found["unit_id"].str[:6] != found["facility_id"].str[:6]).any()


def test_the_sum_is_that_of_all_units_not_the_mean_of_counties(alone):
    summed = pd.read_parquet(alone / "tables" / "province.parquet").set_index("indicator")
    coverage = table(alone, "coverage")
    rows = coverage[(coverage["indicator"] == "pharmacy")]
    row = summed.loc["pharmacy"]
    assert row["numerator"] == pytest.approx(rows["people_covered"].sum())
    assert row["value"] == pytest.approx(rows["people_covered"].sum() / rows["people"].sum())
    book = load_workbook(alone / "province.xlsx", read_only=True)
    _, counties = book
    names = {row[0] for row in counties.iter_rows(min_row=5, values_only=True)}
    assert names == {"思明区（模拟）", "海沧区（模拟）"}


def test_a_second_run_does_nothing_again_and_one_that_lost_a_county_does_that_alone(folder, alone):
    marks = {path: path.stat().st_mtime_ns for path in (alone / ".tiles").rglob("*.done")}
    lost = alone / ".tiles" / "told" / f"{COUNTIES[0]}.done"
    before = tables(alone)
    lost.unlink()
    run_small(folder, alone)
    again = {path: path.stat().st_mtime_ns for path in (alone / ".tiles").rglob("*.done")}
    assert [path for path in again if again[path] != marks[path]] == [lost]
    assert tables(alone) == before


def test_sums_and_overview_that_were_deleted_are_made_again_and_no_county_for_them(folder, alone):
    counties = sorted((alone / ".tiles" / "told").glob("*.done"))
    marks = [path.stat().st_mtime_ns for path in counties]
    made = {path: path.read_bytes() for path in (alone / "province.xlsx", alone / "overview.html")}
    for path in made:
        path.unlink()
    run_small(folder, alone)
    assert {path: path.read_bytes() for path in made} == made
    assert [path.stat().st_mtime_ns for path in counties] == marks


def test_workers_killed_while_they_read_and_while_they_tell_lose_nothing_and_nothing_is_there_twice(
    folder, alone, tmp_path
):
    out = tmp_path / "out"
    with cluster(tmp_path, 3) as (address, workers):

        def kill() -> None:
            begun = ((out / ".tiles" / "read", "units.parquet"), (out / "tables", "*.parquet"))
            for worker, (place, file) in zip(workers, begun, strict=False):
                while not any(place.rglob(file)):
                    time.sleep(0.02)
                worker.kill()

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        run_small(folder, out, crew=Cluster(address))
        killer.join(timeout=60)
        assert [worker.poll() is None for worker in workers] == [False, False, True]
    assert tables(out) == tables(alone)


def test_with_pages_every_county_has_its_usual_results_and_the_overview_links_them(tmp_path):
    folder = small_province(tmp_path, pages=True)
    out = run_small(folder, tmp_path / "out", crew=Processes(2))
    files = {"map.html", "report.xlsx", "report.docx", "results.gpkg", "run.json", "run.log"}
    for county in COUNTIES:
        assert {path.name for path in (out / county).iterdir()} == files
        gpkg = layers.read_results(out / county)
        assert {unit[:6] for unit in gpkg.frames["units"]["unit_id"]} == {county}
    page = (out / "overview.html").read_text(encoding="utf-8")
    links = [each["page"] for each in block_of(page).header["counties"]]
    assert links == [f"{county}/map.html" for county in COUNTIES]
    folders = [out / county for county in COUNTIES]
    from_results = write_overview(folders, out, name="福建省（模拟）", lang="en")
    assert page == from_results.read_text(encoding="utf-8")


def test_without_pages_there_is_an_overview_all_the_same_that_links_to_none(alone):
    header = block_of((alone / "overview.html").read_text(encoding="utf-8")).header
    assert [each["page"] for each in header["counties"]] == [None, None]


def test_counties_whose_settings_differ_are_named(tmp_path):
    folder = small_province(tmp_path)
    file = folder / COUNTIES[1] / "project.toml"
    said = file.read_text(encoding="utf-8")
    file.write_text(said + "\n[rules]\nsearch_minutes = 60\n", encoding="utf-8")
    with pytest.raises(ProjectError) as refused:
        run_small(folder, tmp_path / "out")
    found = [(each.layer, each.code, each.column) for each in refused.value.problems]
    assert found == [(COUNTIES[1], "county_differs", "rules")]
    assert not (tmp_path / "out").exists()


def test_an_id_of_two_counties_is_told_with_both(tmp_path):
    folder = small_province(tmp_path)
    streets = layers.read_study_area(layers.read_project(folder / COUNTIES[0])).streets
    one = streets.iloc[:1].drop(columns="layer")
    one.to_file(folder / COUNTIES[1] / "more.gpkg")
    file = folder / COUNTIES[1] / "project.toml"
    more = '\n[layers.more]\nrole = "streets"\nsource = "more.gpkg"\n'
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    with pytest.raises(ProjectError) as refused:
        run_small(folder, tmp_path / "out")
    (problem,) = refused.value.problems
    assert (problem.layer, problem.code) == (COUNTIES[1], "id_of_two")
    assert COUNTIES[0] in problem.message("en")


def test_problems_of_a_county_s_files_are_told_with_its_name(tmp_path):
    folder = small_province(tmp_path)
    (folder / COUNTIES[1] / "county.gpkg").unlink()
    with pytest.raises(LayerError) as refused:
        run_small(folder, tmp_path / "out")
    assert {each.layer.split("/")[0] for each in refused.value.problems} == {COUNTIES[1]}
    assert {each.code for each in refused.value.problems} == {"missing_file"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('counties = ["99*"]', "no_county"),
        ('counties = ["../elsewhere"]', "path_outside"),
        ("", "missing_key"),
        ('counties = ["350203"]\ncounty_page = true', "unknown_key"),
    ],
)
def test_what_is_wrong_with_a_province_file_is_told(tmp_path, said, code):
    (tmp_path / "350203").mkdir()
    (tmp_path / "350203" / "project.toml").write_text("", encoding="utf-8")
    (tmp_path / "province.toml").write_text(f'name = "p"\n{said}\n', encoding="utf-8")
    assert is_province(tmp_path)
    with pytest.raises(ProjectError) as refused:
        read_province(tmp_path)
    assert [each.code for each in refused.value.problems] == [code]


def test_patterns_find_the_folders_that_hold_a_project(tmp_path):
    for name in ("350203", "350205", "notes"):
        (tmp_path / name).mkdir()
    for name in ("350203", "350205"):
        (tmp_path / name / "project.toml").write_text("", encoding="utf-8")
    (tmp_path / "province.toml").write_text('name = "p"\ncounties = ["*"]\n', encoding="utf-8")
    assert list(read_province(tmp_path).counties) == ["350203", "350205"]


def test_another_program_keeps_nothing_of_this_one():
    assert len(program_digest()) == 64
    assert np.unique([program_digest(), program_digest()]).size == 1
