"""People of a population grid, given to the places of a study that know none of their own.

A cell belongs to the study by the part of it that lies inside. Its people live in the residences
in it, by weight. Where a cell has no residence they go to the units it lies on, by area, and
there to all residences of the unit by weight; or, where units are points, to the nearest place
of the township it lies in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.population import part_out, share_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.population_cells import Cells

    Floats = NDArray[np.float64]
    Groups = NDArray[np.intp]
    Flags = NDArray[np.bool_]
    Geometries = NDArray[np.object_]

_AREAS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Grounds:
    """The areas people of a study live on, in its CRS.

    ``of_unit`` is the area of each unit, -1 for none; ``outlined`` says that it is the unit's
    own outline, and not a township that it shares with others.
    """

    shapes: Geometries
    of_unit: Groups
    outlined: bool


@dataclass(frozen=True)
class Shared:
    """Units and residences with people of the grid, and what became of all its people.

    ``given`` went to places that knew none, ``known`` fell to places that have figures of their
    own and was not used, ``outside`` lies on no ground of the study. ``uncovered`` counts places
    beyond the grid: they stay unknown.
    """

    units: gpd.GeoDataFrame
    residences: gpd.GeoDataFrame
    given: float
    known: float
    outside: float
    uncovered: int


def grounds_of(
    units: gpd.GeoDataFrame, townships: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame
) -> Grounds | None:
    """Give the outlines of the units; where some are points, the townships, else the boundary.

    None where there is none of them: whose a cell is cannot be told then.
    """
    if units.geom_type.isin(_AREAS).all():
        return Grounds(units.geometry.to_numpy(), np.arange(len(units)), outlined=True)
    if len(townships):
        ids = pd.Index(townships["township_id"])
        of_unit = ids.get_indexer(pd.Index(units["township_id"]))
        return Grounds(townships.geometry.to_numpy(), of_unit, outlined=False)
    if len(boundary):
        whole = np.array([shapely.union_all(boundary.geometry.to_numpy())], dtype=object)
        return Grounds(whole, np.zeros(len(units), dtype=np.intp), outlined=False)
    return None


def spread_grid(
    units: gpd.GeoDataFrame, residences: gpd.GeoDataFrame, cells: Cells, grounds: Grounds
) -> Shared:
    """Fill in the people of residences and units that have none, to the person.

    Frames are those of the study, the people of units spread over their residences already. The
    sum of what is filled in is the exact sum rounded.
    """
    places = _places(units, residences)
    covered = shapely.intersects(cells.covered, places.geometry.to_numpy())
    exact = np.zeros(len(places))
    exact[covered] = _people(places[covered], cells, grounds)
    unknown = places["people"].isna().to_numpy()
    fill = unknown & covered
    unit = places["unit"].to_numpy()
    people = places["people"].to_numpy(dtype=np.float64, copy=True)
    people[fill] = _whole(exact[fill], unit[fill])
    return Shared(
        units=_units_filled(units, unit, people, fill),
        residences=residences.assign(people=people[: len(residences)]),
        given=float(exact[fill].sum()),
        known=float(exact[~fill].sum()),
        outside=float(cells.people.sum() - exact.sum()),
        uncovered=int((unknown & ~covered).sum()),
    )


def _places(units: gpd.GeoDataFrame, residences: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the residences, then the units without any by a point of their own."""
    unit = pd.Index(units["unit_id"]).get_indexer(pd.Index(residences["unit_id"]))
    homes = residences[["weight", "people", "geometry"]].assign(unit=unit, home=True)
    bare = np.setdiff1d(np.arange(len(units)), unit)
    alone = gpd.GeoDataFrame(
        {"weight": 1.0, "people": units["people"].to_numpy()[bare], "unit": bare, "home": False},
        geometry=units.geometry.iloc[bare].representative_point().to_numpy(),
        crs=units.crs,
    )
    parts = [part for part in (homes, alone) if len(part)]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=units.crs)


def _people(places: gpd.GeoDataFrame, cells: Cells, grounds: Grounds) -> Floats:
    """Give the people of the grid at each place, known there or not, as fractions."""
    cell, ground, people = _pieces(cells, grounds)
    inside = np.bincount(cell, people, len(cells.people))
    weight = np.nan_to_num(places["weight"].to_numpy(dtype=np.float64), nan=1.0)
    at = np.full(len(places), -1)
    home = places["home"].to_numpy(dtype=bool)
    at[home] = _cell_of(places.geometry.to_numpy()[home], cells.shapes)
    housed = at >= 0
    found = np.zeros(len(places))
    found[housed] = part_out(inside[at[housed]], weight[housed], at[housed])
    rest = ~np.isin(cell, at[housed])
    of_place = grounds.of_unit[places["unit"].to_numpy()]
    if grounds.outlined:
        of_ground = np.bincount(ground[rest], people[rest], len(grounds.shapes))
        return found + part_out(of_ground[of_place], weight, of_place)
    middles = shapely.centroid(cells.shapes[cell[rest]])
    nearest = _nearest(middles, ground[rest], places.geometry.to_numpy(), of_place)
    near = nearest >= 0
    return found + np.bincount(nearest[near], people[rest][near], len(places))


def _pieces(cells: Cells, grounds: Grounds) -> tuple[Groups, Groups, Floats]:
    """Give what each ground has of each cell: cell, ground and people, by area.

    What several grounds claim is divided among them: no cell gives more than it has.
    """
    tree = shapely.STRtree(cells.shapes)
    ground, cell = tree.query(grounds.shapes, predicate="intersects")
    size = len(cells.shapes)
    within, whole = tree.query(grounds.shapes, predicate="contains")
    part = ~np.isin(ground * size + cell, within * size + whole)
    share = np.ones(len(cell))
    cut = shapely.intersection(grounds.shapes[ground[part]], cells.shapes[cell[part]])
    share[part] = shapely.area(cut) / shapely.area(cells.shapes[cell[part]])
    claimed = np.bincount(cell, share, size)
    people = cells.people[cell] * share / np.maximum(claimed, 1.0)[cell]
    held = people > 0
    return cell[held], ground[held], people[held]


def _cell_of(points: Geometries, shapes: Geometries) -> Groups:
    """Give the cell each point lies in, the first of several, -1 for none."""
    found = np.full(len(points), -1)
    point, cell = shapely.STRtree(shapes).query(points, predicate="intersects")
    order = np.lexsort((-cell, point))
    found[point[order]] = cell[order]  # the last one written is the lowest
    return found


def _nearest(middles: Geometries, ground: Groups, points: Geometries, of_place: Groups) -> Groups:
    """Give the place of its own ground nearest to each cell, the first of equals, -1 for none."""
    found = np.full(len(middles), -1)
    for here in np.unique(ground):
        places, asked = np.flatnonzero(of_place == here), np.flatnonzero(ground == here)
        if len(places):
            tree = shapely.STRtree(points[places])
            cell, place = tree.query_nearest(middles[asked])
            order = np.lexsort((-place, cell))
            found[asked[cell[order]]] = places[place[order]]
    return found


def _whole(exact: Floats, unit: Groups) -> Floats:
    """Round to whole people: the units among themselves, then the places of each.

    Rounding all places at once would take whole families from units of many small homes.
    """
    there, unit = np.unique(unit, return_inverse=True)
    of_unit = np.bincount(unit, exact, len(there)).astype(np.float64)
    whole = share_out(np.full(len(there), exact.sum()), of_unit, np.zeros_like(there))
    return share_out(whole[unit], exact, unit)


def _units_filled(
    units: gpd.GeoDataFrame, unit: Groups, people: Floats, fill: Flags
) -> gpd.GeoDataFrame:
    """Give units without people the sum of their places, where the grid filled some of them."""
    touched = np.bincount(unit, fill, len(units)) > 0
    whole = np.bincount(unit, np.isnan(people), len(units)) == 0
    total = np.bincount(unit, np.nan_to_num(people), len(units))
    own = units["people"].to_numpy(dtype=np.float64)
    return units.assign(people=np.where(np.isnan(own) & touched & whole, total, own))
