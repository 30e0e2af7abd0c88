"""The times of one mode, and the frames made of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.times import (
    located_facilities,
    measure_times,
    straight_kmh,
    times_frame,
    unit_times_frame,
)
from layers.project import Limit, StreetRule
from tests.line_town import Measured, home, line_area, line_project, measured, service, unit

SHOPS = line_project("shop", "bank")
HOMES = [home("a1", 10, (300, 0)), home("a2", 20, (900, 0)), home("b1", 5, (4000, 900))]
UNITS = [unit("a", 30, (0, 0)), unit("b", 5, (0, 0))]
SERVICES = [service("shop-2", (0, 0)), service("shop-1", (1000, 0)), service("bank-1", (900, 30))]


def on_foot(**layers: list[dict[str, object]]) -> Measured:
    """Measure the town on foot."""
    known = {"homes": HOMES} | layers
    return measured(line_area(UNITS, SERVICES, **known), SHOPS)


def test_the_times_are_one_row_per_place_and_category_that_is_reached() -> None:
    town = on_foot()
    rows = times_frame(town.times["walk"], town.demand)
    expected = [
        # 300 m back, 100 m on; nobody is within 500 m of b1
        ("a1", "shop", "shop-2", 180_000, 3.0, 300.0),
        ("a2", "shop", "shop-1", 60_000, 1.0, 100.0),
        ("a1", "bank", "bank-1", 396_000, 6.6, 630.0),
        # 30 m apart
        ("a2", "bank", "bank-1", 36_000, 0.6, 30.0),
    ]
    columns = ["residence_id", "category", "facility_id", "milliseconds", "minutes", "metres"]
    assert list(rows[columns].itertuples(index=False, name=None)) == expected
    assert set(rows["method"]) == {"network"}
    assert set(rows["mode"]) == {"walk"}


def test_a_unit_s_times_are_those_of_its_telling_place() -> None:
    town = on_foot()
    rows = unit_times_frame(town.times["walk"], town.demand, town.area.units)
    columns = ["unit_id", "category", "residence_id", "facility_id", "milliseconds"]
    assert list(rows[columns].itertuples(index=False, name=None)) == [
        ("a", "shop", "a2", "shop-1", 60_000),
        ("a", "bank", "a2", "bank-1", 36_000),
    ]
    assert rows.columns[0] == "unit_id"
    assert "kept" not in rows


def test_only_facilities_that_count_and_have_a_point_are_offered_by_id() -> None:
    services = [
        service("shop-3", (0, 0)),
        service("shop-2", None),
        service("shop-1", (0, 0), status="planned"),
        service("shop-0", (0, 0), status="building"),
    ]
    area = line_area(UNITS, services)
    area = replace(area, facilities=area.facilities.iloc[::-1])
    assert located_facilities(area, SHOPS)["facility_id"].tolist() == ["shop-3"]
    later = replace(SHOPS, rules=replace(SHOPS.rules, statuses=("existing", "planned")))
    assert located_facilities(area, later)["facility_id"].tolist() == ["shop-1", "shop-3"]


def test_without_streets_times_are_straight_lines_with_a_detour() -> None:
    # no class "unclassified" in town: the mode's greatest speed, 7.2 km/h, is 500 ms a metre
    town = on_foot(streets=[])
    walk = town.times["walk"]
    assert walk.method == "straight-line"
    assert (walk.network, walk.places, walk.joined) == (None, None, None)
    rows = times_frame(walk, town.demand).set_index(["category", "residence_id"])
    assert rows.loc[("shop", "a1"), "milliseconds"] == 300 * 1.3 * 500
    assert rows.loc[("shop", "a1"), "metres"] == 390.0
    assert rows.loc[("shop", "b1"), "facility_id"] == "shop-1"
    assert set(rows["method"]) == {"straight-line"}


def test_straight_lines_go_at_the_speed_of_the_class_the_study_names() -> None:
    walk = SHOPS.modes["walk"]
    assert straight_kmh(walk, SHOPS) == 7.2
    slow = replace(walk, classes={**walk.classes, "unclassified": StreetRule(4.0, "town")})
    assert straight_kmh(slow, SHOPS) == 4.0
    named = replace(SHOPS, rules=replace(SHOPS.rules, straight_class="footway"))
    assert straight_kmh(slow, named) == 6.0


def test_a_category_without_facilities_is_reached_by_nobody() -> None:
    project = line_project("shop", "library")
    town = measured(line_area(UNITS, SERVICES, homes=HOMES), project)
    walk = town.times["walk"]
    assert walk.rows_of("library").size == 0
    assert (walk.nearest["library"].milliseconds == -1).all()
    assert set(times_frame(walk, town.demand)["category"]) == {"shop"}


def test_each_mode_is_measured_by_its_own_rules() -> None:
    project = line_project("shop")
    drive = line_project("shop", mode="drive").modes["drive"]
    both = replace(project, modes={**project.modes, "drive": drive})
    by_car = Limit(3.0, "drive", "town")
    both = replace(
        both, categories={"shop": replace(both.categories["shop"], rural=by_car, urban=by_car)}
    )
    town = measured(line_area([unit("a", 1, (1000, 0))], SERVICES[:1]), both)
    found = {name: each.nearest["shop"].milliseconds[0] for name, each in town.times.items()}
    assert found == {"walk": 600_000, "drive": 120_000}
    assert town.rows("shop").loc["a", "minutes"] == 2.0


@pytest.mark.parametrize("streets", [None, []])
def test_measured_again_all_takes_as_long(streets: list[dict[str, object]] | None) -> None:
    town = on_foot(**({} if streets is None else {"streets": streets}))
    again = measure_times(town.area, town.demand, SHOPS.modes["walk"], SHOPS)
    assert list(again.nearest) == ["shop", "bank"]
    for name, nearest in again.nearest.items():
        known = town.times["walk"].nearest[name].milliseconds
        np.testing.assert_array_equal(nearest.milliseconds, known)
