"""The whole analysis: what it refuses, what it tells on its way, what it does without streets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest

import geo
from layers.errors import CrsError, NetworkError
from tests.line_town import home, line_area, line_project, service, unit
from tests.town import CRS, at, street

if TYPE_CHECKING:
    from geo.study import Study
    from layers.study_area import StudyArea

PROJECT = line_project("shop", "bank")
UNITS = [unit("a", 30, (0, 0)), unit("b", 5, (600, 30))]
HOMES = [home("a1", 10, (300, 0)), home("a2", 20, (900, 0))]
SERVICES = [service("shop-1", (0, 0)), service("bank-1", (1000, 0)), service("bank-2", None)]


def town(**layers: list[dict[str, object]]) -> StudyArea:
    """Give the layers of the town."""
    known = {"homes": HOMES} | layers
    return line_area(UNITS, SERVICES, **known)


@pytest.fixture(scope="module")
def without_streets() -> Study:
    """Give the town, assessed in straight lines."""
    return geo.assess(town(streets=[]), PROJECT)


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:2263"])  # degrees; feet
def test_coordinates_that_are_not_metres_are_refused(crs: str) -> None:
    with pytest.raises(CrsError) as told:
        geo.assess(replace(town(), crs=crs), PROJECT)
    (problem,) = told.value.problems
    assert (problem.code, problem.value) == ("crs_not_metres", crs)


def test_streets_that_a_mode_may_not_use_are_refused() -> None:
    closed = street("s", (0, 0), (100, 0), access="private")
    with pytest.raises(NetworkError):
        geo.assess(town(streets=[closed]), PROJECT)


def test_progress_tells_each_stage_as_it_begins() -> None:
    told: list[tuple[str, int, int]] = []
    drive = line_project("shop", mode="drive").modes["drive"]
    both = replace(PROJECT, modes={**PROJECT.modes, "drive": drive})
    geo.assess(town(), both, progress=lambda *step: told.append(step))
    assert told == [("walk", 0, 4), ("drive", 1, 4), ("coverage", 2, 4), ("areas", 3, 4)]


def test_without_streets_every_figure_is_a_straight_line(without_streets: Study) -> None:
    study = without_streets
    assert set(study.times["method"]) == {"straight-line"}
    assert set(study.coverage["method"]) == {"straight-line"}
    assert set(study.places["status"]) == set(study.facility_access["status"]) == {"straight"}
    assert study.places["access_metres"].isna().all()
    assert study.areas.empty
    assert "streets" not in study.frames()


def test_places_are_one_row_for_each_mode_with_their_point(without_streets: Study) -> None:
    places = without_streets.places
    assert isinstance(places, gpd.GeoDataFrame)
    assert places.crs == CRS
    assert places["residence_id"].tolist() == ["a1", "a2", "unit:b"]
    assert places.geometry.tolist() == [at(300, 0), at(900, 0), at(600, 30)]


def test_access_is_told_of_every_facility_with_a_point() -> None:
    study = geo.assess(town(), PROJECT)
    access = study.facility_access.set_index("facility_id")
    assert access["status"].to_dict() == {"bank-1": "joined", "shop-1": "joined"}
    assert study.places.set_index("residence_id")["access_metres"].to_dict() == {
        "a1": 0.0,
        "a2": 0.0,
        "unit:b": 30.0,
    }


def test_every_frame_of_a_study_has_its_name() -> None:
    study = geo.assess(town(), PROJECT)
    inputs = {"units", "townships", "residences", "facilities", "streets"}
    found = {"places", "times", "unit_times", "circles", "coverage", "gaps", "scorecard", "areas"}
    found |= {"facility_access", "supply", "facility_load", "supply_areas", "equity", "lorenz"}
    found |= {"sensitivity"}
    assert set(study.frames()) == inputs | found
    assert study.frames()["units"] is study.area.units
