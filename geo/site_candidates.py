"""Where one could build: candidates from units, residences, buildings, streets or a given layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.errors import Problem, SitingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.demand import Demand
    from layers.question import SiteQuestion
    from layers.study_area import StudyArea

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Maker = Callable[[StudyArea, Demand, SiteQuestion], gpd.GeoDataFrame]

COLUMNS = ("candidate_id", "name", "unit_id", "cost", "capacity", "area_m2", "geometry")


def site_candidates(area: StudyArea, where: Demand, question: SiteQuestion) -> gpd.GeoDataFrame:
    """Give the candidates of a question: COLUMNS, township_id and township, source by source.

    Of candidates that do equally well the first is chosen.

    What lies in an excluded area is left out. Raises SitingError where nothing is left.
    """
    sources = question.candidates
    made = (_MAKERS.get(source, _given)(area, where, question) for source in sources)
    given = [part.sort_values("candidate_id") for part in made if len(part)]
    if not given:
        told = (("sources", "、".join(sources)),)
        raise SitingError(Problem("sites", "sites_no_candidates", values=told))
    found = pd.concat([part.reindex(columns=list(COLUMNS)) for part in given], ignore_index=True)
    found = found.assign(
        cost=found["cost"].astype(float).fillna(question.cost),
        capacity=found["capacity"]
        .astype(float)
        .fillna(np.nan if question.capacity is None else question.capacity),
        area_m2=found["area_m2"].astype(float),
    )
    placed = gpd.GeoDataFrame(found, geometry="geometry", crs=area.units.crs)
    free = placed[~_excluded(placed, area, question)]
    if free.empty:
        zones = ("layers", "、".join(question.exclude))
        every = ("count", str(len(placed)))
        raise SitingError(Problem("sites", "sites_all_excluded", values=(every, zones)))
    return _in_townships(free, area).reset_index(drop=True)


def _units(area: StudyArea, where: Demand, question: SiteQuestion) -> gpd.GeoDataFrame:
    """Give of every unit the place nearest to the middle of its people."""
    del question
    weight, x, y = where.unit_weight, where.x, where.y
    total = where.of_units(weight)[where.unit]
    middle = [where.of_units(weight * at)[where.unit] / total for at in (x, y)]
    away = np.round(np.hypot(x - middle[0], y - middle[1]), 3)
    order = np.lexsort((np.arange(x.size), away, where.unit))
    first = order[np.unique(where.unit[order], return_index=True)[1]]
    return _at_places(area, where, first, "unit")


def _residences(area: StudyArea, where: Demand, question: SiteQuestion) -> gpd.GeoDataFrame:
    """Give every place people live in."""
    del question
    return _at_places(area, where, np.arange(len(where.frame)), "home")


def _at_places(area: StudyArea, where: Demand, rows: Ints, kind: str) -> gpd.GeoDataFrame:
    some = where.frame.iloc[rows]
    ids = some["unit_id"] if kind == "unit" else some["residence_id"]
    names = area.units["name"].to_numpy()[where.unit[rows]]
    columns = {
        "candidate_id": kind + ":" + ids.to_numpy(),
        "name": names,
        "unit_id": some["unit_id"].to_numpy(),
    }
    return gpd.GeoDataFrame(columns, geometry=some.geometry.to_numpy(), crs=where.frame.crs)


def _buildings(area: StudyArea, where: Demand, question: SiteQuestion) -> gpd.GeoDataFrame:
    """Give the existing facilities of other categories, whose rooms might be used."""
    del where
    some = area.facilities
    other = ~some["category"].isin([question.category]) & (some["status"] == "existing")
    some = some[other & some.geometry.notna() & ~some.geometry.is_empty]
    columns = {
        "candidate_id": "at:" + some["facility_id"].astype(str),
        "name": some["name"].where(some["name"].notna(), some["facility_id"]),
        "unit_id": some["unit_id"],
        "area_m2": some["area_m2"],
    }
    return gpd.GeoDataFrame(columns, geometry=some.geometry, crs=area.units.crs)


def _streets(area: StudyArea, where: Demand, question: SiteQuestion) -> gpd.GeoDataFrame:
    """Give points on streets, of every cell of a grid the one nearest to the cell's middle."""
    del where
    if area.streets is None or area.streets.empty:
        return gpd.GeoDataFrame({"geometry": []}, geometry="geometry", crs=area.units.crs)
    ground = area.streets[~area.streets["bridge"] & ~area.streets["tunnel"]]
    lines = shapely.force_2d(ground.geometry.to_numpy())
    cell = question.spacing_metres
    pieces = shapely.get_coordinates(shapely.segmentize(lines, cell / 5))
    corner = np.floor(pieces / cell)
    away = np.hypot(*(pieces - (corner + 0.5) * cell).T)
    order = np.lexsort((pieces[:, 1], pieces[:, 0], away, corner[:, 1], corner[:, 0]))
    first = order[np.unique(corner[order], axis=0, return_index=True)[1]]
    at = np.round(pieces[first], 2)
    names = [f"{x:.0f}, {y:.0f}" for x, y in at]
    columns = {"candidate_id": [f"street:{name}" for name in names], "name": names}
    points = gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(*at.T), crs=area.units.crs)
    return _in_units(points, area)


def _given(area: StudyArea, where: Demand, question: SiteQuestion) -> gpd.GeoDataFrame:
    """Give the candidates of the study's own layers."""
    del where
    layers = area.candidates
    if layers is None:
        return gpd.GeoDataFrame({"geometry": []}, geometry="geometry", crs=area.units.crs)
    some = layers[layers["layer"].isin(question.candidates)]
    return _in_units(some[some["allowed"].fillna(value=True).astype(bool)], area)


def _in_units(points: gpd.GeoDataFrame, area: StudyArea) -> gpd.GeoDataFrame:
    """Say in which unit points lie; what lies in none is kept only where units are mere points."""
    units = area.units[area.units.geometry.notna()]
    tree = shapely.STRtree(units.geometry.to_numpy())
    point, unit = tree.query(points.geometry.to_numpy(), predicate="intersects")
    point, first = np.unique(point, return_index=True)
    within = pd.Series(None, index=range(len(points)), dtype=object)
    within.iloc[point] = units["unit_id"].to_numpy()[unit[first]]
    found = points.assign(unit_id=within.to_numpy())
    areas = (units.geom_type != "Point").all()
    return found[found["unit_id"].notna()] if areas else found


_MAKERS: dict[str, Maker] = {
    "units": _units,
    "residences": _residences,
    "buildings": _buildings,
    "streets": _streets,
}


def _excluded(
    points: gpd.GeoDataFrame, area: StudyArea, question: SiteQuestion
) -> NDArray[np.bool_]:
    inside = np.zeros(len(points), dtype=bool)
    if question.exclude and area.excluded is not None:
        zones = area.excluded[area.excluded["layer"].isin(question.exclude)]
        tree = shapely.STRtree(zones.geometry.to_numpy())
        inside[tree.query(points.geometry.to_numpy(), predicate="intersects")[0]] = True
    return inside


def _in_townships(points: gpd.GeoDataFrame, area: StudyArea) -> gpd.GeoDataFrame:
    units = area.units.set_index("unit_id")[["township_id", "township"]]
    of = units.reindex(points["unit_id"])
    return points.assign(
        township_id=of["township_id"].to_numpy(), township=of["township"].to_numpy()
    )
