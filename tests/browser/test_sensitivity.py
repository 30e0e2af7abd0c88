"""The page tells what depends on an assumption being exact, as the workbook does."""

from __future__ import annotations

import pytest

from maps import write_page
from maps.sheets_sensitivity import sensitivity_sheet

pytestmark = pytest.mark.browser

SHARES = {"share": "", "units": ":units"}


@pytest.fixture(scope="module")
def opened(browser, town, tmp_path_factory):
    browser.open(write_page(town, tmp_path_factory.mktemp("sensitive") / "map.html"))
    return browser


@pytest.fixture
def page(opened):
    opened.limit(None)
    opened.choose("township", "")
    opened.choose("cohort", "")
    opened.find("#tab-units").click()
    return opened


def filtered(page):
    """Filter the table to the sensitive units; give their codes, and what the mark says."""
    page.driver.execute_script(
        "const filter = document.getElementById('filter'); filter.value = 'sensitive';"
        "filter.dispatchEvent(new Event('change'));"
    )
    page.cells("#units tbody tr")
    rows = page.all("#units tbody tr[data-unit]")
    return {
        int(row.get_attribute("data-unit")): row.find_element("css selector", "td").get_attribute(
            "title"
        )
        for row in rows
        if row.find_elements("css selector", ".mark")
    }


def listed(study, category):
    """Give from the workbook the changes that turn each unit, by its row."""
    order = study.area.units["unit_id"].tolist()
    name = study.project.category_name(category, "zh")
    rows = [row for row in sensitivity_sheet(study, "zh").rows if row[3] == name]
    return {order.index(row[1]): (row[4], row[6]) for row in rows}


def sensitive(study):
    """Give the position and id of a category that has a sensitive unit."""
    return next(
        (at, name) for at, name in enumerate(study.project.categories) if listed(study, name)
    )


def test_the_table_marks_and_filters_the_units_that_the_workbook_lists(page, town):
    checked = 0
    for at, category in enumerate(town.project.categories):
        page.choose("category", at)
        expected = listed(town, category)
        options = page.text("#filter")
        if not expected:
            assert "敏感单元 (" not in options or "敏感单元 (0)" in options
            continue
        assert f"敏感单元 ({len(expected)})" in options
        found = filtered(page)
        assert set(found) == set(expected)
        for unit, (now, by) in expected.items():
            turned = "即可覆盖" if now == "未覆盖" else "就不再覆盖"
            assert found[unit].endswith(f"敏感：{by}{turned}")
        checked += len(expected)
    assert checked > 1


def test_a_unit_tells_of_each_category_what_would_turn_it(page, town):
    at, category = sensitive(town)
    unit, (_, by) = next(iter(listed(town, category).items()))
    page.choose("category", at)
    page.driver.execute_script("document.getElementById('filter').value = 'all'")
    page.cells("#units tbody tr")
    page.find(f"#units tr[data-unit='{unit}']").click()
    name = town.project.category_name(category, "zh")
    told = {row.text.split("\n")[0]: row.text for row in page.all("#unit tbody tr")}
    assert f"敏感：{by}" in told[name]


def test_the_boxes_tell_how_far_the_shares_swing(page, town):
    rows = town.scorecard.set_index(["area_id", "indicator"])
    whole = town.scorecard.loc[town.scorecard["level"] == "county", "area_id"].iloc[0]
    first = town.area.units["township_id"].dropna().min()
    at_first = page.driver.execute_script(
        "return [...document.getElementById('choose-township').options].findIndex("
        "(each) => each.text === arguments[0])",
        town.area.units.set_index("township_id")["township"][first].iloc[0],
    )
    swings = 0
    for at, category in enumerate(town.project.categories):
        page.choose("category", at)
        for place, area in enumerate((whole, first)):
            page.choose("township", at_first - 1 if place else "")
            for box, over in SHARES.items():
                row = rows.loc[(area, category + over)]
                said = page.text(f"#{'township' if place else 'county'}-{box} .swings")
                low, high = (f"{row[f'swing_{end}']:.1%}" for end in ("low", "high"))
                assert said == ("稳健" if low == high else f"浮动 {low}–{high}")
                swings += low != high
    page.choose("township", "")
    assert swings > 1


def test_what_the_study_did_not_ask_is_not_told(page, town):
    at, _ = sensitive(town)
    page.choose("category", at)
    assert page.all("#county-share .swings")
    page.limit(29)
    assert page.all("#county-share .swings") == []
    assert "敏感单元" not in page.text("#filter")
    page.limit(None)
    page.choose("cohort", "age_60_plus")
    assert page.all("#county-share .swings") == []
    assert page.all("#county-units .swings")
    page.choose("cohort", "")
    page.find("#tab-plan").click()
    page.find("#place").click()
    page.click_map(page.driver.execute_script("return livingcircle.pixel(0)"))
    assert page.all("#county-share .swings") == []
    page.find("#undo").click()
    assert page.all("#county-share .swings")


def test_the_saved_table_says_of_every_unit_whether_it_is_robust(page, town):
    at, category = sensitive(town)
    page.choose("category", at)
    page.driver.execute_script(
        "const filter = document.getElementById('filter'); filter.value = 'all';"
        "filter.dispatchEvent(new Event('change'));"
    )
    saved = page.driver.execute_async_script(
        "const done = arguments[0], real = URL.createObjectURL;"
        "URL.createObjectURL = (blob) => { blob.text().then(done); return real(blob); };"
        "document.getElementById('save-csv').click(); URL.createObjectURL = real;"
    )
    rows = [line.split(",") for line in saved.strip().splitlines()]
    assert rows[0][-1] == "稳健性"
    told = {row[0]: row[-1] for row in rows[1:]}
    ids = town.area.units["unit_id"].tolist()
    turned = {ids[unit] for unit in listed(town, category)}
    assert {unit for unit, word in told.items() if word.startswith("敏感：")} == turned
    assert {word for word in told.values() if not word.startswith("敏感：")} <= {"稳健", ""}


def test_the_other_language_tells_the_same(page, town):
    at, _ = sensitive(town)
    page.choose("category", at)
    page.find("#language").click()
    try:
        assert "Sensitive units (" in page.text("#filter")
        found = filtered(page)
        assert found
        assert all("sensitive: " in told for told in found.values())
    finally:
        page.find("#language").click()
