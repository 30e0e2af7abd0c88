"""Nobody is shut out: axe-core finds nothing on any tab, in light and in dark, large and small."""

from __future__ import annotations

from pathlib import Path

import pytest

from maps import write_page

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
FIND = """
const done = arguments[0];
axe.run().then(({violations}) => done(violations.flatMap(({id, nodes}) =>
  nodes.map(({target}) => `${id} ${target.join(" ")}`))));
"""
TABS = ("townships", "units", "detail", "plan", "policy", "fair")


@pytest.fixture(scope="module")
def page(browser, town, tmp_path_factory):
    browser.open(write_page(town, tmp_path_factory.mktemp("map") / "map.html"))
    browser.driver.execute_script(AXE)
    return browser


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page, theme):
    found = {}
    assert page.find("html").get_attribute("data-theme") == theme
    page.find("#tab-units").click()
    page.driver.execute_script("document.querySelector('#units tr[data-unit]').click()")
    page.find("#tab-plan").click()
    page.find("#best").click()
    page.wait("return livingcircle.sites().length > 0")
    for tab in TABS:
        page.find(f"#tab-{tab}").click()
        found[tab] = page.driver.execute_async_script(FIND)
    assert found == {tab: [] for tab in TABS}
    page.find("#theme").click()


def test_axe_finds_nothing_in_the_print_dialog(page):
    page.find("#print").click()
    assert page.driver.execute_async_script(FIND) == []
    page.find("#print-dialog .plan-tools button:last-child").click()
    assert page.all("#print-dialog") == []


@pytest.mark.parametrize("width", [390, 768])
def test_a_small_screen_scrolls_one_way_only_and_has_everything(page, width):
    screen = {"width": width, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    try:
        wide = "return document.documentElement.scrollWidth"
        assert page.driver.execute_script(wide) <= width
        for selector in ("#choose-category", "#limit", "#county-share", ".folium-map", ".legend"):
            assert page.find(selector).is_displayed()
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
