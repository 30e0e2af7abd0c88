"""The figures on the page are those of Python, whatever is chosen on it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

import geo
from maps import write_page
from tests.town import town_area, town_project

pytestmark = pytest.mark.browser

MODES = (None, "walk", "drive")
MINUTES = (None, 5.0, 15.0)


@pytest.fixture(scope="module")
def page(browser, town, tmp_path_factory):
    browser.open(write_page(town, tmp_path_factory.mktemp("map") / "map.html"))
    return browser


@cache
def assessed(mode, minutes, cohort=None):
    """Assess the town with one mode, limit and cohort for all categories; None keeps their own."""
    project = town_project()

    def changed(limit):
        return replace(limit, mode=mode or limit.mode, minutes=minutes or limit.minutes)

    categories = {
        name: replace(
            category,
            urban=changed(category.urban),
            rural=changed(category.rural),
            cohort=cohort or category.cohort,
        )
        for name, category in project.categories.items()
    }
    return geo.assess(town_area(), replace(project, categories=categories))


def unknown_is_none(values):
    return [None if pd.isna(value) else value for value in values]


@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.parametrize("mode", MODES)
def test_coverage_is_pythons(page, mode, minutes):
    study = assessed(mode, minutes)
    page.choose("mode", mode or "")
    page.limit(minutes)
    for at, category in enumerate(study.project.categories):
        page.choose("category", at)
        shown = page.figures()
        coverage = study.coverage[study.coverage["indicator"] == category]
        units = pd.DataFrame(shown["units"])
        covered = coverage["covered"].astype("Int64").fillna(-1)
        assert units["covered"].tolist() == covered.tolist()
        assert shown["units"]["reached"] == unknown_is_none(coverage["people_covered"])
        times = units["ms"].where(units["ms"] >= 0) / 60_000
        pd.testing.assert_series_equal(
            times, coverage["minutes"], check_names=False, check_index=False, rtol=0
        )
        assert shown["county"]["covered"] == coverage["covered"].sum()
        assert shown["county"]["gaps"] == (~coverage["covered"].dropna()).sum()
        assert shown["county"]["reached"] == coverage["people_covered"].sum()


def test_old_people_are_counted_when_they_are_chosen(page):
    study = assessed(None, None, "age_60_plus")
    page.limit(None)
    page.choose("mode", "")
    page.choose("cohort", "age_60_plus")
    for at, category in enumerate(study.project.categories):
        if study.project.categories[category].capacity_per_1000:
            continue  # who queues does not depend on whose share is looked at
        page.choose("category", at)
        coverage = study.coverage[study.coverage["indicator"] == category]
        assert page.figures()["units"]["reached"] == unknown_is_none(coverage["people_covered"])
    page.choose("cohort", "")


def test_the_figures_in_view_are_those_counted(page, town):
    page.choose("category", list(town.project.categories).index("clinic"))
    shown = page.figures()
    value = town.scorecard.set_index(["level", "indicator"])["value"]["county", "clinic"].item()
    assert page.text("#county-share strong") == f"{value:.1%}"
    assert page.text("#county-gaps strong") == str(shown["county"]["gaps"])


def test_a_township_has_figures_of_its_own_beside_the_county(page, town):
    page.choose("category", list(town.project.categories).index("clinic"))
    scorecard = town.scorecard[town.scorecard["indicator"] == "clinic"]
    by_area = dict(zip(scorecard["area"], scorecard["value"], strict=True))
    for at, township in enumerate(page.figures()["townships"]):
        assert township["share"] == pytest.approx(by_area[township["name"]], rel=1e-12)
        page.choose("township", at)
        assert page.text("#township-share strong") == f"{township['share']:.1%}"
        assert page.text("#county-share strong") == f"{by_area[town.project.name]:.1%}"
    page.choose("township", "")


def test_townships_sum_up_to_the_county(page):
    shown = page.figures()
    for figure in ("people", "reached", "units", "covered", "gaps"):
        assert sum(town[figure] for town in shown["townships"]) == shown["county"][figure]


def test_of_what_the_study_has_none_the_page_says_so_at_any_limit(browser, tmp_path):
    area = town_area()
    kept = area.facilities[area.facilities["category"] != "shop"].reset_index(drop=True)
    project = replace(town_project(), absent=frozenset({"shop"}))
    study = geo.assess(replace(area, facilities=kept), project)
    browser.open(write_page(study, tmp_path / "map.html"))
    browser.choose("category", list(study.project.categories).index("shop"))
    browser.find("#tab-units").click()
    browser.limit(29)
    assert browser.cells("#units tbody tr[data-unit]")
    assert browser.driver.execute_script("return livingcircle.reasons()").count("none_in_study") > 2
    assert browser.console() == []


def test_an_address_that_names_a_township_opens_close_to_it(browser, town, tmp_path):
    address = write_page(town, tmp_path / "map.html").as_uri()
    where = "return livingcircle.map.getBounds().toBBoxString().split(',').map(Number)"
    seen = []
    for township in sorted(set(town.area.units["township_id"].dropna())):
        browser.driver.get("about:blank")
        browser.driver.get(f"{address}#township={township}")
        browser.wait("return window.livingcircle?.ready === true")
        seen.append(browser.driver.execute_script(where))
        browser.find("#home").click()
        assert browser.driver.execute_script(where) != pytest.approx(seen[-1])
        browser.find("#areas tr[aria-current=true] button").click()  # as if it were chosen now
        assert browser.driver.execute_script(where) == pytest.approx(seen[-1])
    assert len({tuple(each) for each in seen}) == len(seen) > 1
