"""The figures on the page are those of Python, for every category, mode and limit."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

import geo
from maps import write_page
from maps.style import LIMITS
from tests.town import town_area, town_project

pytestmark = pytest.mark.browser

MODES = (None, "walk", "drive")
MINUTES = (None, *LIMITS)


@pytest.fixture(scope="module")
def page(browser, town, tmp_path_factory):
    browser.open(write_page(town, tmp_path_factory.mktemp("map") / "map.html"))
    return browser


def choose(page, name, value):
    Select(page.driver.find_element(By.ID, f"choose-{name}")).select_by_value(str(value))


def choose_limit(page, mode, minutes):
    choose(page, "mode", mode or "")
    choose(page, "limit", f"{minutes:g}" if minutes else "")


@cache
def assessed(mode, minutes):
    """Assess the town with one mode and limit for all categories; None keeps their own."""
    project = town_project()

    def changed(limit):
        return replace(limit, mode=mode or limit.mode, minutes=minutes or limit.minutes)

    categories = {
        name: replace(category, urban=changed(category.urban), rural=changed(category.rural))
        for name, category in project.categories.items()
    }
    circle = project.circle
    circle = replace(
        circle, mode=mode or circle.mode, minutes=(minutes,) if minutes else circle.minutes
    )
    return geo.assess(town_area(), replace(project, categories=categories, circle=circle))


@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.parametrize("mode", MODES)
def test_coverage_is_pythons(page, mode, minutes):
    study = assessed(mode, minutes)
    choose(page, "measure", "share")
    choose_limit(page, mode, minutes)
    for at, category in enumerate(study.project.categories):
        choose(page, "category", at)
        shown = page.figures()
        units = pd.DataFrame(shown["units"])
        coverage = study.coverage[study.coverage["indicator"] == category]
        assert units["id"].tolist() == coverage["unit_id"].tolist()
        assert (units["covered"] == 1).tolist() == coverage["covered"].tolist()
        assert units["reached"].tolist() == coverage["people_covered"].tolist()
        shares = coverage["people_share"].astype(object).where(coverage["people"] > 0, None)
        assert [unit["share"] for unit in shown["units"]] == shares.tolist()
        times = units["ms"].where(units["ms"] >= 0) / 60_000
        pd.testing.assert_series_equal(
            times, coverage["minutes"], check_names=False, check_index=False, rtol=0
        )
        assert shown["county"]["covered"] == coverage["covered"].sum()
        assert shown["county"]["gaps"] == (~coverage["covered"]).sum()
        assert shown["county"]["reached"] == coverage["people_covered"].sum()


@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.parametrize("mode", MODES)
def test_living_circles_are_pythons(page, mode, minutes):
    study = assessed(mode, minutes)
    choose(page, "measure", "circle")
    choose_limit(page, mode, minutes)
    circles = study.circles[
        (study.circles["level"] == "unit")
        & (study.circles["limit_minutes"] == study.project.circle.minutes[-1])
    ]
    names = list(study.project.categories)
    missing = [
        ";".join(names[category] for category in unit["missing"])
        for unit in page.figures()["units"]
    ]
    assert missing == circles["missing"].tolist()


def test_the_county_share_is_the_scorecards(page, town):
    choose(page, "measure", "minutes")
    choose_limit(page, None, None)
    choose(page, "category", list(town.project.categories).index("clinic"))
    scorecard = town.scorecard[town.scorecard["indicator"] == "clinic-people"]
    shown = page.figures()
    by_area = dict(zip(scorecard["area"], scorecard["value"], strict=True))
    for township in shown["townships"]:
        assert township["share"] == pytest.approx(by_area[township["name"]], rel=1e-12)
    county = scorecard.loc[scorecard["level"] == "county", "value"].item()
    assert shown["county"]["share"] == pytest.approx(county, rel=1e-12)


def test_townships_sum_up_to_the_county(page):
    shown = page.figures()
    for figure in ("people", "reached", "units", "covered", "gaps"):
        assert sum(town[figure] for town in shown["townships"]) == shown["county"][figure]
