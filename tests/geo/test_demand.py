"""Where people are counted, and by what weight."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, Polygon, box

import geo
from geo.demand import Demand, demand
from tests.town import at, frame, town_area, town_project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely import Geometry

NAN = np.nan


def gathered(
    people: Mapping[str, float], homes: list[tuple[str, str, float]], **values: Any
) -> Demand:
    """Gather units of so many people each, and homes given as (name, unit, people)."""
    places: Mapping[str, Geometry | None] = values.pop("places", {})
    units = frame(
        "units",
        [
            {"unit_id": unit, "people": count, "geometry": places.get(unit, at(0, 0))}
            for unit, count in people.items()
        ],
    )
    rows = [
        {"residence_id": name, "unit_id": unit, "people": count, "geometry": at(row, 0)}
        for row, (name, unit, count) in enumerate(homes)
    ]
    nowhere = [{"residence_id": "", "unit_id": "", "people": 0.0, "geometry": at(0, 0)}]
    residences = frame("residences", rows or nowhere).iloc[: len(rows)]
    return demand(units, residences, **values)


def test_a_unit_without_residences_stands_in_with_its_own_point_and_people() -> None:
    found = gathered(
        {"a": 7.0, "b": 9.0},
        [("r", "a", 7.0)],
        places={"b": box(500_000, 2_900_000, 500_010, 2_900_020)},
    )
    assert found.frame["residence_id"].tolist() == ["r", "unit:b"]
    assert found.frame["stands_in"].tolist() == [False, True]
    assert found.weight().tolist() == [7.0, 9.0]
    assert found.unit.tolist() == [0, 1]
    assert (found.x[1], found.y[1]) == (500_005.0, 2_900_010.0)


def test_the_point_of_an_area_lies_in_it_to_the_centimetre() -> None:
    horseshoe = Polygon([(0, 0), (9, 0), (9, 9), (8, 9), (8, 1), (1, 1), (1, 9), (0, 9)])
    found = gathered({"a": 7.0}, [], places={"a": horseshoe})
    spot = Point(found.x[0], found.y[0])
    assert horseshoe.contains(spot)
    assert not horseshoe.contains(horseshoe.centroid)
    assert (spot.x, spot.y) == (round(spot.x, 2), round(spot.y, 2))


def test_a_unit_without_place_or_residences_has_no_demand() -> None:
    found = gathered(
        {"a": 7.0, "b": 8.0, "c": 9.0}, [("r", "c", 9.0)], places={"a": None, "b": Point()}
    )
    assert found.frame["residence_id"].tolist() == ["r"]
    assert found.units == 3
    assert found.unit.tolist() == [2]
    np.testing.assert_array_equal(found.of_units(found.weight()), [NAN, NAN, 9.0])


def test_a_study_without_residences_stands_in_everywhere() -> None:
    found = gathered({"b": 2.0, "a": 1.0}, [])
    assert found.frame["residence_id"].tolist() == ["unit:a", "unit:b"]
    assert found.frame["stands_in"].all()


def test_residences_of_no_unit_of_the_study_do_not_count() -> None:
    found = gathered({"a": 7.0}, [("r", "a", 7.0), ("s", "elsewhere", 5.0)])
    assert found.frame["residence_id"].tolist() == ["r"]


def test_places_are_sorted_by_unit_and_residence() -> None:
    homes = [("z", "a", 1.0), ("b", "b", 2.0), ("y", "a", 3.0)]
    found = gathered({"a": 4.0, "b": 2.0}, homes)
    assert found.frame["residence_id"].tolist() == ["y", "z", "b"]
    assert found.weight().tolist() == [3.0, 1.0, 2.0]
    assert found.frame.index.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("known", "basis"), [(0, "dwellings"), (1, "dwellings"), (2, "people"), (4, "people")]
)
def test_people_are_counted_where_enough_units_know_theirs(known: int, basis: str) -> None:
    people = {name: 5.0 if row < known else NAN for row, name in enumerate("abcd")}
    found = gathered(people, [])
    assert found.basis == basis
    if basis == "dwellings":
        assert found.weight("age_60_plus").tolist() == [1.0] * 4
    else:
        np.testing.assert_array_equal(found.weight(), list(people.values()))


def test_a_study_in_which_nobody_is_counted_weighs_dwellings_whatever_is_asked() -> None:
    assert gathered({"a": NAN}, [], known_share=0.0).basis == "dwellings"


def test_a_unit_with_one_unknown_home_is_unknown() -> None:
    homes = [("r", "a", 3.0), ("s", "a", NAN), ("t", "b", 0.0), ("u", "b", 2.0)]
    found = gathered({"a": 9.0, "b": 2.0}, homes)
    assert found.basis == "people"  # half of the units know theirs
    np.testing.assert_array_equal(found.of_units(found.weight()), [NAN, 2.0])
    # within it homes weigh alike, and so do those of a unit where nobody lives
    assert found.unit_weight.tolist() == [1.0, 1.0, 0.0, 2.0]
    empty = gathered({"a": 0.0, "b": 1.0}, [("r", "a", 0.0), ("s", "a", 0.0)])
    assert empty.unit_weight.tolist() == [1.0, 1.0, 1.0]


def test_the_basis_is_told_by_the_study() -> None:
    area = town_area()
    unknown = replace(
        area,
        units=area.units.assign(people=NAN),
        residences=area.residences.assign(people=NAN),
        streets=None,
    )
    study = geo.assess(unknown, town_project())
    assert study.basis == "dwellings"
    clinic = study.coverage[study.coverage["indicator"] == "clinic"]
    # nine dwellings and two units standing in
    assert clinic["people"].sum() == 11
    assert isinstance(study.places, gpd.GeoDataFrame)
    assert pd.Series(study.places["stands_in"]).sum() == 2 * len(town_project().modes)
