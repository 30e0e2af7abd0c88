"""What a public run writes holds nothing sensitive, no home, no small count and no source."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import geo
import layers
from geo.disclosure import FEWEST
from layers.catalogue.ledger import load_listed, load_register_kinds
from layers.results import require_no_internal
from livingcircle import app
from maps.outcome import BAD, DONE
from maps.public_area import public_premises
from maps.public_study import FRAMES, public_study
from tests.broken.good_study import GoodStudy
from tests.page_block import block_of
from tests.test_cli import write_project

USER = "zhangsan-home"
SECRET = ("警务室甲", "警务室乙", "流动警务", "JW-SECRET", "police-room", "HOME-SECRET")
SOURCES = ("units.gpkg", "residences.csv", "facilities.csv", "dem.tif", "streets.gpkg")


def secret_study() -> GoodStudy:
    """Give a study whose police rooms and homes can be found again by their ids.

    Four people live in its last village.
    """
    study = GoodStudy()
    study.units = study.units.assign(people=[100.0, 203.0, 40.0, 4.0])
    police = study.facilities["category"] == "police-room"
    numbers = study.facilities["facility_id"].str.removeprefix("f")
    ids = study.facilities["facility_id"].mask(police, "JW-SECRET-" + numbers)
    study.facilities = study.facilities.assign(facility_id=ids)
    homes = "HOME-SECRET-" + study.residences["residence_id"]
    study.residences = study.residences.assign(residence_id=homes)
    return study


def ran(county, out, profile):
    words = ["run", county, "--out", out, "--quiet", "--profile", profile]
    words += ["--export", "shp", "--export", "geojson"]
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == DONE, done.output
    return out


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Give a county's folder, and what an internal and a public run of it wrote."""
    county = write_project(tmp_path_factory.mktemp("p") / USER / "县", secret_study())
    return (
        county,
        ran(county, county.parent / "in", "internal"),
        ran(county, county / "o", "public"),
    )


def contents(folder):
    """Give everything in every file of a folder as text: unzipped, inflated, in any encoding."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        raw = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        yield name, name
        for encoding in ("utf-8", "gb18030", "utf-16-le"):
            yield name, raw.decode(encoding, errors="ignore")
        if path.suffix in (".xlsx", ".docx"):
            with zipfile.ZipFile(path) as archive:
                for part in archive.namelist():
                    yield f"{name}/{part}", archive.read(part).decode("utf-8", errors="ignore")
        if path.suffix == ".html":
            block = block_of(raw.decode("utf-8"))
            yield f"{name}/header", json.dumps(block.header, ensure_ascii=False)
            yield f"{name}/columns", block._columns.decode("utf-8", errors="ignore")
        if path.suffix == ".gpkg":
            for table, _ in pyogrio.list_layers(path):
                frame = pyogrio.read_dataframe(path, layer=table, read_geometry=False)
                yield f"{name}/{table}", frame.to_csv()


def holding(folder, words):
    """Give the words found in the files of a folder, and where."""
    return {(word, name) for name, text in contents(folder) for word in words if word in text}


def test_nothing_sensitive_is_in_any_file_of_a_public_run(runs):
    _, internal, public = runs
    assert {word for word, _ in holding(internal, SECRET)} == set(SECRET)
    assert holding(public, SECRET) == set()
    assert {path.name for path in public.iterdir()} == {
        "map.html", "report.docx", "report.xlsx", "results.gpkg", "run.json", "run.log",
        "shp", "geojson",
    }  # fmt: skip


def test_no_source_path_or_user_is_in_any_file_of_a_public_run(runs):
    county, internal, public = runs
    hashes = [hashlib.sha256((county / name).read_bytes()).hexdigest() for name in SOURCES]
    assert {word for word, _ in holding(internal, SOURCES)} == set(SOURCES)
    assert holding(public, [*SOURCES, *hashes, USER, str(county), county.as_posix()]) == set()


def test_the_page_knows_units_and_no_homes(runs):
    _, internal, public = runs
    inside, page = (
        block_of((out / "map.html").read_text(encoding="utf-8")) for out in (internal, public)
    )
    units = len(page.column("units/id"))
    assert len(inside.column("network/places/x")) > units
    points = pyogrio.read_dataframe(public / "results.gpkg", layer="units").representative_point()
    for axis, origin in zip("xy", page.header["network"]["origin"], strict=True):
        there = page.column(f"network/places/{axis}") + origin
        assert there.tolist() == [round(at * 100) for at in getattr(points, axis)]
    homes = {*inside.column("network/places/x") + inside.header["network"]["origin"][0]}
    assert not homes & {*page.column("network/places/x") + page.header["network"]["origin"][0]}
    assert page.header["network"]["modes"] == {}
    assert page.header["public"] is True
    weights = [name for name in page.header["columns"] if name.startswith("residences/weight/")]
    for name in weights:
        if name != "residences/weight/unit":
            assert not small(page.column(name))
    for name in page.header["columns"]:
        if name.startswith("times/"):
            times = page.column(name)
            assert (times[times >= 0] % 30_000 == 0).all()


def small(values):
    values = np.asarray(values, dtype=float)
    return ((values > 0) & (values < FEWEST)).any()


def test_the_geopackage_holds_the_tables_for_everybody_and_no_small_count(runs):
    _, _, public = runs
    path = public / "results.gpkg"
    tables = {str(name) for name, _ in pyogrio.list_layers(path)}
    assert tables == {*FRAMES, "layer_styles"}
    for name, columns in {
        "units": ["people", "age_0_14", "age_60_plus", "age_65_plus", "disabled", "households"],
        "unit_services": ["people", "age_60_plus"],
        "coverage": ["people", "people_covered"],
        "gaps": ["people", "people_covered", "people_left_out"],
    }.items():
        frame = pyogrio.read_dataframe(path, layer=name)
        assert not any(small(frame[column]) for column in columns), name
    coverage = pyogrio.read_dataframe(path, layer="coverage")
    rest = coverage["people"] - coverage["people_covered"]
    assert not small(rest)
    assert "residence_id" not in coverage
    gaps = pyogrio.read_dataframe(path, layer="gaps")
    assert not {"residence_id", "straight_metres", "access_metres"} & {*gaps.columns}


def test_the_workbook_says_less_than_five(runs):
    _, internal, public = runs
    told = {}
    for name, out in (("internal", internal), ("public", public)):
        page = load_workbook(out / "report.xlsx")["缺口清单"]
        rows = list(page.iter_rows(values_only=True))
        head = next(at for at, row in enumerate(rows) if row[0] == "优先次序")
        column = next(at for at, each in enumerate(rows[head]) if str(each).startswith("未覆盖"))
        told[name] = [row[column] for row in rows[head + 1 :]]
    assert any(isinstance(each, float | int) and 0 < each < FEWEST for each in told["internal"])
    assert {"<5", "*"} <= {*told["public"]}
    assert not any(isinstance(each, float | int) and 0 < each < FEWEST for each in told["public"])


def test_public_results_are_not_explained(runs):
    _, _, public = runs
    unit = pyogrio.read_dataframe(public / "results.gpkg", layer="units")["unit_id"][0]
    done = CliRunner().invoke(app, ["explain", str(public), unit, "pharmacy"])
    assert done.exit_code == BAD
    assert "公开版" in done.stderr.replace("\n", "")


@pytest.mark.parametrize("turned", [False, True])
def test_public_results_are_not_compared_with_internal_ones(runs, turned):
    _, internal, public = runs
    folders = [str(each) for each in ((public, internal) if turned else (internal, public))]
    before = sorted(path.name for path in public.rglob("*"))
    done = CliRunner().invoke(app, ["compare", *folders])
    assert done.exit_code == BAD
    assert "两份公开版结果" in "".join(done.stderr.split())
    assert sorted(path.name for path in public.rglob("*")) == before
    assert not (internal / "compare.xlsx").exists()


def test_public_results_are_compared_with_one_another(runs, tmp_path):
    _, _, public = runs
    words = ["compare", str(public), str(public), "--page", "--out", str(tmp_path / "compare.xlsx")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == DONE, done.output
    assert holding(tmp_path, SECRET) == set()
    assert {path.name for path in tmp_path.iterdir()} == {"compare.xlsx", "compare.html"}


def test_a_public_run_leaves_a_folder_of_internal_results_alone(runs, tmp_path):
    county, _, public = runs
    for told, code in (('{"profile": "internal"}', BAD), ("damaged", BAD)):
        (tmp_path / "run.json").write_text(told, encoding="utf-8")
        words = ["run", str(county), "--out", str(tmp_path), "--quiet", "--profile", "public"]
        done = CliRunner().invoke(app, words)
        assert done.exit_code == code
        assert "--out" in done.stderr
        assert [path.name for path in tmp_path.iterdir()] == ["run.json"]
    require_no_internal(public)
    require_no_internal(tmp_path / "new")


def test_an_internal_run_is_what_it_was(runs):
    _, internal, _ = runs
    record = json.loads((internal / "run.json").read_text(encoding="utf-8"))
    assert record["profile"] == "internal"
    assert {file["name"] for file in record["inputs"]} >= set(SOURCES)


# --- the whole county ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def county(demo_study):
    """Give the simulated county for everybody, beside the figures it was made from."""
    area, project = public_premises(demo_study.area, demo_study.project)
    study = geo.assess(area, project)
    return study, public_study(study)


def test_sensitive_categories_registers_and_indicators_are_gone(demo_study, county):
    _, public = county
    secret = {name for name, each in demo_study.project.all_categories().items() if each.sensitive}
    secret |= {name for name, each in load_listed().items() if each.sensitive}
    assert {"police-room", "alarm-point"} <= secret
    assert not secret & {*public.project.categories, *public.project.listed}
    assert not secret & {*public.area.facilities["category"]}
    assert not any(each.sensitivity for each in public.project.indicators)
    kinds = {name for name, each in load_register_kinds().items() if each.sensitive}
    assert not kinds & {each.kind for each in public.project.indicators}
    ids = demo_study.area.facilities
    ids = {*ids.loc[ids["category"].isin(secret), "facility_id"]}
    for name, frame in public.frames().items():
        for column in frame.columns.drop("geometry", errors="ignore"):
            assert not ids & {*frame[column].dropna().astype(str)}, (name, column)
    assert public.area.registers is None
    assert public.area.residences.empty


def test_no_share_of_people_gives_a_withheld_count_back(county):
    """Add up what is told of a township and take it from the total that is told."""
    study, public = county
    townships = study.area.units.set_index("unit_id")["township_id"]
    scores = public.scorecard.set_index(["indicator", "area_id"])["numerator"]
    checked = 0
    for name in public.project.categories:
        rows = public.coverage[public.coverage["indicator"] == name]
        truth = study.coverage[study.coverage["indicator"] == name]
        truth = truth.set_index("unit_id")["people_covered"]
        for township, own in rows.groupby(rows["unit_id"].map(townships)):
            hidden = own[own["withheld"] != ""]
            if pd.isna(scores[name, township]) or hidden.empty:
                continue
            left = scores[name, township] - own["people_covered"].sum()
            assert len(hidden) >= 2
            assert left >= FEWEST
            assert left == pytest.approx(truth[hidden["unit_id"]].sum())
            checked += 1
    assert public.scorecard["value"].notna().sum() > 700
    assert checked > 0 or not (public.coverage["withheld"] == "<5").any()


def test_shares_that_are_told_are_those_of_the_internal_run(county):
    study, public = county
    both = study.scorecard["value"], public.scorecard["value"]
    told = both[1].notna()
    assert both[1][told].tolist() == both[0][told].tolist()
    assert public.coverage["covered"].equals(study.coverage["covered"])


def test_a_swing_that_a_few_people_make_is_not_told(county):
    truth, public = county
    scores = public.scorecard
    told = scores["swing_high"].notna() & scores["over"].eq("people")
    one, other = scores.index[told][:2]
    people = truth.scorecard["denominator"]
    turned = truth.scorecard.copy()
    turned.loc[one, "swing_high"] = (turned.loc[one, "numerator"] + 3) / people[one]
    turned.loc[other, "swing_low"] = (turned.loc[other, "numerator"] - 5) / people[other]
    found = public_study(replace(truth, scorecard=turned)).scorecard
    assert np.isnan(found.loc[one, ["swing_low", "swing_high"]].astype(float)).all()
    assert found.loc[other, "swing_low"] == turned.loc[other, "swing_low"]
    assert found.drop(index=[one, other]).equals(scores.drop(index=[one, other]))


def test_times_are_rounded_up_and_stay_within_their_limits(county):
    study, public = county
    assert ((public.unit_times["milliseconds"] - study.unit_times["milliseconds"]) >= 0).all()
    assert (public.unit_times["milliseconds"] % 30_000 == 0).all()
    reached = study.coverage["minutes"] <= study.coverage["limit_minutes"]
    still = public.coverage["minutes"] <= public.coverage["limit_minutes"]
    halves = study.coverage["limit_minutes"] * 2 % 1 == 0
    assert still[halves].equals(reached[halves])


def test_a_plan_of_police_rooms_is_not_told(demo_study):
    spot = demo_study.area.units.geometry.iloc[0].representative_point()
    at = {"x_cm": round(spot.x * 100), "y_cm": round(spot.y * 100)}
    plan = layers.Plan(
        "方案",
        demo_study.project.name,
        demo_study.project.crs,
        added=(
            layers.Addition("new-1", "新警务室", "police-room", **at),
            layers.Addition("new-2", "新药店", "pharmacy", **at),
        ),
    )
    area = layers.apply_plan(demo_study.area, plan, demo_study.project)
    public, _ = public_premises(area, demo_study.project)
    assert [each.facility_id for each in public.plan.added] == ["new-2"]
    assert "new-1" not in {*public.facilities["facility_id"]}
    assert isinstance(public.facilities, gpd.GeoDataFrame)
    assert replace(public, plan=None).plan is None
