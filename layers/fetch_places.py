"""Where people live, out of OpenStreetMap: the boundary, its townships and its settlements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from layers.errors import LayerError, Problem
from layers.fetch_source import fetch_rules

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

_WHOLE_STUDY = "0" * 12  # the township of a study that has none
_ACCENTS = "[\u0300-\u036f]"  # combining marks, which NFKD sets apart from their letters


def read_boundary(path: Path) -> gpd.GeoDataFrame:
    """Read a boundary file into one row: ``name`` (missing where it says none), polygon.

    Raises LayerError (boundary_unusable).
    """
    try:
        found = pyogrio.read_dataframe(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise LayerError(Problem(path.name, "boundary_unusable")) from error
    areas = found[found.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    if areas.empty or areas.crs is None:
        raise LayerError(Problem(path.name, "boundary_unusable"))
    named = [column for column in areas.columns if column.lower().startswith("name")]
    name = areas[named[0]].iloc[0] if named and len(areas) == 1 else None
    whole = shapely.union_all(shapely.make_valid(areas.geometry.array))
    return gpd.GeoDataFrame({"name": [name]}, geometry=[whole], crs=areas.crs)


def find_boundary(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the administrative area with the most settlements, the smallest of equals.

    One row: ``name``, polygon. Where none holds enough of them, the extent of everything.
    """
    homes = _settlements(places).geometry.representative_point()
    areas = _administrative(places)
    held = np.bincount(homes.sindex.query(areas.geometry, "contains")[0], minlength=len(areas))
    size = shapely.area(areas.geometry.array)
    ranked = areas.assign(held=held, size=size).sort_values(
        ["held", "size"], ascending=[False, True]
    )
    if len(homes) and held.max(initial=0) >= len(homes) * fetch_rules()["boundary"]["settlements"]:
        return ranked[["name", "geometry"]].head(1).reset_index(drop=True)
    extent = shapely.box(*places.total_bounds)
    return gpd.GeoDataFrame({"name": [None]}, geometry=[extent], crs=places.crs)


def find_townships(places: gpd.GeoDataFrame, boundary: BaseGeometry, name: str) -> gpd.GeoDataFrame:
    """Give township_id, name, polygon: the coarsest level that divides the boundary.

    Neighbours that the extract holds too are left out; a boundary that no level divides is one
    township, under ``name``. Both in one projected CRS.
    """
    rules = fetch_rules()["townships"]
    areas = _administrative(places)
    areas = areas[lying_in(boundary, areas)]
    for _, level in areas.groupby(areas["admin_level"].astype(int)):
        inside = shapely.area(shapely.intersection(level.geometry.array, boundary)).sum()
        if len(level) >= rules["areas"] and inside >= rules["cover"] * boundary.area:
            named = level.rename(columns={"id": "township_id"})
            return _sorted(named[["township_id", "name", "geometry"]], "township_id")
    alone = {"township_id": [_WHOLE_STUDY], "name": [name]}
    return gpd.GeoDataFrame(alone, geometry=[boundary], crs=places.crs)


def find_units(
    places: gpd.GeoDataFrame, boundary: BaseGeometry, townships: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Give the settlements inside a boundary as the points of units.

    A settlement drawn as an area too counts once; a city gives way to its parts. People are
    those of the population tag, missing where there is none.
    """
    rules = fetch_rules()["settlements"]
    drawn = _settlements(places)
    drawn = drawn[drawn["name"].notna() & ~_drawn_twice(drawn)]
    found = drawn.set_geometry(drawn.geometry.representative_point())
    found = found[lying_in(boundary, found)]
    found = found.assign(township_id=nearest_id(found, townships, "township_id"))
    parts = found.loc[found["place"].isin(rules["parts"]), "township_id"]
    found = found[~(found["place"].isin(rules["whole"]) & found["township_id"].isin(parts))]
    urban = found["place"].isin(rules["urban"])
    units = gpd.GeoDataFrame(
        {
            "unit_id": found["id"],
            "name": found["name"],
            "kind": np.where(urban, "community", "village"),
            "township_id": found["township_id"],
            "township": found["township_id"].map(townships.set_index("township_id")["name"]),
            "urban": urban,
            "people": _people(found["population"]),
        },
        geometry=found.geometry,
        crs=places.crs,
    )
    return _sorted(units, "unit_id")


def unit_of(
    points: gpd.GeoDataFrame, townships: gpd.GeoDataFrame, units: gpd.GeoDataFrame
) -> pd.Series[Any]:
    """Give the nearest unit within the same township; of all, where the township has none."""
    township = nearest_id(points, townships, "township_id")
    nearest = pd.Series(index=points.index, dtype=object)
    for township_id, here in points.groupby(township):
        own = units[units["township_id"] == township_id]
        nearest[here.index] = nearest_id(here, units if own.empty else own, "unit_id")
    return nearest


def lying_in(area: BaseGeometry, places: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """Say which places lie in an area, each by one point of its own."""
    shapely.prepare(area)
    inside: npt.NDArray[np.bool_] = shapely.contains(
        area, shapely.point_on_surface(places.geometry.array)
    )
    return inside


def nearest_id(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, key: str) -> pd.Series[Any]:
    """Give the id of the area each point lies in (the first of several), else of the nearest."""
    ids, shapes = areas[key].to_numpy(dtype=object), points.geometry.array
    found = np.full(len(points), -1)
    area, point = shapely.STRtree(shapes).query(areas.geometry.array, "covers")
    found[point[::-1]] = area[::-1]
    outside = np.flatnonzero(found < 0)
    tree = shapely.STRtree(areas.geometry.array)
    found[outside] = tree.query_nearest(shapes[outside], all_matches=False)[1]
    return pd.Series(ids[found], index=points.index, dtype=object)


def _settlements(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rules = fetch_rules()["settlements"]
    return places[places["place"].isin([*rules["urban"], *rules["rural"]])]


def _administrative(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    level = places["admin_level"].astype(object).fillna("").str.fullmatch(r"\d+")
    area = places.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    return places[(places["boundary"] == "administrative") & level & area]


def _drawn_twice(found: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Say which areas hold a point of their own name, accents aside."""
    points = found[found.geometry.geom_type == "Point"]
    areas = found[found.geometry.geom_type != "Point"]
    area, point = points.sindex.query(areas.geometry, "contains")
    same = _plain(areas["name"]).to_numpy()[area] == _plain(points["name"]).to_numpy()[point]
    twice: pd.Series[Any] = found["id"].isin(areas["id"].to_numpy()[area[same]])
    return twice


def _plain(names: pd.Series[Any]) -> pd.Series[Any]:
    return names.str.casefold().str.normalize("NFKD").str.replace(_ACCENTS, "", regex=True)


def _people(population: pd.Series[Any]) -> pd.Series[Any]:
    digits = population.astype(object).fillna("").str.replace(r"[\s,.]", "", regex=True)
    return pd.to_numeric(digits.where(digits.str.fullmatch(r"\d+")), errors="coerce").astype(float)


def _sorted(frame: gpd.GeoDataFrame, key: str) -> gpd.GeoDataFrame:
    return frame.sort_values(key).reset_index(drop=True)
