"""A limit by bicycle, all the way to the page and the workbook's method sheet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import geo
from layers.project import Limit
from maps.content import page_content
from maps.sheets_method import method_sheet
from tests.town import town_area, town_project
from tests.town_settings import town_bike

if TYPE_CHECKING:
    from geo.study import Study


@pytest.fixture(scope="module")
def by_bicycle() -> Study:
    """Give the town where shops are to be reached by bicycle."""
    project = town_project()
    limit = Limit(5, "bike", "town")
    categories = project.categories | {
        "shop": replace(project.categories["shop"], urban=limit, rural=limit)
    }
    modes = project.modes | {"bike": town_bike()}
    return geo.assess(town_area(), replace(project, modes=modes, categories=categories))


def test_the_page_offers_the_mode_with_its_speed(by_bicycle: Study) -> None:
    page, columns = page_content(by_bicycle, "zh")
    bike = next(mode for mode in page["modes"] if mode["id"] == "bike")
    assert (bike["name"]["zh"], bike["slowest"], bike["fastest"]) == ("骑自行车", 12.0, 12.0)
    assert bike["slope"]
    assert "unit/bike/shop/place" in columns.directory
    shop = next(category for category in page["categories"] if category["id"] == "shop")
    assert shop["urban"] == shop["rural"] == {"minutes": 5, "mode": "bike"}


def test_coverage_and_scorecard_go_by_the_bicycle(by_bicycle: Study) -> None:
    rows = by_bicycle.coverage[by_bicycle.coverage["indicator"] == "shop"]
    assert set(rows["mode"]) == {"bike"}
    on_foot = geo.assess(town_area(), town_project()).unit_times
    ridden = by_bicycle.unit_times
    walks, rides = (
        frame[(frame["category"] == "shop") & (frame["mode"] == mode)].set_index("unit_id")
        for frame, mode in ((on_foot, "walk"), (ridden, "bike"))
    )
    assert (rides["minutes"] <= walks["minutes"].reindex(rides.index)).all()
    county = by_bicycle.scorecard[by_bicycle.scorecard["level"] == "county"]
    told = county.loc[county["indicator"].str.startswith("shop:"), "limit"]
    assert len(told)
    assert told.str.contains("骑自行车").all()


def test_the_method_sheet_says_what_slopes_do_to_each_mode(by_bicycle: Study) -> None:
    told = {row[1]: row[2] for row in method_sheet(by_bicycle, "zh").rows}
    assert (
        told["骑自行车：坡度系数"] == "上坡 5% 为 0.62，10% 为 0.25；下坡 5% 为 1.25，10% 为 0.50"
    )
    assert told["步行：坡度系数"].startswith("上坡 5% 为 0.84，10% 为 0.70；下坡 5% 为 1.19")
    assert "驾车：坡度系数" not in told
