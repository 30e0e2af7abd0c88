"""A town of one street, for cases small enough to be read in one line each.

A place is written (x, y): x metres along the street, which runs east for 5 km, y metres off it.
On foot 100 m of street take one minute and 50 m off it take one minute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from geo.coverage import Coverage
from geo.demand import Demand, demand
from geo.times import ModeTimes, measure_times
from layers.project import Limit
from layers.study_area import StudyArea
from tests.town import CRS, at, frame, street, streets_frame
from tests.town_settings import town_project

if TYPE_CHECKING:
    import pandas as pd

    from layers.project import Category, Project

STREET = street("street", (0, 0), (5000, 0))


def unit(
    unit_id: str, people: float, place: tuple[float, float] | None, **more: Any
) -> dict[str, Any]:
    """Give one village of so many people."""
    spot = None if place is None else at(*place)
    known = {"unit_id": unit_id, "name": unit_id, "kind": "village", "urban": False}
    return known | {"people": people, "geometry": spot} | more


def home(
    residence_id: str, people: float, place: tuple[float, float], **more: Any
) -> dict[str, Any]:
    """Give one residence; the first letter of its id is its unit."""
    known = {"residence_id": residence_id, "unit_id": residence_id[0], "people": people}
    return known | {"geometry": at(*place)} | more


def service(facility_id: str, place: tuple[float, float] | None, **more: Any) -> dict[str, Any]:
    """Give one facility; its category is the word before the hyphen."""
    category = facility_id.split("-", maxsplit=1)[0]
    known = {"facility_id": facility_id, "category": category, "status": "existing"}
    return known | {"geometry": None if place is None else at(*place)} | more


def layer(name: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Make a checked layer, with all its columns even where it has no rows."""
    if rows:
        return frame(name, rows)
    nowhere = {"unit_id": "", "residence_id": "", "facility_id": "", "geometry": at(0, 0)}
    return frame(name, [nowhere]).iloc[:0]


def line_area(
    units: list[dict[str, Any]],
    services: list[dict[str, Any]],
    *,
    homes: list[dict[str, Any]] | None = None,
    streets: list[dict[str, Any]] | None = None,
) -> StudyArea:
    """Give the layers of a town; an empty list of streets is a study without streets."""
    drawn = [STREET] if streets is None else streets
    return StudyArea(
        crs=CRS,
        units=layer("units", units).astype({"urban": "boolean"}),
        residences=layer("residences", homes or []),
        facilities=layer("facilities", services),
        streets=streets_frame(drawn) if drawn else None,
        townships=gpd.GeoDataFrame({"township_id": [], "name": []}, geometry=[], crs=CRS),
    )


def line_project(*categories: str, minutes: float = 15.0, mode: str = "walk") -> Project:
    """Give settings with these categories, all of one limit, and no policy."""
    base = town_project()
    limit = Limit(minutes, mode, "town")
    pattern = base.categories["clinic"]
    return replace(
        base,
        modes={mode: base.modes[mode]},
        categories={
            name: replace(pattern, id=name, urban=limit, rural=limit) for name in categories
        },
        circle=replace(base.circle, categories=categories, mode=mode),
        indicators=(),
        absent=frozenset(categories),
    )


def with_category(project: Project, name: str, **values: Any) -> Project:
    """Give the same settings with something else about one category."""
    changed = replace(project.categories[name], **values)
    return replace(project, categories={**project.categories, name: changed})


@dataclass(frozen=True)
class Measured:
    """A town measured by every mode of its project."""

    area: StudyArea
    project: Project
    demand: Demand
    times: dict[str, ModeTimes]

    @property
    def judge(self) -> Coverage:
        """Coverage by the town's own limits."""
        return Coverage(self.area, self.demand, self.times, self.project)

    def rows(self, category: str) -> pd.DataFrame:
        """Give the coverage rows of one category, by unit."""
        return self.judge.rows(self.category(category)).set_index("unit_id")

    def category(self, name: str) -> Category:
        """Give a category by name."""
        return self.project.categories[name]


def measured(area: StudyArea, project: Project) -> Measured:
    """Measure a town by every mode of its project."""
    where = demand(area.units, area.residences, known_share=project.rules.known_share)
    times = {
        name: measure_times(area, where, mode, project) for name, mode in project.modes.items()
    }
    return Measured(area, project, where, times)
