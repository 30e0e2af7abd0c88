"""A mountain country: the program's times against the oracle's, street by street."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.oracle import Oracle

if TYPE_CHECKING:
    import pandas as pd

    from geo.study import Study

pytestmark = pytest.mark.real

PAIRS = 330  # of each mode; some are farther than the search goes
REACHABLE = 250
SEED = 20250101
TOLERANCE = 100.0  # milliseconds: many small roundings of an arc each


@pytest.fixture(scope="module", params=["walk", "drive"])
def pairs(request: pytest.FixtureRequest, andorra_study: Study) -> pd.DataFrame:
    """Draw residences and categories, and time each pair twice."""
    study, mode_id = andorra_study, request.param
    mode, rules = study.project.modes[mode_id], study.project.rules
    open_now = study.area.facilities[
        study.area.facilities["status"].isin(rules.statuses)
        & study.area.facilities.geometry.notna()
    ]
    asked = study.times.loc[study.times["mode"] == mode_id, "category"].unique()
    places = study.places[study.places["mode"] == mode_id]
    rng = np.random.default_rng(SEED)
    drawn = places.iloc[rng.choice(len(places), PAIRS, replace=False)]
    drawn = drawn.assign(category=rng.choice(np.sort(asked), PAIRS))
    oracle = Oracle(study.area.streets, mode, rules)
    attached = oracle.attach(drawn.geometry.reset_index(drop=True))
    drawn = drawn.assign(
        oracle_status=attached["status"].to_numpy(), oracle_metres=attached["metres"].to_numpy()
    )
    drawn["oracle"] = oracle.nearest_milliseconds(
        drawn.geometry,
        open_now.geometry,
        asked=drawn["category"].tolist(),
        offered=open_now["category"].tolist(),
    )
    known = study.times[["residence_id", "category", "mode", "milliseconds"]]
    keys = ["residence_id", "category", "mode"]
    found: pd.DataFrame = drawn.merge(known, on=keys, how="left", validate="one_to_one")
    return found.astype({"milliseconds": "float64"}).fillna({"milliseconds": np.inf})


def test_most_of_the_pairs_drawn_can_be_travelled(pairs: pd.DataFrame) -> None:
    assert np.isfinite(pairs["oracle"]).sum() >= REACHABLE


def test_the_program_and_the_oracle_reach_the_same_pairs(pairs: pd.DataFrame) -> None:
    differ = np.isfinite(pairs["oracle"]) != np.isfinite(pairs["milliseconds"])
    assert not differ.any(), pairs[differ].to_string()


def test_the_program_and_the_oracle_agree_within_a_tenth_of_a_second(pairs: pd.DataFrame) -> None:
    both = pairs[np.isfinite(pairs["oracle"])]
    apart = (both["oracle"] - both["milliseconds"]).abs()
    assert (apart <= TOLERANCE).all(), both[apart > TOLERANCE].to_string()


def test_places_join_the_network_where_the_oracle_joins_them(pairs: pd.DataFrame) -> None:
    assert pairs["status"].tolist() == pairs["oracle_status"].tolist()
    on = pairs[pairs["status"] != "off_network"]
    np.testing.assert_allclose(on["access_metres"], on["oracle_metres"], atol=0.01)
