"""Floating catchments against their definitions written out over whole tables, and their laws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.floating_catchment import floating_catchment
from layers.accessibility import SupplyMethod
from layers.catalogue.supply import load_supply, supply_ids

LIMIT = 600_000


def pairs_of(*rows):
    """Give pairs of (place, facility, minutes), all within ten minutes."""
    frame = pd.DataFrame(rows, columns=["place", "facility", "minutes"])
    milliseconds = (frame.pop("minutes").astype("float64") * 60_000).astype("int64")
    return frame.assign(milliseconds=milliseconds, limit_milliseconds=LIMIT)


# The example of docs/method.md: 100 people between two nurseries, 300 near the larger one.
TWO = pairs_of(("a", "small", 5), ("a", "large", 10), ("b", "large", 5))
PEOPLE = pd.Series({"a": 100.0, "b": 300.0})
PLACES = pd.Series({"small": 10.0, "large": 30.0})


def per_1000(method, *, pairs=TWO, people=PEOPLE, capacity=PLACES):
    shared = floating_catchment(pairs, people, capacity, load_supply(method))
    return (shared.places * 1000).round(3).to_dict()


def test_in_two_steps_everybody_in_reach_asks_alike():
    # small offers 10 / 100, large 30 / 400
    assert per_1000("2sfca") == {"a": 175.0, "b": 75.0}


def test_with_steps_those_farther_ask_for_less_and_get_less():
    # small offers 10 / (0.68 x 100), large 30 / (0.22 x 100 + 0.68 x 300)
    small, large = 10 / 68, 30 / 226
    expected = {"a": 1000 * (0.68 * small + 0.22 * large), "b": 680 * large}
    assert per_1000("e2sfca") == {name: round(value, 3) for name, value in expected.items()}


def test_with_the_gaussian_those_at_the_limit_ask_for_nothing():
    assert per_1000("gaussian") == {"a": 100.0, "b": 100.0}


def test_in_three_steps_people_first_choose_where_to_ask():
    choose_small, choose_large = 0.68 / 0.9, 0.22 / 0.9
    small = 10 / (100 * choose_small * 0.68)
    large = 30 / (100 * choose_large * 0.22 + 300 * 0.68)
    a = choose_small * 0.68 * small + choose_large * 0.22 * large
    expected = {"a": round(1000 * a, 3), "b": round(680 * large, 3)}
    assert per_1000("3sfca") == expected


def test_balanced_shares_add_up_on_both_sides():
    # Gaussian: a asks small alone and b large alone, so each facility has one who asks
    assert per_1000("bfca") == {"a": 100.0, "b": 100.0}


# --- what is not known, or not there ------------------------------------------------------------


def test_a_facility_of_unknown_capacity_takes_no_part():
    shared = floating_catchment(
        TWO, PEOPLE, pd.Series({"small": 10.0, "large": np.nan}), load_supply("3sfca")
    )
    assert shared.places.round(6).to_dict() == {"a": 0.1, "b": 0.0}
    assert np.isnan(shared.offered["large"])


def test_unknown_people_ask_for_nothing_and_are_offered_the_same():
    known = per_1000("2sfca", people=pd.Series({"a": np.nan, "b": 300.0}))
    assert known == {"a": 100.0, "b": 100.0}


def test_places_nobody_reaches_go_to_nobody():
    shared = floating_catchment(pairs_of(("a", "small", 5)), PEOPLE, PLACES, load_supply("2sfca"))
    assert shared.places.to_dict() == {"a": 0.1, "b": 0.0}
    assert np.isnan(shared.offered["large"])


@pytest.mark.parametrize("method", supply_ids())
def test_without_pairs_nobody_has_anything(method):
    shared = floating_catchment(pairs_of(), PEOPLE, PLACES, load_supply(method))
    assert shared.places.tolist() == [0, 0]
    assert shared.offered.isna().all()


@pytest.mark.parametrize("method", supply_ids())
def test_without_people_nothing_is_offered(method):
    shared = floating_catchment(TWO, PEOPLE * 0, PLACES, load_supply(method))
    assert shared.places.tolist() == [0, 0]
    assert shared.offered.isna().all()


def test_the_answer_stands_on_the_index_of_the_question():
    shuffled = TWO.sample(frac=1, random_state=1)
    found = floating_catchment(shuffled, PEOPLE[::-1], PLACES[::-1], load_supply("e2sfca"))
    assert found.places.index.tolist() == ["b", "a"]
    straight = floating_catchment(TWO, PEOPLE, PLACES, load_supply("e2sfca"))
    pd.testing.assert_series_equal(found.places[::-1], straight.places)


# --- against the definitions over whole tables --------------------------------------------------

N, M = 6, 4


@st.composite
def towns(draw):
    """Draw times (rows places, columns facilities; None beyond reach), people and places."""
    minutes = st.one_of(st.none(), st.integers(0, 10))
    times = [[draw(minutes) for _ in range(M)] for _ in range(N)]
    people = draw(st.lists(st.integers(0, 400), min_size=N, max_size=N))
    places = draw(st.lists(st.integers(0, 50), min_size=M, max_size=M))
    return times, people, places


def framed(town):
    times, people, places = town
    rows = [(i, j, times[i][j]) for i in range(N) for j in range(M) if times[i][j] is not None]
    return pairs_of(*rows), pd.Series(people, dtype=float), pd.Series(places, dtype=float)


def table_of_weights(times, method):
    def weight(minutes):
        if minutes is None:
            return 0.0
        part = minutes / 10
        if method.decay.kind == "binary":
            return 1.0
        if method.decay.kind == "stepped":
            return 1.0 if 3 * minutes <= 10 else 0.68 if 3 * minutes <= 20 else 0.22
        edge = np.exp(-1 / 2)
        return (np.exp(-(part**2) / 2) - edge) / (1 - edge)

    return np.array([[weight(each) for each in row] for row in times])


def by_definition(town, method):
    """Give the figures by loops over the papers' formulas."""
    times, people, places = town
    w = table_of_weights(times, method)
    answer = np.zeros(N)
    for j in range(M):
        demand = 0.0
        for k in range(N):
            ask = w[k, j]
            if method.selection == "share":
                ask = w[k, j] * (w[k, j] / w[k].sum() if w[k].sum() else 0.0)
            elif method.selection == "balanced":
                ask = w[k, j] / w[k].sum() if w[k].sum() else 0.0
            demand += people[k] * ask
        for i in range(N):
            get = w[i, j]
            if method.selection == "share":
                get = w[i, j] * (w[i, j] / w[i].sum() if w[i].sum() else 0.0)
            elif method.selection == "balanced":
                get = w[i, j] / w[:, j].sum() if w[:, j].sum() else 0.0
            if demand > 0:
                answer[i] += places[j] / demand * get
    return answer


@given(towns(), st.sampled_from(supply_ids()))
def test_figures_are_those_of_the_papers_formulas(town, name):
    method = load_supply(name)
    found = floating_catchment(*framed(town), method)
    np.testing.assert_allclose(found.places, by_definition(town, method), rtol=1e-9, atol=1e-12)


# --- laws ---------------------------------------------------------------------------------------

CONSERVING = st.sampled_from([name for name in supply_ids() if name != "bfca"])


@given(towns(), CONSERVING)
def test_what_is_handed_out_is_what_there_was(town, name):
    pairs, people, places = framed(town)
    shared = floating_catchment(pairs, people, places, load_supply(name))
    there = places[shared.offered.notna()].sum()
    np.testing.assert_allclose((shared.places * people).sum(), there, rtol=1e-9, atol=1e-12)


@given(towns())
def test_balanced_hands_out_what_facilities_offer_and_counts_everybody_once(town):
    pairs, people, places = framed(town)
    assume((places > 0).all())
    shared = floating_catchment(pairs, people, places, load_supply("bfca"))
    np.testing.assert_allclose(shared.places.sum(), shared.offered.sum(), rtol=1e-9, atol=1e-12)
    weights = table_of_weights(town[0], load_supply("bfca"))
    counted = people[weights.sum(axis=1) > 0].sum()
    asked = (places / shared.offered).sum()
    np.testing.assert_allclose(asked, counted, rtol=1e-9, atol=1e-12)


@given(towns(), CONSERVING, st.integers(0, M - 1), st.integers(1, 30))
def test_more_places_leave_nobody_with_less(town, name, grown, more):
    pairs, people, places = framed(town)
    method = load_supply(name)
    before = floating_catchment(pairs, people, places, method).places
    places[grown] += more
    assert (floating_catchment(pairs, people, places, method).places >= before - 1e-12).all()


@given(towns(), CONSERVING)
def test_two_halves_of_a_residence_have_what_the_whole_had(town, name):
    pairs, people, places = framed(town)
    method = load_supply(name)
    whole = floating_catchment(pairs, people, places, method).places
    halved = people.where(people.index != 0, people / 2)
    halved.loc[N] = halved[0]
    twin = pairs[pairs["place"] == 0].assign(place=N)
    parts = floating_catchment(pd.concat([pairs, twin]), halved, places, method).places
    np.testing.assert_allclose(parts[:N], whole, rtol=1e-9, atol=1e-12)
    assert parts[N] == pytest.approx(parts[0])


@given(towns())
def test_a_method_without_decay_is_the_plain_one_whatever_it_is_called(town):
    plain = floating_catchment(*framed(town), SupplyMethod())
    named = floating_catchment(*framed(town), load_supply("gaussian", decay="binary"))
    pd.testing.assert_series_equal(plain.places, named.places)
