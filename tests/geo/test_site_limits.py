"""No answer breaks what it was asked to keep: checked with times and sums of its own."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point

import geo
from layers.errors import SitingError
from layers.question import SiteQuestion, Use
from tests.oracle import Oracle
from tests.random_town import BLOCK, SIDE, place, random_area
from tests.town import CRS, EAST, NORTH, town_project

CLEAR = {  # what an answer may say instead
    "sites_no_candidates",
    "sites_all_excluded",
    "sites_nobody",
    "sites_nobody_near",
    "sites_budget_too_small",
    "sites_target_out_of_reach",
    "sites_township_without",
    "sites_rule_needs_more",
    "sites_rules_together",
    "rules_out_of_reach",
}
PER_1000 = 100.0  # so many places serve 1000 people: each serves ten
ROUNDED = 0.5 * (SIDE * SIDE + 4)  # milliseconds that whole arcs and legs may differ by
AMOUNTS = {
    "people": ("count", "budget", "target", "years"),
    "units": ("count", "budget", "target"),
    "travel": ("count",),
    "longest": ("count",),
    "served": ("count", "budget"),
    "backup": ("count", "budget"),
    "fair": ("count", "budget"),
}
ASKED = [(aim, amount) for aim, amounts in AMOUNTS.items() for amount in amounts]


def project():
    settings_ = town_project()
    one = replace(settings_.categories["library"], id="c", capacity_per_1000=PER_1000)
    other = replace(one, id="d", capacity_per_1000=None)
    return replace(settings_, categories={"c": one, "d": other}, indicators=())


class Asked:
    """A town of two townships, eight lots and a zone where nothing may be built; a question."""

    def __init__(self, seed, aim, amount):
        dice = np.random.default_rng(seed)
        area = random_area(dice, ["c"] * int(dice.integers(0, 3)) + ["d"])
        township = np.array(["t1", "t1", "t2"])
        units = area.units.assign(township_id=township, township=township)
        inside = [
            units["unit_id"].iloc[int(row)] for row in dice.integers(0, 3, len(area.facilities))
        ]
        facilities = area.facilities.assign(
            unit_id=inside, capacity=dice.integers(1, 6, len(inside)).astype(float)
        )
        self.lots = gpd.GeoDataFrame(
            {
                "candidate_id": [f"k{n}" for n in range(8)],
                "name": [f"k{n}" for n in range(8)],
                "layer": "lots",
                "cost": dice.integers(1, 6, 8).astype(float),
                "capacity": dice.integers(1, 8, 8).astype(float),
                "area_m2": dice.choice([30.0, 50.0, 80.0], 8),
                "allowed": True,
            },
            geometry=[place(dice) for _ in range(8)],
            crs=CRS,
        )
        middle = Point(EAST + dice.uniform(0, SIDE * BLOCK), NORTH + dice.uniform(0, SIDE * BLOCK))
        zone = {"excluded_id": ["z"], "name": ["z"], "layer": ["reserve"]}
        self.zone = gpd.GeoDataFrame(zone, geometry=[middle.buffer(60)], crs=CRS)
        self.area = replace(
            area, units=units, facilities=facilities, candidates=self.lots, excluded=self.zone
        )
        self.question = SiteQuestion(
            "q", "c", aim=aim, **_amount(dice, amount), **_rules(dice, aim, amount),
            minutes=float(dice.integers(2, 8)), mode=str(dice.choice(["walk", "drive"])),
            candidates=("lots", "units"), capacity=3.0, exclude=("reserve",),
        )  # fmt: skip

    def times(self, points):
        """Give the milliseconds from every home to points, by an implementation of its own."""
        mode = project().modes[self.question.mode]
        oracle = Oracle(self.area.streets, mode, project().rules)
        return oracle.milliseconds(self.area.residences.geometry, points)

    def reached(self, points):
        limit = self.question.minutes * 60_000
        return self.times(points) <= limit + ROUNDED

    def stands(self):
        facilities = self.area.facilities
        return facilities[facilities["category"] == "c"]


def _amount(dice, amount):
    return {
        "count": {"count": int(dice.integers(1, 4))},
        "budget": {"budget": float(dice.integers(1, 12))},
        "target": {"target": float(dice.uniform(0.2, 0.9))},
        "years": {"years": {2026: 1, 2027: int(dice.integers(1, 3))}},
    }[amount]


def _rules(dice, aim, amount):
    found = {}
    if aim not in ("travel", "longest"):
        found["per_township"] = int(dice.integers(0, 2))
        found["most_per_township"] = int(dice.integers(1, 3)) if dice.random() < 0.5 else None
        found["apart_metres"] = float(dice.choice([0.0, 80.0, 150.0]))
    if aim == "people" and amount in ("count", "budget") and dice.random() < 0.3:
        found["uses"] = {"d": Use(cost=1.0, area_m2=30.0)}
    elif aim != "served":
        found["may_move"] = bool(dice.random() < 0.3) and not found.get("apart_metres")
    return found


seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(seeds, st.sampled_from(ASKED))
def test_no_answer_breaks_its_own_limits(seed, asked):
    case = Asked(seed, *asked)
    try:
        plan = geo.choose_sites(case.area, project(), case.question)
    except SitingError as refused:
        told = {problem.code for problem in refused.problems}
        assert told <= CLEAR
        return
    new = plan.sites
    if "facility_id" in new:
        new = new[new["facility_id"].isna()]
    within_reach(case, plan)
    paid(case, plan, new)
    of_townships(case, plan, new)
    apart(case, new)
    assert not new.intersects(case.zone.geometry.iloc[0]).any()
    assert plan.closed == () or case.question.may_move
    has_room(case, plan, new)
    promised(case, plan)


def within_reach(case, plan):
    """Nobody is counted as served who is not within the limit of the site that serves him."""
    if case.question.aim in ("travel", "longest") or not len(plan.served):
        return
    where = pd.concat(
        [
            plan.sites.set_index("candidate_id")["geometry"],
            case.stands().set_index("facility_id")["geometry"],
        ]
    )
    reached = case.reached(gpd.GeoSeries(where.to_numpy(), crs=CRS))
    homes = case.area.residences
    for row in plan.served.itertuples():
        own = (homes["unit_id"] == row.unit_id).to_numpy()
        near = reached[:, list(where.index).index(row.candidate_id)]
        assert row.people <= homes["people"].to_numpy()[own & near].sum() + 1e-6


def paid(case, plan, new):
    """No more sites than asked for beside what stands, no more money, in no year."""
    question = case.question
    if question.count is not None:
        stands = len(case.stands()) if question.may_move else 0
        assert len(plan.sites) <= question.count + stands
    if question.budget is not None:
        fitted = new["uses"].str.contains("d", regex=False).sum() if question.uses else 0
        assert new["cost"].sum() + fitted <= question.budget + 1e-9
    if question.years:
        allowed = np.cumsum(list(question.years.values()))
        for year, most in zip(question.years, allowed, strict=True):
            assert (new["year"] <= year).sum() <= most


def of_townships(case, plan, new):
    """As many in every township as asked for, those that stand counted, and no more new ones."""
    question = case.question
    counts = new.groupby("township_id").size().reindex(["t1", "t2"], fill_value=0)
    if question.most_per_township is not None:
        all_new = plan.sites if question.may_move else new
        most = all_new.groupby("township_id").size()
        assert (most <= question.most_per_township).all()
    if question.per_township:
        of = case.area.units.set_index("unit_id")["township_id"]
        stands = case.stands()
        stands = stands[~stands["facility_id"].isin(plan.closed)]
        had = stands["unit_id"].map(of).value_counts().reindex(["t1", "t2"], fill_value=0)
        assert (counts + had >= question.per_township).all()


def apart(case, new):
    """New sites keep their distance from one another and from what stands."""
    least = case.question.apart_metres
    points = new.geometry.to_list()
    assert all(a.distance(b) >= least for a in points for b in points if a is not b)
    assert all(a.distance(b) >= least for a in points for b in case.stands().geometry)


def has_room(case, plan, new):
    """No site serves more than it has places for, no home sends more than live there."""
    if case.question.uses:
        floor = case.lots.set_index("candidate_id")["area_m2"].reindex(new["candidate_id"])
        taken = 30.0 * new["uses"].str.contains("d").to_numpy()
        assert (floor.isna().to_numpy() | (taken <= floor.to_numpy())).all()
    if case.question.aim != "served":
        return
    capacity = pd.concat(
        [
            plan.sites.set_index("candidate_id")["capacity"],
            case.stands().set_index("facility_id")["capacity"],
        ]
    )
    sent = plan.served.groupby("candidate_id")["people"].sum()
    assert (sent <= capacity.reindex(sent.index) * 1000 / PER_1000 + 1e-6).all()
    homes = case.area.residences.groupby("unit_id")["people"].sum()
    sent = plan.served.groupby("unit_id")["people"].sum()
    assert (sent <= homes.reindex(sent.index) + 1e-6).all()


def promised(case, plan):
    """A target is reached; no figure lies beyond its bound; a runner-up keeps the purse."""
    question = case.question
    figures = plan.figures.set_index("over")["after"]
    if question.target is not None:
        assert figures[question.aim] >= question.target - 1e-9
    for _, answer in plan.answers:
        ahead = answer.bound - answer.objective
        assert (ahead if answer.sense == "most" else -ahead) >= -1e-9
    assert (plan.frontier["people"] <= plan.frontier["at_most"] + 1e-9).all()
    if question.count is None and question.budget is not None and not question.uses:
        price = pd.concat(
            [
                case.lots.set_index("candidate_id")["cost"],
                plan.sites.set_index("candidate_id")["cost"],
            ]
        )
        price = price[~price.index.duplicated()]
        spent = plan.sites["cost"].sum()
        for row in plan.sites.dropna(subset=["runner_up"]).itertuples():
            other = price.get(row.runner_up, 1.0)
            assert spent - row.cost + other <= question.budget + 1e-9
