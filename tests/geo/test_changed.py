"""On real streets, results change only as they must: a part of Andorra, changed and run again.

``python -m bench.changed`` does the same on whole places.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import geo
from tests import changed

if TYPE_CHECKING:
    from geo.study import Study

pytestmark = pytest.mark.real

FRAMES = ("times", "unit_times", "circles", "coverage", "gaps", "scorecard", "supply", "equity")
KEPT = ("pharmacy", "primary-school", "police-room", "hospital", "health-center", "kindergarten")


@pytest.fixture(scope="module")
def before(andorra_study: Study) -> Study:
    """Give the parish with fewest residences that has two units to make one, and two categories."""
    area = andorra_study.area
    sizes = area.residences["unit_id"].map(area.units.set_index("unit_id")["township_id"])
    township = sizes.value_counts().index[-1]
    project = andorra_study.project
    there = {name: each for name, each in project.categories.items() if name in KEPT}
    project = replace(
        project,
        categories=there,
        circle=replace(project.circle, categories=tuple(there)),
        rules=replace(project.rules, cell_metres=500.0),  # coarse areas: nothing here counts them
        # which streets would be lost goes by their ids, and some changes give new ones
        margins=replace(project.margins, street_share=0.0),
    )
    study = geo.assess(changed.within(area, township), project)
    assert len(study.times) > 1000
    return study


def after(before: Study, change: str) -> Study:
    make, _ = changed.CHANGES[change]
    return geo.assess(make(before.area, before), before.project)


@pytest.mark.parametrize("change", list(changed.CHANGES)[:2])
def test_moved_or_turned_the_times_stay_to_two_milliseconds_and_coverage_stays(before, change):
    found = changed.difference(before, after(before, change))
    assert found.pairs == len(before.times)
    assert found.milliseconds <= changed.CHANGES[change][1]
    assert (found.one_only, found.flipped) == (0, 0)


@pytest.mark.parametrize("change", list(changed.CHANGES)[2:4])
def test_a_cut_street_or_an_unused_one_changes_nothing_at_all(before, change):
    now = after(before, change)
    assert len(now.area.streets) > len(before.area.streets)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(now, name), getattr(before, name), obj=name)


def test_a_facility_registered_twice_brings_nobody_nearer_and_counts_once_more(before):
    now = after(before, "a facility registered twice")
    pd.testing.assert_frame_equal(now.times, before.times)
    pd.testing.assert_frame_equal(now.unit_times, before.unit_times)
    pd.testing.assert_frame_equal(now.coverage, before.coverage)
    assert len(now.facility_access) > len(before.facility_access)


def test_two_units_made_one_keep_every_home_s_time_and_the_people_covered(before):
    now = after(before, "two units made one")
    one, other = changed.neighbours(before.area)
    found = changed.difference(before, now)
    assert (found.milliseconds, found.one_only) == (0, 0)
    pd.testing.assert_series_equal(changed.people_covered(now), changed.people_covered(before))
    others = before.coverage[~before.coverage["unit_id"].isin([one, other])]
    rest = now.coverage[now.coverage["unit_id"] != one]
    pd.testing.assert_frame_equal(
        rest.reset_index(drop=True), others.reset_index(drop=True), check_like=True
    )
    keys = ["category", "mode"]
    times = before.unit_times.set_index("unit_id")
    parts = times.loc[[one, other]].groupby(keys)["milliseconds"].agg(["min", "max", "size"])
    whole = now.unit_times[now.unit_times["unit_id"] == one].set_index(keys)["milliseconds"]
    known = parts[parts["size"] == 2].join(whole, how="inner")
    assert len(known)
    assert known["milliseconds"].between(known["min"], known["max"]).all()
