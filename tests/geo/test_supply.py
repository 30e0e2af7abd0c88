"""Capacity: whom a facility can serve, the nearest first."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.supply import served_within_capacity


def queue(*rows):
    columns = ["residence_id", "facility_id", "milliseconds", "within", "people"]
    return pd.DataFrame(rows, columns=columns)


def served(nearest, capacity, *, per_1000=4.5):
    room = pd.Series(capacity, dtype="float64")
    found = served_within_capacity(nearest, room, per_1000=per_1000)
    return dict(zip(nearest["residence_id"], found.tolist(), strict=True))


def test_nine_places_at_4_5_per_1000_serve_2000_people_and_not_one_more():
    homes = queue(
        ("near", "n", 1, True, 1500), ("middle", "n", 2, True, 500), ("far", "n", 3, True, 1)
    )
    assert served(homes, {"n": 9}) == {"near": True, "middle": True, "far": False}


def test_equal_times_are_served_by_residence_id():
    homes = queue(("b", "n", 5, True, 10), ("a", "n", 5, True, 10))
    assert served(homes, {"n": 10}, per_1000=1000) == {"b": False, "a": True}


def test_nobody_is_served_before_somebody_nearer():
    homes = queue(("near", "n", 1, True, 20), ("far", "n", 2, True, 5))
    assert served(homes, {"n": 10}, per_1000=1000) == {"near": False, "far": False}


def test_a_residence_beyond_the_limit_is_not_served_and_takes_no_room():
    homes = queue(("beyond", "n", 1, False, 10), ("within", "n", 2, True, 10))
    assert served(homes, {"n": 10}, per_1000=1000) == {"beyond": False, "within": True}


def test_a_facility_of_unknown_capacity_is_not_called_full():
    homes = queue(("a", "n", 1, True, 1e6), ("b", "unlisted", 1, True, 1e6))
    assert served(homes, {"n": np.nan}) == {"a": True, "b": True}


def test_a_facility_without_places_serves_nobody_but_an_empty_house():
    homes = queue(("empty", "n", 1, True, 0), ("house", "n", 2, True, 3))
    assert served(homes, {"n": 0}) == {"empty": True, "house": False}


def test_unknown_people_take_no_room():
    homes = queue(("unknown", "n", 1, True, np.nan), ("known", "n", 2, True, 10))
    assert served(homes, {"n": 10}, per_1000=1000) == {"unknown": True, "known": True}


def test_an_unreachable_residence_without_a_facility_is_not_served():
    homes = queue(("lost", None, -1, False, 10))
    assert served(homes, {"n": 10}) == {"lost": False}


def test_no_residences_give_no_answers():
    homes = queue().astype({"people": float, "within": bool})
    assert served(homes, {"n": 10}) == {}


def test_the_answer_stands_on_the_index_of_the_question():
    homes = queue(("a", "n", 1, True, 1), ("b", "n", 2, True, 9)).set_index(pd.Index([7, 3]))
    found = served_within_capacity(homes, pd.Series({"n": 1.0}), per_1000=1000)
    assert found.to_dict() == {7: True, 3: False}
    assert found.dtype == bool


# --- laws -----------------------------------------------------------------------------------------

FACILITIES = ["a", "b", "c"]
HOMES = st.lists(
    st.tuples(
        st.sampled_from(FACILITIES),
        st.integers(0, 5),
        st.booleans(),
        st.integers(0, 30),
    ),
    min_size=1,
    max_size=25,
)
CAPACITY = st.fixed_dictionaries({name: st.integers(0, 60) for name in FACILITIES})


def homes_of(rows):
    return queue(*((f"r{number:02}", *row) for number, row in enumerate(rows)))


def answers(homes, capacity):
    return served_within_capacity(homes, pd.Series(capacity, dtype="float64"), per_1000=1000)


@given(HOMES, CAPACITY)
def test_a_facility_never_serves_more_people_than_it_has_room_for(rows, capacity):
    homes = homes_of(rows)
    people = homes["people"].where(answers(homes, capacity), 0).groupby(homes["facility_id"]).sum()
    assert all(people[name] <= capacity[name] for name in people.index)


@given(HOMES, CAPACITY)
def test_whoever_is_served_everyone_nearer_to_that_facility_is_served(rows, capacity):
    homes = homes_of(rows).assign(served=lambda frame: answers(frame, capacity))
    for _, line in homes[homes["within"]].groupby("facility_id"):
        in_order = line.sort_values(["milliseconds", "residence_id"])["served"].tolist()
        assert in_order == sorted(in_order, reverse=True)


@given(HOMES, CAPACITY)
def test_room_is_left_empty_only_if_the_next_residence_does_not_fit(rows, capacity):
    homes = homes_of(rows).assign(served=lambda frame: answers(frame, capacity))
    for name, line in homes[homes["within"]].groupby("facility_id"):
        ordered = line.sort_values(["milliseconds", "residence_id"])
        waiting = ordered[~ordered["served"]]
        if len(waiting):
            used = ordered.loc[ordered["served"], "people"].sum()
            assert used + waiting["people"].iloc[0] > capacity[name]


@given(HOMES, CAPACITY, st.sampled_from(FACILITIES), st.integers(1, 40))
def test_more_capacity_never_serves_fewer(rows, capacity, grown, more):
    homes = homes_of(rows)
    before = answers(homes, capacity)
    after = answers(homes, capacity | {grown: capacity[grown] + more})
    assert (after | ~before).all()


@given(HOMES, CAPACITY, st.randoms(use_true_random=False))
def test_the_order_of_residences_and_facilities_changes_nothing(rows, capacity, random):
    homes = homes_of(rows)
    shuffled = homes.sample(frac=1, random_state=random.randint(0, 9999))
    names = random.sample(FACILITIES, len(FACILITIES))
    pd.testing.assert_series_equal(
        answers(shuffled, {name: capacity[name] for name in names}).sort_index(),
        answers(homes, capacity),
    )
