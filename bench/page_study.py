"""A simulated province for bench.page: units, facilities and streets, assessed on foot."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

import geo
from layers.catalogue import load_categories, load_circle, load_modes
from layers.project import Limit, Project, Rules
from layers.study_area import StudyArea
from tests.town import frame, street, streets_frame

if TYPE_CHECKING:
    from geo.study import Study

CRS = "EPSG:4548"
CORNER = np.array([400_000.0, 2_800_000.0])
SPACING = 1200.0  # metres between units
BLOCK = 14  # units on a side of a township
CATEGORIES, FACILITIES, JUNCTIONS = 14, 100_000, 100_000
KEPT_STREETS = 0.85  # of the grid: some ways are not through


def outlines(count: int) -> gpd.GeoSeries:
    """Divide a square into units whose borders wander, shared to the last vertex."""
    side = math.ceil(math.sqrt(count))
    draw = np.random.default_rng(5)
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)[:count]
    points = (grid + draw.uniform(0.15, 0.85, (count, 2))) * SPACING
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.MultiPoint(points),
            ordered=True,
            extend_to=shapely.box(0, 0, *[side * SPACING] * 2),
        )
    )
    cells = shapely.intersection(cells, shapely.box(0, 0, side * SPACING, side * SPACING))

    def wander(xy: np.ndarray) -> np.ndarray:
        x, y = xy.T
        bend = [
            np.sin(x / a) * np.cos(y / b) * c
            for a, b, c in ((41, 37, 18), (97, 89, 40), (13, 17, 6))
        ]
        return (
            xy + CORNER + np.column_stack((sum(bend), sum(each[::1] for each in bend[::-1]) * 0.7))
        )

    return gpd.GeoSeries(shapely.transform(shapely.segmentize(cells, 60.0), wander), crs=CRS)


def study_of(count: int) -> Study:
    """Assess a simulated province on foot; nothing but its drawn areas is left out."""
    project = settings()
    return geo.assess(layers_of(count, project), project, draw=False)


def unit_ids(count: int) -> list[str]:
    """Give the codes of a square's units: townships are blocks of 14 by 14 of them."""
    side = math.ceil(math.sqrt(count))
    row, column = np.divmod(np.arange(count), side)
    township = row // BLOCK * math.ceil(side / BLOCK) + column // BLOCK
    within = row % BLOCK * BLOCK + column % BLOCK
    return [f"{town:09}{unit:03}" for town, unit in zip(township, within, strict=True)]


def settings() -> Project:
    """Give the settings: the first categories of the catalogue, all on foot in 15 minutes."""
    limit = Limit(15, "walk", "bench")
    some = list(load_categories().values())[:CATEGORIES]
    categories = {
        each.id: replace(each, urban=limit, rural=limit, capacity_per_1000=None) for each in some
    }
    circle = replace(load_circle("basic-15"), categories=tuple(categories), mode="walk")
    return Project(
        name="bench",
        folder=Path(),
        crs=CRS,
        layers=(),
        modes={"walk": load_modes()["walk"]},
        categories=categories,
        circle=circle,
        rules=Rules(),
    )


def layers_of(count: int, project: Project) -> StudyArea:
    """Simulate units, facilities and a grid of streets over the same square."""
    shapes = outlines(count)
    draw = np.random.default_rng(6)
    width = math.ceil(math.sqrt(count)) * SPACING
    ids = unit_ids(count)
    units = frame(
        "units",
        [
            {
                "unit_id": each,
                "name": f"第{n}村",
                "kind": "village",
                "township_id": each[:9],
                "township": f"{each[:9]}镇",
                "people": float(draw.integers(50, 3000)),
                "geometry": shape,
            }
            for n, (each, shape) in enumerate(zip(ids, shapes, strict=True))
        ],
    )
    spots = CORNER + draw.uniform(0, width, (FACILITIES, 2))
    names = list(project.categories)
    facilities = frame(
        "facilities",
        [
            {
                "facility_id": f"F{n:06}",
                "name": f"{names[n % CATEGORIES]} {n}",
                "category": names[n % CATEGORIES],
                "status": "existing",
                "geometry": shapely.Point(x, y),
            }
            for n, (x, y) in enumerate(spots.round(2))
        ],
    )
    side = round(math.sqrt(JUNCTIONS))
    step = width / (side - 1)
    at = (
        np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1) * step
        + draw.uniform(-step / 4, step / 4, (side, side, 2))
        + CORNER
    ).round(2)
    lines = [
        street(f"{axis}{row}-{n}", *(tuple(p - (500_000, 2_900_000)) for p in pair))
        for axis, mesh in enumerate((at, at.swapaxes(0, 1)))
        for row, line in enumerate(mesh)
        for n, pair in enumerate(pairwise(line))
        if draw.random() < KEPT_STREETS
    ]
    nobody = {"residence_id": "", "unit_id": "", "geometry": shapely.Point()}
    nothing = frame("residences", [nobody]).iloc[:0]
    return StudyArea(
        crs=CRS,
        units=units,
        residences=nothing,
        facilities=facilities,
        streets=streets_frame(lines),
        townships=gpd.GeoDataFrame({"township_id": [], "name": []}, geometry=[], crs=CRS),
    )
