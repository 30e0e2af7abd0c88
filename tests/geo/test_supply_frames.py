"""Supply of whole studies: towns of one street, solved by hand, and what bad input gives."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.catchments import catchment_limit, catchment_pairs
from geo.supply import facility_load, served_within_capacity
from layers.catalogue.supply import load_supply
from layers.project import Limit
from tests.line_town import (
    home,
    line_area,
    line_project,
    measured,
    service,
    unit,
    with_category,
)
from tests.town_settings import town_drive

# Walking 100 m takes a minute, so a lies 5 minutes from the small nursery and 10 from the large
# one, b 5 from the large one: the example of docs/method.md.
UNITS = [unit("a", 100, (500, 0), township="东镇"), unit("b", 300, (2000, 0), township="西镇")]
NURSERIES = [
    service("nursery-1", (0, 0), capacity=10.0, unit_id="a"),
    service("nursery-2", (1500, 0), capacity=30.0, unit_id="b"),
]
TEN = with_category(line_project("nursery", minutes=10.0), "nursery", capacity_per_1000=50.0)


def keyed(frame, *keys):
    return frame.set_index(list(keys)) if len(keys) > 1 else frame.set_index(keys[0])


@pytest.fixture(scope="module")
def town():
    return geo.assess(line_area(UNITS, NURSERIES), TEN)


def test_places_per_1000_are_those_of_the_worked_example(town):
    units = keyed(town.supply[town.supply["level"] == "unit"], "place_id")
    assert units["places_per_1000"].to_dict() == {"a": 175.0, "b": 75.0}
    assert units["facilities"].to_dict() == {"a": 2, "b": 1}
    assert units["places"].to_dict() == {"a": 40, "b": 30}
    assert units["choice_minutes"].fillna(-1).to_dict() == {"a": 10.0, "b": -1}
    assert set(units["mode"]) == {"walk"}
    assert set(units["catchment_minutes"]) == {10.0}
    assert set(units["standard_per_1000"]) == {50.0}


@pytest.mark.parametrize(
    ("method", "a", "b"), [("gaussian", 100.0, 100.0), ("e2sfca", 129.204, 90.265)]
)
def test_another_method_shares_out_otherwise(method, a, b):
    study = geo.assess(line_area(UNITS, NURSERIES), replace(TEN, supply=load_supply(method)))
    units = keyed(study.supply[study.supply["level"] == "unit"], "place_id")
    assert units["places_per_1000"].round(3).to_dict() == {"a": a, "b": b}


def test_gravity_knows_nothing_of_others_who_ask():
    project = replace(TEN, supply=load_supply("2sfca", decay="linear"))
    study = geo.assess(line_area(UNITS, NURSERIES), project)
    units = keyed(study.supply[study.supply["level"] == "unit"], "place_id")
    assert units["gravity"].to_dict() == {"a": 5.0, "b": 15.0}


def test_a_facility_is_asked_by_those_it_is_nearest_to(town):
    load = keyed(town.facility_load, "facility_id")
    assert load["people"].to_dict() == {"nursery-1": 100, "nursery-2": 300}
    # 50 places per 1000: 10 places serve 200 people, 30 serve 600
    assert load["room"].to_dict() == {"nursery-1": 200, "nursery-2": 600}
    assert load["load"].to_dict() == {"nursery-1": 0.5, "nursery-2": 0.5}
    assert not load["over_capacity"].any()
    assert load["people_within"].to_dict() == {"nursery-1": 100, "nursery-2": 400}
    assert load["offered_per_1000"].to_dict() == {"nursery-1": 100.0, "nursery-2": 75.0}


def test_of_those_nearest_to_a_facility_the_priority_people_are_told_and_unknown_ones_left_empty():
    homes = [
        home("a1", 30, (500, 0), disabled=3),
        home("a2", 10, (600, 0), disabled=np.nan),
        home("b1", 20, (2000, 0), disabled=np.nan),
    ]
    study = geo.assess(line_area(UNITS, NURSERIES, homes=homes), TEN)
    load = keyed(study.facility_load, "facility_id")
    assert load["people"].to_dict() == {"nursery-1": 40, "nursery-2": 20}
    assert load["disabled"].fillna(-1).to_dict() == {"nursery-1": 3, "nursery-2": -1}
    assert load["age_0_14"].isna().all()


def test_those_in_reach_and_those_of_an_area_are_told_by_cohort_and_unknown_ones_left_empty():
    homes = [
        home("a1", 30, (500, 0), disabled=3),
        home("a2", 10, (600, 0), disabled=np.nan),
        home("b1", 20, (2000, 0), disabled=2),
    ]
    study = geo.assess(line_area(UNITS, NURSERIES, homes=homes), TEN)
    load = keyed(study.facility_load, "facility_id")
    # within ten minutes of the first nursery live a1 and a2, of the second all three
    assert load["people_within"].to_dict() == {"nursery-1": 40, "nursery-2": 60}
    assert load["disabled_within"].to_dict() == {"nursery-1": 3, "nursery-2": 5}
    areas = keyed(study.supply_areas, "area")
    assert areas["people"].to_dict() == {"小镇": 60, "东镇": 40, "西镇": 20}
    assert areas["disabled"].to_dict() == {"小镇": 5, "东镇": 3, "西镇": 2}
    for frame in (load["age_0_14_within"], areas["age_0_14"]):
        assert frame.isna().all()


def test_areas_have_what_stands_in_them_and_reach_what_they_reach(town):
    areas = keyed(town.supply_areas, "area")
    assert areas["places"].to_dict() == {"小镇": 40, "东镇": 10, "西镇": 30}
    assert areas["places_per_1000"].to_dict() == {"小镇": 100, "东镇": 100, "西镇": 100}
    assert areas["reached_per_1000"].to_dict() == {"小镇": 100, "东镇": 175, "西镇": 75}
    assert areas["facilities"].to_dict() == {"小镇": 2, "东镇": 1, "西镇": 1}


def test_a_unit_has_the_mean_of_its_people_and_its_own_time_to_a_choice():
    homes = [home("a1", 30, (500, 0)), home("a2", 10, (3000, 0))]
    study = geo.assess(line_area(UNITS[:1], NURSERIES, homes=homes), TEN)
    rows = study.supply.set_index(["level", "place_id"])
    assert rows.loc[("residence", "a1"), "places"] == 40
    assert rows.loc[("residence", "a2"), "places"] == 0
    assert rows.loc[("unit", "a"), "places"] == 30  # (30 x 40 + 10 x 0) / 40
    assert rows.loc[("unit", "a"), "choice_minutes"] == 10.0  # by which half have arrived


def test_the_catchment_is_the_widest_limit_that_units_take():
    drive = town_drive()
    project = with_category(
        replace(TEN, modes={**TEN.modes, "drive": drive}),
        "nursery",
        urban=Limit(20.0, "walk", "town"),
        rural=Limit(5.0, "drive", "town"),
    )
    area = line_area([UNITS[0] | {"urban": True}, UNITS[1]], NURSERIES)
    judge = measured(area, project).judge
    nursery = project.categories["nursery"]
    assert catchment_limit(judge, nursery) == nursery.rural
    assert len(catchment_pairs(judge, nursery)) == 4
    town_alone = measured(line_area([UNITS[0] | {"urban": True}], NURSERIES), project).judge
    assert catchment_limit(town_alone, nursery) == nursery.urban


def test_pairs_are_every_way_within_the_limit_and_the_first_is_the_nearest():
    judge = measured(line_area(UNITS, NURSERIES), TEN).judge
    pairs = catchment_pairs(judge, TEN.categories["nursery"])
    assert pairs.to_numpy().tolist() == [
        [0, 0, 300_000, 600_000],
        [0, 1, 600_000, 600_000],
        [1, 1, 300_000, 600_000],
    ]
    queue = judge.queue(TEN.categories["nursery"])
    nearest = pairs.sort_values(["milliseconds", "facility"]).groupby("place").first()
    assert nearest["milliseconds"].tolist() == queue["milliseconds"].tolist()
    assert nearest["facility"].tolist() == queue["facility_id"].tolist()


# --- the town and other studies -----------------------------------------------------------------


def test_what_the_people_of_the_toy_town_reach_is_what_it_has(request):
    study = request.getfixturevalue("town")
    county = study.supply_areas[study.supply_areas["level"] == "county"]
    assert county["places"].tolist() == [40]


@pytest.fixture(scope="module")
def straight():
    return geo.assess(line_area(UNITS, NURSERIES, streets=[]), TEN)


def test_without_streets_the_pairs_are_straight_lines(straight):
    # 1.3 times the way at 7.2 km/h: 500 m take 5.4 minutes, 1000 m take 10.8
    units = keyed(straight.supply[straight.supply["level"] == "unit"], "place_id")
    assert units["facilities"].to_dict() == {"a": 1, "b": 1}
    assert units["places_per_1000"].to_dict() == {"a": 100.0, "b": 100.0}


# --- bad input ----------------------------------------------------------------------------------

FRAMES = ("supply", "facility_load", "supply_areas", "equity", "lorenz")


def study_of(units=UNITS, services=NURSERIES, project=TEN):
    study = geo.assess(line_area(units, services), project)
    return {name: getattr(study, name) for name in FRAMES}


def test_where_nobody_lives_nothing_is_shared_and_nothing_is_unequal():
    found = study_of(units=[each | {"people": 0.0} for each in UNITS])
    units = found["supply"][found["supply"]["level"] == "unit"]
    assert units["places_per_1000"].isna().all()
    assert (units["people"] == 0).all()
    assert found["facility_load"]["offered_per_1000"].isna().all()
    assert (found["facility_load"]["load"] == 0).all()
    assert found["supply_areas"]["places_per_1000"].isna().all()
    assert found["supply_areas"]["places"].tolist() == [40, 10, 30]
    indices = found["equity"][["mean", "gini", "palma", "theil", "below"]]
    assert indices.isna().all(axis=None)


def test_without_any_capacity_there_are_times_but_no_supply():
    bare = [service("nursery-1", (0, 0)), service("nursery-2", (1500, 0))]
    found = study_of(services=bare)
    assert found["supply"].empty
    assert found["supply_areas"].empty
    assert found["facility_load"]["people"].tolist() == [100, 300]
    assert found["facility_load"][["room", "load", "over_capacity"]].isna().all(axis=None)
    assert set(found["equity"]["measure"]) == {"minutes"}


def test_a_facility_of_unknown_capacity_is_counted_as_unknown():
    found = study_of(services=[NURSERIES[0], service("nursery-2", (1500, 0), unit_id="b")])
    areas = keyed(found["supply_areas"], "area")
    assert areas["unknown"].to_dict() == {"小镇": 1, "东镇": 0, "西镇": 1}
    assert areas["places"].to_dict() == {"小镇": 10, "东镇": 10, "西镇": 0}
    units = keyed(found["supply"][found["supply"]["level"] == "unit"], "place_id")
    assert units["places_per_1000"].to_dict() == {"a": 100.0, "b": 0.0}
    assert units["facilities"].to_dict() == {"a": 2, "b": 1}


def test_a_facility_that_nobody_can_place_is_the_countys_and_no_townships():
    area = line_area(UNITS, [NURSERIES[0], service("nursery-2", (1500, 0), capacity=30.0)])
    areas = keyed(geo.assess(area, TEN).supply_areas, "area")
    assert areas["places"].to_dict() == {"小镇": 40, "东镇": 10, "西镇": 0}
    assert areas["unknown"].to_dict() == {"小镇": 0, "东镇": 1, "西镇": 1}


def test_out_of_reach_of_everything_people_have_nothing_and_are_told():
    far = [service("nursery-1", (5000, 0), capacity=10.0)]
    found = study_of(services=far)
    assert (found["supply"]["places_per_1000"] == 0).all()
    assert found["facility_load"]["offered_per_1000"].isna().all()
    county = found["equity"].iloc[0]
    assert county["below"] == 1
    places = found["equity"][found["equity"]["measure"] == "places_per_1000"]
    assert (places["mean"] == 0).all()
    assert places["gini"].isna().all()
    assert (places["below"] == 1).all()


def test_without_facilities_there_is_nothing_to_tell():
    found = study_of(services=[])
    assert [name for name in FRAMES if len(found[name])] == []


def test_where_dwellings_are_counted_capacity_is_left_out():
    found = study_of(units=[each | {"people": np.nan} for each in UNITS])
    assert found["supply"].empty
    assert found["facility_load"]["people"].tolist() == [1, 1]
    assert found["facility_load"][["capacity", "load"]].isna().all(axis=None)
    assert found["equity"]["concentration"].isna().all()


# --- laws ---------------------------------------------------------------------------------------

QUEUE = st.lists(
    st.tuples(st.sampled_from("xyz"), st.integers(0, 9), st.booleans(), st.integers(0, 30)),
    min_size=1,
    max_size=20,
)


@given(QUEUE, st.lists(st.integers(0, 60), min_size=3, max_size=3))
def test_a_facility_is_over_capacity_exactly_where_somebody_finds_no_room(rows, places):
    queue = pd.DataFrame(rows, columns=["facility_id", "milliseconds", "within", "people"])
    queue = queue.assign(residence_id=[f"r{at:02}" for at in range(len(queue))])
    capacity = pd.Series(places, list("xyz"), dtype="float64")
    load = facility_load(queue, capacity, per_1000=1000.0)
    served = served_within_capacity(queue, capacity, per_1000=1000.0)
    refused = queue.loc[queue["within"] & ~served, "facility_id"]
    assert set(load.index[load["over_capacity"].astype(bool)]) == set(refused)
    assert load["people"].sum() == queue.loc[queue["within"], "people"].sum()
