"""Facilities and residences out of OpenStreetMap, by the tags the catalogue gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.catalogue import load_categories
from layers.fetch_source import fetch_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from layers.project import Category


def find_facilities(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give facility_id, name, category and point of every facility, each counted once.

    ``places`` are points and areas in a projected CRS. What has no name gets its category's.
    """
    tagged = [category for category in load_categories().values() if category.osm]
    found = [_of_category(places, category) for category in tagged]
    facilities = gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs=places.crs)
    return facilities.sort_values("facility_id").reset_index(drop=True)


def find_residences(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give residence_id, weight (m2 of floor: footprint times levels) and point of every home."""
    rules = fetch_rules()["buildings"]
    area = places.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    homes = ~places["building"].isin(rules["not_homes"])
    homes &= ~places["amenity"].isin(rules["not_homes_amenity"])
    found = places[area & places["building"].notna() & homes]
    stated = found["building:levels"].astype(object).str.extract(r"^\s*(\d+(?:\.\d+)?)")[0]
    levels = pd.to_numeric(stated).where(lambda number: number > 0).fillna(rules["levels"])
    return gpd.GeoDataFrame(
        {"residence_id": found["id"], "weight": (found.geometry.area * levels).round(1)},
        geometry=found.geometry.representative_point(),
        crs=places.crs,
    ).sort_values("residence_id", ignore_index=True)


def matching(places: gpd.GeoDataFrame, rule: Mapping[str, str]) -> npt.NDArray[np.bool_]:
    """Say which places meet every tag of a rule; ``~`` leads a regular expression."""
    found = np.ones(len(places), dtype=bool)
    for key, value in rule.items():
        tags = places[key].to_numpy(dtype=object)
        if value.startswith("~"):
            pattern = re.compile(value.removeprefix("~"))
            texts = [tag if isinstance(tag, str) else "" for tag in tags[found]]
            found[found] = [pattern.search(text) is not None for text in texts]
        else:
            found &= tags == value
    return found


def _of_category(places: gpd.GeoDataFrame, category: Category) -> gpd.GeoDataFrame:
    fits = np.logical_or.reduce([matching(places, rule) for rule in category.osm])
    found = _once(places.loc[fits, ["id", "name", "geometry"]])
    return gpd.GeoDataFrame(
        {
            "facility_id": category.id + "-" + found["id"],
            "name": found["name"].fillna(category.name_zh),
            "category": category.id,
        },
        geometry=found.geometry.representative_point(),
        crs=places.crs,
    )


def _once(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep one of those that share a name and lie close together, and of those inside another.

    Areas stay rather than points, then lower ids rather than higher.
    """
    area = found.geometry.geom_type != "Point"
    found = found.assign(point=~area).sort_values(["point", "id"]).drop(columns="point")
    shapes = found.geometry.array
    names = found["name"].astype(object).to_numpy()
    named = found["name"].notna().to_numpy()
    tree = shapely.STRtree(shapes)
    near = tree.query(shapes, "dwithin", fetch_rules()["facilities"]["same_metres"])
    first, second = near[:, near[0] < near[1]]
    twin = named[first] & (names[first] == names[second])
    inner, outer = tree.query(shapes, "within")
    nameless = (inner != outer) & ~named[inner]
    extra = np.unique(np.concatenate([second[twin], inner[nameless]]))
    return found.drop(index=found.index[extra])
