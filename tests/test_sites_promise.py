"""What an answer promises is what a run of its plan finds: a simulated county and a real one."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
import shapely

import geo
import layers
from layers.question import SiteQuestion

ASKED = {
    "police-room": {"count": 5},
    "village-clinic": {"target": 0.85},
    "elder-care": {"count": 4, "aim": "units", "per_township": 1},
}
ANDORRA = ("pharmacy", "village-clinic", "police-room")


def narrowed(project, category):
    """Leave of a project one category and the policy's indicators that speak of it."""
    own = tuple(each for each in project.indicators if category in each.categories)
    names = {name for each in own for name in each.categories} | {category}
    categories = {name: each for name, each in project.categories.items() if name in names}
    circle = replace(project.circle, categories=(category,))
    return replace(project, categories=categories, indicators=own, circle=circle)


def run_of(study, plan, tmp_path):
    """Write a plan as `sites` does, read it as `run --plan` does, and assess the study with it."""
    project = study.project
    written = layers.plan_of_sites(project, plan.question, plan.sites, plan.closed)
    path = layers.write_plan(written, tmp_path / "plan.json")
    read = layers.read_plan(path, study.area, project)
    return geo.assess(
        layers.apply_plan(study.area, read, project), narrowed(project, plan.question.category)
    )


def share(coverage):
    return coverage["people_covered"].sum() / coverage["people"].sum()


def promised(plan, before, after):
    category = plan.question.category
    figures = plan.figures.set_index(["indicator", "over"])
    was, now = (
        study.coverage[study.coverage["indicator"] == category] for study in (before, after)
    )
    people = figures.loc[(category, "people")]
    assert people["before"] == pytest.approx(share(was), abs=1e-12)
    assert people["after"] == pytest.approx(share(now), abs=1e-12)
    units = figures.loc[(category, "units")]
    assert units["after"] == pytest.approx(now["covered"].mean(), abs=1e-12)
    newly = now["people_covered"].sum() - was["people_covered"].sum()
    assert plan.sites["people"].sum() == newly
    assert plan.served["people"].sum() == newly


@pytest.mark.parametrize("category", ASKED)
def test_on_the_simulated_county_a_run_of_the_plan_finds_what_the_answer_said(
    category, demo_study, tmp_path
):
    question = SiteQuestion("q", category, **ASKED[category])
    plan = geo.choose_sites(demo_study.area, demo_study.project, question)
    assert plan.optimal
    after = run_of(demo_study, plan, tmp_path)
    promised(plan, demo_study, after)
    county = after.scorecard[after.scorecard["level"] == "county"].set_index("indicator")
    policy = plan.figures[plan.figures["indicator"] != category]
    assert len(policy)
    for row in policy.itertuples():
        value, met = county.loc[row.indicator, ["value", "met"]]
        for cohort in ("age_0_14", "age_60_plus", "disabled"):
            share = county.loc[row.indicator, f"{cohort}_share"]
            told = getattr(row, f"{cohort}_after")
            assert told == pytest.approx(share, abs=1e-12, nan_ok=True)
        assert row.after == pytest.approx(value, abs=1e-12)
        assert (None if pd.isna(row.met_after) else bool(row.met_after)) == (
            None if pd.isna(met) else bool(met)
        )


@pytest.mark.parametrize("category", ANDORRA)
def test_in_andorra_sites_stand_on_streets_one_to_a_settlement_and_do_what_they_promise(
    category, andorra_study, tmp_path
):
    study = andorra_study
    question = SiteQuestion("q", category, count=4)
    plan = geo.choose_sites(study.area, study.project, question)
    assert plan.optimal
    assert len(plan.sites) == 4
    promised(plan, study, run_of(study, plan, tmp_path))
    streets = shapely.STRtree(study.area.streets.geometry.to_numpy())
    near = streets.query_nearest(
        plan.sites.geometry.to_numpy(), return_distance=True, all_matches=False
    )
    assert near[1].max() < 60
    assert plan.sites["unit_id"].is_unique
    apart = pd.DataFrame(
        {row: plan.sites.geometry.distance(point) for row, point in plan.sites.geometry.items()}
    )
    assert apart.where(apart > 0).min().min() > 500
