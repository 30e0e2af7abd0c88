"""Many counties on one page: each county's figures are its own, and its page is a click away."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from typer.testing import CliRunner

import geo
import layers
from layers.errors import LayerError
from layers.vocabulary import text
from livingcircle import app
from maps import gis_frames, write_page
from maps.outcome import BAD, DONE
from maps.overview import write_overview
from maps.style import COVERED, NO_DATA, NOT_COVERED
from tests.browser.test_access import AXE, FIND
from tests.page_block import block_of
from tests.town import SOUTH, town_area, town_project

if TYPE_CHECKING:
    import geopandas as gpd

pytestmark = pytest.mark.browser

CODE, OTHER = "350421", "350423"
HOSTILE = "</script><img src=x onerror=\"document.title='上当'\"> {{7*7}} \u202e😀"


def elsewhere(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give a layer 20 km to the east, with the codes of another county."""
    moved = frame.set_geometry(frame.translate(xoff=20_000))
    moved = moved.reset_index(drop=True)
    for column in ("unit_id", "township_id", "residence_id"):
        if column in moved:
            moved[column] = [each and each.replace(CODE, OTHER) for each in moved[column]]
    return moved


@pytest.fixture(scope="module")
def studies(town):
    """Give the town, and another like it without its shop and with names that do harm."""
    area, project = town_area(), town_project()
    units = elsewhere(area.units)
    shops = area.facilities["category"] == "shop"
    units.loc[0, "name"] = HOSTILE
    facilities = elsewhere(area.facilities[~shops].reset_index(drop=True)).assign(serves=None)
    other = replace(
        area,
        units=units,
        residences=elsewhere(area.residences),
        facilities=facilities,
        streets=area.streets.set_geometry(area.streets.translate(xoff=20_000)),
        townships=elsewhere(area.townships),
        registers=None,
    )
    return town, geo.assess(other, replace(project, name=HOSTILE))


@pytest.fixture(scope="module")
def folders(studies, tmp_path_factory):
    root = tmp_path_factory.mktemp("各县 counties")
    found = []
    for at, study in enumerate(studies):
        folder = root / f"县 {at}#"
        folder.mkdir()
        frames = gis_frames(study)
        layers.write_frames(frames, folder / "results.gpkg")
        counts = {name: len(frame) for name, frame in frames.items()}
        layers.write_record(study.project, study.area, folder / "run.json", counts=counts)
        found.append(folder)
    write_page(studies[0], found[0] / "map.html")
    return found


@pytest.fixture(scope="module")
def path(folders):
    return write_overview(folders, folders[0].parent / "总览")


@pytest.fixture(scope="module")
def opened(browser, path):
    browser.open(path)
    yield browser
    assert browser.requests() == [path.as_uri()]


@pytest.fixture
def page(opened):
    opened.choose("category", 0)
    opened.find("#home").click()
    yield opened
    assert opened.console() == []


def judged(study, category):
    """Give the rows of a category by its own limit, as the study has them, and which are known."""
    rows = study.coverage[study.coverage["indicator"] == category]
    known = rows["covered"].notna() & (rows["reason"] != "no_data")
    return rows, known


def test_every_county_has_its_own_figures_and_all_are_their_sum(page, studies):
    for at, category in enumerate(studies[0].project.categories, start=1):
        page.choose("category", at)
        shown = page.figures()
        sums = dict.fromkeys(("people", "reached", "units", "covered"), 0)
        for study, county in zip(studies, shown["counties"], strict=True):
            rows, known = judged(study, category)
            own = {
                "people": rows["people"][known].sum(),
                "reached": rows["people_covered"][known].sum(),
                "units": int(known.sum()),
                "covered": int(rows["covered"][known].sum()),
            }
            assert {name: county[name] for name in own} == own
            for level, figure in ((category, "share"), (f"{category}:units", "unitShare")):
                told = study.scorecard.set_index(["level", "indicator"])["value"]["county", level]
                known_share = None if np.isnan(told) else pytest.approx(told, rel=1e-12)
                assert county[figure] == known_share
            sums = {name: sums[name] + own[name] for name in own}
        assert {name: shown["all"][name] for name in sums} == sums


def test_every_unit_is_as_in_its_county(page, studies):
    for at, category in enumerate(studies[0].project.categories, start=1):
        page.choose("category", at)
        page.find("#choose-show [data-value=covered]").click()
        rows = [judged(study, category) for study in studies]
        told = np.concatenate([each["covered"].fillna(value=False) for each, _ in rows])
        known = np.concatenate([each for _, each in rows])
        colours = [
            NO_DATA if not is_known else COVERED if covered else NOT_COVERED
            for covered, is_known in zip(told, known, strict=True)
        ]
        assert page.driver.execute_script("return livingcircle.colours()") == colours
        minutes = np.concatenate([each["minutes"] for each, _ in rows])
        ms = np.where(np.isnan(minutes), -1, np.rint(np.nan_to_num(minutes) * 60_000))
        assert page.figures()["units"]["ms"] == ms.tolist()


def test_the_circle_is_that_of_the_county_pages(page, studies, tmp_path):
    shown = page.figures()
    of_counties = []
    for at, study in enumerate(studies):
        page.driver.switch_to.new_window("tab")
        page.driver.get(f"{write_page(study, tmp_path / f'{at}.html').as_uri()}#category=circle")
        page.wait("return window.livingcircle?.ready === true")
        of_counties.append(page.figures())
        page.driver.close()
        page.driver.switch_to.window(page.driver.window_handles[0])
    page.requests()
    for county, own in zip(shown["counties"], of_counties, strict=True):
        assert county == own["county"]
    reached = [each for own in of_counties for each in own["units"]["reachedOf"]]
    assert shown["units"]["reachedOf"] == reached


def test_counties_are_sorted_by_mouse_and_by_keys(page, studies):
    page.choose("category", 1 + list(studies[0].project.categories).index("shop"))
    page.find("#counties [data-sort=gaps]").click()
    gaps = [int(row[3]) for row in page.cells("#counties tbody tr")]
    assert gaps == sorted(gaps, reverse=True)
    assert len(set(gaps)) == len(studies)
    ActionChains(page.driver).send_keys(Keys.ENTER).perform()
    assert [int(row[3]) for row in page.cells("#counties tbody tr")] == sorted(gaps)
    assert page.find("#counties th[aria-sort=ascending]").text == text("page.column.gaps")


def test_a_county_is_chosen_by_its_name_and_a_unit_on_the_map(page, studies):
    page.find("#counties [data-county='0'] button").send_keys(Keys.ENTER)
    assert page.text("#county h2") == studies[0].project.name
    towns = studies[0].scorecard[studies[0].scorecard["level"] == "township"]["area"].unique()
    assert {row[0] for row in page.cells("#towns tbody tr")} == set(towns)
    rows, known = judged(studies[0], next(iter(studies[0].project.categories)))
    of = rows["unit_id"].map(studies[0].area.units.set_index("unit_id")["township"])
    gaps = (known & ~rows["covered"].eq(True)).groupby(of).sum()  # noqa: FBT003 - a value
    page.choose("category", 1)
    assert {row[0]: int(row[3]) for row in page.cells("#towns tbody tr")} == gaps.to_dict()
    ids = studies[0].area.units["unit_id"].tolist()
    pixel = page.driver.execute_script(f"return livingcircle.pixel({ids.index(SOUTH)})")
    page.click_map(pixel)
    assert "河南村" in page.text("#unit-told")
    page.driver.execute_script("document.querySelector('.folium-map').focus()")
    page.driver.execute_script(
        "const {x, y} = livingcircle.pixel(arguments[0]), size = livingcircle.map.getSize();"
        "livingcircle.map.panBy([x - size.x / 2, y - size.y / 2], {animate: false})",
        0,
    )
    ActionChains(page.driver).send_keys(Keys.ENTER).perform()
    assert studies[0].area.units["name"].iloc[0] in page.text("#unit-told")


def test_a_county_with_a_page_is_linked_to_it(page, path, folders):
    (link,) = page.all("#counties a")
    assert link.get_attribute("href") == (folders[0] / "map.html").as_uri()
    link.click()
    page.wait("return window.livingcircle?.plan !== undefined")
    assert unquote(urlsplit(page.driver.current_url).path) == str(folders[0] / "map.html")
    page.open(path)


def test_names_do_no_harm(page):
    page.find("#counties [data-county='1'] button").click()
    assert HOSTILE[:20] in page.text("#county h2")
    assert page.all("img[src=x]") == []
    assert "上当" not in page.driver.title


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page, theme):
    page.driver.execute_script(AXE)
    assert page.find("html").get_attribute("data-theme") == theme
    page.find("#counties [data-county='0'] button").click()
    assert page.driver.execute_async_script(FIND) == []
    page.find("#theme").click()


def test_the_page_speaks_english_too(page):
    page.find("#language").click()
    assert page.text("#counties [data-sort=name]") == text("page.overview.county", "en")
    page.find("#language").click()


def test_the_overview_may_ask_nobody_for_anything(path):
    html = path.read_text(encoding="utf-8")
    assert 'img-src data: blob:"' in html
    assert block_of(html).header["counties"][1]["page"] is None


def test_the_command_writes_it_and_refuses_a_county_given_twice(folders, tmp_path):
    ran = CliRunner().invoke(
        app, ["overview", *map(str, folders), "--out", str(tmp_path / "o"), "--name", "某市"]
    )
    assert ran.exit_code == DONE, ran.output
    html = (tmp_path / "o" / "overview.html").read_text(encoding="utf-8")
    assert block_of(html).header["name"] == "某市"
    twice = CliRunner().invoke(
        app, ["overview", str(folders[0]), str(folders[0]), "--out", str(tmp_path / "p")]
    )
    assert twice.exit_code == BAD
    assert text("problems.unit_in_two_results.remedy")[:6] in twice.stderr
    assert not (tmp_path / "p").exists()


def test_a_folder_without_results_is_refused(folders, tmp_path):
    with pytest.raises(FileNotFoundError):
        write_overview([folders[0], tmp_path], tmp_path / "out")
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    (tmp_path / "results.gpkg").write_bytes((folders[0] / "results.gpkg").read_bytes())
    with pytest.raises(LayerError):
        write_overview([tmp_path], tmp_path / "out")


def test_public_results_are_refused_for_they_have_no_homes(folders, tmp_path):
    record = json.loads((folders[0] / "run.json").read_text(encoding="utf-8"))
    told = json.dumps(record | {"profile": "public"})
    (tmp_path / "run.json").write_text(told, encoding="utf-8")
    (tmp_path / "results.gpkg").write_bytes((folders[0] / "results.gpkg").read_bytes())
    with pytest.raises(LayerError) as refused:
        write_overview([tmp_path], tmp_path / "out")
    assert [problem.code for problem in refused.value.problems] == ["results_public"]
    assert not (tmp_path / "out").exists()
