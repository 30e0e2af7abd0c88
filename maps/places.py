"""Where things are, as columns of the page: units, borders, streets, circles."""

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
    from geo.study import Study
    from maps.arcs import Arcs
    from maps.packed import Columns
    from maps.shapes import Geometries, Grid, Ints

KINDS = ("living-circle", "service-area")
_FEWEST_OF_RING = 4  # a triangle, its first corner told again


def add_places(columns: Columns, study: Study, grid: Grid, *, drawn: gpd.GeoDataFrame) -> None:
    """Add every shape of the page; ``drawn`` are the units with an area each.

    Residences and facilities lie where the networks have them.
    """
    simpler = simplify_together(drawn.geometry, grid.tolerance)
    _add_units(columns, drawn, simpler, grid)
    _add_streets(columns, study, grid)
    _add_water(columns, study.area.water, grid)
    _add_reach(columns, study, grid)


def _add_units(
    columns: Columns, drawn: gpd.GeoDataFrame, simpler: gpd.GeoSeries, grid: Grid
) -> None:
    """Add the units' borders, and which of them are those of townships."""
    arcs = add_arcs(columns, "units", grid.steps(simpler))
    codes = drawn["township_id"].fillna("")
    towns = together(simpler, codes)
    if shapely.coverage_is_valid(_there(np.array(simpler, dtype=object))):
        borders = _between(arcs, pd.factorize(codes, sort=True)[0])
        columns.whole("townships/borders", borders, steps=True)
    else:  # what overlaps has no common border
        add_arcs(columns, "townships", grid.steps(towns))
    for name, points in (
        ("units", drawn.geometry.representative_point()),
        ("townships", towns.representative_point()),
    ):
        for axis, values in zip("xy", grid.points(points), strict=True):
            columns.whole(f"{name}/{axis}", values, steps=True)


def together(shapes: gpd.GeoSeries, codes: pd.Series[str]) -> gpd.GeoSeries:
    """Give what the areas of every code are together, by code in order."""
    parts = {
        code: shapely.union_all(np.array(some, dtype=object))
        for code, some in shapes.groupby(codes, sort=True)
    }
    return gpd.GeoSeries(parts, crs=shapes.crs)


def add_arcs(columns: Columns, name: str, areas: Geometries) -> Arcs:
    """Add areas in steps as shared arcs; give them."""
    arcs = shared_arcs(_there(areas))
    columns.whole(f"{name}/arcs/counts", arcs.counts)
    columns.whole(f"{name}/arcs/x", arcs.x, steps=True)
    columns.whole(f"{name}/arcs/y", arcs.y, steps=True)
    for part, values in (("rings", arcs.rings), ("uses", arcs.uses), ("back", arcs.back())):
        columns.whole(f"{name}/arcs/{part}", values)
    return arcs


def _between(arcs: Arcs, town: Ints) -> Ints:
    """Give the arcs on which a township ends: of two townships, or used from one side alone."""
    arc, area = arcs.users()
    low, high = np.full(arcs.counts.size, town.size), np.full(arcs.counts.size, -1)
    np.minimum.at(low, arc, town[area])
    np.maximum.at(high, arc, town[area])
    return np.flatnonzero((low != high) | (np.bincount(arc, minlength=low.size) == 1))


def _there(areas: Geometries) -> Geometries:
    there = areas.copy()
    there[shapely.is_missing(there)] = shapely.Polygon()
    return there


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


def _add_water(columns: Columns, water: gpd.GeoDataFrame | None, grid: Grid) -> None:
    """Add rivers as lines and lakes as the rings of their outlines; which are closed is told."""
    shapes = [] if water is None else list(grid.steps(water.geometry.simplify(grid.tolerance)))
    parts = shapely.get_parts(np.array(shapes, dtype=object))
    is_area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings = shapely.get_rings(parts[is_area])
    _add_paths(columns, "water", np.concatenate([parts[~is_area], rings]))
    columns.whole("water/closed", np.repeat([0, 1], [(~is_area).sum(), len(rings)]))


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
    polygons, area = shapely.get_parts(np.array(areas.geometry), return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    columns.whole("reach/rings", np.bincount(area[polygon], minlength=len(areas)))
    drawn = gpd.GeoSeries(_simpler(rings, grid.tolerance), crs=areas.crs)
    _add_paths(columns, "reach", grid.steps(drawn))


def _simpler(rings: Geometries, tolerance: float) -> Geometries:
    """Simplify rings, each by itself: what they may cross by is less than a screen shows.

    One that would have no area left stays as it is.
    """
    fewer = shapely.simplify(rings, tolerance, preserve_topology=False)
    whole = shapely.get_num_coordinates(fewer) >= _FEWEST_OF_RING
    return np.where(whole, fewer, rings)


def _add_paths(columns: Columns, name: str, paths: Geometries) -> None:
    """Add lines or rings: how many vertices each has, and all of them in a row."""
    corners, path = shapely.get_coordinates(paths, return_index=True)
    whole = np.rint(corners).astype(np.int64)
    moved = np.ones(len(whole), dtype=bool)
    moved[1:] = np.any(whole[1:] != whole[:-1], axis=1) | (path[1:] != path[:-1])
    columns.whole(f"{name}/count", np.bincount(path[moved], minlength=len(paths)))
    columns.whole(f"{name}/x", whole[moved, 0], steps=True)
    columns.whole(f"{name}/y", whole[moved, 1], steps=True)
