"""The settings of the toy town: round speeds, few categories, one indicator of each measure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from layers.indicators import Amount, Condition, Indicator, Target
from layers.project import (
    Category,
    CircleProfile,
    Limit,
    Mode,
    Project,
    Rules,
    SlopeCurve,
    StreetRule,
)
from layers.vocabulary import Measure

CRS = "EPSG:4548"
TOBLER = SlopeCurve("tobler", "Tobler 1993", rate=3.5, best=0.05)


def town_walk() -> Mode:
    """Give walking: 6 km/h on streets, 3 km/h off them, slower uphill, one-way signs ignored."""
    return Mode(
        id="walk",
        name_zh="步行",
        name_en="on foot",
        off_road_kmh=3.0,
        slope=TOBLER,
        oneway=False,
        max_kmh=7.2,
        use_posted_speed=False,
        tags=("foot", "access"),
        denied=frozenset({"no", "private"}),
        granted=frozenset({"yes", "designated"}),
        granted_kmh=6.0,
        classes={name: StreetRule(6.0, "town") for name in ("residential", "footway")},
        no_step_on=frozenset({"motorway"}),
        source="town",
    )


def town_drive() -> Mode:
    """Give driving: 30 km/h whatever the slope, walking to and from the car, one-way signs kept."""
    return replace(
        town_walk(),
        id="drive",
        name_zh="驾车",
        name_en="by car",
        slope=None,
        oneway=True,
        max_kmh=90.0,
        use_posted_speed=True,
        tags=("motor_vehicle", "access"),
        granted_kmh=10.0,
        classes={"residential": StreetRule(30.0, "town"), "motorway": StreetRule(90.0, "town")},
    )


def town_bike() -> Mode:
    """Give cycling: 12 km/h on streets, one-way signs kept; pushed wherever one may walk."""
    return replace(
        town_walk(),
        id="bike",
        name_zh="骑自行车",
        name_en="by bicycle",
        slope=SlopeCurve("bends", "town", knots=((-0.1, 0.5), (-0.05, 1.25), (0, 1), (0.1, 0.25))),
        oneway=True,
        contraflow="oneway_bicycle",
        max_kmh=15.0,
        tags=("bicycle", "access"),
        denied=frozenset({"no", "private", "dismount"}),
        granted_kmh=9.0,
        classes={"residential": StreetRule(12.0, "town")},
        push=town_walk(),
    )


def town_categories() -> dict[str, Category]:
    """Give eight categories: by car to the police, on foot to all others; no library exists."""

    def category(
        name: str, urban: float, rural: float, mode: str = "walk", **values: Any
    ) -> Category:
        return Category(
            id=name,
            name_zh=name,
            name_en=name,
            urban=Limit(urban, mode, "town"),
            rural=Limit(rural, mode, "town"),
            **values,
        )

    return {
        made.id: made
        for made in (
            category("clinic", 10, 15),
            category("shop", 10, 15),
            category("school", 5, 5),
            category("hall", 15, 15),
            category("police", 3, 3, "drive"),
            category("library", 15, 15),
            category("nursery", 15, 15, capacity_per_1000=10.0),
            category("post", 15, 15),
        )
    }


def town_indicators() -> tuple[Indicator, ...]:
    """Give one indicator of each measure, and a living circle."""

    def indicator(name: str, measure: Measure, *categories: str, **values: Any) -> Indicator:
        return Indicator(
            id=name,
            name_zh=name,
            name_en=name,
            measure=measure,
            source="town",
            categories=categories,
            **values,
        )

    return (
        indicator(
            "clinic-people", Measure.ACCESS, "clinic", over="people", target_county=Target(0.7)
        ),
        indicator(
            "circle-units", Measure.ACCESS, "clinic", "shop", every=True, minutes=15.0, mode="walk"
        ),
        indicator("hall-units", Measure.POSSESSION, "hall", target_province=Target(0.5)),
        indicator("post-units", Measure.POSSESSION, "post"),
        indicator("police-units", Measure.RADIATION, "police"),
        indicator(
            "hall-size",
            Measure.ATTRIBUTE,
            "hall",
            over="facilities",
            conditions=(Condition("area_m2", ">=", 100.0),),
        ),
        indicator(
            "shops-per-100",
            Measure.RATIO,
            numerator=Amount("facilities", categories=("shop",)),
            denominator=Amount("units", column="people", per=100.0),
            unit_zh="个",
            unit_en="shops",
        ),
    )


def town_project() -> Project:
    """Give the settings of the town: round speeds, few categories, the default rules."""
    return Project(
        name="小镇",
        folder=Path(),
        crs=CRS,
        layers=(),
        modes={"walk": town_walk(), "drive": town_drive()},
        categories=town_categories(),
        circle=CircleProfile(
            id="town",
            name_zh="小镇生活圈",
            name_en="circle of the town",
            categories=("clinic", "shop", "school"),
            minutes=(5.0, 10.0, 15.0),
            mode="walk",
            source="town",
        ),
        indicators=town_indicators(),
        rules=Rules(),
        absent=frozenset({"library"}),
    )
