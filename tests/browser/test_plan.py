"""What if, by real clicks and keys: what the page says is what Python says of the same plan."""

from __future__ import annotations

import json

import numpy as np
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import geo
from layers.plan import apply_plan
from layers.plan_file import read_plan
from layers.vocabulary import text
from maps import write_page
from tests.town import SOUTH

pytestmark = pytest.mark.browser

CLINIC = "clinic"


@pytest.fixture(scope="module")
def opened(browser, town, tmp_path_factory):
    path = write_page(town, tmp_path_factory.mktemp("map") / "map.html")
    browser.open(path)
    yield browser
    assert browser.requests() == [path.as_uri()]


@pytest.fixture
def page(opened):
    opened.find("#tab-plan").click()
    clear = opened.find("#clear")
    if clear.is_enabled():
        clear.click()
    opened.choose("category", 0)
    opened.find("#tool-select").click()
    opened.find("#home").click()
    opened.find("#tab-plan").click()
    yield opened
    assert opened.console() == []


def plan(page):
    return json.loads(page.driver.execute_script("return livingcircle.plan()"))


def sites(page):
    return page.driver.execute_script("return livingcircle.sites()")


def in_python(page, town, tmp_path):
    """Assess the town with the plan that the page exports."""
    file = tmp_path / "plan.json"
    file.write_text(page.driver.execute_script("return livingcircle.plan()"), encoding="utf-8")
    read = read_plan(file, town.area, town.project)
    return geo.assess(apply_plan(town.area, read, town.project), town.project)


def same_as_python(page, town, tmp_path):
    study = in_python(page, town, tmp_path)
    for at, category in enumerate(study.project.categories):
        page.choose("category", at)
        rows = study.coverage[study.coverage["indicator"] == category]
        shown = page.figures()["units"]
        # what is unknown is null in what a page tells, and NaN here
        reached = np.array(shown["reached"], dtype=np.float64)
        np.testing.assert_array_equal(reached, rows["people_covered"])
        verdicts = rows["covered"].astype("Int64").fillna(-1)  # unknown is -1 on the page
        assert shown["covered"] == verdicts.tolist()
        minutes = (rows["minutes"] * 60_000).round().fillna(-1).astype(int)
        assert shown["ms"] == minutes.tolist()


def pixel_of(page, unit):
    return page.driver.execute_script(f"return livingcircle.pixel({unit})")


def test_a_step_by_keys_leaves_the_focus_on_its_button(page):
    page.find("#place").click()
    for unit in (1, 2):
        page.click_map(pixel_of(page, unit))
    undo = page.find("#undo")
    undo.send_keys(Keys.ENTER)
    assert len(plan(page)["added"]) == 1
    assert page.driver.switch_to.active_element == undo
    assert page.all(".sites li button.plain") != []
    page.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert plan(page)["added"] == []
    assert page.all(".sites li") == []


def test_what_is_placed_dragged_and_closed_counts_as_in_python(page, town, tmp_path):
    ids = town.area.units["unit_id"].tolist()
    before = page.figures()["county"]["reached"]
    page.find("#place").click()
    for unit in (ids.index(SOUTH), 1):
        page.click_map(pixel_of(page, unit))
    assert [each["category"] for each in plan(page)["added"]] == [CLINIC, CLINIC]
    assert page.figures()["county"]["reached"] > before
    assert "→" in page.text("#county-share strong")
    same_as_python(page, town, tmp_path)
    page.choose("category", 0)

    there = sites(page)[0]
    area = page.find(".folium-map")
    pin = (
        round(there["x"] - area.size["width"] / 2),
        round(there["y"] - 14 - area.size["height"] / 2),
    )
    ActionChains(page.driver).move_to_element_with_offset(
        area, *pin
    ).click_and_hold().move_by_offset(25, -15).move_by_offset(5, -5).release().perform()
    moved = sites(page)[0]
    assert (moved["x"], moved["y"]) != (there["x"], there["y"])
    assert len(plan(page)["added"]) == 2
    same_as_python(page, town, tmp_path)

    page.find("#search").send_keys("clinic-main")
    page.find(".results button").click()
    page.find("#close-facility").click()
    assert plan(page)["closed"] == ["clinic-main"]
    same_as_python(page, town, tmp_path)


def test_outside_every_unit_nothing_is_placed_or_dragged_to_and_the_page_says_so(page):
    page.find("#place").click()
    page.click_map(pixel_of(page, 2))
    page.driver.execute_script("livingcircle.map.zoomOut(2, {animate: false})")
    page.click_map({"x": 300, "y": 120})
    assert len(plan(page)["added"]) == 1
    assert page.text("#plan-said") == text("page.plan.outside")
    kept, (there,) = plan(page), sites(page)
    area = page.find(".folium-map")
    pin = (
        round(there["x"] - area.size["width"] / 2),
        round(there["y"] - 14 - area.size["height"] / 2),
    )
    ActionChains(page.driver).move_to_element_with_offset(
        area, *pin
    ).click_and_hold().move_by_offset(0, -250).release().perform()
    assert page.text("#plan-said") == text("page.plan.outside")
    assert plan(page)["added"][0]["category"] == kept["added"][0]["category"]
    page.driver.execute_script("livingcircle.map.panBy([0, -320], {animate: false})")
    page.find(".sites li button:nth-last-child(2)").click()
    assert page.text("#plan-said") == text("page.plan.outside")


def test_a_figure_that_gets_worse_is_not_shown_as_good(page):
    page.find("#search").send_keys("clinic-main")
    page.find(".results button").click()
    page.find("#close-facility").click()
    assert "worse" in page.find("#county-share ins").get_attribute("class")
    page.find("#tab-plan").click()


def test_every_step_is_undone_and_done_again(page):
    page.find("#place").click()
    page.click_map(pixel_of(page, 2))
    one = plan(page)
    page.find("#undo").click()
    assert plan(page)["added"] == []
    page.find("#redo").click()
    assert plan(page) == one
    page.find(".sites li button:last-child").click()
    assert plan(page)["added"] == []


def test_a_site_is_placed_and_moved_by_keys_alone(page):
    page.driver.execute_script(
        "const {x, y} = livingcircle.pixel(2), size = livingcircle.map.getSize();"
        "livingcircle.map.panBy([x - size.x / 2, y - size.y / 2], {animate: false})"
    )
    page.find("#tool-place").send_keys(Keys.ENTER)
    page.driver.execute_script("document.querySelector('.folium-map').focus()")
    ActionChains(page.driver).send_keys(Keys.ENTER).perform()
    middle = page.find(".folium-map").size
    (there,) = sites(page)
    assert there["x"] == pytest.approx(middle["width"] / 2, abs=1)
    assert there["y"] == pytest.approx(middle["height"] / 2, abs=1)
    page.driver.execute_script("livingcircle.map.panBy([12, 0], {animate: false})")
    page.find(".sites li button:nth-last-child(2)").send_keys(Keys.ENTER)
    assert sites(page)[0]["x"] == pytest.approx(middle["width"] / 2, abs=1)


def test_the_next_best_place_serves_as_many_more_as_it_says(page, town, tmp_path):
    before = page.figures()["county"]["reached"]
    page.find("#best").click()
    page.wait("return livingcircle.sites().length === 1")
    gained = page.figures()["county"]["reached"] - before
    assert gained > 0
    assert f"{gained:.0f}" in page.text("#plan-said")
    same_as_python(page, town, tmp_path)


def test_what_changes_is_coloured_and_the_legend_says_how(page):
    page.find("#best").click()
    page.wait("return livingcircle.sites().length === 1")
    page.find("#compare").click()
    colours = set(page.driver.execute_script("return livingcircle.colours()"))
    assert "新覆盖" in page.text(".legend")
    assert "#008f68" in colours
    page.find("#compare").click()


def test_a_plan_is_imported_as_it_was_exported_and_a_wrong_one_is_told(page, tmp_path):
    page.find("#place").click()
    page.click_map(pixel_of(page, 2))
    exported = tmp_path / "plan.json"
    exported.write_text(page.driver.execute_script("return livingcircle.plan()"), encoding="utf-8")
    kept = plan(page)
    page.find("#clear").click()
    page.find("#import-plan").send_keys(str(exported))
    page.wait("return livingcircle.sites().length === 1")
    assert plan(page) == kept
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{", encoding="utf-8")
    page.find("#import-plan").send_keys(str(wrong))
    page.wait("return document.getElementById('plan-said').textContent.includes('JSON')")
    assert plan(page) == kept


def test_the_way_of_a_unit_is_drawn_along_the_streets(page):
    page.find("#search").send_keys("河南")
    page.find(".results button").click()
    way = page.driver.execute_script("return livingcircle.way()")
    assert way["hint"] is False
    assert len(way["points"]) > 4  # over the bridge
    assert page.text("#detail .hint:last-child") != ""


def test_any_point_has_a_living_circle(page, town):
    page.find("#tool-circle").click()
    page.click_map(pixel_of(page, 0))
    rows = page.cells("#unit tbody tr")
    assert {row[0] for row in rows} == set(town.project.categories)
    assert any(float(row[1]) <= 15 for row in rows if row[1][0].isdigit())
