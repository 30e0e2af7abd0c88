"""Names that would break a page, studies that are hardly there, shapes that are odd."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
from shapely import MultiPolygon, box

import geo
from layers.vocabulary import text
from maps import write_page
from tests.town import CENTRE, EAST, NORTH

pytestmark = pytest.mark.browser

MARKUP = "<img src=x onerror=alert(1)></script><script>alert(2)</script>{{ 7 * 7 }}\"'&`${1}"
ODD = (
    MARKUP,
    "\u202e\u0645\u062f\u064a\u0646\u0629\u202c \u200f",  # right to left, with marks
    "长" * 10_000,
    "👨‍👩‍👧‍👦🏠\u0000\u0007",
    "=1+1",
    "\n\t ",
)


def opened(browser, study, path, **options):
    browser.open(write_page(study, path, **options))
    return browser


def with_names(town, name):
    area = town.area
    area = replace(
        area,
        units=area.units.assign(name=name, township=name),
        facilities=area.facilities.assign(name=name),
    )
    project = replace(town.project, name=name, attribution=(name,), data_date=name)
    return replace(town, area=area, project=project)


@pytest.mark.parametrize("name", ODD, ids=["markup", "bidi", "long", "emoji", "formula", "blank"])
def test_names_are_shown_as_text_and_never_run(browser, town, tmp_path, name):
    page = opened(browser, with_names(town, name), tmp_path / "map.html")
    page.find("#tab-units").click()
    shown = page.driver.execute_script(
        "return document.querySelector('#units tr[data-unit] td').textContent"
    )
    assert shown == name
    page.find("#units tr[data-unit]").click()
    assert (
        page.driver.execute_script("return document.querySelector('#detail h2').textContent")
        == name
    )
    assert (
        page.driver.execute_script("return document.querySelector('#panel h1').firstChild.data")
        == name
    )
    assert page.all("img") == []
    wide = "return document.documentElement.scrollWidth <= innerWidth"
    assert page.driver.execute_script(wide)
    assert page.console() == []
    assert len(page.requests()) == 1


def test_a_study_without_units_opens(browser, town, tmp_path):
    nothing = replace(
        town,
        **{
            name: getattr(town, name).iloc[:0]
            for name in ("places", "times", "unit_times", "circles", "coverage", "gaps", "areas")
        },
        area=replace(
            town.area,
            units=town.area.units.iloc[:0],
            residences=town.area.residences.iloc[:0],
            facilities=town.area.facilities.iloc[:0],
            streets=None,
        ),
        scorecard=town.scorecard.iloc[:0],
        measured={},
    )
    page = opened(browser, nothing, tmp_path / "map.html")
    for tab in ("townships", "units", "detail", "policy"):
        page.find(f"#tab-{tab}").click()
    assert page.text("#county-share strong") == "—"
    assert page.text("#county-gaps strong") == "0"
    assert page.console() == []


def test_one_unit_alone_opens(browser, town, tmp_path):
    one = town.area.units[town.area.units["unit_id"] == CENTRE].reset_index(drop=True)
    homes = town.area.residences[town.area.residences["unit_id"] == CENTRE].reset_index(drop=True)
    area = replace(town.area, units=one, residences=homes)
    page = opened(browser, geo.assess(area, town.project), tmp_path / "map.html")
    assert page.figures()["county"]["units"] == 1
    assert page.console() == []


def test_three_hundred_islands_and_a_shape_across_the_border_are_drawn_and_found(
    browser, town, tmp_path
):
    def land(west, south, east, north):
        return box(EAST + west, NORTH + south, EAST + east, NORTH + north)

    islands = MultiPolygon(
        [
            land(4000 + 60 * (n % 20), 60 * (n // 20), 4040 + 60 * (n % 20), 40 + 60 * (n // 20))
            for n in range(300)
        ]
    )
    units = town.area.units.copy()
    units.loc[units["name"] == "洲上村", "geometry"] = gpd.GeoSeries([islands], crs=units.crs)[0]
    units.loc[units["name"] == "远山村", "geometry"] = land(-900, 1000, 3500, 1500)  # far across
    page = opened(
        browser, geo.assess(replace(town.area, units=units), town.project), tmp_path / "map.html"
    )
    for name in ("洲上村", "远山村"):
        at = units["name"].tolist().index(name)
        page.click_map(page.driver.execute_script(f"return livingcircle.pixel({at})"))
        assert page.text("#detail h2") == name
    assert page.console() == []


def test_simulated_data_says_so(browser, town, tmp_path):
    study = replace(town, project=replace(town.project, simulated=True))
    page = opened(browser, study, tmp_path / "map.html")
    assert text("words.simulated") in page.text(".legend")
    assert text("words.simulated") in page.text("#panel h1")


def test_dwellings_are_never_called_people(browser, town, tmp_path):
    area = town.area
    area = replace(
        area,
        units=area.units.assign(people=float("nan")),
        residences=area.residences.assign(people=float("nan")),
    )
    page = opened(browser, replace(town, area=area, basis="dwellings"), tmp_path / "map.html")
    assert "住宅" in page.text(".summary")
    assert "人" not in page.text(".summary .boxes")


def test_the_page_opens_in_the_language_it_was_written_for(browser, town, tmp_path):
    page = opened(browser, town, tmp_path / "map.html", lang="en")
    assert page.find("html").get_attribute("lang") == "en"
    assert "Townships" in page.text("#panel")
    assert page.console() == []
