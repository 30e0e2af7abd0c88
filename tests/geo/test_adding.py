"""What counties add up to: sums of numerators over sums of denominators."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.adding import SUM_COLUMNS, added_up


def scorecard(**figures: tuple[float | None, float | None]) -> pd.DataFrame:
    rows = []
    for name, (top, bottom) in figures.items():
        told = dict.fromkeys(("name", "measure", "over", "unit", "comparison"), name)
        value = top if bottom is None or top is None else top / bottom
        row = {"indicator": name, "numerator": top, "denominator": bottom, "value": value}
        row |= told | {"target": 0.5, "target_year": 2025, "unknown": 1}
        row |= {"met": pd.NA if value is None else value >= 0.5}
        rows += [row | {"level": "county"}, row | {"level": "township", "numerator": 1e9}]
    return pd.DataFrame(rows)


def test_shares_add_up_over_their_numerators_and_denominators_and_townships_do_not_count():
    found = added_up([scorecard(a=(1.0, 4.0)), scorecard(a=(9.0, 12.0))])
    assert found.columns.tolist() == list(SUM_COLUMNS)
    row = found.set_index("indicator").loc["a"]
    assert (row["numerator"], row["denominator"], row["value"]) == (10.0, 16.0, 0.625)
    assert (row["unknown"], row["counties"], row["counties_met"]) == (2, 2, 1)


def test_a_county_without_the_figure_is_left_out_and_counted():
    row = added_up([scorecard(a=(1.0, 4.0)), scorecard(a=(None, None))]).iloc[0]
    assert row["value"] == 0.25
    assert (row["counties"], row["counties_known"]) == (2, 1)


def test_where_no_county_has_the_figure_there_is_none():
    row = added_up([scorecard(a=(None, None))]).iloc[0]
    assert np.isnan(row["value"])
    assert np.isnan(row["numerator"])


def test_a_count_adds_up_without_a_denominator():
    row = added_up([scorecard(a=(3.0, None)), scorecard(a=(4.0, None))]).iloc[0]
    assert row["value"] == pytest.approx(7.0)
