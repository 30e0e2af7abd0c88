"""The town worked out on paper, and the program's answers beside it.

On foot 1 m of street is 0.6 s and 1 m off the road 1.2 s; by car 1 m of street is 0.12 s. The
hill rises 80 m over 800 m: slope +0.1 going up, where Tobler's factor is exp(-3.5 (0.15 - 0.05)) =
exp(-0.35), so 480 s become 480 exp(0.35) = 681.152 s; slope -0.1 going down, where it is
exp(-3.5 (0.05 - 0.05)) = 1, so 480 s remain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracle import Oracle
from tests.town import CENTRE, CORNER, EMPTY, HILL, ISLET, REMOTE, SOUTH

if TYPE_CHECKING:
    import pandas as pd

    from geo.study import Study

UP = 681.152

# residence, category -> seconds
SECONDS = {
    # 400 m of main street, 20 m off it
    ("centre-street", "clinic"): 240 + 24,
    # the alley is a short island: 110 m off the road to main street, 250 m along it
    ("centre-alley", "clinic"): 132 + 150 + 24,
    # 30 m apart, straight: 36 s; by the street 24 + 18 + 24 = 66 s
    ("centre-clinic", "clinic"): 36,
    # down the hill, 500 m of main street
    ("hill-top", "clinic"): 480 + 300 + 24,
    # the bridge, 55 m away, is no place to step on: 130 m to its end (50 east, 120 south)
    ("hill-bridge", "clinic"): 156 + 300 + 24,
    # 450 m apart over the river; 500 + 400 + 500 m round by the bridge: 15 minutes exactly
    ("south-near", "clinic"): 36 + 840 + 24,
    # 900 + 400 + 500 m
    ("south-far", "clinic"): 36 + 1080 + 24,
    ("centre-street", "shop"): 480,
    ("centre-alley", "shop"): 132 + 390,
    ("centre-clinic", "shop"): 24 + 258,
    ("hill-top", "shop"): 480 + 60,
    ("hill-bridge", "shop"): 156 + 60,
    ("south-near", "shop"): 36 + 600,
    ("south-far", "shop"): 36 + 840,
    ("centre-street", "school"): 540 + UP,
    ("centre-alley", "school"): 132 + 450 + UP,
    ("centre-clinic", "school"): 24 + 318 + UP,
    # the same point
    ("hill-top", "school"): 0,
    ("hill-bridge", "school"): 156 + UP,
    ("south-near", "school"): 36 + 540 + UP,
    ("south-far", "school"): 36 + 780 + UP,
    # by car, walking to it: 100 m of street, 10 m off it
    ("centre-street", "police"): 12 + 12,
    # no car uses the alley: 110 m on foot to main street
    ("centre-alley", "police"): 132 + 30 + 12,
    ("centre-clinic", "police"): 24 + 56.4 + 12,
    # cars feel no slope: 800 + 1000 m
    ("hill-top", "police"): 216 + 12,
    ("hill-bridge", "police"): 156 + 120 + 12,
    ("south-near", "police"): 36 + 228 + 12,
    ("south-far", "police"): 36 + 276 + 12,
}

# unit, category -> the residence that decides and its seconds, half of the people having arrived
UNIT_SECONDS = {
    # 36 s: 20 people; 264 s: 70 of 100
    (CENTRE, "clinic"): ("centre-street", 264),
    # 282 s: 20 people; 480 s: 70
    (CENTRE, "shop"): ("centre-street", 480),
    # 1023.152 s: 20 people; 1221.152 s: 70
    (CENTRE, "school"): ("centre-street", 540 + UP),
    # 24 s: 50 of 100 people, just half
    (CENTRE, "police"): ("centre-street", 24),
    # 480 s: 20 people; 804 s: all
    (HILL, "clinic"): ("hill-top", 804),
    (HILL, "shop"): ("hill-top", 540),
    (HILL, "school"): ("hill-top", 0),
    (HILL, "police"): ("hill-top", 228),
    # 900 s: 40 of 100 people; 1140 s: all
    (SOUTH, "clinic"): ("south-far", 1140),
    (SOUTH, "shop"): ("south-far", 876),
    (SOUTH, "school"): ("south-far", 816 + UP),
    (SOUTH, "police"): ("south-far", 324),
    # from the unit's own point
    (CORNER, "clinic"): (None, 180 + 24),
    (CORNER, "shop"): (None, 60),
    (CORNER, "school"): (None, 120 + UP),
    (CORNER, "police"): (None, 96 + 12),
    # on foot against the one-way sign: 400 + 500 m
    (EMPTY, "clinic"): (None, 540 + 24),
    (EMPTY, "shop"): (None, 780),
    (EMPTY, "school"): (None, 840 + UP),
    # by car round by north, middle and main street: 500 + 400 + 500 m; 3 minutes exactly
    (EMPTY, "police"): (None, 168 + 12),
}


def by_pair(times: pd.DataFrame, key: str) -> pd.DataFrame:
    """Index times by place and category, for the categories and modes worked out on paper."""
    on_foot = times["category"].isin(["clinic", "shop", "school"]) & (times["mode"] == "walk")
    by_car = (times["category"] == "police") & (times["mode"] == "drive")
    return times[on_foot | by_car].set_index([key, "category"])


def test_every_residence_takes_the_time_worked_out_on_paper(town: Study) -> None:
    times = by_pair(town.times, "residence_id")
    for pair, seconds in SECONDS.items():
        assert times.loc[pair, "milliseconds"] == round(seconds * 1000), pair


def test_the_islet_and_the_remote_house_reach_nothing(town: Study) -> None:
    assert not town.times["residence_id"].isin(["islet-house", "remote-house"]).any()
    assert not town.unit_times["unit_id"].isin([ISLET, REMOTE]).any()


def test_a_planned_facility_serves_nobody_yet(town: Study) -> None:
    assert "clinic-south" not in set(town.times["facility_id"])


def test_a_facility_without_a_point_is_reached_by_nobody(town: Study) -> None:
    assert "hall-islet" not in set(town.times["facility_id"])


def test_a_unit_takes_the_time_by_which_half_of_its_people_have_arrived(town: Study) -> None:
    times = by_pair(town.unit_times, "unit_id")
    assert len(times) == len(UNIT_SECONDS)
    for pair, (residence, seconds) in UNIT_SECONDS.items():
        assert times.loc[pair, "milliseconds"] == round(seconds * 1000), pair
        assert residence in (None, times.loc[pair, "residence_id"]), pair


def test_minutes_show_milliseconds(town: Study) -> None:
    assert (town.times["minutes"] == town.times["milliseconds"] / 60_000).all()
    assert (town.unit_times["minutes"] == town.unit_times["milliseconds"] / 60_000).all()


def test_places_say_how_they_join_the_network(town: Study) -> None:
    walk = town.places[town.places["mode"] == "walk"].set_index("residence_id")
    assert walk.loc["centre-alley", "status"] == "moved_to_main"
    assert walk.loc["centre-alley", "access_metres"] == pytest.approx(110)
    assert walk.loc["hill-bridge", "status"] == "joined"
    assert walk.loc["hill-bridge", "access_metres"] == pytest.approx(130)
    assert walk.loc["islet-house", "status"] == "joined"
    assert walk.loc["remote-house", "status"] == "off_network"
    assert walk.set_index("unit_id")["stands_in"].groupby("unit_id").any().to_dict() == {
        unit: unit in (CORNER, EMPTY)
        for unit in (CENTRE, HILL, SOUTH, ISLET, REMOTE, CORNER, EMPTY)
    }


def test_the_oracle_agrees_with_the_paper(town: Study) -> None:
    area, project = town.area, town.project
    for (residence, category), seconds in SECONDS.items():
        mode = project.modes[project.categories[category].rural.mode]
        home = area.residences[area.residences["residence_id"] == residence]
        there = area.facilities[
            (area.facilities["category"] == category) & (area.facilities["status"] == "existing")
        ]
        oracle = Oracle(area.streets, mode, project.rules)
        found = oracle.nearest_milliseconds(home.geometry, there.geometry)
        assert found[0] == pytest.approx(seconds * 1000, abs=1), (residence, category)


def test_a_living_circle_counts_the_categories_within_its_minutes(town: Study) -> None:
    # unit: minutes to clinic, shop and school
    # CENTRE 4.4, 8.0, 20.35; HILL 13.4, 9.0, 0; SOUTH 19.0, 14.6, 24.95; CORNER 3.4, 1.0, 13.35;
    # EMPTY 9.4, 13.0, 25.35
    reached = {
        CENTRE: (1, 2, 2),
        HILL: (1, 2, 3),
        SOUTH: (0, 0, 1),
        ISLET: (0, 0, 0),
        REMOTE: (0, 0, 0),
        CORNER: (2, 2, 3),
        EMPTY: (0, 1, 2),
    }
    circles = town.circles[town.circles["level"] == "unit"].set_index(["place_id", "limit_minutes"])
    for unit, counts in reached.items():
        for minutes, count in zip((5.0, 10.0, 15.0), counts, strict=True):
            assert circles.loc[(unit, minutes), "reached"] == count, (unit, minutes)
            assert circles.loc[(unit, minutes), "of"] == 3
    assert circles.loc[(HILL, 5.0), "missing"] == "clinic;shop"
    assert circles.loc[(SOUTH, 15.0), "missing"] == "clinic;school"


def test_the_living_circle_of_a_residence_is_its_own(town: Study) -> None:
    # centre-clinic: clinic 0.6, shop 4.7, school 17.05
    circles = town.circles[town.circles["level"] == "residence"]
    own = circles[circles["place_id"] == "centre-clinic"].set_index("limit_minutes")
    assert own["reached"].to_dict() == {5.0: 2, 10.0: 2, 15.0: 2}
