"""Indices of inequality against other ways to count them, person by person, and their laws."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import entropy, rankdata

from geo import equity

# Values of places and the people there; small whole numbers, so that persons can be listed.
PLACES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6)), min_size=1, max_size=8)


def arrays(rows):
    values, weights = np.array(rows, dtype=np.float64).T
    return values, weights


def persons(values, weights):
    """List everybody with what they have."""
    return np.repeat(values, weights.astype(int))


def somebody(rows):
    values, weights = arrays(rows)
    assume((values * weights).sum() > 0)
    return values, weights


# --- worked by hand -----------------------------------------------------------------------------

# Three villages of 100, 200 and 100 people, with 1, 2 and 5 places for each person.
VALUES, PEOPLE = np.array([1.0, 5.0, 2.0]), np.array([100.0, 100.0, 200.0])


def test_the_lorenz_curve_of_three_villages():
    curve = equity.lorenz(VALUES, PEOPLE)
    assert curve["share_of_people"].tolist() == [0, 0.25, 0.75, 1]
    assert curve["share_of_value"].tolist() == [0, 0.1, 0.5, 1]


def test_the_gini_of_three_villages():
    # 1 - (0.25 x 0.1 + 0.5 x 0.6 + 0.25 x 1.5)
    assert equity.gini(VALUES, PEOPLE) == pytest.approx(0.3)


def test_the_palma_of_three_villages():
    # the top tenth has 5 x 40 = 200, the bottom 160 people 100 x 1 + 60 x 2 = 220
    assert equity.palma(VALUES, PEOPLE) == pytest.approx(200 / 220)


def test_the_theil_of_three_villages():
    expected = (0.4 * math.log(0.4) + 2 * 0.8 * math.log(0.8) + 2 * math.log(2)) / 4
    assert equity.theil(VALUES, PEOPLE) == pytest.approx(expected)


def test_the_parts_of_theil_of_two_towns():
    # town A has 1 and 5 (mean 3), town B has 2; 200 people each, mean 2.5
    groups = np.array(["A", "A", "B"], dtype=object)
    within, between = equity.theil_parts(VALUES, PEOPLE, groups)
    assert between == pytest.approx((1.2 * math.log(1.2) + 0.8 * math.log(0.8)) / 2)
    of_a = (math.log(1 / 3) / 3 + 5 / 3 * math.log(5 / 3)) / 2
    assert within == pytest.approx(0.6 * of_a)


def test_concentration_is_positive_where_the_high_ranked_have_more():
    # ranks in the middle of their people: 0.125, 0.5, 0.875
    old = np.array([0.1, 0.3, 0.2])
    expected = 2 * (0.125 * 1 + 0.875 * 5 + 2 * 0.5 * 2) / 4 / 2.5 - 1
    assert equity.concentration(VALUES, PEOPLE, old) == pytest.approx(expected)
    assert equity.concentration(VALUES, PEOPLE, -old) == pytest.approx(-expected)


@pytest.mark.parametrize(("alpha", "expected"), [(0, 0.75), (1, 0.4375), (2, 0.265625)])
def test_those_below_four_places_each_and_how_far(alpha, expected):
    # 100 people lack three of four places, 200 two of four, 100 none
    found = equity.poverty(VALUES, PEOPLE, np.full(3, 4.0), alpha=alpha)
    assert found == pytest.approx(expected)


def test_a_line_of_its_own_for_every_place_and_nobody_on_it_is_below():
    line = np.array([1.0, 6.0, 2.0])
    assert equity.poverty(VALUES, PEOPLE, line, alpha=0) == 0.25


# --- nothing to measure -------------------------------------------------------------------------

INDICES = {
    "gini": equity.gini,
    "palma": equity.palma,
    "theil": equity.theil,
    "mean": equity.mean,
    "concentration": lambda values, weights: equity.concentration(values, weights, values),
    "poverty": lambda values, weights: equity.poverty(values, weights, values + 1, alpha=1),
    "parts": lambda values, weights: equity.theil_parts(values, weights, values.astype(object))[1],
}


@pytest.mark.parametrize("name", INDICES)
def test_without_anybody_every_index_is_missing(name):
    nothing = np.empty(0)
    assert math.isnan(INDICES[name](nothing, nothing))
    assert math.isnan(INDICES[name](VALUES, PEOPLE * 0))
    assert math.isnan(INDICES[name](VALUES * np.nan, PEOPLE))


@pytest.mark.parametrize("name", ["gini", "palma", "theil", "concentration"])
def test_where_all_have_nothing_there_is_no_inequality_to_tell(name):
    assert math.isnan(INDICES[name](VALUES * 0, PEOPLE))
    assert np.isnan(equity.lorenz_at(VALUES * 0, PEOPLE, np.array([0.5]))).all()
    assert equity.lorenz(VALUES * 0, PEOPLE).empty


@pytest.mark.parametrize("name", INDICES)
def test_places_that_nobody_knows_or_where_nobody_lives_are_left_out(name):
    more = np.append(VALUES, [np.nan, 7.0, 7.0]), np.append(PEOPLE, [50.0, 0.0, np.nan])
    assert INDICES[name](*more) == pytest.approx(INDICES[name](VALUES, PEOPLE))


def test_a_place_without_a_ranking_is_left_out_of_the_concentration():
    old = np.array([0.1, np.nan, 0.2])
    kept = np.array([True, False, True])
    assert equity.concentration(VALUES, PEOPLE, old) == pytest.approx(
        equity.concentration(VALUES[kept], PEOPLE[kept], old[kept])
    )


def test_the_palma_is_missing_where_two_fifths_have_nothing():
    assert math.isnan(equity.palma(np.array([0.0, 1.0]), np.array([2.0, 3.0])))


# --- other ways to count ------------------------------------------------------------------------


@given(PLACES)
def test_gini_is_half_the_mean_difference_of_all_pairs_of_persons(rows):
    values, weights = somebody(rows)
    have = persons(values, weights)
    differences = np.abs(have[:, None] - have[None, :]).mean()
    assert equity.gini(values, weights) == pytest.approx(differences / 2 / have.mean(), abs=1e-12)


@given(PLACES)
def test_theil_is_what_the_entropy_of_shares_lacks_of_its_most(rows):
    values, weights = somebody(rows)
    have = persons(values, weights)
    assert equity.theil(values, weights) == pytest.approx(
        math.log(have.size) - entropy(have), abs=1e-12
    )


@given(PLACES)
def test_palma_is_the_ratio_of_tenths_of_persons_counted_out(rows):
    values, weights = somebody(rows)
    tenths = np.sort(np.repeat(persons(values, weights), 10))
    fifths = tenths[: 4 * tenths.size // 10].sum()
    assume(fifths > 0)
    top = tenths[9 * tenths.size // 10 :].sum()
    assert equity.palma(values, weights) == pytest.approx(top / fifths)


@given(PLACES, st.lists(st.integers(0, 4), min_size=8, max_size=8))
def test_concentration_is_the_covariance_of_persons_with_their_ranks(rows, ranking):
    values, weights = somebody(rows)
    rank = np.array(ranking[: len(rows)], dtype=np.float64)
    have, of = persons(values, weights), persons(rank, weights)
    fractional = (rankdata(of) - 0.5) / of.size
    covariance = ((have - have.mean()) * (fractional - 0.5)).mean()
    assert equity.concentration(values, weights, rank) == pytest.approx(
        2 * covariance / have.mean(), abs=1e-12
    )


@given(PLACES, st.integers(1, 30), st.integers(0, 3))
def test_poverty_is_the_mean_over_persons(rows, line, alpha):
    values, weights = arrays(rows)
    have = persons(values, weights)
    assume(have.size > 0)
    lacking = [(line - each) / line for each in have.tolist() if each < line]
    found = equity.poverty(values, weights, np.full(len(rows), float(line)), alpha=alpha)
    assert found == pytest.approx(sum(each**alpha for each in lacking) / have.size)


# --- laws ---------------------------------------------------------------------------------------


def three(values, weights):
    return np.array(
        [equity.gini(values, weights), equity.theil(values, weights), equity.palma(values, weights)]
    )


@given(PLACES, st.sampled_from([0.001, 3.0, 1e6]))
def test_the_unit_of_measure_changes_nothing(rows, scale):
    values, weights = somebody(rows)
    np.testing.assert_allclose(
        three(values * scale, weights), three(values, weights), rtol=1e-9, atol=1e-12
    )


@given(PLACES, st.integers(2, 5))
def test_more_people_alike_everywhere_change_nothing(rows, times):
    values, weights = somebody(rows)
    expected = three(values, weights)
    np.testing.assert_allclose(three(values, weights * times), expected, rtol=1e-9, atol=1e-12)
    twice = np.tile(values, times), np.tile(weights, times)
    np.testing.assert_allclose(three(*twice), expected, rtol=1e-9, atol=1e-12)


@given(PLACES, st.randoms(use_true_random=False))
def test_the_order_of_places_changes_nothing(rows, random):
    expected = three(*somebody(rows))
    random.shuffle(rows)
    np.testing.assert_allclose(three(*arrays(rows)), expected, rtol=1e-9, atol=1e-12)


@given(st.integers(1, 30), st.lists(st.integers(1, 6), min_size=1, max_size=8))
def test_where_all_have_the_same_there_is_no_inequality(value, people):
    values = np.full(len(people), float(value))
    found = three(values, np.array(people, dtype=np.float64))
    np.testing.assert_allclose(found, [0, 0, 0.25], atol=1e-12)


@given(st.lists(st.integers(0, 30), max_size=20), st.integers(0, 28), st.integers(2, 10))
def test_giving_to_one_who_has_less_lowers_inequality(others, poor, more):
    before = np.array([poor, poor + more, *others], dtype=np.float64)
    after = before + np.array([1.0, -1.0, *[0.0] * len(others)])
    ones = np.ones(before.size)
    line = np.full(before.size, before.max() + 1.0)
    assert equity.gini(after, ones) < equity.gini(before, ones)
    assert equity.theil(after, ones) < equity.theil(before, ones)
    severity = [equity.poverty(each, ones, line, alpha=2) for each in (after, before)]
    assert severity[0] < severity[1]


@given(PLACES, st.lists(st.sampled_from("abc"), min_size=8, max_size=8))
def test_theil_is_the_sum_of_within_and_between_each_group_by_its_share(rows, labels):
    values, weights = somebody(rows)
    groups = np.array(labels[: len(rows)], dtype=object)
    within, between = equity.theil_parts(values, weights, groups)
    assert within + between == pytest.approx(equity.theil(values, weights), abs=1e-12)
    total = (values * weights).sum()
    own = 0.0
    for name in "abc":
        mine = groups == name
        amount = (values * weights)[mine].sum()
        if amount > 0:
            own += amount / total * equity.theil(values[mine], weights[mine])
    assert within == pytest.approx(own, abs=1e-12)
    assert between >= -1e-12


@given(PLACES)
def test_one_group_has_everything_within_and_single_values_everything_between(rows):
    values, weights = somebody(rows)
    whole = equity.theil(values, weights)
    one = np.full(len(rows), "a", dtype=object)
    assert equity.theil_parts(values, weights, one) == pytest.approx((whole, 0), abs=1e-12)
    each = values.astype(object)
    assert equity.theil_parts(values, weights, each) == pytest.approx((0, whole), abs=1e-12)


@given(PLACES)
def test_ranked_by_itself_the_concentration_is_the_gini(rows):
    values, weights = somebody(rows)
    assert equity.concentration(values, weights, values) == pytest.approx(
        equity.gini(values, weights), abs=1e-12
    )


@given(PLACES)
def test_the_lorenz_curve_rises_ever_steeper_below_the_diagonal(rows):
    curve = equity.lorenz(*somebody(rows))
    people, held = (curve[name].to_numpy() for name in curve)
    assert (held <= people + 1e-12).all()
    slopes = np.diff(held) / np.diff(people)
    assert (np.diff(slopes) >= -1e-9).all()


@given(PLACES, st.integers(1, 30))
def test_shortfall_is_no_more_than_the_share_below_and_severity_no_more_than_shortfall(rows, line):
    values, weights = arrays(rows)
    assume(weights.sum() > 0)
    bound = np.full(len(rows), float(line))
    found = [equity.poverty(values, weights, bound, alpha=alpha) for alpha in (0, 1, 2)]
    assert 1 >= found[0] >= found[1] >= found[2] >= 0
