"""No small count of a public study is known from the rest of it, however it is added up."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

import geo
from geo.ledgers import Ledgers
from geo.scorecard import scorecard
from layers.vocabulary import COHORTS
from maps.public_area import public_premises
from maps.public_study import public_study
from tests import attacker
from tests.attacked_sums import Knowledge, ranges, unmoved


def thinned(demo_study, parts):
    """Give the simulated county for everybody, with one in so many of its people, and the truth."""
    area, project = public_premises(demo_study.area, demo_study.project)
    columns = [name for name in (*COHORTS, "households") if name in area.units]
    units = area.units.assign(**{name: area.units[name] // parts for name in columns})
    homes = area.residences.assign(
        **{
            name: _spread(units.set_index("unit_id")[name], area.residences, name)
            for name in COHORTS
        }
    )
    project = replace(
        project,
        margins=replace(
            project.margins, speed_share=0.0, limit_minutes=0.0, access_share=0.0, street_share=0.0
        ),
        rules=replace(project.rules, cell_metres=300.0),  # coarse areas: nothing here counts them
    )
    study = geo.assess(replace(area, units=units, residences=homes), project)
    return study, public_study(study)


def _spread(people, homes, name):
    """Give the people of units to their homes as they were spread before."""
    before = homes[name].groupby(homes["unit_id"]).transform("sum")
    return homes["unit_id"].map(people).astype(float) * (homes[name] / before).fillna(0.0)


@pytest.fixture(scope="module")
def county(demo_study):
    """Give the county with one in forty of its people: hundreds of small counts."""
    return thinned(demo_study, 40)


def given_away(public, truth):
    """Give the small counts that are known to within a person, and how many were tried.

    Where what is known of a count alone leaves less than two, half of that is enough. Asked for
    one by one are those that no solution found moves by a person, and some others.
    """
    known, secret = attacker.knowledge(public, truth)
    some = Random(1).sample(sorted(secret), min(len(secret), 20))  # noqa: S311 - a sample, no secret
    asked = unmoved(known, secret) | {name: secret[name] for name in some}
    found = ranges(known, asked)
    assert (found["low"] <= found["real"] + 1e-6).all()
    assert (found["real"] <= found["high"] + 1e-6).all()
    apart = found["high"] - found["low"]
    return found[apart < np.minimum(1.0, found["own"] / 2) - 1e-5], len(secret)


def test_every_small_count_could_be_another_by_a_person_at_least(county):
    truth, public = county
    known, tried = given_away(public, truth)
    assert known.empty, known.to_string()
    assert tried > 700


def by_list_over_people(truth):
    """Give a study whose lists are scored over people: each sum is of all people of some units."""
    listed = set(truth.coverage.loc[truth.coverage["method"] == "ledger", "indicator"])
    indicators = tuple(
        replace(each, over="people") if each.id in listed else each
        for each in truth.project.indicators
    )
    area, project = truth.area, replace(truth.project, indicators=indicators)
    ledgers = Ledgers(area.units, area.facilities, area.registers, project.rules.statuses)
    scores = scorecard(ledgers, project, coverage=truth.coverage, basis=truth.basis)
    swings = {name: np.nan for name in truth.scorecard if name not in scores}
    return replace(truth, project=project, scorecard=scores.assign(**swings))


def test_shares_of_people_by_list_give_no_unit_away(county):
    truth = by_list_over_people(county[0])
    public = public_study(truth)
    known, tried = given_away(public, truth)
    assert known.empty, known.to_string()
    assert tried > 700
    listed = set(truth.coverage.loc[truth.coverage["method"] == "ledger", "indicator"])
    rows = public.scorecard["indicator"].isin(listed) & public.scorecard["over"].eq("people")
    assert public.scorecard.loc[rows, "numerator"].notna().sum() > 100


def test_the_attacker_finds_what_sums_leave_and_what_they_give_away():
    known = Knowledge(told={"told": 7.0})
    for name, least, most in (("small", 1.0, 4.0), ("a", 5.0, 90.0), ("b", 5.0, 90.0)):
        known.know(name, least, most)
    known.equal(["small", "a", "told"], 50.0)
    (row,) = ranges(known, {"small": 3.0}).to_dict("records")
    assert (row["low"], row["high"], row["own"]) == (1.0, 4.0, 3.0)
    known.equal(["a", "b"], 100.0)
    known.equal(["b", "told"], 67.0)
    (row,) = ranges(known, {"small": 3.0}).to_dict("records")
    assert (row["low"], row["high"]) == (3.0, 3.0)
