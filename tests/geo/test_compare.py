"""Two runs compared, against plain loops over their rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.compare import compare
from layers.vocabulary import Change

INDICATORS = ("clinic", "shop")
MARKS = st.sampled_from([True, False, None])
RUNS = st.dictionaries(
    st.tuples(st.sampled_from(["u1", "u2", "u3"]), st.sampled_from(INDICATORS)), MARKS, max_size=6
)


def run_of(marks, values=()):
    """Give the frames of a run: coverage by unit and indicator, values by area and indicator."""
    rows = [
        {
            "unit_id": unit,
            "indicator": indicator,
            "covered": mark,
            "facility_id": "f" if mark else None,
            "minutes": 5.0 if mark else np.nan,
            "reason": "no_data" if mark is None else None,
        }
        for (unit, indicator), mark in marks.items()
    ]
    columns = ["unit_id", "indicator", "covered", "facility_id", "minutes", "reason"]
    units = sorted({unit for unit, _ in marks})
    scorecard = [
        {
            "area_id": area,
            "area": area,
            "level": "county" if area == "county" else "township",
            "indicator": indicator,
            "name": indicator,
            "unit": "%",
            "over": "units",
            "comparison": ">=",
            "value": value,
            "low": value,
            "high": value,
            "target": 0.8,
            "met": None if pd.isna(value) else value >= 0.8,
        }
        for area, indicator, value in values
    ]
    figures = ["area_id", "area", "level", "indicator", "name", "unit", "over", "comparison"]
    return {
        "units": pd.DataFrame(
            {"unit_id": units, "name": units, "township": "t", "people": 10.0}
        ).astype({"unit_id": object, "name": object}),
        "coverage": pd.DataFrame(rows, columns=columns).astype(
            {"covered": "boolean", "unit_id": object, "indicator": object, "facility_id": object}
        ),
        "scorecard": pd.DataFrame(
            scorecard, columns=[*figures, "value", "low", "high", "target", "met"]
        ).astype({"value": float, "met": "boolean", "area_id": object, "indicator": object}),
    }


def expected(old, new):
    """Give what became of every unit and indicator, by the meaning of the words."""
    units = [{unit for unit, _ in marks} for marks in (old, new)]
    shared = {name for _, name in old} & {name for _, name in new}
    found = {}
    for key in {*old, *new}:
        unit, indicator = key
        was, now = old.get(key), new.get(key)
        if indicator not in shared:
            continue
        if unit not in units[0]:
            found[key] = Change.UNIT_ADDED
        elif unit not in units[1]:
            found[key] = Change.UNIT_REMOVED
        elif was is None and now is not None:
            found[key] = Change.NOW_KNOWN
        elif was is not None and now is None:
            found[key] = Change.NOW_UNKNOWN
        elif was != now:
            found[key] = Change.GAINED if now else Change.LOST
    return found


@given(RUNS, RUNS)
def test_units_gain_lose_appear_and_vanish_as_their_rows_say(old, new):
    found = compare(run_of(old), run_of(new)).units
    told = zip(found["unit_id"], found["indicator"], found["change"], strict=True)
    assert {(unit, name): change for unit, name, change in told} == expected(old, new)
    assert found["name"].notna().all()


@given(RUNS)
def test_a_run_compared_with_itself_shows_no_change(marks):
    values = [("county", "clinic", 0.5), ("t", "clinic", np.nan)]
    found = compare(run_of(marks, values), run_of(marks, values))
    assert found.units.empty
    assert found.indicators["change"].tolist()[0] == 0
    assert pd.isna(found.indicators["change"].tolist()[1])


def test_indicators_of_either_run_are_there_and_a_change_needs_both():
    old = run_of({}, [("county", "clinic", 0.5), ("county", "gone", 0.1)])
    new = run_of({}, [("county", "fresh", 0.2), ("county", "clinic", 0.9)])
    found = compare(old, new).indicators.set_index("indicator")
    assert list(found.index) == ["fresh", "clinic", "gone"]
    assert found.loc["clinic", ["value_old", "value_new"]].tolist() == [0.5, 0.9]
    assert found.loc["clinic", "change"] == 0.4
    assert found.loc["clinic", ["met_old", "met_new"]].tolist() == [False, True]
    assert found.loc[["fresh", "gone"], "change"].isna().all()


def test_swapping_the_runs_turns_gains_into_losses():
    old = {("u1", "clinic"): False, ("u2", "clinic"): True}
    new = {("u1", "clinic"): True, ("u2", "clinic"): False}
    there, back = compare(run_of(old), run_of(new)), compare(run_of(new), run_of(old))
    assert there.units["change"].tolist() == [Change.GAINED, Change.LOST]
    assert there.units["unit_id"].tolist() == ["u1", "u2"]
    assert back.units["unit_id"].tolist() == ["u2", "u1"]
