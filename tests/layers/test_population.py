from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from layers.population import share_out, spread_people, spread_townships
from layers.vocabulary import COHORTS

weights = st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=1, max_size=12)


def frames(people_of_units, residences):
    """Make units with the same number in every cohort, and residences (unit, weight, people)."""
    units = pd.DataFrame({"unit_id": list(people_of_units)})
    places = pd.DataFrame(residences, columns=["unit_id", "weight", "people"])
    places.insert(0, "residence_id", [f"r{n}" for n in range(len(places))])
    for cohort in COHORTS:
        units[cohort] = np.array([*people_of_units.values()], dtype=float)
        if cohort not in places:
            places[cohort] = np.nan
    return gpd.GeoDataFrame(places.astype({"people": float})), gpd.GeoDataFrame(units)


def test_people_are_shared_by_weight_to_the_person():
    residences, units = frames({"a": 10}, [("a", 1.0, None), ("a", 1.0, None), ("a", 1.0, None)])
    assert spread_people(residences, units)["people"].tolist() == [4, 3, 3]


def test_what_a_residence_knows_itself_stays_and_is_taken_off_the_rest():
    residences, units = frames({"a": 10}, [("a", 5.0, 7), ("a", 1.0, None), ("a", 2.0, None)])
    assert spread_people(residences, units)["people"].tolist() == [7, 1, 2]


def test_a_unit_without_people_leaves_its_residences_unknown():
    residences, units = frames({"a": None}, [("a", 1.0, None)])
    assert spread_people(residences, units)["people"].isna().all()


def test_a_unit_of_no_weight_is_shared_evenly():
    residences, units = frames({"a": 4}, [("a", 0.0, None), ("a", 0.0, None)])
    assert spread_people(residences, units)["people"].tolist() == [2, 2]


def county(people, *, units, homes):
    """Make a township of so many people, its units (people), and residences (unit, weight)."""
    residences, townships = frames({"t": people}, [(*home, None) for home in homes])
    townships = townships.rename(columns={"unit_id": "township_id"})
    known = np.array(list(units.values()), dtype=float)
    table = {cohort: np.full(len(units), np.nan) for cohort in COHORTS} | {"people": known}
    return gpd.GeoDataFrame({"unit_id": list(units), "township_id": "t", **table}), (
        townships,
        residences,
    )


def test_people_of_a_township_are_shared_over_its_units_by_the_weight_of_their_residences():
    units, rest = county(
        100, units={"a": None, "b": None, "c": 40}, homes=[("a", 1.0), ("a", 2.0), ("b", 9.0)]
    )
    spread = spread_townships(units, *rest)
    assert spread["people"].tolist() == [15, 45, 40]
    assert spread["age_65_plus"].sum() == 100  # a cohort of which no unit knows its own


def test_units_without_residences_share_a_township_evenly():
    units, rest = county(5, units={"a": None, "b": None}, homes=[])
    assert spread_townships(units, *rest)["people"].tolist() == [3, 2]


def test_units_of_no_known_township_stay_unknown():
    units, rest = county(5, units={"a": None, "b": None}, homes=[])
    units["township_id"] = ["t", None]
    assert spread_townships(units, *rest)["people"].fillna(-1).tolist() == [5, -1]


@given(total=st.integers(0, 9999), weights=st.lists(st.integers(0, 9), min_size=1, max_size=9))
def test_a_township_s_people_reach_the_residences_of_its_units_to_the_person(total, weights):
    homes = [(f"u{n % 3}", float(weight)) for n, weight in enumerate(weights)]
    units, (townships, residences) = county(
        total, units={"u0": None, "u1": None, "u2": None}, homes=homes
    )
    units = spread_townships(units, townships, residences)
    spread = spread_people(residences, units)
    for cohort in COHORTS:
        assert units[cohort].sum() == total
        lived_in = units["unit_id"].isin(residences["unit_id"])
        assert spread[cohort].sum() == units.loc[lived_in, cohort].sum()


def test_nothing_is_mutated():
    residences, units = frames({"a": 10}, [("a", 1.0, None)])
    before = residences.copy()
    spread_people(residences, units)
    pd.testing.assert_frame_equal(pd.DataFrame(residences), pd.DataFrame(before))


@given(total=st.integers(0, 100_000), weights=weights)
def test_shares_add_up_to_the_total_and_lie_within_one_of_the_exact_share(total, weights):
    heavy = np.array(weights)
    shares = share_out(np.full(len(heavy), float(total)), heavy, np.zeros(len(heavy), dtype=int))

    assert shares.sum() == total
    assert (shares >= 0).all()
    assert (shares == shares.round()).all()
    if heavy.sum() > 0:
        assert np.abs(shares - total * heavy / heavy.sum()).max() < 1 + 1e-6


@given(
    people=st.integers(0, 5000),
    part=st.floats(0, 1),
    weights=st.lists(st.integers(0, 50), min_size=1, max_size=12),
)
def test_no_residence_has_more_of_a_cohort_than_people(people, part, weights):
    residences, units = frames({"a": people}, [("a", float(w), None) for w in weights])
    units["age_60_plus"] = float(round(people * part))
    units["age_65_plus"] = float(round(people * part / 2))

    spread = spread_people(residences, units)

    assert spread["age_60_plus"].sum() == units["age_60_plus"][0]
    assert (spread["age_60_plus"] <= spread["people"]).all()
    assert (spread["age_65_plus"] <= spread["age_60_plus"]).all()


@given(order=st.permutations(range(6)))
def test_the_order_of_units_changes_nothing(order):
    people = {f"u{n}": 10 * n + 7 for n in range(6)}
    places = [(unit, weight, None) for unit in people for weight in (1.0, 2.0, 4.0)]
    residences, units = frames(people, places)
    shuffled = units.iloc[list(order)].reset_index(drop=True)

    pd.testing.assert_series_equal(
        spread_people(residences, shuffled)["people"], spread_people(residences, units)["people"]
    )
