"""The page for everybody says whose people it counts, and offers nothing that rests on homes."""

from __future__ import annotations

import pytest

import geo
import layers
from maps import write_page
from maps.public_area import public_premises
from maps.public_study import public_study
from tests.broken.good_study import GoodStudy
from tests.test_cli import write_project

pytestmark = pytest.mark.browser

SAVED = """
window.saved = [];
navigator.clipboard.writeText = async (text) => { window.saved.push(text); };
const made = URL.createObjectURL;
URL.createObjectURL = (blob) => {
  blob.text().then((text) => window.saved.push(text));
  return made(blob);
};
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """Give a study of two villages of a few people, for everybody."""
    there = GoodStudy()
    there.units = there.units.assign(people=[100.0, 203.0, 40.0, 4.0])
    project = layers.read_project(
        write_project(tmp_path_factory.mktemp("public") / "county", there)
    )
    area, project = public_premises(layers.read_study_area(project), project)
    return public_study(geo.assess(area, project))


@pytest.fixture
def page(browser, county, tmp_path):
    browser.open(write_page(county, tmp_path / "map.html"))
    return browser


def test_the_share_is_named_by_whole_units_and_no_swing_of_homes_stands_beside_it(page):
    assert "已覆盖单元的人口" in page.text("#county-share")
    assert page.all("#county-share .swings, #county-share .swing") == []
    assert page.find("#areas thead").text.split()[1] == "已覆盖单元人口"


def test_neither_homes_nor_shares_within_a_unit_are_offered(page):
    assert page.all("#choose-level") == []
    shown = [each.get_attribute("data-value") for each in page.all("#choose-show button")]
    assert shown == ["minutes", "covered"]
    page.find("#tab-units").click()
    assert "覆盖" not in [each.text for each in page.all("#units thead th")]


def test_a_link_asks_the_public_page_in_vain_for_homes(browser, county, tmp_path):
    path = write_page(county, tmp_path / "map.html")
    browser.driver.get("about:blank")
    browser.driver.get(path.as_uri() + "#level=residence&show=share&tab=plan&internal=yes")
    browser.wait("return window.livingcircle?.ready === true")
    state = browser.driver.execute_script("return window.livingcircle.state()")
    assert (state["level"], state["show"], state["sheetWords"]["internal"]) == (
        "unit",
        "minutes",
        False,
    )
    assert "plan" not in [each.get_attribute("id") for each in browser.all("[role=tab]")]


def test_no_small_count_is_saved_or_copied(page):
    page.driver.execute_script(SAVED)
    page.find("#tab-units").click()
    for button in page.all("button"):
        if button.text in ("下载 CSV", "复制到 Excel"):
            button.click()
    page.wait("return window.saved.length === 2")
    for text in page.driver.execute_script("return window.saved"):
        head, *rows = [line.replace("\t", ",").split(",") for line in text.strip().splitlines()]
        at = [name.strip("\ufeff") for name in head].index("人口")
        assert len(rows) == 4
        assert "" in {row[at] for row in rows}
        assert all(row[at] == "" or float(row[at]) >= 5 for row in rows)


def test_the_page_for_everybody_speaks_of_no_homes(page):
    page.find("#tab-units").click()
    assert "居住点" not in page.text("#body") + page.text(".legend")
    page.driver.execute_script(
        "const select = document.getElementById('choose-category');"
        "for (const { value } of [...select.options]) {"
        " select.value = value; select.dispatchEvent(new Event('change'));"
        " const unit = livingcircle.figures().units.ms.findIndex((ms) => ms >= 0);"
        " if (unit < 0) continue;"
        " document.querySelector(`#units tr[data-unit='${unit}']`).click();"
        " return; }"
    )
    assert page.driver.execute_script("return Boolean(livingcircle.way())")
    assert "单元的代表点" in page.text("#detail .hint")
    assert "居住点" not in page.text("#body")
