"""Answers to siting questions on the page: what Python said, and what its plan does on trial."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

import geo
from layers.plan import apply_plan
from layers.plan_file import read_plan
from layers.question import SiteQuestion
from layers.vocabulary import PRIORITY, text
from maps import write_page
from tests.browser.test_access import AXE, FIND

pytestmark = pytest.mark.browser

QUESTIONS = (
    SiteQuestion("rooms", "library", count=2),
    SiteQuestion("doctors", "clinic", target=0.9),
    SiteQuestion("quick", "library", count=1, minutes=6.0, mode="walk"),
)


@pytest.fixture(scope="module")
def plans(town):
    return [geo.choose_sites(town.area, town.project, each) for each in QUESTIONS]


@pytest.fixture(scope="module")
def opened(browser, town, plans, tmp_path_factory):
    path = tmp_path_factory.mktemp("map") / "map.html"
    browser.open(write_page(town, path, plans=plans, opens="sites"))
    yield browser
    assert browser.requests() == [path.as_uri()]


@pytest.fixture(params=range(len(QUESTIONS)), ids=[each.id for each in QUESTIONS])
def answer(request, opened, plans):
    opened.find("#tab-sites").click()
    opened.choose("answer", request.param)
    yield opened, plans[request.param]
    tried = opened.find("#try-answer")
    if tried.get_attribute("aria-pressed") == "true":
        tried.click()
    assert opened.console() == []


def test_the_page_of_an_answer_opens_on_it(browser, town, plans, tmp_path):
    browser.open(write_page(town, tmp_path / "one.html", plans=plans[:1], opens="sites"))
    assert browser.find("#tab-sites").get_attribute("aria-selected") == "true"
    names = list(town.project.categories)
    assert browser.find("#choose-category").get_attribute("value") == str(names.index("library"))


def test_a_study_that_asks_nothing_has_no_such_tab(browser, town, tmp_path):
    browser.open(write_page(town, tmp_path / "none.html"))
    assert browser.all("#tab-sites") == []


def test_sites_and_what_each_does_are_pythons(answer):
    page, plan = answer
    count = [f"{value:,.0f}" for value in plan.sites["people"]]
    cells = page.cells("#sites-table tbody tr")
    assert [row[0] for row in cells] == [str(rank) for rank in plan.sites["rank"]]
    assert [row[2] for row in cells] == count
    assert [row[3] for row in cells] == [f"{value:,.0f}" for value in plan.sites["alone"]]
    assert [row[4] for row in cells] == [f"{value:,.0f}" for value in plan.sites["lost"]]


def test_before_and_after_are_pythons(answer):
    page, plan = answer
    told = [row[2] for row in page.cells("#figures-table tbody tr")]
    for said, row in zip(told, plan.figures.itertuples(), strict=True):
        if row.before <= 1 and row.over != "facilities":
            # shares are rounded down, so that what is not all never looks like it
            before, after = (float(each.strip("% ")) for each in said.split("→"))
            assert before == pytest.approx(100 * row.before, abs=0.1)
            assert after == pytest.approx(100 * row.after, abs=0.1)


def test_whom_a_site_serves_is_listed_and_drawn(answer, town):
    page, plan = answer
    page.find("#sites-table button").click()
    first = plan.sites["candidate_id"].iloc[0]
    mine = plan.served[plan.served["candidate_id"] == first].sort_values("people", ascending=False)
    shown = [each.text.split("\n") for each in page.all("#site .served li")]
    assert sorted(map(tuple, shown)) == sorted(
        (row["unit"], f"{row['people']:,.0f}", priority_of(row, whole))
        for row in mine.to_dict("records")
    )
    ids = town.area.units["unit_id"].tolist()
    drawn = page.driver.execute_script(
        "return livingcircle.siting().sites[0].served.map(({unit}) => unit)"
    )
    assert {ids[unit] for unit in drawn} == set(mine["unit_id"])


def whole(row, cohort):
    return "—" if pd.isna(row[cohort]) else f"{row[cohort]:,.0f}"


def priority_of(row, told):
    """Give the line of the priority people of a row of Python's frame."""
    return " · ".join(f"{text(f'words.{each}', 'zh')} {told(row, each)}" for each in PRIORITY)


def test_of_a_site_the_priority_people_are_pythons_and_unknown_ones_are_not_nobody(answer):
    page, plan = answer
    page.find("#sites-table button").click()
    terms, values = ([each.text for each in page.all(f"#site {tag}")] for tag in ("dt", "dd"))
    told = dict(zip(terms, values, strict=True))
    site = plan.sites.iloc[0]
    assert site["age_60_plus"] > 0
    assert np.isnan(site["disabled"])
    for cohort in PRIORITY:
        assert told[f"新增覆盖{text(f'words.{cohort}', 'zh')}"] == whole(site, cohort)
    for of, term in (("alone", "只建它"), ("lost", "缺它损失")):
        assert told[term] == priority_of(site, lambda row, each, of=of: whole(row, f"{each}_{of}"))


def test_before_and_after_tell_the_priority_people_who_are_known(answer):
    page, plan = answer
    rows = page.all("#figures-table tbody tr")
    lines = 0
    for row, figure in zip(rows, plan.figures.to_dict("records"), strict=True):
        told = [each.text for each in row.find_elements("css selector", ".priority")]
        known = [each for each in PRIORITY if pd.notna(figure[f"{each}_before"])]
        said = [re.findall(r"([\d.]+)%", line) for line in told]
        shares = [100 * figure[f"{each}_{when}"] for each in known for when in ("before", "after")]
        assert bool(told) == bool(known)
        if told:
            assert [float(each) for each in said[0]] == pytest.approx(shares, abs=0.1)
            assert all(text(f"words.{each}", "zh") in told[0] for each in known)
            lines += 1
    assert lines


def test_the_curve_and_the_frontier_have_a_dot_for_every_row(answer):
    page, plan = answer
    for name, rows in (("curve", plan.curve), ("frontier", plan.frontier)):
        told = page.driver.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent)",
            f"#{name} circle title",
        )
        for said, row in zip(told, rows.to_dict("records"), strict=True):
            assert f"{row['people']:,.0f} 人" in said
            assert priority_of(row, whole) in said
    assert len(page.all("#curve circle.knee")) == plan.curve["knee"].sum()
    assert len(page.all("#frontier circle.open")) == (~plan.frontier["proved"]).sum()


def test_on_trial_the_page_counts_what_python_counts_of_the_same_plan(answer, town, tmp_path):
    page, plan = answer
    before = page.figures()["county"]["reached"]
    page.find("#try-answer").click()
    text = page.driver.execute_script("return livingcircle.plan()")
    file = tmp_path / "plan.json"
    file.write_text(text, encoding="utf-8")
    read = read_plan(file, town.area, town.project)
    assert len(read.added) == len(plan.sites)
    after = geo.assess(apply_plan(town.area, read, town.project), town.project)
    category = plan.question.category
    rows = after.coverage[after.coverage["indicator"] == category]
    shown = page.figures()
    assert shown["county"]["reached"] == before + plan.sites["people"].sum()
    if plan.question.minutes is None:
        assert shown["units"]["reached"] == rows["people_covered"].tolist()
    assert len(page.driver.execute_script("return livingcircle.sites()")) == len(plan.sites)
    page.find("#try-answer").click()
    assert json.loads(page.driver.execute_script("return livingcircle.plan()"))["added"] == []
    assert page.figures()["county"]["reached"] == before


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(opened, theme):
    opened.find("#tab-sites").click()
    assert opened.find("html").get_attribute("data-theme") == theme
    opened.driver.execute_script(AXE)
    opened.find("#sites-table button").click()
    assert opened.driver.execute_async_script(FIND) == []
    opened.find("#theme").click()


def test_the_tab_speaks_english_too(opened):
    opened.find("#language").click()
    assert "proved that no choice is better" in opened.text("#answer")
    opened.find("#language").click()
