"""Ways in which coordinates can be in another system than a layer says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj

from layers.datum import from_wgs84
from tests.broken.breaks import both, said_crs, source
from tests.broken.case import Case
from tests.broken.good_study import CRS

if TYPE_CHECKING:
    from tests.broken.breaks import Break
    from tests.broken.good_study import GoodStudy


def metres(x: float, y: float, *, swapped: bool = False) -> Break:
    """Give the dwellings in metres, moved by so much; swapped as surveyors write X and Y."""

    def change(study: GoodStudy) -> None:
        to_metres = pyproj.Transformer.from_crs("EPSG:4490", CRS, always_xy=True).transform
        east, north = to_metres(study.residences["经度"], study.residences["纬度"])
        there = {"经度": east + x, "纬度": north + y}
        if swapped:
            there = {"经度": north + y, "纬度": east + x}
        study.residences = study.residences.assign(**there)

    return change


WEST = metres(-1000.0, 0.0)  # to the side from which the offset leads out of the units


def units_in(datum: str) -> Break:
    def change(study: GoodStudy) -> None:
        units = study.units.to_crs("EPSG:4490")
        study.units = units.set_geometry(
            units.geometry.transform(
                lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], datum))  # type: ignore[arg-type]  # a datum
            )
        )

    return change


def pois_in(datum: str) -> Break:
    """Give points of interest that name no unit, along the streets, in another datum."""

    def change(study: GoodStudy) -> None:
        homes = study.residences
        lon, lat = from_wgs84(homes["经度"].to_numpy(), homes["纬度"].to_numpy(), datum)  # type: ignore[arg-type]  # a datum
        number = range(len(homes))
        study.facilities = study.facilities.iloc[[3] * len(homes)].assign(
            facility_id=[f"p{each}" for each in number], 经度=lon, 纬度=lat
        )

    return change


COORDINATE_CASES = (
    Case(
        "米坐标没有坐标系，横坐标带39带号",
        "residences",
        "missing_zone",
        metres(39_000_000.0, 0.0),
    ),
    Case(
        "米坐标没有坐标系，横坐标带六度带20带号",
        "residences",
        "missing_zone",
        metres(20_000_000.0, 0.0),
    ),
    Case(
        "测量坐标，X 是北、Y 是东",
        "residences",
        "swapped_coordinates",
        both(metres(0.0, 0.0, swapped=True), source("residences", crs=CRS)),
    ),
    Case(
        "测量坐标，X 是北、Y 是东，带带号",
        "residences",
        "swapped_coordinates",
        both(metres(39_000_000.0, 0.0, swapped=True), source("residences", crs="EPSG:4527")),
    ),
    Case(
        "三度带写成六度带（带号对不上）",
        "units",
        "zone_prefix",
        said_crs("units", "EPSG:4498"),
    ),
    Case(
        "写成相邻的三度带（120°E）",
        "residences",
        "outside_area",
        both(metres(0.0, 0.0), source("residences", crs="EPSG:4549")),
    ),
    Case("西安80经纬度", "units", "old_datum", said_crs("units", "EPSG:4610")),
    Case("北京54三度带带带号", "units", "old_datum", said_crs("units", "EPSG:2415")),
    Case("表格声明成西安80", "facilities", "old_datum", source("facilities", crs="EPSG:4610")),
    Case(
        "单元面是 GCJ-02，没有声明",
        "units",
        "datum_of_units",
        both(units_in("gcj02"), WEST, source("residences", crs=CRS)),
        fatal=False,
    ),
    Case(
        "单元面是 BD-09，没有声明",
        "units",
        "datum_of_units",
        both(units_in("bd09"), WEST, source("residences", crs=CRS)),
        fatal=False,
    ),
    Case(
        "设施点位不写所在单元，是 GCJ-02，声明成 CGCS2000",
        "facilities",
        "datum_off_streets",
        pois_in("gcj02"),
        fatal=False,
    ),
    Case(
        "居住点已是 CGCS2000，却声明成 GCJ-02",
        "residences",
        "datum_suspect",
        both(WEST, source("residences", crs=CRS, datum="gcj02")),
        fatal=False,
    ),
)
