"""Sheets on paper: what they say, and the PDF that a browser makes of them."""

from __future__ import annotations

import re
import shutil
from base64 import b64decode

import pytest
from typer.testing import CliRunner

import livingcircle
from layers.errors import LayerError
from layers.vocabulary import text
from maps import printing, write_page
from maps.written_page import page_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def path(town, tmp_path_factory):
    return write_page(town, tmp_path_factory.mktemp("result") / "map.html")


def opened_at(browser, path, choice):
    browser.driver.get("about:blank")
    browser.console()
    browser.driver.get(f"{path.as_uri()}#{choice}")
    browser.wait("return window.livingcircle?.ready === true")
    return browser


def test_a_sheet_says_what_where_how_and_who(browser, path):
    page = opened_at(browser, path, "sheet=A4&category=clinic&maker=某局&review=S(2026)001")
    assert page.text("#sheet-head h1") == "小镇 · clinic"
    assert text("page.sheet.internal") in page.text("#sheet-head")
    foot = page.driver.execute_script("return document.getElementById('sheet-foot').textContent")
    for said in ("某局", "S(2026)001", "CGCS2000", "1 : ", "步行 10 分钟"):
        assert said in foot
    for selector in ("#sheet-north", ".legend", ".leaflet-control-scale-line"):
        assert page.find(selector).size["width"] > 0  # below the fold of a small screen, some
    assert not page.find("#panel").is_displayed()
    assert len(page.cells("#sheet-side #areas tbody tr")) == 3
    assert page.console() == []


def test_a_townships_sheet_lists_who_is_left_out(browser, path, town):
    code = "350421002"
    page = opened_at(browser, path, f"sheet=A3&category=clinic&township={code}")
    gaps = town.gaps[(town.gaps["indicator"] == "clinic")]["name"].tolist()
    listed = [row[0] for row in page.cells("#sheet-side table tbody tr")]
    assert listed
    assert set(listed) <= set(gaps)
    assert "新城镇" in page.text("#sheet-head h1")


def test_an_indicators_sheet_tells_its_value_its_target_and_every_township(browser, path, town):
    page = opened_at(browser, path, "sheet=A4&indicator=clinic-people")
    assert page.text("#sheet-head h1") == "小镇 · clinic-people"
    value = town.scorecard.set_index(["level", "indicator"])["value"]["county", "clinic-people"]
    assert f"{value.item():.1%}" in page.text("#sheet-side .policy-line")
    rows = town.scorecard[
        (town.scorecard["indicator"] == "clinic-people") & (town.scorecard["level"] == "township")
    ]
    told = {row[0]: row[1] for row in page.cells("#sheet-side #areas tbody tr")}
    assert told == {row.area: f"{row.value:.1%}" for row in rows.itertuples()}
    assert page.text(".legend b") == "clinic"
    assert page.console() == []


def test_there_is_a_sheet_for_the_circle_each_category_indicator_and_township(path, town):
    sheets = printing.sheets_of(path, lang="zh", paper="A3", maker="某局")
    own = {
        name
        for name in town.scorecard["indicator"]
        if name.split(":")[0] not in town.project.categories
    }
    assert len(sheets) == 1 + len(town.project.categories) + len(own) + 2
    assert {choice["indicator"] for _, choice in sheets if "indicator" in choice} == own
    assert all(name.endswith(".pdf") for name, _ in sheets)
    assert {choice["sheet"] for _, choice in sheets} == {"A3"}
    assert len({name for name, _ in sheets}) == len(sheets)


def test_a_sheet_is_printed_to_one_page_of_pdf(path, tmp_path):
    browser = printing.find_browser()
    if browser is None:
        pytest.skip("no browser to print with")
    sheets = printing.sheets_of(path, lang="zh")[1:2]
    (printed,) = printing.print_sheets(path, tmp_path / "sheets", sheets, browser)
    pdf = printed.read_bytes()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") == 1


def test_what_the_browser_prints_by_its_own_command_is_a_sheet_and_the_page_is_back_after(
    browser, path
):
    page = opened_at(browser, path, "category=clinic&theme=dark")
    page.driver.execute_script("livingcircle.map.setZoom(15, {animate: false})")
    where = "const { lat, lng } = livingcircle.map.getCenter(); return [lat, lng];"
    before = page.driver.execute_script(where)
    pdf = b64decode(
        page.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    )
    assert pdf.count(b"/Type /Page\n") == 1
    (wide, high) = re.search(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf).groups()
    assert [round(float(each) / 72 * 25.4) for each in (wide, high)] == [297, 210]
    page.wait("return document.documentElement.dataset.sheet === undefined")
    assert page.driver.execute_script(where) == pytest.approx(before, abs=1e-4)
    assert page.driver.execute_script("return document.documentElement.dataset.theme") == "dark"
    assert page.find("#panel").is_displayed()
    assert page.all("#sheet-head") == []


def test_without_a_browser_the_command_says_so(path, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(printing, "WINDOWS_PLACES", ())
    ran = CliRunner().invoke(
        livingcircle.app, ["sheets", str(path.parent), "--out", str(tmp_path / "out")]
    )
    assert ran.exit_code == 2
    assert text("problems.no_browser.what")[:8] in ran.output.replace("\n", "")
    assert not (tmp_path / "out").exists()


def test_what_is_no_page_is_refused(tmp_path):
    other = tmp_path / "other.html"
    other.write_text("<html></html>", encoding="utf-8")
    with pytest.raises(LayerError):
        printing.sheets_of(other, lang="zh")
    with pytest.raises(FileNotFoundError):
        page_of(tmp_path)
