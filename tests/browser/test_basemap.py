"""Basemaps: nobody is asked for anything until one is chosen, then its own hosts alone."""

from __future__ import annotations

import math
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from layers.datum import from_wgs84
from layers.vocabulary import text
from maps import write_page
from maps.basemaps import basemaps
from maps.cells import unit_cells
from tests.browser.test_access import AXE, FIND
from tests.town import SOUTH

pytestmark = pytest.mark.browser

HOSTS = {
    "osm": r"tile\.openstreetmap\.org",
    "tianditu": r"t[0-7]\.tianditu\.gov\.cn",
    "amap": r"webrd0[1-4]\.is\.autonavi\.com",
}


@pytest.fixture(scope="module")
def path(town, tmp_path_factory):
    return write_page(town, tmp_path_factory.mktemp("map") / "map.html")


@pytest.fixture
def page(browser, path):
    """Give the page with the chooser open, nothing chosen and no key kept."""
    browser.open(path)
    browser.driver.execute_script("localStorage.clear()")
    assert browser.requests() == [path.as_uri()]
    browser.find("#ground summary").click()
    return browser


def choose(page, name):
    Select(page.find("#choose-basemap")).select_by_value(name)


def asked(page):
    """Give every address asked for once there are some."""
    page.wait("return document.querySelectorAll('.leaflet-tile-pane img').length > 0")
    return page.requests()


def test_a_page_asks_nobody_for_anything_and_says_so(page):
    for name in ("units", "detail", "policy"):
        page.find(f"#tab-{name}").click()
    page.driver.execute_script("livingcircle.map.setZoom(15, {animate: false})")
    assert page.requests() == []
    assert page.console() == []
    assert page.text(".ground [role=status]") == text("page.ground.offline")


@pytest.mark.parametrize("name", ["osm", "amap"])
def test_a_basemap_that_is_chosen_is_asked_for_and_nobody_else(page, name):
    choose(page, name)
    addresses = asked(page)
    assert addresses
    assert all(re.fullmatch(HOSTS[name], urlsplit(each).netloc) for each in addresses)
    told = next(each for each in basemaps() if each["id"] == name)
    assert told["attribution"] in page.text(".leaflet-control-attribution")
    # The network is cut: the name is not found, which the page says; no policy stood in the way.
    page.wait(
        f"return document.querySelector('.ground [role=status]').textContent === "
        f"{text('page.ground.failed')!r}"
    )
    assert all("ERR_NAME_NOT_RESOLVED" in line["message"] for line in page.console())
    choose(page, "")
    page.driver.execute_script("livingcircle.map.panBy([200, 0], {animate: false})")
    assert page.requests() == []
    assert page.all(".leaflet-tile-pane img") == []
    assert told["attribution"] not in page.text(".leaflet-control-attribution")


def test_tianditu_waits_for_a_key_and_keeps_it_only_if_told_to(page, path):
    choose(page, "tianditu")
    assert page.requests() == []
    kept = "return Object.values(localStorage)"
    page.find("#basemap-key").send_keys("a b&c", Keys.ENTER)
    addresses = asked(page)
    assert all(re.fullmatch(HOSTS["tianditu"], urlsplit(each).netloc) for each in addresses)
    assert {parse_qs(urlsplit(each).query)["tk"][0] for each in addresses} == {"a b&c"}
    assert {parse_qs(urlsplit(each).query)["LAYER"][0] for each in addresses} == {"vec", "cva"}
    assert page.driver.execute_script(kept) == []
    page.find("#basemap-keep").click()
    page.find("#basemap-use").click()
    assert page.driver.execute_script(kept) == ["a b&c"]
    page.open(path)
    assert page.requests() == [path.as_uri()]  # a kept key alone asks for nothing
    page.find("#ground summary").click()
    choose(page, "tianditu")
    assert page.find("#basemap-key").get_attribute("value") == "a b&c"
    page.find("#basemap-keep").click()
    page.find("#basemap-use").click()
    assert page.driver.execute_script(kept) == []
    page.console()


def test_an_address_cannot_choose_a_basemap(page, path):
    page.driver.get("about:blank")
    page.requests()
    page.driver.get(f"{path.as_uri()}#basemap=osm")
    page.wait("return window.livingcircle?.ready === true")
    assert [each for each in page.requests() if "http" in each] == []


def tiles(page):
    """Give where the tiles stand in the map's container, with zoom, column and row."""
    return page.driver.execute_script(
        "const map = document.querySelector('.folium-map').getBoundingClientRect();"
        "return [...document.querySelectorAll('.leaflet-tile-pane img')].map((tile) => {"
        " const {left, top, width} = tile.getBoundingClientRect();"
        " return {left: left - map.left, top: top - map.top, width, src: tile.src}; });"
    )


def on_tiles(page, lng, lat):
    """Give where tiles that are web Mercator have a place, in pixels of the map's container."""
    tile = tiles(page)[0]
    at = {name: int(re.search(rf"[?&/]{name}=?(\d+)", tile["src"])[1]) for name in "xyz"}
    world = 2 ** at["z"]
    x = (lng + 180) / 360 * world
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * world
    return (
        tile["left"] + (x - at["x"]) * tile["width"],
        tile["top"] + (y - at["y"]) * tile["width"],
    )


def test_on_amap_the_study_lies_where_gcj_02_has_it(page, town):
    units = town.area.units
    drawn = unit_cells(units, town.area.townships)
    points = drawn.geometry.representative_point().to_crs(4326)
    there = from_wgs84(points.x.to_numpy(), points.y.to_numpy(), "gcj02")
    pixel = "return livingcircle.pixel(arguments[0])"
    before = [page.driver.execute_script(pixel, at) for at in range(len(units))]
    where = "const {lat, lng} = livingcircle.map.getCenter(); return [lat, lng]"
    centre = page.driver.execute_script(where)
    choose(page, "amap")
    asked(page)
    for at, (lng, lat) in enumerate(zip(*there, strict=True)):
        shown = page.driver.execute_script(pixel, at)
        assert (shown["x"], shown["y"]) == pytest.approx(on_tiles(page, lng, lat), abs=1)
    assert page.driver.execute_script(where) == pytest.approx(centre, abs=1e-4)  # it stays there
    # What is drawn moved with it: a click on the unit finds the unit.
    ids = units["unit_id"].tolist()
    page.driver.execute_script("document.querySelector('#ground').open = false")
    page.click_map(page.driver.execute_script(pixel, ids.index(SOUTH)))
    assert page.text("#detail h2") == units["name"].iloc[ids.index(SOUTH)]
    page.find("#ground summary").click()
    choose(page, "")
    for at, was in enumerate(before):
        assert page.driver.execute_script(pixel, at) == pytest.approx(was, abs=1)
    page.console()


def test_a_place_chosen_on_amap_is_the_place_in_the_study(page, town):
    choose(page, "amap")
    page.driver.execute_script("document.querySelector('#ground').open = false")
    ids = town.area.units["unit_id"].tolist()
    page.find("#tool-place").click()
    page.click_map(page.driver.execute_script(f"return livingcircle.pixel({ids.index(SOUTH)})"))
    (placed,) = page.driver.execute_script("return JSON.parse(livingcircle.plan()).added")
    point = town.area.units.geometry.representative_point().iloc[ids.index(SOUTH)]
    metres = page.driver.execute_script(
        "const map = livingcircle.map;"
        "const [one, next] = [[0, 0], [1, 0]].map((point) => map.containerPointToLatLng(point));"
        "return map.distance(one, next)"
    )
    off = np.hypot(placed["x_cm"] / 100 - point.x, placed["y_cm"] / 100 - point.y)
    assert off < 1.5 * metres
    page.console()


def test_axe_finds_nothing_in_the_chooser(page):
    page.driver.execute_script(AXE)
    choose(page, "tianditu")
    assert page.driver.execute_async_script(FIND) == []


def test_the_basemap_is_chosen_by_keys(page):
    page.find("#ground summary").send_keys(Keys.ENTER)
    assert not page.find("#choose-basemap").is_displayed()
    page.find("#ground summary").send_keys(Keys.ENTER)
    page.find("#choose-basemap").send_keys(Keys.ARROW_DOWN)
    assert all(re.fullmatch(HOSTS["osm"], urlsplit(each).netloc) for each in asked(page))
    page.console()
