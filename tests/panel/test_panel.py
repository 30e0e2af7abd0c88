"""The page's scripts in node: their own tests, and their figures beside Python's."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import geo
from geo.coverage import Coverage, is_urban, limit_milliseconds
from geo.demand import demand
from geo.times import measure_times
from layers.project import Limit
from layers.vocabulary import PRIORITY
from maps.content import page_content
from maps.modules import IMPORT, NAME, asset, modules, panel_file
from tests.geo.test_supply_frames import NURSERIES, TEN, UNITS
from tests.line_town import home, line_area
from tests.panel.node import node

if TYPE_CHECKING:
    from geo.study import Study

HERE = Path(__file__).parent
MODULES = sorted(
    path.stem for path in panel_file("page.js").parent.iterdir() if path.suffix == ".js"
)
LONGEST = 300
LIMITS = (None, *range(5, 31))


@pytest.mark.parametrize("path", sorted(HERE.glob("*.test.mjs")), ids=lambda path: path.stem)
def test_the_scripts_pass_their_own_tests(path):
    ran = node("--test", str(path))
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_imports_is_exported_and_every_module_is_used(name):
    for names, source in IMPORT.findall(asset(f"{name}.js")):
        wanted = {each.split(" as ")[0].strip() for each in names.split(",")} - {""}
        assert wanted <= set(NAME.findall(asset(f"{source}.js"))), source
    pages = [modules(entry) for entry in ("page", "overview")]
    assert any(f"modules.{name} = " in page for page in pages)
    for page in pages:
        assert "import" not in {line.split(" ")[0] for line in page.splitlines()}


@pytest.mark.parametrize("name", MODULES)
def test_every_module_is_of_one_idea_and_short(name):
    assert len(asset(f"{name}.js").splitlines()) < LONGEST


@pytest.mark.parametrize("entry", ["page", "overview"])
def test_the_joined_scripts_carry_no_comment_and_no_indent(entry):
    lines = modules(entry).splitlines()
    assert len(lines) > len(MODULES)
    assert [line for line in lines if line.startswith((" ", "/*", "//", "* "))] == []


@pytest.mark.parametrize("name", MODULES)
def test_no_text_of_a_module_goes_over_a_line(name):
    lines = asset(f"{name}.js").splitlines()
    assert [line for line in lines if line.count("`") % 2] == []


@pytest.fixture(scope="module", params=["demo_study", "andorra_study"])
def study(request) -> Study:
    """Give the simulated county and a real one."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def counted(study, tmp_path_factory):
    """Let the page's scripts count every category, mode and limit of a study."""
    folder = tmp_path_factory.mktemp("panel")
    header, columns = page_content(study, "zh")
    (folder / "block").write_text(columns.block(header))
    modes = (None, *(mode["id"] for mode in header["modes"]))
    categories = (*range(len(header["categories"])), None)
    asked = [
        {"category": category, "mode": mode, "minutes": minutes, "cohort": None}
        for category in categories
        for mode in modes
        for minutes in LIMITS
    ]
    (folder / "choices").write_text(json.dumps(asked))
    ran = node(str(HERE / "figures_of.mjs"), str(folder / "block"), str(folder / "choices"))
    assert ran.returncode == 0, ran.stderr
    return list(zip(asked, json.loads(ran.stdout), strict=True))


class Judge:
    """Counts the same in Python, from the study's own columns."""

    def __init__(self, study: Study) -> None:
        self.study, self.project = study, study.project
        area = study.area
        self.people = demand(area.units, area.residences)
        self.urban = is_urban(area.units)
        self.ids = area.units["unit_id"].tolist()
        self.facilities = area.facilities["facility_id"].tolist()
        self.times = study.times.set_index(["mode", "category"]).sort_index()
        self.unit_times = study.unit_times.set_index(["mode", "category"]).sort_index()
        self.homes = self.people.frame["residence_id"].tolist()
        self.known: dict[tuple[str, str, str], np.ndarray] = {}

    def limits(self, category, choice):
        own = (category.rural, category.urban)
        return tuple(
            Limit(choice["minutes"] or each.minutes, choice["mode"] or each.mode, "")
            for each in own
        )

    def column(self, whose, mode, category):
        """Lay milliseconds out by residence or unit, -1 where there is none."""
        key = (whose, mode, category)
        if key not in self.known:
            homes = whose == "residence_id"
            frame, ids = (self.times, self.homes) if homes else (self.unit_times, self.ids)
            found = pd.Series(-1, index=ids, dtype="int64")
            if (mode, category) in frame.index:
                rows = frame.loc[[(mode, category)]].set_index(whose)["milliseconds"]
                found.update(rows)
            self.known[key] = found.to_numpy()
        return self.known[key]

    def unsure(self, name):
        """Say of every unit whether a facility stands there that has no point, or none has any.

        Of what is not listed at all nobody knows anything of any unit.
        """
        listed = self.study.area.facilities
        listed = listed[listed["category"].eq(name)]
        rows = listed[listed["status"].isin(self.project.rules.statuses)]
        lost = rows.geometry.isna()
        if lost.all() and (len(rows) or not (len(listed) or name in self.project.absent)):
            return np.ones(len(self.ids), dtype=bool)
        return np.isin(self.ids, rows.loc[lost, "unit_id"].dropna().tolist())

    def within(self, name, choice):
        """Say of every residence whether it arrives, from the frame of times alone."""
        urban = self.urban[self.people.unit]
        inside = np.zeros(urban.size, dtype=bool)
        for is_urban_unit, limit in enumerate(self.limits(self.project.categories[name], choice)):
            ms = self.column("residence_id", limit.mode, name)
            there = (ms >= 0) & (ms <= limit_milliseconds(limit.minutes))
            inside |= there & (urban == bool(is_urban_unit))
        return inside

    def unit_ms(self, name, choice):
        rural, urban = (
            self.column("unit_id", limit.mode, name)
            for limit in self.limits(self.project.categories[name], choice)
        )
        return np.where(self.urban, urban, rural)


def whole(values):
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 - NaN


def test_the_page_counts_what_python_counts_for_every_unit_category_mode_and_limit(study, counted):
    judge = Judge(study)
    names = list(study.project.categories)
    checked = 0
    for choice, found in counted:
        if choice["category"] is None:
            continue
        category = study.project.categories[names[choice["category"]]]
        if category.capacity_per_1000 is not None and study.basis == "people":
            continue  # queues are compared below
        inside = judge.within(category.id, choice)
        ms = judge.unit_ms(category.id, choice)
        bound = np.where(
            judge.urban,
            *(limit_milliseconds(each.minutes) for each in judge.limits(category, choice)[::-1]),
        )
        cohort = category.cohort
        known = judge.people.frame[cohort].notna().any()
        weight = judge.people.weight(cohort if known else "people")
        reached = judge.people.of_units(np.where(inside, weight, 0 * weight))
        assert found["units"]["ms"] == ms.tolist()
        covered = (ms >= 0) & (ms <= bound)
        unknown = ~covered & judge.unsure(category.id)
        assert found["units"]["reached"] == whole(np.where(unknown, np.nan, reached))
        verdicts = np.where(unknown, -1, covered)
        assert found["units"]["covered"] == verdicts.tolist()
        assert found["county"]["covered"] == covered.sum()
        assert found["county"]["gaps"] == len(covered) - covered.sum() - unknown.sum()
        assert sum(town["reached"] for town in found["townships"]) == found["county"]["reached"]
        checked += 1
    assert checked > 2 * len(LIMITS) * 10


def test_the_page_names_the_facility_and_the_metres_that_python_names(study, counted):
    names = list(study.project.categories)
    rows = study.unit_times.set_index(["mode", "category"]).sort_index()
    ids = study.area.units["unit_id"].tolist()
    shown = study.area.facilities["category"].isin(names)
    facilities = [*study.area.facilities["facility_id"][shown], None]
    checked = 0
    for choice, found in counted:
        asked = (choice["mode"], None if choice["category"] is None else names[choice["category"]])
        if choice["minutes"] is not None or asked not in rows.index:
            continue
        told = rows.loc[[asked]].set_index("unit_id").reindex(ids)
        toward = found["units"]["toward"]
        assert [facilities[each["facility"]] for each in toward] == [
            None if value != value else value  # noqa: PLR0124 - NaN
            for value in told["facility_id"]
        ]
        metres = np.ceil(told["metres"]).fillna(-1).astype(int).tolist()
        assert [each["metres"] for each in toward] == metres
        checked += 1
    assert checked > 10


def test_full_facilities_turn_away_whom_python_turns_away(study, counted):
    area, project = study.area, study.project
    queued = [
        (choice, found)
        for choice, found in counted
        if choice["category"] is not None
        and choice["minutes"] in (None, 5, 10, 15, 20, 30)
        and list(project.categories.values())[choice["category"]].capacity_per_1000 is not None
    ]
    people = demand(area.units, area.residences)
    measured = {
        name: measure_times(area, people, project.modes[name], project)
        for name in ("walk", "drive")
    }
    assert queued
    for choice, found in queued:
        category = list(project.categories.values())[choice["category"]]
        changed = [
            replace(
                each, mode=choice["mode"] or each.mode, minutes=choice["minutes"] or each.minutes
            )
            for each in (category.urban, category.rural)
        ]
        category = replace(category, urban=changed[0], rural=changed[1])
        rows = Coverage(area, people, measured, project).rows(category)
        assert found["units"]["reached"] == rows["people_covered"].tolist()
        assert [each == 1 for each in found["units"]["covered"]] == rows["covered"].tolist()


def test_a_facility_is_as_full_as_python_says_it_is(study, tmp_path):
    header, columns = page_content(study, "zh")
    (tmp_path / "block").write_text(columns.block(header))
    ran = node(str(HERE / "loads_of.mjs"), str(tmp_path / "block"))
    assert ran.returncode == 0, ran.stderr
    told = pd.DataFrame(json.loads(ran.stdout)).set_index("id")
    load = study.facility_load.set_index("facility_id")
    told = told.loc[load.index].astype(float)
    assert len(load) > 50
    np.testing.assert_allclose(told["people"], load["people"], rtol=1e-12)
    np.testing.assert_allclose(told["room"], load["room"].astype(float), rtol=1e-12)
    for cohort in PRIORITY:
        np.testing.assert_allclose(told[cohort], load[cohort].astype(float), rtol=1e-12)


def test_whom_a_facility_serves_of_a_cohort_nobody_counted_is_unknown_on_the_page_too(tmp_path):
    homes = [
        home("a1", 30, (500, 0), disabled=3),
        home("a2", 10, (600, 0), disabled=np.nan),
        home("b1", 20, (2000, 0), disabled=np.nan),
    ]
    study = geo.assess(line_area(UNITS, NURSERIES, homes=homes), TEN)
    header, columns = page_content(study, "zh")
    (tmp_path / "block").write_text(columns.block(header))
    ran = node(str(HERE / "loads_of.mjs"), str(tmp_path / "block"))
    assert ran.returncode == 0, ran.stderr
    told = pd.DataFrame(json.loads(ran.stdout)).set_index("id")
    assert told["people"].tolist() == [40, 20]
    assert told["disabled"].fillna(-1).tolist() == [3, -1]
    assert told["age_0_14"].isna().all()


def test_living_circles_miss_what_python_says_they_miss(study, counted):
    own = next(
        found
        for choice, found in counted
        if choice == {"category": None, "mode": None, "minutes": None, "cohort": None}
    )
    circles = study.circles[
        (study.circles["level"] == "unit")
        & (study.circles["limit_minutes"] == study.project.circle.minutes[-1])
    ]
    assert [";".join(each) for each in own["missing"]] == circles["missing"].tolist()
    people = study.circles[
        (study.circles["level"] == "residence")
        & (study.circles["limit_minutes"] == study.project.circle.minutes[-1])
    ]
    known = [
        unit
        for unit, each in zip(study.area.units["unit_id"], own["units"]["covered"], strict=True)
        if each >= 0
    ]
    assert [each < 0 for each in own["units"]["covered"]] == (
        (circles["reached"] < circles["of"]) & circles["missing"].eq("")
    ).tolist()
    whole_circle = (people["reached"] == people["of"]) & people["unit_id"].isin(known)
    where = demand(study.area.units, study.area.residences)
    weight = dict(zip(where.frame["residence_id"], where.weight(), strict=True))
    reached = sum(weight[place] for place in people.loc[whole_circle, "place_id"])
    assert own["county"]["reached"] == reached


def test_scripts_are_nothing_but_plain_modules():
    ran = subprocess.run(  # noqa: S603 - node on our own text
        [node.path, "--check", "-"],
        input=modules("page"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
