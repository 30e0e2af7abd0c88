"""One queue for a full facility, whoever comes on foot and whoever comes by car."""

from __future__ import annotations

from dataclasses import replace

import pytest

import geo
from layers.project import Limit
from maps import write_page
from tests.town import town_area, town_project

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("places", [0.5, 1.0, 1.5, 2.0, 3.0])
def test_the_page_serves_whom_python_serves(browser, tmp_path, places):
    project = town_project()
    nursery = replace(
        project.categories["nursery"],
        urban=Limit(10, "walk", "test"),
        rural=Limit(5, "drive", "test"),
    )
    area = town_area()
    facilities = area.facilities
    full = facilities["capacity"].mask(facilities["category"] == "nursery", places)
    study = geo.assess(
        replace(area, facilities=facilities.assign(capacity=full)),
        replace(
            project, categories={"nursery": nursery} | dict(project.categories, nursery=nursery)
        ),
    )
    browser.open(write_page(study, tmp_path / "map.html"))
    coverage = study.coverage[study.coverage["indicator"] == "nursery"]
    shown = browser.figures()["units"]
    assert shown["reached"] == coverage["people_covered"].tolist()
    assert [each == 1 for each in shown["covered"]] == coverage["covered"].tolist()
