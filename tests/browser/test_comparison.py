"""Two runs in one page: figures of both, what became of units, and a divider between the two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import geo
from layers.errors import LayerError
from layers.results import Results
from maps import write_comparison_page, write_page
from maps.style import CHANGE, NO_DATA
from tests.browser.test_access import AXE, FIND
from tests.layers.test_results import record
from tests.town import CORNER, SOUTH, town_area, town_project

if TYPE_CHECKING:
    import pandas as pd

    from geo.study import Study

pytestmark = pytest.mark.browser


def without(area, *, unit, facilities=()):
    """Give an area less one unit, with its residences, and less some facilities."""
    units, homes, there = area.units, area.residences, area.facilities
    return replace(
        area,
        units=units[units["unit_id"] != unit].reset_index(drop=True),
        residences=homes[homes["unit_id"] != unit].reset_index(drop=True),
        facilities=there[~there["facility_id"].isin(facilities)].reset_index(drop=True),
    )


@pytest.fixture(scope="module")
def runs() -> tuple[Study, Study]:
    """Give an old run less a corner and the shop, a new one less the south and the clinic."""
    area, project = town_area(), town_project()
    # That there was no shop then is known: nothing listed alone would say nothing.
    no_shop = replace(project, absent=project.absent | {"shop"})
    return (
        geo.assess(without(area, unit=CORNER, facilities=["shop-main"]), no_shop),
        geo.assess(without(area, unit=SOUTH, facilities=["clinic-main"]), project),
    )


@pytest.fixture(scope="module")
def path(runs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    pages = [write_page(study, folder / f"{at}.html") for at, study in enumerate(runs)]
    told = record(data_date="2023-12"), record(data_date="2024-12", settings={"rules": {}})
    results = tuple(
        Results(each, {"scorecard": study.scorecard})
        for each, study in zip(told, runs, strict=True)
    )
    return write_comparison_page(tuple(pages), results, folder / "compare.html")


@pytest.fixture(scope="module")
def opened(browser, path):
    browser.open(path)
    yield browser
    assert browser.requests() == [path.as_uri()]


@pytest.fixture
def page(opened):
    opened.choose("category", 0)
    opened.choose("township", "")
    opened.find("#choose-runs [data-value=change]").click()
    opened.find("#home").click()
    yield opened
    assert opened.console() == []


def known_rows(study: Study, category: str) -> pd.DataFrame:
    coverage = study.coverage
    return coverage[(coverage["indicator"] == category) & coverage["covered"].notna()]


def covered_of(study: Study, category: str) -> dict[str, bool]:
    rows = known_rows(study, category)
    return dict(zip(rows["unit_id"], rows["covered"], strict=True))


def became(runs, category):
    """Say of every unit of the new run what became of it, from the two frames of coverage."""
    old, new = (covered_of(study, category) for study in runs)
    words = {(False, True): "gained", (True, False): "lost", (True, True): "still"}
    return {
        unit: "never" if (old[unit], now) == (False, False) else words[old[unit], now]
        for unit, now in new.items()
        if unit in old
    }


def test_both_runs_have_their_own_figures(page, runs):
    old, new = runs
    for at, category in enumerate(new.project.categories):
        page.choose("category", at)
        before = page.driver.execute_script("return livingcircle.before()")
        after = page.figures()
        for study, shown in ((old, before["county"]), (new, after["county"])):
            rows = known_rows(study, category)
            assert shown["units"] == len(rows)
            assert shown["covered"] == rows["covered"].sum()
            assert shown["people"] == rows["people"].sum()
            assert shown["reached"] == rows["people_covered"].sum()
        towns = page.cells("#areas tbody tr")
        assert len(towns) == 1 + new.area.units["township_id"].nunique()


def test_units_are_coloured_by_what_became_of_them_and_listed(page, runs):
    ids = runs[1].area.units["unit_id"].tolist()
    names = dict(zip(ids, runs[1].area.units["name"], strict=True))
    kinds = set()
    for at, category in enumerate(runs[1].project.categories):
        page.choose("category", at)
        told = became(runs, category)
        shown = page.driver.execute_script("return livingcircle.colours()")
        assert shown == [CHANGE[told[unit]] if unit in told else NO_DATA for unit in ids]
        hatched = page.driver.execute_script("return livingcircle.hatched()")
        assert hatched == [int(told.get(unit) == "lost") for unit in ids]
        page.find("#tab-units").click()
        for kind in ("gained", "lost"):
            Select(page.find("#filter")).select_by_value(f"became:{kind}")
            listed = [row[0] for row in page.cells("#units tr[data-unit]")]
            assert set(listed) == {names[unit] for unit, is_ in told.items() if is_ == kind}
        kinds |= set(told.values())
        Select(page.find("#filter")).select_by_value("all")
    assert {"gained", "lost", "still"} <= kinds


def test_a_unit_of_the_table_is_gone_to_by_keys(page):
    page.find("#tab-units").click()
    page.find(".rows").send_keys(Keys.ARROW_DOWN)
    first = page.cells("#units tr[data-unit]")[0][0]
    ActionChains(page.driver).send_keys(Keys.ENTER).perform()
    assert page.text("#detail h2") == first
    assert page.find("#unit").is_displayed()


def test_units_of_one_run_only_and_what_else_differs_are_told(page, runs):
    page.find("#tab-runs").click()
    come, gone = (
        set(one.area.units["unit_id"]) - set(other.area.units["unit_id"])
        for one, other in (runs[::-1], runs)
    )
    assert (come, gone) == ({CORNER}, {SOUTH})
    for which, study, ids in (("come", runs[1], come), ("gone", runs[0], gone)):
        page.find(f"#only-{which} summary").click()
        names = study.area.units.set_index("unit_id")["name"][list(ids)]
        assert [each.text for each in page.all(f"#only-{which} li")] == names.tolist()
    page.find("#differences summary").click()
    rows = page.cells("#differences tr")
    assert ["研究区", "data_date", "2023-12", "2024-12"] in rows
    assert len(page.cells("#gains tbody tr")) == len(runs[1].project.categories)
    assert "2023-12 与 2024-12" in page.text("h1")


def shown_at(page, fraction):
    """Give how the canvases of both runs are clipped, as the part of the map each begins at."""
    at = page.find(".swipe").get_attribute("aria-valuenow")
    clips = page.driver.execute_script(
        "return [...document.querySelectorAll('.study-layer')].map((each) =>"
        " each.firstChild.style.clipPath)"
    )
    assert all("inset" in clip for clip in clips)
    assert len(clips) == 2
    return float(at) == pytest.approx(100 * fraction, abs=1)


def test_a_divider_shows_the_old_run_on_its_left_by_mouse_and_by_keys(page):
    page.find("#choose-runs [data-value=swipe]").click()
    assert shown_at(page, 0.5)
    divider = page.find(".swipe")
    divider.send_keys(Keys.ARROW_RIGHT)
    divider.send_keys(Keys.ARROW_RIGHT)
    assert shown_at(page, 0.6)
    divider.send_keys(Keys.HOME)
    assert shown_at(page, 0)
    width = page.find(".folium-map").size["width"]
    ActionChains(page.driver).click_and_hold(divider).move_by_offset(
        round(width / 4), 0
    ).release().perform()
    assert shown_at(page, 0.25)
    before = page.driver.execute_script("return livingcircle.map.getCenter()")
    assert before == page.driver.execute_script("return livingcircle.map.getCenter()")
    page.find("#choose-runs [data-value=new]").click()
    assert page.all(".swipe") == []
    assert len(page.all(".study-layer")) == 1


def test_choosing_what_to_show_ends_the_difference(page):
    page.find("#choose-show [data-value=covered]").click()
    chosen = page.find("#choose-runs [aria-pressed=true]")
    assert chosen.get_attribute("data-value") == "new"


def test_axe_finds_nothing(page):
    page.driver.execute_script(AXE)
    found = {}
    for shown in ("change", "swipe"):
        page.find(f"#choose-runs [data-value={shown}]").click()
        for tab in ("townships", "units", "detail", "runs", "policy"):
            page.find(f"#tab-{tab}").click()
            found[shown, tab] = page.driver.execute_async_script(FIND)
    assert not any(found.values()), found


def test_what_is_no_page_is_refused(path, tmp_path):
    other = tmp_path / "map.html"
    other.write_text("<html></html>", encoding="utf-8")
    results = Results(record(), {}), Results(record(), {})
    with pytest.raises(LayerError):
        write_comparison_page((other, path), results, tmp_path / "compare.html")
    assert not (tmp_path / "compare.html").exists()
