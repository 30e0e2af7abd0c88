"""Everybody of a study: people of townships over units, of units over residences, of a grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from layers.errors import LayerError
from layers.population import spread_people, spread_townships
from layers.population_cells import read_cells
from layers.population_grid import grounds_of, spread_grid
from layers.read_layer import empty_layer
from layers.schema import SCHEMAS
from layers.together import joined

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj

    from layers.check import Findings
    from layers.population_cells import Cells
    from layers.population_grid import Grounds, Shared
    from layers.project import Role
    from layers.together import Layer


@dataclass(frozen=True)
class People:
    """Units and residences with all the people that can be told of them."""

    units: gpd.GeoDataFrame
    residences: gpd.GeoDataFrame


def study_people(layers: list[Layer], crs: pyproj.CRS) -> People:
    """Fill in people, each from the nearest source that knows: own figures, township, grid.

    Where something fatal was found in the layers nothing is filled in, but the grid is read, so
    that all that is wrong with it is told as well.
    """

    def frame(role: Role) -> gpd.GeoDataFrame:
        found = joined(layers, role, crs)
        return empty_layer(SCHEMAS[role], crs) if found is None else found

    units, residences, townships = frame("units"), frame("residences"), frame("townships")
    grid = _grid(layers)
    grounds = grounds_of(units, townships, frame("boundary")) if grid else None
    cells = _cells(grid, units, grounds, crs) if grid else None
    if any(problem.fatal for layer in layers for problem in layer.findings.problems):
        return People(units, residences)
    _tell_exceeding(units, townships, layers)
    units = spread_townships(units, townships, residences)
    if grid and cells and grounds:
        shared = spread_grid(units, spread_people(residences, units), cells, grounds)
        _tell_shared(shared, grid.findings)
        units = shared.units
        residences = residences.assign(people=shared.residences["people"])
    return People(units, spread_people(residences, units))


def _grid(layers: list[Layer]) -> Layer | None:
    """Give the population grid of the study; more than one is told."""
    grids = [layer for layer in layers if layer.source.role == "population"]
    for layer in grids[1:]:
        layer.findings.tell("one_layer_only")
    return grids[0] if grids else None


def _cells(
    grid: Layer, units: gpd.GeoDataFrame, grounds: Grounds | None, crs: pyproj.CRS
) -> Cells | None:
    if not len(units) or units.geometry.isna().all():
        return None  # told of the units
    if grounds is None:
        grid.findings.tell("population_no_ground")
        return None
    shapes = [*grounds.shapes, *units.geometry]
    try:
        return read_cells(
            grid.source, shapely.box(*shapely.total_bounds(shapes)), grid.findings, crs=crs
        )
    except LayerError:
        return None  # why is in its findings


def _tell_shared(shared: Shared, findings: Findings) -> None:
    """Tell where people of the grid went that were not used, and places it says nothing of."""
    if round(shared.known) or round(shared.outside):
        findings.tell(
            "population_unused",
            fatal=False,
            given=f"{shared.given:.0f}",
            known=f"{shared.known:.0f}",
            outside=f"{shared.outside:.0f}",
        )
    if shared.uncovered:
        findings.tell("population_uncovered", fatal=False, count=str(shared.uncovered))


def _tell_exceeding(
    units: gpd.GeoDataFrame, townships: gpd.GeoDataFrame, layers: list[Layer]
) -> None:
    """Tell townships with fewer people than those of their units that know theirs.

    Nothing is left for the others then.
    """
    of_township = units.groupby("township_id")["people"]
    counted = townships["township_id"].map(of_township.sum())
    asking = townships["township_id"].map(of_township.apply(lambda known: known.isna().any()))
    short = asking.eq(other=True) & (townships["people"] < counted - 0.5)
    for row in np.flatnonzero(short):
        findings = next(layer for layer in layers if layer.source.role == "townships").findings
        findings.tell(
            "township_short",
            column="people",
            value=townships["township_id"].iloc[row],
            fatal=False,
            counted=f"{counted.iloc[row]:.0f}",
        )
