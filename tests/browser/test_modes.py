"""A mode that a limit asks for, on the page: it can be chosen, and the legend says its speed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

import geo
from layers.project import Limit
from maps import write_page
from tests.town import town_area, town_project
from tests.town_settings import town_bike

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    project = town_project()
    clinic = replace(project.categories["clinic"], urban=Limit(4, "bike", "town"))
    project = replace(
        project,
        modes=project.modes | {"bike": town_bike()},
        categories=project.categories | {"clinic": clinic},
    )
    study = geo.assess(town_area(), project)
    return write_page(study, tmp_path_factory.mktemp("modes") / "map.html")


def legend(browser):
    """Give what the legend says of mode, speed and limit."""
    return browser.driver.find_element(By.CSS_SELECTOR, ".legend .method").text


def test_the_page_shows_a_limit_by_bicycle_and_its_speed(browser, path):
    browser.open(path)
    chooser = Select(browser.driver.find_element(By.ID, "choose-mode"))
    assert "骑自行车" in [option.text for option in chooser.options]
    assert "城镇 骑自行车 4 分钟" in legend(browser)
    assert "12 公里/小时，按坡度修正" in legend(browser)
    chooser.select_by_visible_text("骑自行车")
    assert "骑自行车 4 分钟" in legend(browser)
    assert "步行" not in legend(browser)
    assert browser.console() == []
