"""The page in a real browser: quiet, offline, driven by clicks and keys."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from layers.vocabulary import text
from maps import write_page
from maps.style import COVERED, MINUTES, NOT_COVERED
from tests.town import CENTRE, SOUTH

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>{{ 7 * 7 }}\"'&"


@pytest.fixture(scope="module")
def path(town, tmp_path_factory):
    return write_page(town, tmp_path_factory.mktemp("map") / "map.html")


@pytest.fixture
def page(browser, path):
    browser.open(path)
    yield browser
    assert browser.console() == []


def element(page, selector):
    return page.driver.find_element(By.CSS_SELECTOR, selector)


def texts(page, selector):
    return [found.text for found in page.driver.find_elements(By.CSS_SELECTOR, selector)]


def popup(page):
    """Give what the newest popup says once it has faded in; an older one may still fade out."""
    faded = WebDriverWait(
        page.driver, 10, ignored_exceptions=[IndexError, StaleElementReferenceException]
    )
    return faded.until(lambda _: texts(page, ".leaflet-popup-content")[-1])


def click_unit(page, at):
    """Click into the middle of a unit on the map."""
    pixel = page.driver.execute_script(f"return livingcircle.pixel({at})")
    area = element(page, ".folium-map")
    x, y = (
        round(pixel[axis] - area.size[side] / 2) for axis, side in (("x", "width"), ("y", "height"))
    )
    ActionChains(page.driver).move_to_element_with_offset(area, x, y).click().perform()


def pixels_of(page):
    """Give what is on the screen, one row of red, green and blue for every pixel."""
    with warnings.catch_warnings():
        # a screenshot lies nowhere on earth
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with MemoryFile(page.driver.get_screenshot_as_png()) as file, file.open() as image:
            return image.read([1, 2, 3]).reshape(3, -1).T.astype(float)


def drawn_in(pixels, colour, *, opacity=0.85, paper="#f4f3ef"):
    """Count the pixels of a translucent fill on the map's paper."""
    ink, ground = (
        np.array([int(code[at : at + 2], 16) for at in (1, 3, 5)]) for code in (colour, paper)
    )
    wanted = opacity * ink + (1 - opacity) * ground
    return int((np.abs(pixels - wanted) <= 3).all(axis=1).sum())


def test_the_only_thing_asked_for_is_the_page_itself(page, path):
    assert page.requests() == [path.as_uri()]


def test_every_unit_is_drawn_in_its_colour(page, town):
    colours = page.driver.execute_script("return livingcircle.colours()")
    assert len(colours) == len(town.area.units)
    assert set(colours) & set(MINUTES)
    Select(element(page, "#choose-measure")).select_by_value("covered")
    pixels = pixels_of(page)
    assert drawn_in(pixels, COVERED) > 500
    assert drawn_in(pixels, NOT_COVERED) > 500


def test_a_gap_is_explained_and_a_click_shows_its_unit(page, town):
    element(page, "#tab-gaps").click()
    rows = page.driver.find_elements(By.CSS_SELECTOR, "#gaps tbody tr")
    gaps = town.gaps[town.gaps["indicator"] == "clinic"]
    assert len(rows) == len(gaps)
    assert [row.text.split()[0] for row in rows] == gaps["name"].tolist()
    for row, reason in zip(rows, gaps["reason"], strict=True):
        assert text(f"words.reason.{reason}") in row.text
    first = gaps.iloc[0]
    rows[0].click()
    told = popup(page)
    assert first["name"] in told
    assert text(f"words.reason.{first['reason']}") in told
    assert element(page, "#panel h2").text == first["name"]


def test_a_click_on_a_unit_tells_people_nearest_minutes_and_every_category(page, town):
    ids = town.area.units["unit_id"].tolist()
    click_unit(page, ids.index(CENTRE))
    told = popup(page)
    nearest = town.unit_times.set_index(["unit_id", "category", "mode"]).loc[
        (CENTRE, "clinic", "walk"), "facility_id"
    ]
    for part in ("城中社区", "老城镇", "100", nearest, "分钟"):
        assert part in told
    categories = [row.split()[0] for row in texts(page, "#unit tbody tr")]
    assert categories == list(town.project.categories)


def test_minutes_are_rounded_up(page, town):
    ids = town.area.units["unit_id"].tolist()
    click_unit(page, ids.index(SOUTH))
    exact = town.unit_times.set_index(["unit_id", "category", "mode"]).loc[
        (SOUTH, "clinic", "walk"), "milliseconds"
    ]
    shown = float(element(page, "#unit tbody tr td:nth-child(2)").text)
    assert 0 <= shown * 60_000 - exact < 6_000


def test_the_chooser_is_driven_by_keys(page, town):
    chooser = element(page, "#choose-category")
    chooser.send_keys(Keys.ARROW_DOWN)
    chooser.send_keys(Keys.ENTER)
    assert page.figures()["state"]["category"] == 1
    assert element(page, ".legend b").text == list(town.project.categories)[1]


def test_a_shorter_limit_leaves_more_gaps(page):
    gaps = []
    for minutes in ("30", "5"):
        Select(element(page, "#choose-limit")).select_by_value(minutes)
        gaps.append(int(element(page, "#county-gaps strong").text))
        assert f"步行 {minutes} 分钟" in element(page, ".legend").text
    assert gaps[0] < gaps[1]


@pytest.mark.parametrize("words", ["步行", "6 公里/小时", "沿路网", "10 分钟", "15 分钟"])
def test_the_legend_tells_mode_speed_method_and_limit(page, words):
    assert words in element(page, ".legend").text


def test_a_unit_is_found_by_its_name(page):
    element(page, "#search").send_keys("河南")
    element(page, ".results button").click()
    assert element(page, "#panel h2").text == "河南村"


def test_a_facility_is_found_by_its_name_and_its_category_chosen(page):
    element(page, "#search").send_keys("school-top")
    element(page, ".results button").click()
    assert element(page, ".legend b").text == "school"
    assert "school-top" in popup(page)


def test_a_click_on_a_facility_tells_its_service_area(page):
    element(page, "#search").send_keys("school-top")
    element(page, ".results button").click()
    element(page, ".leaflet-popup-close-button").click()
    element(page, ".folium-map").click()  # the facility found lies in the middle
    told = popup(page)
    assert "school-top" in told
    assert text("words.service_area") in told


def test_a_name_that_is_nowhere_is_not_found(page):
    element(page, "#search").send_keys("不存在的名字")
    assert element(page, ".results").text == text("page.found_none")


def test_names_are_shown_as_text_and_never_run(browser, town, tmp_path):
    units = town.area.units.assign(name=HOSTILE, township=HOSTILE)
    facilities = town.area.facilities.assign(name=HOSTILE)
    area = replace(town.area, units=units, facilities=facilities)
    project = replace(town.project, name=HOSTILE, attribution=(HOSTILE,), data_date=HOSTILE)
    browser.open(write_page(replace(town, area=area, project=project), tmp_path / "map.html"))
    assert HOSTILE in element(browser, "#panel h1").text
    assert HOSTILE in browser.driver.title
    assert HOSTILE in element(browser, "footer").text
    assert HOSTILE in element(browser, "#areas").text
    element(browser, "#search").send_keys("img src")
    assert HOSTILE in element(browser, ".results button").text
    results = browser.driver.find_elements(By.CSS_SELECTOR, ".results button")
    results[len(units)].click()  # the first facility comes after all units
    assert HOSTILE in popup(browser)
    element(browser, ".leaflet-popup-close-button").click()
    element(browser, ".folium-map").click()
    assert HOSTILE in element(browser, ".leaflet-tooltip").text
    element(browser, "#tab-gaps").click()
    element(browser, "#gaps tbody tr").click()
    assert HOSTILE in popup(browser)
    assert HOSTILE in element(browser, "#panel h2").text
    assert browser.driver.find_elements(By.CSS_SELECTOR, "img") == []
    assert browser.console() == []
    assert len(browser.requests()) == 1


def test_simulated_data_says_so(browser, town, tmp_path):
    study = replace(town, project=replace(town.project, simulated=True))
    browser.open(write_page(study, tmp_path / "map.html"))
    assert text("words.simulated") in element(browser, ".legend").text
    assert text("words.simulated") in element(browser, "#panel h1").text


def test_dwellings_are_never_called_people(browser, town, tmp_path):
    area = town.area
    area = replace(
        area,
        units=area.units.assign(people=float("nan")),
        residences=area.residences.assign(people=float("nan")),
    )
    study = replace(town, area=area, basis="dwellings")
    browser.open(write_page(study, tmp_path / "map.html"))
    assert "住宅" in element(browser, ".summary").text
    assert "人" not in element(browser, ".summary").text


def test_the_page_speaks_english(browser, town, tmp_path):
    browser.open(write_page(town, tmp_path / "map.html", lang="en"))
    panel = element(browser, "#panel").text + element(browser, ".legend").text
    for words in ("Category", "Mode", "Limit", "Township", "≤ 15 min", "on foot", "along streets"):
        assert words in panel
    assert element(browser, "html").get_attribute("lang") == "en"
    assert browser.console() == []
