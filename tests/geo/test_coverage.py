"""Coverage and its reasons, one rule and a few places at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from geo.coverage import is_urban, limit_milliseconds
from layers.project import Limit
from layers.vocabulary import Reason
from tests.line_town import (
    STREET,
    home,
    line_area,
    line_project,
    measured,
    service,
    unit,
    with_category,
)
from tests.town import street

if TYPE_CHECKING:
    from layers.project import Project

SHOP = line_project("shop")
AT_START = [service("shop-1", (0, 0))]


def rows_of(
    units: list[dict[str, Any]],
    services: list[dict[str, Any]],
    *,
    project: Project = SHOP,
    **layers: Any,
) -> pd.DataFrame:
    """Give the coverage rows of the shops, by unit."""
    return measured(line_area(units, services, **layers), project).rows("shop")


def row_of(place: tuple[float, float], services: list[dict[str, Any]], **more: Any) -> pd.Series:
    """Give the coverage row of a village of ten people at one point."""
    return rows_of([unit("a", 10, place)], services, **more).iloc[0]


def test_a_limit_is_inclusive_to_the_centimetre() -> None:
    # 100 m of street a minute: 15 minutes are 1500 m
    within, beyond = (row_of((x, 0), AT_START) for x in (1500, 1500.01))
    assert (within["minutes"], beyond["minutes"] > 15) == (15.0, True)
    assert (within["covered"], beyond["covered"]) == (True, False)
    assert (within["people_covered"], beyond["people_covered"]) == (10, 0)
    assert (within["people_share"], beyond["people_share"]) == (1.0, 0.0)


@pytest.mark.parametrize("minutes", [0.1, 2.5, 7.3, 15.0, 17.35])
def test_a_limit_is_compared_in_whole_milliseconds(minutes: float) -> None:
    metres = round(minutes * 100, 2)
    assert limit_milliseconds(minutes) == round(metres * 600)
    project = line_project("shop", minutes=minutes)
    assert row_of((metres, 0), AT_START, project=project)["covered"]
    assert not row_of((metres + 0.01, 0), AT_START, project=project)["covered"]


def test_of_unknown_class_communities_are_urban_and_villages_rural() -> None:
    units = pd.DataFrame(
        {
            "kind": ["community", "village"] * 3,
            "urban": pd.array([True, True, False, False, None, None], dtype="boolean"),
        }
    )
    assert is_urban(units).tolist() == [True, True, False, False, True, False]


def test_each_unit_takes_the_limit_of_its_class() -> None:
    project = with_category(SHOP, "shop", urban=Limit(10, "walk", "town"))
    homes = [(name, 1200.0) for name in "abcd"]
    classes = [("community", True), ("village", False), ("community", None), ("village", None)]
    units = [
        unit(name, 10, (x, 0), kind=kind, urban=urban)
        for (name, x), (kind, urban) in zip(homes, classes, strict=True)
    ]
    rows = rows_of(units, AT_START, project=project)
    assert rows["limit_minutes"].tolist() == [10.0, 15.0, 10.0, 15.0]
    assert rows["covered"].tolist() == [False, True, False, True]


def test_covered_is_half_of_the_people_within_the_limit_and_the_share_is_all_of_them() -> None:
    homes = [
        home("a1", 30, (100, 0)),
        home("a2", 30, (3000, 0)),
        home("b1", 30, (100, 0)),
        home("b2", 31, (3000, 0)),
    ]
    units = [unit("a", 60, (0, 0)), unit("b", 61, (0, 0))]
    rows = rows_of(units, AT_START, homes=homes)
    assert rows["covered"].tolist() == [True, False]
    assert rows["minutes"].tolist() == [1.0, 30.0]
    assert rows["residence_id"].tolist() == ["a1", "b2"]
    assert rows["people_covered"].tolist() == [30, 30]
    assert rows["people_share"].tolist() == [0.5, 30 / 61]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 1.0])
def test_covered_is_the_unit_s_minutes_within_the_limit(share: float) -> None:
    project = replace(SHOP, rules=replace(SHOP.rules, unit_share=share))
    rng = np.random.default_rng(8)
    homes = [
        home(f"{name}{row:02}", float(people), (float(x), 0))
        for name in "abcdefgh"
        for row, (people, x) in enumerate(
            zip(rng.integers(0, 4, 9), rng.integers(14, 17, 9) * 100, strict=True)
        )
    ]
    units = [unit(name, 10, (0, 0)) for name in "abcdefgh"]
    rows = rows_of(units, AT_START, homes=homes, project=project)
    assert rows["covered"].tolist() == (rows["minutes"] <= 15.0).tolist()
    known = rows[rows["people"] > 0]
    assert known["covered"].tolist() == (known["people_share"] >= share).tolist()


def test_nobody_and_nobody_knows_give_a_missing_share_and_a_clear_answer() -> None:
    homes = [
        home("a1", 0, (100, 0)),
        home("b1", np.nan, (100, 0)),
        home("b2", 7, (4000, 0)),
        home("c1", 5, (100, 0)),
    ]
    units = [unit("a", 0, (0, 0)), unit("b", np.nan, (0, 0)), unit("c", 5, (0, 0))]
    rows = rows_of(units, AT_START, homes=homes)
    # the homes of b weigh alike: half of them are near
    assert rows["covered"].tolist() == [True, True, True]
    np.testing.assert_array_equal(rows["people"], [0, np.nan, 5])
    np.testing.assert_array_equal(rows["people_covered"], [0, np.nan, 5])
    np.testing.assert_array_equal(rows["people_share"], [np.nan, np.nan, 1])


def test_a_cohort_is_counted_where_it_is_known_and_everybody_where_it_is_not() -> None:
    project = with_category(SHOP, "shop", cohort="age_60_plus")
    old = [2.0, 9.0]
    for ages, expected in ((old, (11, 2, 2 / 11)), ([np.nan] * 2, (90, 60, 60 / 90))):
        homes = [
            home("a1", 60, (100, 0), age_60_plus=ages[0]),
            home("a2", 30, (3000, 0), age_60_plus=ages[1]),
        ]
        row = row_of((0, 0), AT_START, homes=homes, project=project)
        assert (row["people"], row["people_covered"], row["people_share"]) == expected
        # a unit is covered by half of its people all the same
        assert row["covered"]


def test_a_full_shop_takes_whole_homes_nearest_first() -> None:
    project = with_category(SHOP, "shop", capacity_per_1000=100.0)
    homes = [home(f"a{row}", 10, (100.0 * row, 0)) for row in (1, 2, 3)]
    for capacity, served in ((2.9, 20), (3.0, 30), (np.nan, 30), (0.0, 0)):
        services = [service("shop-1", (0, 0), capacity=capacity)]
        row = row_of((0, 0), services, homes=homes, project=project)
        assert row["people_covered"] == served
        assert row["covered"] == (served >= 15)
        assert pd.isna(row["reason"]) if row["covered"] else row["reason"] == "over_capacity"
        assert row["minutes"] == 2.0  # time knows nothing of places


def test_dwellings_fill_no_places() -> None:
    project = with_category(SHOP, "shop", capacity_per_1000=100.0)
    full = [service("shop-1", (0, 0), capacity=0.0)]
    assert rows_of([unit("a", np.nan, (100, 0))], full, project=project).loc["a", "covered"]


def test_an_indicator_s_own_minutes_replace_the_category_s() -> None:
    homes = [home(f"a{row}", 10, (100.0 * row, 0)) for row in (1, 2, 3)]
    judge = measured(line_area([unit("a", 30, (0, 0))], AT_START, homes=homes), SHOP).judge
    assert judge.reach(("shop",), None, None)["within"].tolist() == [True] * 3
    own = judge.reach(("shop",), 2.0, "walk")
    assert own["within"].tolist() == [True, True, False]
    assert own["people"].tolist() == [10.0] * 3


# what is there -> (reason, straight metres); villages have one point each
CASES: dict[str, tuple[Any, Reason, float]] = {
    "nobody knows where the unit is": (
        lambda: rows_of([unit("a", 10, None), unit("b", 10, (0, 0))], AT_START).iloc[0],
        Reason.NO_DATA,
        np.nan,
    ),
    "the only shop is a row without a point": (
        lambda: row_of((0, 0), [service("shop-1", None)]),
        Reason.NO_COORDINATES,
        np.nan,
    ),
    "no street within 500 m": (
        lambda: row_of((100, 501), AT_START),
        Reason.OFF_NETWORK,
        float(np.hypot(100, 501).round(2)),
    ),
    "the shop on another island": (
        lambda: row_of(
            (100, 1000), AT_START, streets=[STREET, street("far", (0, 1000), (2000, 1000))]
        ),
        Reason.NO_PATH,
        float(np.hypot(100, 1000).round(2)),
    ),
    "one may only drive away from the shop": (
        lambda: row_of(
            (4000, 0),
            AT_START,
            streets=[street("away", (0, 0), (5000, 0), oneway=1)],
            project=line_project("shop", minutes=1, mode="drive"),
        ),
        Reason.TOO_FAR,
        4000.0,
    ),
    "round three sides of a square": (
        lambda: row_of(
            (0, 800), AT_START, streets=[street("u", (0, 0), (900, 0), (900, 800), (0, 800))]
        ),
        Reason.BARRIER,
        800.0,
    ),
    "no room": (
        lambda: row_of(
            (100, 0),
            [service("shop-1", (0, 0), capacity=0.0)],
            project=with_category(SHOP, "shop", capacity_per_1000=1.0),
        ),
        Reason.OVER_CAPACITY,
        100.0,
    ),
    "a long way": (lambda: row_of((2500, 0), AT_START), Reason.TOO_FAR, 2500.0),
    "farther than the search goes": (
        lambda: row_of(
            (4000, 0), AT_START, project=replace(SHOP, rules=replace(SHOP.rules, search_minutes=20))
        ),
        Reason.TOO_FAR,
        4000.0,
    ),
    "no shop": (lambda: row_of((0, 0), []), Reason.NONE_IN_STUDY, np.nan),
    "a shop that is only planned": (
        lambda: row_of((0, 0), [service("shop-1", (0, 0), status="planned")]),
        Reason.NONE_IN_STUDY,
        np.nan,
    ),
    "no streets, so that nothing can bar the way": (
        lambda: row_of((1400, 0), AT_START, streets=[]),
        Reason.TOO_FAR,
        1400.0,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_reason_is_the_most_telling_one(case: str) -> None:
    make, reason, straight = CASES[case]
    row = make()
    assert row["reason"] == reason
    assert not pd.Series(row["covered"]).fillna(value=False).any()
    assert row["straight_metres"] == pytest.approx(straight, nan_ok=True)


def test_every_reason_of_a_single_category_has_its_case() -> None:
    ledger_only = {Reason.NONE_IN_UNIT, Reason.NOT_SERVED, Reason.NOT_MET}
    assert {reason for _, reason, _ in CASES.values()} == set(Reason) - ledger_only


def test_a_unit_nobody_can_place_is_unknown_not_uncovered() -> None:
    rows = rows_of([unit("a", 10, None), unit("b", 10, (0, 0))], AT_START)
    assert rows["covered"].isna().tolist() == [True, False]
    assert rows["residence_id"].isna().tolist() == [True, False]


def test_the_covered_have_no_reason() -> None:
    assert pd.isna(row_of((100, 0), AT_START)["reason"])


def test_the_evidence_is_the_telling_home_s() -> None:
    homes = [home("a1", 1, (100, 0)), home("a2", 9, (3000, 40))]
    row = (
        measured(line_area([unit("a", 10, (0, 0))], AT_START, homes=homes), SHOP)
        .rows("shop")
        .loc["a"]
    )
    assert row["residence_id"] == "a2"
    assert row["access_metres"] == 40.0
    assert row["straight_metres"] == round(float(np.hypot(3000, 40)), 2)
    assert row["metres"] == 3040.0
    assert row["facility_id"] == "shop-1"
    assert (row["mode"], row["method"], row["measure"]) == ("walk", "network", "access")
