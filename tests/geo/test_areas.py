"""Which polygons a study draws: circles of units, service areas of facilities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import shapely

from geo.areas import AREA_COLUMNS, areas, middle_places
from tests.line_town import home, line_area, line_project, measured, service, unit
from tests.town import CRS

if TYPE_CHECKING:
    import geopandas as gpd

    from tests.line_town import Measured

PROJECT = line_project("shop", "bank")
PROJECT = replace(PROJECT, circle=replace(PROJECT.circle, minutes=(5.0, 10.0)))
UNITS = [unit("a", 30, (0, 0)), unit("b", 5, (600, 900)), unit("c", 1, None), unit("d", 9, (9, 0))]
SERVICES = [service("shop-2", (0, 0)), service("bank-1", (1000, 0)), service("shop-1", (0, 900))]


def drawn(**layers: list[dict[str, object]]) -> gpd.GeoDataFrame:
    """Draw the areas of the town."""
    town = measured(line_area(UNITS, SERVICES, **layers), PROJECT)
    return areas(town.area, town.demand, town.times["walk"], PROJECT)


def test_units_have_a_circle_for_each_minutes_and_facilities_one_area_for_the_longest() -> None:
    found = drawn()
    columns = ["kind", "from_id", "category", "limit_minutes"]
    rows = found[columns].astype(object).where(found[columns].notna(), None)
    # b and shop-1 are 900 m off the street, nobody knows where c is
    assert list(rows.itertuples(index=False, name=None)) == [
        ("living-circle", "a", None, 5.0),
        ("living-circle", "a", None, 10.0),
        ("living-circle", "d", None, 5.0),
        ("living-circle", "d", None, 10.0),
        ("service-area", "bank-1", "bank", 10.0),
        ("service-area", "shop-2", "shop", 10.0),
    ]
    assert found.columns.tolist() == list(AREA_COLUMNS)
    assert set(found["mode"]) == {"walk"}
    assert found.crs == CRS


def test_a_circle_is_drawn_around_its_own_place() -> None:
    found = drawn().set_index(["from_id", "limit_minutes"]).geometry
    west, _, east, _ = found["d", 5.0].bounds
    # 500 m along the street to either side; the street begins at 0, 9 m west of it
    assert east - 500_000 == pytest.approx(509, abs=10)
    assert 500_000 - west == pytest.approx((300 - 5.4) / 1.2, abs=10)


def test_without_streets_there_are_no_areas() -> None:
    found = drawn(streets=[])
    assert found.empty
    assert found.columns.tolist() == list(AREA_COLUMNS)
    assert found.crs == CRS


def middle_of(*homes: tuple[str, float, tuple[float, float]]) -> list[str | None]:
    """Give each unit's middle place by name."""
    made = [home(name, people, place) for name, people, place in homes]
    town: Measured = measured(line_area(UNITS[:2], [], homes=made), PROJECT)
    names = town.demand.frame["residence_id"]
    return [names[row] if row >= 0 else None for row in middle_places(town.demand)]


def test_the_middle_is_the_place_nearest_to_the_weighted_middle() -> None:
    # the middle of a's people is at (97, 97), nearest to a3
    found = middle_of(
        ("a1", 10, (0, 0)), ("a2", 10, (60, 60)), ("a3", 40, (130, 130)), ("b1", 1, (9, 9))
    )
    assert found == ["a3", "b1"]
    # where nobody lives every place counts alike: (63, 63) is nearest to a2
    nobody = [(f"a{row}", 0.0, (y, y)) for row, y in ((1, 0.0), (2, 60.0), (3, 130.0))]
    assert middle_of(*nobody) == ["a2", "unit:b"]


def test_of_two_equally_near_the_middle_the_first_is_taken() -> None:
    assert middle_of(("a2", 5, (0, 0)), ("a1", 5, (0, 100)))[0] == "a1"


def test_a_unit_without_a_place_has_no_middle() -> None:
    town = measured(line_area(UNITS, []), PROJECT)
    assert middle_places(town.demand).tolist() == [0, 1, -1, 2]


def test_areas_are_valid_and_grow_with_the_minutes() -> None:
    found = drawn()
    assert found.is_valid.all()
    circles = found[found["kind"] == "living-circle"].set_index("from_id")
    for unit_id in ("a", "d"):
        small, large = circles.geometry[unit_id]
        assert shapely.area(small) < shapely.area(large)
