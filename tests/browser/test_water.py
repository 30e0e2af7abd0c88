"""Rivers and lakes: read as a layer, drawn on the map, named in the legend, counted nowhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from shapely import LineString, MultiLineString, Point, box

import geo
import layers
from layers.vocabulary import text
from maps import write_page
from maps.content import page_content
from tests.browser.test_page import pixels_of
from tests.page_block import Block
from tests.test_plan_run import county
from tests.town import CRS, EAST, NORTH, at, town_area, town_project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser


def water(*shapes):
    ids = [f"w{number}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({"water_id": ids, "name": None}, geometry=list(shapes), crs=CRS)


RIVER = LineString([(EAST - 300, NORTH - 200), (EAST + 600, NORTH - 190), (EAST + 1500, NORTH)])
LAKE = box(EAST + 100, NORTH + 100, EAST + 400, NORTH + 300).difference(
    Point(EAST + 250, NORTH + 200).buffer(60)
)


@pytest.fixture(scope="module")
def wet(town):
    """Give the town with a river in two parts and a lake with an island."""
    river = MultiLineString([RIVER, LineString([(EAST, NORTH + 500), (EAST + 900, NORTH + 500)])])
    return replace(town, area=replace(town.area, water=water(river, LAKE)))


def test_rivers_are_lines_and_lakes_are_rings(wet):
    header, columns = page_content(wet, "zh")
    block = Block(columns.block(header))
    assert list(block.column("water/closed")) == [0, 0, 1, 1]  # two lines, a shore and an island
    assert len(block.column("water/x")) == sum(block.column("water/count"))


def colours_at(page, *places):
    """Give what the screen shows at places in metres of the town."""
    points = gpd.GeoSeries([at(x, y) for x, y in places], crs=CRS).to_crs(4326)
    found = []
    rows = pixels_of(page).reshape(*screen_of(page), 3)
    for point in points:
        pixel = page.driver.execute_script(
            "const {x, y} = livingcircle.map.latLngToContainerPoint([...arguments]);"
            "const box = document.querySelector('.folium-map').getBoundingClientRect();"
            "return [Math.round(box.left + x), Math.round(box.top + y)]",
            point.y,
            point.x,
        )
        found.append(tuple(rows[pixel[1], pixel[0]]))
    return found


def screen_of(page):
    return page.driver.execute_script("return [window.innerHeight, window.innerWidth]")


def test_water_is_drawn_and_named_in_the_legend_and_moves_no_figure(browser, town, wet, tmp_path):
    places = [(120, 120), (-220, -199), (600, 500), (700, 450)]  # no border runs there
    seen = []
    for name, study in (("dry", town), ("wet", wet)):
        browser.open(write_page(study, tmp_path / f"{name}.html"))
        seen.append((colours_at(browser, *places), browser.text(".legend")))
        assert browser.console() == []
    (lake, *rivers, land), (lake_now, *rivers_now, land_now) = (colours for colours, _ in seen)
    assert lake != lake_now == (255, 255, 255)
    assert all(before != now for before, now in zip(rivers, rivers_now, strict=True))
    assert land == land_now
    assert [text("page.legend.water") in legend for _, legend in seen] == [False, True]
    dry = geo.assess(town_area(), town_project())
    assert geo.assess(wet.area, town_project()).coverage["minutes"].equals(dry.coverage["minutes"])


def test_a_layer_of_water_is_read_from_a_planners_folder(tmp_path: Path):
    folder = county(tmp_path / "县")
    water(RIVER, LAKE).drop(columns=["water_id"]).to_file(folder / "水系.gpkg")
    with (folder / "project.toml").open("a", encoding="utf-8") as file:
        file.write('\n[layers."水系"]\nrole = "water"\nsource = "水系.gpkg"\n')
    area = layers.read_study_area(layers.read_project(folder))
    assert area.water is not None
    assert sorted(area.water.geom_type) == ["LineString", "Polygon"]
