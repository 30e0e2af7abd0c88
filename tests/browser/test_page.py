"""The page in a real browser: quiet, offline, driven by mouse and by keys."""

from __future__ import annotations

import warnings

import pytest
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from layers.vocabulary import text
from maps import write_page
from maps.style import COVERED, NOT_COVERED
from tests.town import CENTRE, SOUTH

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def path(town, tmp_path_factory):
    return write_page(town, tmp_path_factory.mktemp("map") / "map.html")


@pytest.fixture(scope="module")
def opened(browser, path):
    browser.open(path)
    yield browser
    assert browser.requests() == [path.as_uri()]  # nothing but the page, whatever was done on it


@pytest.fixture
def page(opened):
    """Give the page as it opens: one page for all, put back before each test."""
    opened.limit(None)
    for name, value in (("category", 0), ("mode", ""), ("cohort", ""), ("township", "")):
        opened.choose(name, value)
    opened.choose("level", "unit")
    opened.driver.execute_script("document.querySelector('#choose-show button').click()")
    opened.find("#tab-townships").click()
    opened.find("#home").click()
    yield opened
    assert opened.console() == []


def keys(page, *pressed):
    ActionChains(page.driver).send_keys(*pressed).perform()


def focused(page):
    return page.driver.switch_to.active_element


def unit_pixel(page, at):
    return page.driver.execute_script(f"return livingcircle.pixel({at})")


def pixels_of(page):
    """Give what is on the screen, one row of red, green and blue for every pixel."""
    with warnings.catch_warnings():
        # a screenshot lies nowhere on earth
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with MemoryFile(page.driver.get_screenshot_as_png()) as file, file.open() as image:
            return image.read([1, 2, 3]).reshape(3, -1).T.astype(int)


def drawn_in(pixels, colour):
    ink = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((pixels == ink).all(axis=1).sum())


def test_units_are_drawn_in_their_colours_and_gaps_are_hatched(page, town):
    page.find("#choose-show [data-value=covered]").click()
    pixels = pixels_of(page)
    assert drawn_in(pixels, COVERED) > 500
    assert drawn_in(pixels, NOT_COVERED) > 500
    gaps = [each == 0 for each in page.figures()["units"]["covered"]]
    assert page.driver.execute_script("return livingcircle.hatched()") == [int(gap) for gap in gaps]
    page.find("#choose-show [data-value=minutes]").click()
    assert len(page.driver.execute_script("return livingcircle.colours()")) == len(town.area.units)


def test_what_the_map_draws_is_what_a_click_finds(page, town):
    names = town.area.units["name"].tolist()
    for at, name in enumerate(names):
        page.click_map(unit_pixel(page, at))
        if name not in page.text("#detail h2"):  # its own point may hold a facility
            assert page.text("#detail h2") in town.area.facilities["facility_id"].tolist()


def test_a_click_on_a_unit_tells_people_minutes_and_every_category_missing_first(page, town):
    ids = town.area.units["unit_id"].tolist()
    page.click_map(unit_pixel(page, ids.index(SOUTH)))
    told = page.text("#detail")
    assert "河南村" in told
    assert "新城镇" in told
    assert "人口\n100" in told
    rows = page.cells("#unit tbody tr")
    late = len(page.all("#unit tbody tr.late"))
    assert late > 0
    assert rows[:late] == page.cells("#unit tbody tr.late")
    assert {row[0].split()[0] for row in rows} == set(town.project.categories)


def test_minutes_are_rounded_up(page, town):
    ids = town.area.units["unit_id"].tolist()
    page.click_map(unit_pixel(page, ids.index(CENTRE)))
    exact = town.unit_times[town.unit_times["mode"] == "walk"].set_index(["unit_id", "category"])
    shown = float({row[0].split()[0]: row for row in page.cells("#unit tbody tr")}["clinic"][1])
    assert 0 <= shown * 60_000 - exact["milliseconds"][CENTRE, "clinic"] < 6_000


def test_a_gap_is_explained_in_the_table_and_enter_shows_its_unit(page, town):
    page.find("#tab-units").click()
    Select(page.find("#filter")).select_by_value("gaps")
    gaps = town.gaps[town.gaps["indicator"] == "clinic"]
    rows = page.cells("#units tr[data-unit]")
    assert [row[0] for row in rows] == gaps["name"].tolist()
    assert [row[4] for row in rows] == [text(f"words.reason.{each}") for each in gaps["reason"]]
    page.find(".rows").send_keys(Keys.ARROW_DOWN)
    keys(page, Keys.ARROW_DOWN, Keys.ENTER)
    assert page.text("#detail h2") == gaps["name"].iloc[1]
    page.find("#tab-units").click()
    Select(page.find("#filter")).select_by_value("all")


def test_the_row_in_focus_shows_all_of_its_reason(page, town):
    page.find("#tab-units").click()
    reason = town.gaps[town.gaps["indicator"] == "clinic"]["reason"].iloc[0]
    page.find(".rows").send_keys(Keys.ARROW_DOWN)
    shown = page.driver.execute_script(
        "return [...document.querySelectorAll('#units tr[data-unit]')].slice(0, 2).map((row) =>"
        " [getComputedStyle(row.lastChild, '::after').content, row.lastChild.title])"
    )
    said = text(f"words.reason.{reason}")
    assert shown[0] == [f'"{said}"', said]
    assert shown[1][0] == "none"


def test_the_table_is_sorted_by_a_click_and_by_keys_and_filtered_by_reason(page, town):
    page.find("#tab-units").click()
    page.find("#units [data-sort=people]").click()
    people = [float(row[1]) for row in page.cells("tr[data-unit]")]
    assert people == sorted(people, reverse=True)
    assert focused(page).get_attribute("data-sort") == "people"
    keys(page, Keys.ENTER)
    people = [float(row[1]) for row in page.cells("tr[data-unit]")]
    assert people == sorted(people)
    barrier = text("words.reason.barrier")
    reasons = town.gaps[town.gaps["indicator"] == "clinic"]["reason"].tolist()
    Select(page.find("#filter")).select_by_value(f"why:{barrier}")
    assert len(page.cells("tr[data-unit]")) == reasons.count("barrier") > 0
    Select(page.find("#filter")).select_by_value("all")


def test_a_unit_chosen_on_the_map_is_marked_in_the_table(page, town):
    ids = town.area.units["unit_id"].tolist()
    page.find("#tab-units").click()
    page.click_map(unit_pixel(page, ids.index(SOUTH)))
    assert page.cells("#units tr[aria-current=true]")[0][0] == "河南村"


def test_the_rows_are_saved_and_copied_as_they_are_shown(page, town):
    page.find("#tab-units").click()
    saved = page.driver.execute_script(
        "window.saved = []; const real = URL.createObjectURL;"
        "URL.createObjectURL = (blob) => { window.saved.push(blob); return real(blob); };"
        "document.getElementById('save-csv').click(); URL.createObjectURL = real;"
        "return window.saved[0].arrayBuffer().then((bytes) => Array.from(new Uint8Array(bytes)));"
    )
    lines = bytes(saved).decode("utf-8-sig").split("\r\n")
    assert bytes(saved).startswith(b"\xef\xbb\xbf")
    assert len(lines) == len(town.area.units) + 2
    assert {line.split(",")[0] for line in lines[1:-1]} == set(town.area.units["unit_id"])
    page.find("#copy").click()
    assert str(len(town.area.units)) in page.text(".said")


def test_a_facility_tells_its_service_area_its_units_and_its_room(page, town):
    page.find("#search").send_keys("nursery-main")
    page.find(".results button").click()
    told = page.text("#detail")
    assert "nursery-main" in told
    for word in ("catchment",):
        assert text(f"words.{word}") in told
    served = town.coverage[
        (town.coverage["indicator"] == "nursery")
        & town.coverage["covered"]
        & (town.coverage["facility_id"] == "nursery-main")
    ]
    assert len(page.all(".served li")) == len(served)
    assert "150" in told  # 1.5 places at 10 for 1000 people are room for 150
    page.find(".folium-map").click()  # the facility found lies in the middle
    assert page.text("#detail h2") == "nursery-main"


def test_a_unit_is_found_by_its_name_and_by_keys_alone(page):
    page.find("#search").send_keys("河南")
    keys(page, Keys.ARROW_DOWN, Keys.ENTER)
    assert page.text("#detail h2") == "河南村"
    assert focused(page).tag_name == "h2"


def test_a_name_that_is_nowhere_is_not_found(page):
    page.find("#search").send_keys("不存在的名字")
    assert page.text(".results") == text("page.found_none")
    page.find("#search").send_keys(Keys.ESCAPE)
    assert page.text(".results") == ""


def test_everything_is_chosen_by_keys(page, town):
    chooser = page.find("#choose-category")
    chooser.send_keys(Keys.ARROW_DOWN)
    chooser.send_keys(Keys.ENTER)
    assert page.driver.execute_script("return livingcircle.state().category") == 1
    assert page.text(".legend b") == list(town.project.categories)[1]
    page.find("#choose-show [data-value=share]").send_keys(Keys.ENTER)
    assert page.driver.execute_script("return livingcircle.state().show") == "share"
    assert focused(page).get_attribute("data-value") == "share"
    page.find("#limit").send_keys(Keys.ARROW_LEFT)
    minutes = page.driver.execute_script("return livingcircle.state().minutes")
    assert f"{minutes}" in page.text("#limit-value")
    page.find("#tab-townships").send_keys(Keys.ARROW_RIGHT)
    assert focused(page).get_attribute("id") == "tab-units"
    assert page.find("#tab-units").get_attribute("aria-selected") == "true"


def test_enter_on_the_map_tells_what_lies_in_its_middle(page):
    page.find("#search").send_keys("河南")
    page.find(".results button").click()
    page.find("#tab-townships").click()
    page.driver.execute_script("document.querySelector('.folium-map').focus()")
    keys(page, Keys.ENTER)
    assert page.text("#detail h2") == "河南村"


def test_the_figures_follow_the_slider(page):
    gaps = []
    for minutes in (30, 5):
        page.limit(minutes)
        gaps.append(int(page.text("#county-gaps strong")))
        assert f"步行 {minutes} 分钟" in page.text(".legend")
    assert gaps[0] < gaps[1]


@pytest.mark.parametrize("words", ["步行", "6 公里/小时", "沿路网", "10 分钟", "15 分钟"])
def test_the_legend_tells_mode_speed_method_and_limit(page, words):
    assert words in page.text(".legend")


def test_homes_are_drawn_one_by_one_at_the_level_of_residences(page):
    before = pixels_of(page)
    page.choose("level", "residence")
    assert (pixels_of(page) != before).any()


def test_the_circle_tells_how_many_of_its_categories_a_unit_reaches(page, town):
    page.choose("category", "circle")
    shown = page.figures()["units"]["reachedOf"]
    longest = town.project.circle.minutes[-1]
    circles = town.circles[
        (town.circles["level"] == "unit") & (town.circles["limit_minutes"] == longest)
    ]
    assert shown == circles["reached"].tolist()
    page.find("#tab-units").click()
    assert "/ 3" in page.text("#units")


def test_the_policy_s_indicators_stand_beside_what_they_speak_of(page, town):
    page.choose("category", list(town.project.categories).index("hall"))
    assert "hall-units" in page.text(".policy-lines")
    page.find("#tab-policy").click()
    lines = [line.text for line in page.all(".policy .policy-line")]
    known = {name.partition(":")[0] for name in town.scorecard["indicator"]}
    assert known - set(town.project.categories) == {each.id for each in town.project.indicators}
    assert len(lines) == 8  # the seven, and the minutes beside the one that goes by lists
    value = town.scorecard.set_index(["level", "indicator"])["value"]["county", "clinic-people"]
    assert any("clinic-people" in line and f"{value.item():.1%}" in line for line in lines)


def test_the_page_speaks_the_other_language_and_darkens_at_a_press(page):
    page.find("#language").click()
    assert page.find("html").get_attribute("lang") == "en"
    told = page.text("#panel") + page.text(".legend")
    for words in ("Time", "Mode", "Limit", "Townships", "≤ 15 min", "on foot", "along streets"):
        assert words in told
    page.find("#theme").click()
    assert page.find("html").get_attribute("data-theme") == "dark"
    page.find("#theme").click()
    page.find("#language").click()
    assert page.find("html").get_attribute("lang") == "zh-CN"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_unit_that_is_not_reached_has_a_row_as_high_as_others(page, lang):
    page.find("#tab-units").click()
    heights = page.driver.execute_script(
        "const rows = [...document.querySelectorAll('#units tr[data-unit]')];"
        "rows[0].cells[2].textContent = arguments[0];"
        "return rows.map((row) => row.getBoundingClientRect().height)",
        text("page.unreached", lang),
    )
    assert len(heights) > 1
    assert len(set(heights)) == 1


def test_dragging_and_zooming_keep_every_unit_findable(page, town):
    pan = "livingcircle.map.panBy([40, 30], {animate: false})"
    page.driver.execute_script(f"{pan}; livingcircle.map.zoomOut(0.5, {{animate: false}})")
    ids = town.area.units["unit_id"].tolist()
    page.click_map(unit_pixel(page, ids.index(SOUTH)))
    assert page.text("#detail h2") == "河南村"


def test_pixels_are_as_fine_as_the_screen(page):
    size = (
        "const drawn = document.querySelector('.study-layer canvas');"
        "return drawn.width / parseFloat(drawn.style.width)"
    )
    assert page.driver.execute_script(size) == pytest.approx(1, abs=0.01)
    metrics = {"width": 0, "height": 0, "deviceScaleFactor": 2, "mobile": False}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    page.driver.execute_script("livingcircle.map.panBy([1, 0], {animate: false})")
    assert page.driver.execute_script(size) == pytest.approx(2, abs=0.01)
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    page.driver.execute_script("livingcircle.map.panBy([-1, 0], {animate: false})")
