"""Fairness of whole studies: a town solved by hand, and figures that agree with other frames."""

from dataclasses import replace

import numpy as np
import pytest

import geo
from layers.project import Limit
from tests.line_town import home, line_area, line_project, service, unit, with_category
from tests.town_settings import town_drive, town_walk

# On foot 100 m take a minute. East town: 60 people at 5 minutes; west town: 30 at 10 minutes
# and 10 in a house that no street reaches.
UNITS = [
    unit("a", 60, (500, 0), township="东镇", urban=True, age_60_plus=6.0),
    unit("b", 40, (1000, 0), township="西镇", age_60_plus=20.0),
]
HOMES = [
    home("b1", 30, (1000, 0), age_60_plus=15.0),
    home("b2", 10, (1000, 3000), age_60_plus=5.0),
]
CLINICS = [service("clinic-1", (0, 0))]


@pytest.fixture(scope="module")
def equity():
    area = line_area(UNITS, CLINICS, homes=HOMES)
    found = geo.assess(area, line_project("clinic", minutes=8.0))
    return found.equity.set_index("area")


def test_the_county_classes_and_townships_each_have_their_row(equity):
    assert equity["level"].to_dict() == {
        "小镇": "county",
        "urban": "class",
        "rural": "class",
        "东镇": "township",
        "西镇": "township",
    }


def test_those_who_reach_nothing_are_left_out_of_the_mean_and_told(equity):
    assert equity["people"].to_dict() == {
        "小镇": 100,
        "urban": 60,
        "rural": 40,
        "东镇": 60,
        "西镇": 40,
    }
    assert equity["left_out"].tolist() == [10, 0, 10, 0, 10]
    assert equity["mean"]["小镇"] == pytest.approx(600 / 90)
    assert equity["ratio"]["西镇"] == pytest.approx(10 / (600 / 90))


def test_of_those_who_reach_nothing_or_come_late_priority_people_are_told(equity):
    # of 6 + 15 + 5 old people 5 reach nothing and 15 more come after the limit of 8 minutes
    areas = ["小镇", "urban", "rural", "东镇", "西镇"]
    assert equity["age_60_plus"].loc[areas].tolist() == [26, 6, 20, 6, 20]
    assert equity["age_60_plus_reaching_nothing"].loc[areas].tolist() == [5, 0, 5, 0, 5]
    assert equity["age_60_plus_below"].loc[areas].tolist() == pytest.approx([20 / 26, 0, 1, 0, 1])


def test_of_whom_nobody_knows_how_many_there_are_nobody_is_told(equity):
    unknown = [f"disabled{of}" for of in ("", "_reaching_nothing", "_below")]
    assert equity[unknown].isna().all(axis=None)


def test_a_cohort_unknown_where_nothing_is_reached_is_missing_there_and_summed_elsewhere():
    homes = [HOMES[0], HOMES[1] | {"age_60_plus": np.nan}]
    area = line_area(UNITS, CLINICS, homes=homes)
    rows = geo.assess(area, line_project("clinic", minutes=8.0)).equity.set_index("area")
    assert rows["age_60_plus"].to_dict() == {
        "小镇": 21, "urban": 6, "rural": 15, "东镇": 6, "西镇": 15
    }  # fmt: skip
    nothing = rows["age_60_plus_reaching_nothing"]
    assert nothing[["小镇", "rural", "西镇"]].isna().all()
    assert nothing[["urban", "东镇"]].tolist() == [0, 0]
    assert rows["age_60_plus_below"]["小镇"] == pytest.approx(15 / 21)


def test_the_gini_of_two_places(equity):
    # 60 of 90 people have 300 of 600 minutes
    assert equity["gini"]["小镇"] == pytest.approx(2 / 3 - 1 / 2)
    assert equity["gini"]["东镇"] == 0


def test_all_the_inequality_lies_between_the_towns(equity):
    county = equity.loc["小镇"]
    assert county["theil_between_townships"] == pytest.approx(county["theil"])
    assert county["theil_within_townships"] == pytest.approx(0, abs=1e-12)
    assert county["theil_between_urban_rural"] == pytest.approx(county["theil"])
    assert np.isnan(equity["theil_between_townships"]["东镇"])


def test_the_old_travel_longer(equity):
    # unit b is older and farther
    assert equity["concentration"]["小镇"] == pytest.approx(equity["gini"]["小镇"])


def test_those_beyond_the_limit_and_how_far(equity):
    # of 100 people 30 come 10 minutes for a limit of 8 and 10 never come
    assert equity["below"]["小镇"] == pytest.approx(0.4)
    assert equity["shortfall"]["小镇"] == pytest.approx(0.3 * (1 - 8 / 10) + 0.1)
    assert equity["severity"]["小镇"] == pytest.approx(0.3 * (1 - 8 / 10) ** 2 + 0.1)


def test_the_share_below_is_what_coverage_leaves_out(request):
    study = request.getfixturevalue("town")
    rows = study.equity[
        (study.equity["level"] == "county") & (study.equity["measure"] == "minutes")
    ]
    single = study.coverage[study.coverage["indicator"] == study.coverage["category"]]
    sums = single.groupby("category")[["people", "people_covered"]].sum()
    left_out = 1 - sums["people_covered"] / sums["people"]
    told = rows.set_index("category")["below"].drop("nursery")  # whose places are few
    assert len(told) > 4
    np.testing.assert_allclose(told, left_out[told.index], atol=1e-12)


def test_the_lorenz_curve_is_told_in_tenths():
    area = line_area(UNITS, CLINICS, homes=HOMES)
    curve = geo.assess(area, line_project("clinic")).lorenz
    assert curve["share_of_people"].tolist() == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
    assert curve["share_of_value"].iloc[[0, 10]].tolist() == [0, 1]
    # the first 60 of 90 have 5 minutes each
    assert curve["share_of_value"][4] == pytest.approx(0.4 * 90 * 5 / 600)


def test_minutes_are_compared_by_one_mode_and_limits_are_each_units_own():
    drive = town_drive()
    project = with_category(
        replace(line_project("clinic"), modes={"walk": town_walk(), "drive": drive}),
        "clinic",
        urban=Limit(4.0, "walk", "town"),
        rural=Limit(5.0, "drive", "town"),
    )
    rows = geo.assess(line_area(UNITS, CLINICS), project).equity.set_index("area")
    assert set(rows["mode"]) == {"drive"}
    # by car 500 m take a minute
    assert rows["mean"][["东镇", "西镇"]].tolist() == [1.0, 2.0]
    # on foot the town's 500 m take five
    assert rows["below"][["东镇", "西镇"]].tolist() == [1.0, 0.0]
