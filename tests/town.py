"""A town small enough to be worked out on paper.

Coordinates are metres east and north of (500000, 2900000). On foot 100 m of street take one
minute and 50 m off the road take one minute; by car 500 m of street take one minute.

          north (0,400)=====(500,400)                     (1000,800) school
                  ^              |                             |
           one-way|   alley ..   | middle                      | hill, rises 80 m
                  |              |                             |
            (0,0)==========(500,0)==========(900,0) shop===(1000,0)        islet (3000,0)==(3200,0)
                  :          clinic                            H
     closed gate  :       ~ ~ ~ river ~ ~ ~ ~                  H bridge
                  :                                            H
          (0,-400)=======================================(1000,-400)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point, box

from layers.schema import SCHEMAS
from layers.study_area import StudyArea
from tests.town_settings import CRS, town_project

if TYPE_CHECKING:
    from shapely import Geometry

__all__ = ["CRS", "town_area", "town_project"]

EAST, NORTH = 500_000.0, 2_900_000.0

OLD_TOWN, NEW_TOWN = "350421001", "350421002"
CENTRE, HILL, CORNER = (f"{OLD_TOWN}{n:03}" for n in (1, 2, 3))
SOUTH, ISLET, REMOTE, EMPTY = (f"{NEW_TOWN}{n:03}" for n in (1, 2, 3, 4))


def at(x: float, y: float) -> Point:
    """Give the point of the town at x metres east and y metres north."""
    return Point(EAST + x, NORTH + y)


def frame(layer: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Make a checked layer as a reader would: every column of its schema, sorted by its key."""
    schema = SCHEMAS[layer]
    made = pd.DataFrame(rows)
    for column in schema.columns:
        if column.name not in made:
            made[column.name] = column.default
        if column.type == "text":
            made[column.name] = (
                made[column.name].astype(object).where(made[column.name].notna(), None)
            )
        elif column.type in ("number", "whole"):
            made[column.name] = made[column.name].astype("float64")
    names = [column.name for column in schema.columns]
    made = made[[*names, "geometry"]].sort_values(schema.key, ignore_index=True)
    return gpd.GeoDataFrame(made, geometry="geometry", crs=CRS)


def street(street_id: str, *xyz: tuple[float, ...], **values: Any) -> dict[str, Any]:
    """Give one street through the points named; without a third number it lies at 0 m."""
    line = LineString([(EAST + p[0], NORTH + p[1], p[2] if len(p) > 2 else 0.0) for p in xyz])
    return {"street_id": street_id, "class": "residential", "geometry": line} | values


def streets_frame(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Make the streets layer: two-way, on neither bridge nor tunnel, unless a row says so."""
    streets = frame("streets", rows)
    return streets.assign(
        oneway=streets["oneway"].fillna(0).astype("int8"),
        bridge=streets["bridge"].eq(other=True),
        tunnel=streets["tunnel"].eq(other=True),
    )


def town_streets() -> gpd.GeoDataFrame:
    """Give the streets: flat but for the hill, joined but for the alley and the islet."""
    return streets_frame(
        [
            street("main", (0, 0), (500, 0), (1000, 0)),
            street("middle", (500, 0), (500, 400)),
            street("north", (500, 400), (0, 400)),
            street("one-way", (0, 0), (0, 400), oneway=1),
            street("hill", (1000, 0, 0), (1000, 800, 80)),
            street("bridge", (1000, 0), (1000, -400), bridge=True),
            street("south", (1000, -400), (0, -400)),
            street("gate", (0, 0), (0, -400), access="private"),
            street("alley", (200, 100), (300, 100), **{"class": "footway"}),
            street("islet", (3000, 0), (3200, 0)),
        ]
    )


def town_units() -> gpd.GeoDataFrame:
    """Give seven units: two communities, five villages; the last two are points."""

    def unit(
        unit_id: str, name: str, people: float, place: Geometry, *, urban: bool = False
    ) -> dict[str, Any]:
        old = unit_id in (CENTRE, HILL, CORNER)
        return {
            "unit_id": unit_id,
            "name": name,
            "kind": "community" if urban else "village",
            "township_id": OLD_TOWN if old else NEW_TOWN,
            "township": "老城镇" if old else "新城镇",
            "urban_class": "111" if urban else "220",
            "urban": urban,
            "households": people / 2,
            "people": people,
            "age_60_plus": people / 5,
            "geometry": place,
        }

    def land(west: float, south: float, east: float, north: float) -> Geometry:
        return box(EAST + west, NORTH + south, EAST + east, NORTH + north)

    units = frame(
        "units",
        [
            unit(CENTRE, "城中社区", 100, land(-100, -200, 700, 350), urban=True),
            unit(HILL, "岭上村", 100, land(900, -200, 1200, 900)),
            unit(SOUTH, "河南村", 100, land(-100, -600, 1200, -200)),
            unit(ISLET, "洲上村", 40, land(2900, -100, 3300, 100)),
            unit(REMOTE, "远山村", 10, land(900, 1300, 1100, 1500)),
            unit(CORNER, "街口社区", 60, at(800, 0), urban=True),
            unit(EMPTY, "空心村", 0, at(0, 400)),
        ],
    )
    return units.assign(urban=units["urban"].astype("boolean"))


def town_residences() -> gpd.GeoDataFrame:
    """Give the residences of five units; the two point units have none."""

    def residence(
        residence_id: str, unit_id: str, people: float, x: float, y: float
    ) -> dict[str, Any]:
        return {
            "residence_id": residence_id,
            "unit_id": unit_id,
            "weight": people,
            "people": people,
            "age_60_plus": people / 5,
            "geometry": at(x, y),
        }

    return frame(
        "residences",
        [
            residence("centre-street", CENTRE, 50, 100, 0),
            residence("centre-alley", CENTRE, 30, 250, 110),
            residence("centre-clinic", CENTRE, 20, 470, -20),
            residence("hill-top", HILL, 80, 1000, 800),
            residence("hill-bridge", HILL, 20, 1050, -120),
            residence("south-near", SOUTH, 40, 500, -430),
            residence("south-far", SOUTH, 60, 100, -430),
            residence("islet-house", ISLET, 40, 3100, 10),
            residence("remote-house", REMOTE, 10, 1000, 1400),
        ],
    )


def town_facilities() -> gpd.GeoDataFrame:
    """Give the facilities: one is only planned, one only stands in a ledger, one is lost."""

    def facility(facility_id: str, place: Point | None, **values: Any) -> dict[str, Any]:
        category = facility_id.split("-", maxsplit=1)[0]
        return {"facility_id": facility_id, "category": category, "geometry": place} | values

    return frame(
        "facilities",
        [
            facility("clinic-main", at(500, -20), unit_id=CENTRE, area_m2=120.0),
            facility("clinic-south", at(100, -430), unit_id=SOUTH, status="planned"),
            facility("shop-main", at(900, 0), unit_id=HILL),
            facility("school-top", at(1000, 800), unit_id=HILL),
            facility("police-west", at(0, -10), unit_id=CENTRE, serves=f"{CENTRE};{SOUTH}"),
            facility("hall-centre", at(500, 0), unit_id=CENTRE, area_m2=80.0),
            facility("hall-islet", None, unit_id=ISLET),
            facility("hall-hill", at(1000, 700), unit_id=HILL, area_m2=150.0),
            facility("nursery-main", at(500, 0), unit_id=CENTRE, capacity=1.5),
            facility("post-corner", at(800, 0), unit_id=CORNER),
            facility("post-somewhere", None),
        ],
    ).assign(status=lambda found: found["status"].fillna("existing"))


def town_townships() -> gpd.GeoDataFrame:
    """Give no township boundaries: units name their township themselves."""
    return gpd.GeoDataFrame({"township_id": [], "name": []}, geometry=[], crs=CRS)


def town_area() -> StudyArea:
    """Give the checked layers of the town."""
    return StudyArea(
        crs=CRS,
        units=town_units(),
        residences=town_residences(),
        facilities=town_facilities(),
        streets=town_streets(),
        townships=town_townships(),
        has_elevation=True,
    )
