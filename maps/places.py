"""Where things are, as columns of the page: units, borders, streets, facilities, circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from maps.arcs import shared_arcs
from maps.columns import positions
from maps.shapes import merged_lines, simplify_together
from maps.style import MAIN_STREETS, WIDE_STREETS

if TYPE_CHECKING:
    from geo.demand import Demand
    from geo.study import Study
    from maps.packed import Columns
    from maps.shapes import Geometries, Grid

KINDS = ("living-circle", "service-area")


def add_places(
    columns: Columns, study: Study, grid: Grid, *, drawn: gpd.GeoDataFrame, people: Demand
) -> None:
    """Add every shape of the page; ``drawn`` are the units with an area each."""
    simpler = simplify_together(drawn.geometry, grid.tolerance)
    _add_units(columns, drawn, simpler, grid)
    _add_townships(columns, drawn, simpler, grid)
    for name, points in (
        ("facilities", study.area.facilities.geometry),
        ("residences", people.frame.geometry),
    ):
        x, y = grid.points(points)
        columns.whole(f"{name}/x", x, steps=True)
        columns.whole(f"{name}/y", y, steps=True)
    _add_streets(columns, study, grid)
    _add_reach(columns, study, grid)


def _add_units(
    columns: Columns, drawn: gpd.GeoDataFrame, simpler: gpd.GeoSeries, grid: Grid
) -> None:
    add_arcs(columns, "units", grid.steps(simpler))
    x, y = grid.points(drawn.geometry.representative_point())
    columns.whole("units/x", x, steps=True)
    columns.whole("units/y", y, steps=True)


def _add_townships(
    columns: Columns, drawn: gpd.GeoDataFrame, simpler: gpd.GeoSeries, grid: Grid
) -> None:
    """Add townships as what their units are together, so that their borders lie on the units'."""
    whole = together(simpler, drawn["township_id"].fillna(""))
    add_arcs(columns, "townships", grid.steps(whole))
    x, y = grid.points(whole.representative_point())
    columns.whole("townships/x", x)
    columns.whole("townships/y", y)


def together(shapes: gpd.GeoSeries, codes: pd.Series[str]) -> gpd.GeoSeries:
    """Give what the areas of every code are together, by code in order."""
    parts = {
        code: shapely.union_all(np.array(some, dtype=object))
        for code, some in shapes.groupby(codes, sort=True)
    }
    return gpd.GeoSeries(parts, crs=shapes.crs)


def add_arcs(columns: Columns, name: str, areas: Geometries) -> None:
    """Add areas in steps as shared arcs."""
    there = areas.copy()
    there[shapely.is_missing(there)] = shapely.Polygon()
    arcs = shared_arcs(there)
    for part, values in vars(arcs).items():
        columns.whole(f"{name}/arcs/{part}", values, steps=part in {"x", "y", "refs"})


def _add_streets(columns: Columns, study: Study, grid: Grid) -> None:
    """Add the main streets, the wider ones last so that they are drawn on top."""
    streets = study.area.streets
    classes = [] if streets is None else [set(MAIN_STREETS) - set(WIDE_STREETS), set(WIDE_STREETS)]
    lines: list[shapely.LineString] = []
    wide: list[int] = []
    for rank, wanted in enumerate(classes):
        some = streets[streets["class"].isin(wanted)]  # type: ignore[index] # not None here
        if len(some):
            merged = grid.steps(merged_lines(some.geometry, grid.tolerance))
            lines += merged.tolist()
            wide += [rank] * len(merged)
    _add_paths(columns, "streets", np.array(lines, dtype=object))
    columns.whole("streets/wide", wide)


def _add_reach(columns: Columns, study: Study, grid: Grid) -> None:
    """Add living circles by unit and service areas by facility, the longest minutes first."""
    areas = study.areas.sort_values("limit_minutes", ascending=False, kind="stable")
    owners = {
        "living-circle": pd.Index(study.area.units["unit_id"]),
        "service-area": pd.Index(study.area.facilities["facility_id"]),
    }
    kind = areas["kind"].to_numpy(dtype=object)
    owner = np.full(len(areas), -1)
    for name, index in owners.items():
        here = kind == name
        owner[here] = positions(areas["from_id"][here], index)
    columns.whole("reach/kind", [KINDS.index(each) for each in kind])
    columns.whole("reach/owner", owner, steps=True)
    columns.real("reach/minutes", areas["limit_minutes"].to_numpy())
    columns.words("reach/mode", areas["mode"])
    shapes = grid.steps(areas.geometry.simplify(grid.tolerance))
    polygons, area = shapely.get_parts(shapes, return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    columns.whole("reach/rings", np.bincount(area[polygon], minlength=len(areas)))
    _add_paths(columns, "reach", rings)


def _add_paths(columns: Columns, name: str, paths: Geometries) -> None:
    """Add lines or rings: how many vertices each has, and all of them in a row."""
    corners, path = shapely.get_coordinates(paths, return_index=True)
    whole = np.rint(corners).astype(np.int64)
    moved = np.ones(len(whole), dtype=bool)
    moved[1:] = np.any(whole[1:] != whole[:-1], axis=1) | (path[1:] != path[:-1])
    columns.whole(f"{name}/count", np.bincount(path[moved], minlength=len(paths)))
    columns.whole(f"{name}/x", whole[moved, 0], steps=True)
    columns.whole(f"{name}/y", whole[moved, 1], steps=True)
