"""Supply and fairness on the page: the county's figures, townships and loads are Python's."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import numpy as np
import pytest

import geo
from layers.vocabulary import PRIORITY
from maps import write_page
from tests.town import town_area, town_project

pytestmark = pytest.mark.browser

FIGURES = {"mean": 1, "gini": 3, "palma": 3, "theil": 3, "concentration": 3, "shortfall": 3}


@pytest.fixture(scope="module")
def study():
    """Give the town with known capacities of two categories, one of them with a standard."""
    area, project = town_area(), town_project()
    library = area.facilities["category"].isin(["clinic", "nursery"])
    capacity = area.facilities["capacity"].where(~library, np.arange(len(library)) + 2.0)
    return geo.assess(replace(area, facilities=area.facilities.assign(capacity=capacity)), project)


@pytest.fixture(scope="module")
def page(browser, study, tmp_path_factory):
    browser.open(write_page(study, tmp_path_factory.mktemp("map") / "map.html"))
    yield browser
    assert browser.console() == []


def shown(value, decimals=1, unit=""):
    if value is None or not np.isfinite(value):
        return "—"
    step = Decimal(1).scaleb(-decimals)
    # nothing at all has no sign
    return f"{Decimal(float(value)).quantize(step, ROUND_HALF_UP) + 0}{unit}"


def share(value):
    return shown(100 * value, 1, "%") if np.isfinite(value) else "—"


def spreads(study):
    return list(study.equity[["category", "measure"]].drop_duplicates().itertuples(index=False))


def look_at(page, study, category, measure):
    page.choose("category", list(study.project.categories).index(category))
    page.driver.execute_script(
        "document.querySelector('#tab-fair').click();"
        "document.querySelector(`#choose-measure [data-value=${arguments[0]}]`)?.click();",
        measure,
    )


def texts(page, selector):
    """Give the figure that each element is of, and what it says."""
    return page.driver.execute_script(
        "return [...document.querySelectorAll(arguments[0])]"
        ".map((each) => [each.dataset.figure ?? '', each.textContent])",
        selector,
    )


def test_the_countys_figures_are_pythons(page, study):
    county = study.equity[study.equity["level"] == "county"].set_index(["category", "measure"])
    assert {measure for _, measure in spreads(study)} == {"minutes", "places_per_1000"}
    for category, measure in spreads(study):
        look_at(page, study, category, measure)
        row = county.loc[(category, measure)]
        told = dict(texts(page, "#fair-county dd"))
        for name, decimals in FIGURES.items():
            assert told.get(name, "—") == shown(row[name], decimals), (category, measure, name)
        assert told.get(f"below_{measure}", "—") == share(row["below"])
        assert told["left_out"] == f"{row['left_out']:,.0f}"
        if row["theil"] > 0:
            part = row["theil_between_urban_rural"] / row["theil"]
            assert told["between_urban_rural"] == share(part)


def test_the_countys_priority_people_are_pythons_and_unknown_ones_are_not_nobody(page, study):
    county = study.equity[study.equity["level"] == "county"].set_index(["category", "measure"])
    assert county["age_60_plus"].notna().all()
    assert county["disabled"].isna().all()
    for category, measure in spreads(study):
        look_at(page, study, category, measure)
        row = county.loc[(category, measure)]
        wanted = [
            [
                *(
                    f"{row[column]:,.0f}" if np.isfinite(row[column]) else "—"
                    for column in (each, f"{each}_reaching_nothing")
                ),
                share(row[f"{each}_below"]),
            ]
            for each in PRIORITY
        ]
        assert [cells[1:] for cells in page.cells("#fair-priority tbody tr")] == wanted


def test_urban_rural_and_townships_are_pythons(page, study):
    for category, measure in spreads(study):
        look_at(page, study, category, measure)
        rows = study.equity.query("category == @category and measure == @measure")
        cells = page.cells("#fair-areas tbody tr")
        assert len(cells) == len(rows)
        for row, cell in zip(rows.itertuples(), cells, strict=True):
            assert cell[1] == f"{row.people:,.0f}"
            assert cell[2] == shown(row.mean, 1)
            assert cell[4] == shown(row.gini, 3)
            assert cell[5] == share(row.below)
        urban, rural = (rows[rows["area_id"] == name]["mean"] for name in ("urban", "rural"))
        if len(urban) and len(rural) and urban.iloc[0] > 0 and rural.iloc[0] > 0:
            assert shown(rural.iloc[0] / urban.iloc[0], 2) in page.text("#fair-gap")


def test_the_lorenz_curve_goes_through_pythons_points(page, study):
    for category, measure in spreads(study):
        look_at(page, study, category, measure)
        own = study.lorenz.query("category == @category and measure == @measure")
        told = [said for _, said in texts(page, "#lorenz circle title")]
        if own["share_of_value"].isna().any():
            assert told == []
            continue
        assert [said.split()[-1] for said in told] == [
            share(each) for each in own["share_of_value"]
        ]


def test_places_per_1000_are_pythons(page, study):
    for category, rows in study.supply_areas.groupby("category", sort=False):
        look_at(page, study, category, "places_per_1000")
        cells = page.cells("#fair-places tbody tr")
        for row, cell in zip(rows.itertuples(), cells, strict=True):
            assert cell[1:] == [
                f"{row.facilities:,}",
                f"{row.places:,.0f}",
                shown(row.places_per_1000),
                shown(row.reached_per_1000),
            ]


def test_how_full_facilities_are_is_pythons(page, study):
    load = study.facility_load.dropna(subset=["room"])
    assert len(load)
    for category, rows in load.groupby("category"):
        look_at(page, study, category, "minutes")
        cells = page.cells("#fair-load tbody tr")
        names = study.area.facilities.set_index("facility_id")["name"]
        wanted = {
            (names[row.facility_id] or row.facility_id, f"{row.people:,.0f}", share(row.load))
            for row in rows.itertuples()
        }
        assert {(cell[0], cell[1], cell[3]) for cell in cells} == wanted


def test_places_within_reach_colour_the_map_and_are_told_by_unit(page, study):
    category = study.supply["category"].iloc[0]
    page.choose("category", list(study.project.categories).index(category))
    page.find("#choose-show [data-value=access]").click()
    units = study.supply.query("level == 'unit' and category == @category")
    places = units.set_index("place_id")["places_per_1000"].reindex(study.area.units["unit_id"])
    order = places.rank(method="dense")
    classes = [
        each.get_attribute("style")
        for each in page.all(".legend li i")
        if each.get_attribute("style")
    ]
    colours = page.driver.execute_script("return livingcircle.colours()")
    assert len(set(colours)) >= 2
    assert len(classes) >= 6
    by_colour = {}
    for colour, rank in zip(colours, order, strict=True):
        if np.isfinite(rank):
            by_colour.setdefault(colour, []).append(rank)
    spans = sorted((min(ranks), max(ranks)) for ranks in by_colour.values())
    assert all(first[1] < second[0] for first, second in pairwise(spans))
    page.find("#choose-show button").click()


def test_a_category_whose_places_nobody_knows_has_no_such_map(page, study):
    known = set(study.supply["category"])
    other = next(name for name in study.project.categories if name not in known)
    page.choose("category", list(study.project.categories).index(other))
    assert page.all("#choose-show [data-value=access]") == []
