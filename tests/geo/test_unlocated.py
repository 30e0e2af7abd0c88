"""Facilities, spots and areas that nobody has placed: unknown is not no."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

import geo
from geo.compare import compare
from geo.demand import demand
from geo.ledgers import Ledgers
from geo.radiation_register import radiation_of_register
from geo.scorecard import scorecard
from geo.shortfalls import unit_shortfalls
from layers.indicators import Condition, Target
from layers.plan import Plan, with_plan
from layers.project import Margins
from layers.tasks import Task
from layers.vocabulary import PRIORITY, Measure, Reason
from maps.report_findings import findings
from maps.sheets_scorecard import in_language
from maps.sheets_tasks import task_standings
from tests.ledger import ledger_indicator, ledger_project
from tests.town import (
    CENTRE,
    CORNER,
    EMPTY,
    HILL,
    ISLET,
    REMOTE,
    SOUTH,
    at,
    frame,
    town_area,
    town_project,
)

if TYPE_CHECKING:
    from geo.study import Study
    from layers.indicators import Indicator
    from layers.project import Project
    from layers.study_area import StudyArea

EVERYBODY = {CENTRE, HILL, SOUTH, ISLET, REMOTE, CORNER, EMPTY}


def without_points(area: StudyArea, *ids: str) -> StudyArea:
    """Give the area with some facilities known from the ledger alone."""
    facilities = area.facilities.copy()
    facilities.loc[facilities["facility_id"].isin(ids), "geometry"] = None
    return replace(area, facilities=facilities)


def quick_project(**changes: Any) -> Project:
    """Give the town's settings without scenarios, which have tests of their own."""
    return replace(town_project(), margins=Margins(0.0, 0.0, 0.0, 0.0), **changes)


@cache
def assessed(*ids: str, indicators: tuple[Indicator, ...] | None = None) -> Study:
    """Give the town assessed with some facilities known from the ledger alone."""
    changes = {} if indicators is None else {"indicators": indicators}
    return geo.assess(without_points(town_area(), *ids), quick_project(**changes), draw=False)


def rows_of(study: Study, indicator: str) -> pd.DataFrame:
    rows = study.coverage[study.coverage["indicator"] == indicator]
    return rows.set_index("unit_id")


def county(study: Study, indicator: str) -> pd.Series[Any]:
    card = study.scorecard
    return card[(card["level"] == "county") & (card["indicator"] == indicator)].iloc[0]


@pytest.fixture(scope="module")
def nowhere() -> Study:
    """Give the town whose only clinic in use has no coordinates."""
    return geo.assess(without_points(town_area(), "clinic-main"), town_project(), draw=False)


# --- none of a category is anywhere --------------------------------------------------------------


def test_where_no_facility_has_coordinates_every_unit_is_unknown(nowhere: Study) -> None:
    for indicator in ("clinic", "clinic-people"):
        rows = rows_of(nowhere, indicator)
        assert set(rows.index) == EVERYBODY
        assert rows["covered"].isna().all()
        assert rows[["people_covered", "people_share", "age_60_plus_covered"]].isna().all(axis=None)
        assert set(rows["reason"]) == {Reason.NO_COORDINATES}
    assert set(rows_of(nowhere, "library")["reason"]) == {Reason.NONE_IN_STUDY, Reason.OFF_NETWORK}


@pytest.mark.parametrize("indicator", ["clinic", "clinic:units", "clinic-people", "circle-units"])
def test_its_figures_are_missing_and_say_what_would_give_them(
    nowhere: Study, indicator: str
) -> None:
    row = county(nowhere, indicator)
    figures = ["numerator", "denominator", "value", "low", "high", "swing_low", "swing_high"]
    assert row[[*figures, *(f"{cohort}_share" for cohort in PRIORITY)]].isna().all()
    assert pd.isna(row["met"])
    told = row["missing"]
    assert "“clinic”有 1 行，都没有坐标" in told
    assert all(word in told for word in ("经度", "纬度", "columns", "datum", "project.toml"))
    english = in_language(nowhere.scorecard.loc[[row.name]], nowhere, "en")["missing"].iloc[0]
    assert "facilities “clinic”: 1 rows, none with coordinates" in english
    assert all(word in english for word in ("longitude", "columns", "datum", "project.toml"))


def test_a_circle_that_asks_for_it_is_lost_only_where_another_service_is_missing(
    nowhere: Study,
) -> None:
    whole = rows_of(assessed(), "circle-units")["covered"]
    shop = rows_of(nowhere, "circle-units")["covered"]
    # SOUTH's people reach no shop either; REMOTE and ISLET reach nothing at all
    assert shop[shop.notna()].eq(other=False).all()
    assert set(shop[shop.isna()].index) >= set(whole[whole.fillna(value=False)].index)
    reasons = rows_of(nowhere, "circle-units")["reason"]
    assert (reasons.eq(Reason.NO_COORDINATES) == shop.isna()).all()
    circles = nowhere.circles[nowhere.circles["level"] == "unit"]
    assert not circles["missing"].str.contains("clinic").any()
    assert circles["unknown"].eq("clinic").all()


def test_other_figures_are_what_they_were(nowhere: Study) -> None:
    whole = geo.assess(town_area(), town_project(), draw=False)
    card = [each.scorecard.set_index(["area_id", "indicator"]) for each in (nowhere, whole)]
    rest = ~card[0].index.get_level_values("indicator").str.match("clinic|circle")
    pd.testing.assert_frame_equal(*(each[rest] for each in card))


def test_gaps_shortfalls_tasks_report_and_comparison_call_it_unknown(nowhere: Study) -> None:
    gaps = nowhere.gaps[nowhere.gaps["indicator"] == "clinic"]
    assert set(gaps["unit_id"]) == EVERYBODY
    assert set(gaps["reason"]) == {Reason.NO_COORDINATES}
    assert gaps["flips"].isna().all()
    short = unit_shortfalls(nowhere.coverage, nowhere.area.units, ["clinic"])["short"]
    assert short.isna().all()
    assert not any("clinic" in line for line in findings(nowhere, "zh"))
    changed = compare(assessed().frames(), nowhere.frames()).units
    clinic = changed[changed["indicator"] == "clinic"]
    assert set(clinic["change"]) == {"now_unknown"}


def test_a_facility_that_only_the_neighbours_have_is_a_point_all_the_same() -> None:
    area = without_points(town_area(), "clinic-main")
    here = Ledgers(area.units, area.facilities, neighbours=town_area().facilities)
    found = scorecard(here, town_project(), coverage=assessed().coverage)
    assert not found["missing"].str.contains("都没有坐标").any()


def test_lists_need_no_coordinates_but_the_minutes_beside_them_do() -> None:
    study = assessed("police-west")
    assert county(study, "police-units")["value"] == county(assessed(), "police-units")["value"]
    assert county(study, "police-units")["missing"] == ""
    assert pd.isna(county(study, "police-units:access")["value"])
    assert "坐标" in county(study, "police-units:access")["missing"]


def test_possession_needs_no_coordinates() -> None:
    without = assessed("hall-centre", "hall-hill")
    assert county(without, "hall-units")["value"] == county(assessed(), "hall-units")["value"]


# --- some of a category are nowhere --------------------------------------------------------------


def by_hand(area: StudyArea, times: pd.DataFrame, category: str, minutes: float) -> pd.Series[Any]:
    """Say in plain pandas who is covered: yes, no, or None, by unit."""
    homes = pd.DataFrame(demand(area.units, area.residences).frame)
    own = times[(times["category"] == category) & (times["milliseconds"] <= minutes * 60_000)]
    homes["near"] = homes["residence_id"].isin(own["residence_id"])
    homes["weight"] = homes["people"].where(
        homes.groupby("unit_id")["people"].transform("sum") > 0, 1.0
    )
    near = (homes["weight"] * homes["near"]).groupby(homes["unit_id"]).sum()
    yes = near >= 0.5 * homes["weight"].groupby(homes["unit_id"]).sum()
    rows = area.facilities[
        area.facilities["category"].eq(category) & area.facilities["status"].eq("existing")
    ]
    lost = rows[rows.geometry.isna()]
    every = len(lost) == len(rows)
    unsure = ~yes & (yes.index.isin(lost["unit_id"].dropna()) | every)
    return yes.astype(object).mask(unsure, None)


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(EVERYBODY)) | st.none(), st.booleans(), st.integers(0, 9)),
        max_size=5,
    )
)
@settings(max_examples=20, deadline=None)
def test_a_unit_is_unknown_only_where_one_without_coordinates_may_change_it(
    some: list[tuple[str | None, bool, int]],
) -> None:
    rows = [
        {
            "facility_id": f"shop-{number}",
            "category": "shop",
            "unit_id": unit,
            "status": "existing",
            "geometry": at(100.0 * place, 0) if placed else None,
        }
        for number, (unit, placed, place) in enumerate(some)
    ]
    area = town_area()
    others = area.facilities[area.facilities["category"] != "shop"]
    kept = frame("facilities", rows) if rows else others.iloc[:0]
    area = replace(area, facilities=pd.concat([others, kept], ignore_index=True))
    shops = {"shop": town_project().categories["shop"]}
    circle = replace(town_project().circle, categories=("shop",))
    project = quick_project(categories=shops, circle=circle, indicators=())
    study = geo.assess(area, project, draw=False)
    found = rows_of(study, "shop")
    for minutes, units in ((10.0, (CENTRE, CORNER)), (15.0, (HILL, SOUTH, ISLET, REMOTE, EMPTY))):
        asked = by_hand(area, study.times[study.times["mode"] == "walk"], "shop", minutes)
        for unit in units:
            told = found.loc[unit, "covered"]
            assert (None if pd.isna(told) else bool(told)) == asked[unit], (unit, minutes)
    unknown = found["covered"].isna()
    assert found.loc[unknown, "people_covered"].isna().all()
    assert found.loc[~unknown, "people_covered"].notna().all()
    row, people = county(study, "shop"), found["people"].sum()
    covered = found["people_covered"].sum()
    if not some or study.scorecard["missing"].str.contains("都没有坐标").any():
        assert pd.isna(row["value"])
        return
    assert row["low"] == pytest.approx(covered / people)
    assert row["high"] == pytest.approx((covered + found.loc[unknown, "people"].sum()) / people)
    assert row["unknown"] == unknown.sum()


def test_some_without_coordinates_are_counted_and_told() -> None:
    # hall-islet stands in the ledger alone; nobody on the islet reaches another hall
    study = assessed()
    rows = rows_of(study, "hall")
    assert set(rows[rows["covered"].isna()].index) == {ISLET}
    assert rows.loc[ISLET, "reason"] == Reason.NO_COORDINATES
    row = county(study, "hall:units")
    covered = rows["covered"].sum()
    assert (row["numerator"], row["denominator"], row["unknown"]) == (covered, 6, 1)
    assert (row["low"], row["high"]) == (covered / 7, (covered + 1) / 7)
    assert "“hall”有 1 行没有坐标" in row["missing"]


def test_one_of_which_not_even_the_unit_is_known_is_told_and_counts_nowhere() -> None:
    study = assessed()
    assert rows_of(study, "post")["covered"].notna().all()
    assert "“post”有 1 行没有坐标" in county(study, "post")["missing"]


def test_any_of_two_is_known_where_the_other_is_within_reach() -> None:
    either = ledger_indicator("either", Measure.ACCESS, "clinic", "shop")
    study = assessed("clinic-main", indicators=(either,))
    shop = rows_of(study, "shop")["covered"].fillna(value=False).astype(bool)
    rows = rows_of(study, "either")["covered"]
    assert rows[shop].eq(other=True).all()
    assert rows[~shop].isna().all()


# --- spots and areas -----------------------------------------------------------------------------

SPOTS = pd.DataFrame(
    {
        "register_id": ["a", "b"],
        "kind": "spot",
        "unit_id": [CENTRE, HILL],
        "township_id": None,
        "serves": None,
        "geometry": [Point(500_000, 2_900_000), Point(501_000, 2_900_000)],
    }
)
NEAR = ledger_indicator(
    "near", Measure.KEY_SPOT, "shop", over="registers", kind="spot", metres=300.0,
    target_county=Target(1.0),
)  # fmt: skip


def spotted(registers: pd.DataFrame, *lost: str, indicator: Any = NEAR) -> pd.Series[Any]:
    area = without_points(town_area(), *lost)
    ledgers = Ledgers(area.units, area.facilities, registers)
    project = ledger_project(indicator)
    found = scorecard(ledgers, project, coverage=assessed().coverage.iloc[:0])
    return found.iloc[0]


def test_key_spots_without_facilities_or_spots_on_the_map_are_unknown() -> None:
    assert spotted(SPOTS)["value"] == 0.5
    no_shop = spotted(SPOTS, "shop-main")
    assert pd.isna(no_shop["value"])
    assert pd.isna(no_shop["low"])
    assert "“shop”有 1 行，都没有坐标" in no_shop["missing"]
    no_spot = spotted(SPOTS.assign(geometry=None))
    assert pd.isna(no_spot["value"])
    assert "登记簿“spot”有 2 行，都没有坐标" in no_spot["missing"]


def test_conditions_of_a_ledger_need_no_coordinates() -> None:
    asked = replace(NEAR, categories=(), conditions=(Condition("good"),))
    found = spotted(SPOTS.assign(geometry=None, good=[True, False]), indicator=asked)
    assert found["value"] == 0.5
    assert found["missing"] == ""


def test_registers_without_outlines_leave_everybody_open_who_is_in_none() -> None:
    area = town_area()
    inside = ledger_indicator("inside", Measure.RADIATION, kind="grid")
    grids = SPOTS.assign(kind="grid")
    grids["geometry"] = [area.units.set_index("unit_id").geometry[CENTRE], None]
    where = demand(area.units, area.residences)
    for shapes, known in ((grids, {CENTRE}), (grids.assign(geometry=None), set())):
        ledgers = Ledgers(area.units, area.facilities, shapes)
        rows = radiation_of_register(ledgers, inside, where).set_index("unit_id")
        assert set(rows[rows["covered"].notna()].index) == known
        assert set(rows["reason"].dropna()) == {Reason.NO_COORDINATES}
        project = ledger_project(inside)
        row = scorecard(ledgers, project, coverage=rows.reset_index()).iloc[0]
        assert pd.isna(row["value"]) == (not known)
        assert "登记簿“grid”有" in row["missing"]
        # How to give them is told where there are none at all.
        assert ("serves" in row["missing"]) == (not known)


def test_a_task_asks_for_the_coordinates(nowhere: Study) -> None:
    task = Task(1, "part", "title", ("office",), "2025", (), ("clinic-people",))
    study = replace(nowhere, project=replace(nowhere.project, tasks=(task,)))
    assert "都没有坐标" in task_standings(study, "zh")[1].next_step
    assert "none with coordinates" in task_standings(study, "en")[1].next_step
    assert np.isnan(county(study, "clinic-people")["value"])


# --- nothing of a category is listed -------------------------------------------------------------


def rows_without_library(**changes: Any) -> tuple[pd.DataFrame, Study]:
    """Give the town's rows of libraries, of which it lists none, with other settings."""
    project = quick_project(**changes)
    reach = replace(project.indicators[0], id="library-people", categories=("library",))
    study = geo.assess(town_area(), replace(project, indicators=(reach,)), draw=False)
    return rows_of(study, "library"), study


def test_a_category_of_which_nothing_is_listed_is_as_unknown_as_the_policys_figure() -> None:
    rows, study = rows_without_library(absent=frozenset())
    assert rows["covered"].isna().all()
    assert set(rows["reason"]) == {Reason.NO_DATA}
    assert rows[["people_covered", "people_share"]].isna().all(axis=None)
    for indicator in ("library", "library:units", "library-people"):
        figure = county(study, indicator)
        assert figure[["value", "low", "high"]].isna().all()
        assert "library" in figure["missing"]
    gaps = study.gaps[study.gaps["indicator"] == "library"]
    assert set(gaps["unit_id"]) == EVERYBODY
    assert gaps["people_left_out"].isna().all()


def test_what_a_study_surely_has_none_of_is_0() -> None:
    rows, study = rows_without_library(absent=frozenset({"library"}))
    assert not rows["covered"].any()
    assert county(study, "library")["value"] == county(study, "library-people")["value"] == 0


def test_a_ledger_that_lists_one_that_does_not_stand_yet_is_a_ledger_and_none_is_0() -> None:
    area = town_area()
    planned = area.facilities.iloc[:1].assign(
        facility_id="library-planned", category="library", status="planned"
    )
    facilities = pd.concat([area.facilities, planned], ignore_index=True)
    project = quick_project(absent=frozenset(), indicators=())
    study = geo.assess(
        replace(area, facilities=facilities.sort_values("facility_id", ignore_index=True)),
        project,
        draw=False,
    )
    assert county(study, "library")["value"] == 0


def test_a_category_that_a_plan_closes_is_known_to_be_gone() -> None:
    area = town_area()
    halls = area.facilities.loc[area.facilities["category"] == "hall", "facility_id"]
    plan = Plan("closes", "小镇", area.crs, closed=tuple(halls))
    project = quick_project(absent=frozenset(), indicators=())
    study = geo.assess(with_plan(area, plan), project, draw=False)
    assert len(halls)
    assert county(study, "hall")["value"] == 0
    assert rows_of(study, "hall")["covered"].notna().any()
