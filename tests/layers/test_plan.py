"""What-if plans: what they make of a study area, and what is told of those that do not fit."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from layers.errors import LayerError
from layers.plan import Addition, Plan, apply_plan
from layers.plan_file import read_plan, write_plan
from tests.town import CRS, EAST, NORTH, SOUTH, town_area, town_project

if TYPE_CHECKING:
    from pathlib import Path

AREA, PROJECT = town_area(), town_project()


def added(facility_id: str = "new-1", x: float = 0, y: float = 0, **values: Any) -> Addition:
    at = {"x_cm": round((EAST + x) * 100), "y_cm": round((NORTH + y) * 100)}
    return Addition(
        **{"facility_id": facility_id, "name": "新", "category": "clinic"} | at | values
    )


def plan(*additions: Addition, closed: tuple[str, ...] = ()) -> Plan:
    return Plan("加一处", PROJECT.name, CRS, additions, closed)


def content(**changed: Any) -> dict[str, Any]:
    return plan(added(), closed=("clinic-main",)).content() | changed


def entry(**changed: Any) -> dict[str, Any]:
    return content()["added"][0] | changed


def told(folder: Path, said: object) -> list[tuple[str, int | None, str | None]]:
    path = folder / "plan.json"
    path.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
    with pytest.raises(LayerError) as refused:
        read_plan(path, AREA, PROJECT)
    for problem in refused.value.problems:
        assert problem.line("zh")
        assert problem.line("en")
    return [(each.code, each.row, each.column) for each in refused.value.problems]


def test_an_addition_stands_in_the_unit_it_lies_in_with_the_status_of_a_plan():
    area = apply_plan(AREA, plan(added(x=500, y=-430, capacity=20, year=2027)), PROJECT)
    new = area.facilities.set_index("facility_id").loc["new-1"]
    assert (new["unit_id"], new["status"], new["capacity"]) == (SOUTH, "plan", 20)
    assert (new.geometry.x, new.geometry.y) == (EAST + 500, NORTH - 430)
    assert new["serves"] is None


def test_the_rest_of_the_study_area_stays_and_nothing_is_changed_in_place():
    before = AREA.facilities.copy(deep=True)
    area = apply_plan(AREA, plan(added(), closed=("clinic-main",)), PROJECT)
    pd.testing.assert_frame_equal(AREA.facilities, before)
    kept = area.facilities[area.facilities["facility_id"] != "new-1"].reset_index(drop=True)
    rest = before[before["facility_id"] != "clinic-main"].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, rest)
    assert area.facilities["facility_id"].is_monotonic_increasing
    assert area.units is AREA.units
    assert area.plan is not None


def test_an_addition_counts_whatever_the_statuses_of_the_study():
    project = replace(PROJECT, rules=replace(PROJECT.rules, statuses=("building",)))
    study = geo.assess(apply_plan(AREA, plan(added(x=250)), project), project)
    clinic = study.times[study.times["category"] == "clinic"]
    assert set(clinic["facility_id"]) == {"new-1"}


def test_a_closed_facility_serves_nobody():
    study = geo.assess(apply_plan(AREA, plan(closed=("clinic-main",)), PROJECT), PROJECT)
    assert not (study.times["category"] == "clinic").any()
    assert not study.coverage.set_index("indicator").loc["clinic", "covered"].any()


def test_an_empty_plan_changes_no_facility():
    pd.testing.assert_frame_equal(apply_plan(AREA, plan(), PROJECT).facilities, AREA.facilities)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    additions = [
        added(
            facility_id=f"n-{word}",
            x=draw(st.integers(-200_000, 200_000)) / 100,
            y=draw(st.integers(-200_000, 200_000)) / 100,
            name=draw(TEXT),
            capacity=draw(st.none() | st.floats(0, 1e6) | st.integers(0, 10**6)),
            year=draw(st.none() | st.integers(1900, 3000)),
        )
        for word in draw(st.lists(TEXT, max_size=4, unique=True))
    ]
    return replace(plan(*additions, closed=("clinic-main",)), name=draw(TEXT))


@given(one=plans())
def test_a_written_plan_is_read_back_the_same_with_the_same_hash(tmp_path_factory, one):
    path = write_plan(one, tmp_path_factory.mktemp("plan") / "plan.json")
    again = read_plan(path, AREA, PROJECT)
    assert again == one
    assert again.sha256 == one.sha256


def test_the_hash_is_of_the_content_not_of_the_layout_of_the_file(tmp_path):
    one = plan(added(), closed=("clinic-main",))
    path = tmp_path / "plan.json"
    path.write_text("\ufeff" + json.dumps(one.content()).replace(", ", ",\r\n"), encoding="utf-8")
    assert read_plan(path, AREA, PROJECT).sha256 == one.sha256


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("{", ("plan_not_json", None, None)),
        ("[" * 100_000, ("plan_not_json", None, None)),
        ("[]", ("not_a_plan", None, None)),
        ({"type": "FeatureCollection"}, ("not_a_plan", None, None)),
        (content(livingcircle_plan=2), ("plan_version", None, None)),
        (content(remark="x"), ("unknown_key", None, "remark")),
        (content(name=""), ("wrong_type", None, "name")),
        (content(study="另一个县"), ("plan_of_another_study", None, "study")),
        (content(crs="EPSG:4547"), ("plan_of_another_study", None, "crs")),
        (content(added={}), ("wrong_type", None, "added")),
        (content(closed="clinic-main"), ("wrong_type", None, "closed")),
        (content(closed=[7]), ("wrong_type", 1, "closed")),
        (content(closed=["clinic-mian"]), ("plan_closes_unknown", 1, "closed")),
        (content(closed=["clinic-main"] * 2), ("duplicate_id", 2, "closed")),
        (content(added=[entry(category="clinc")]), ("unknown_category", 1, "category")),
        (content(added=[entry(), entry()]), ("duplicate_id", 2, "facility_id")),
        (content(added=[entry(facility_id="shop-main")]), ("plan_id_taken", 1, "facility_id")),
        (content(added=[entry(x_cm=1.5)]), ("plan_not_whole", 1, "x_cm")),
        (content(added=[entry(x_cm="50000000")]), ("wrong_type", 1, "x_cm")),
        (content(added=[entry(x_cm=10**400)]), ("wrong_type", 1, "x_cm")),
        (content(added=[entry(y_cm=None)]), ("missing_key", 1, "y_cm")),
        (content(added=[entry(y_cm=0)]), ("outside_area", 1, "x_cm, y_cm")),
        (content(added=[entry(capacity=-1)]), ("below_minimum", 1, "capacity")),
        (content(added=[entry(capacity=float("nan"))]), ("wrong_type", 1, "capacity")),
        (content(added=[entry(capacity=True)]), ("wrong_type", 1, "capacity")),
        (content(added=[entry(year=1066)]), ("below_minimum", 1, "year")),
        (content(added=[entry(colour="red")]), ("unknown_key", 1, "colour")),
        (content(added=["new-1"]), ("wrong_type", 1, "added")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_plan_that_is_wrong_is_told_where(tmp_path, said, problem):
    assert told(tmp_path, said) == [problem]


def test_every_problem_of_a_plan_is_told_at_once(tmp_path):
    said = content(
        study="另一个县",
        added=[entry(category="clinc"), entry(facility_id="new-2", y_cm=0)],
        closed=["nothing"],
    )
    assert {code for code, *_ in told(tmp_path, said)} == {
        "plan_of_another_study",
        "unknown_category",
        "outside_area",
        "plan_closes_unknown",
    }


def test_a_plan_that_is_not_there_is_told(tmp_path):
    with pytest.raises(LayerError) as refused:
        read_plan(tmp_path / "none.json", AREA, PROJECT)
    assert [each.code for each in refused.value.problems] == ["plan_absent"]


def test_a_plan_made_in_python_is_held_to_the_same_rules():
    with pytest.raises(LayerError) as refused:
        apply_plan(AREA, plan(added("shop-main", category="none")), PROJECT)
    assert {each.code for each in refused.value.problems} == {"unknown_category", "plan_id_taken"}
