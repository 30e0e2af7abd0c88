"""Simulated streets for a province: lanes in every unit, roads between them, highways over all.

Roads run between the middles of units, whichever county they lie in, so that streets cross
borders; a street belongs to the county it begins in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

from bench.province_land import CRS, is_urban

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

BLOCK = {True: 130.0, False: 90.0}  # metres between crossings, in town and in a village
TOWN = 2.6  # a unit in town has so many times the crossings of a village
BENDS = 7  # vertices between the ends of a road
KEPT = 0.35  # share of the roads between neighbours that are there beside the shortest tree
ROADS = {12: "unclassified", 9: "tertiary", 6: "secondary", 4: "primary"}
FAST = {"primary": 70.0, "secondary": 60.0, "tertiary": 40.0}


def simulated_streets(
    units: gpd.GeoDataFrame, nodes: int, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Give the streets, about so many vertices in all, each with its ``county``."""
    middles = np.column_stack((units.geometry.centroid.x, units.geometry.centroid.y)).round(2)
    roads = _roads(units, middles, rng)
    left = max(nodes - len(shapely.get_coordinates(roads["geometry"].to_numpy())), len(units) * 4)
    town = is_urban(units)
    village = left / (len(units) + (TOWN - 1) * town.sum())
    lanes = [
        _lanes(units[town == flag], middles[town == flag], village * (TOWN if flag else 1), rng)
        for flag in (True, False)
        if (town == flag).any()
    ]
    streets = pd.concat([roads, *lanes], ignore_index=True)
    streets = streets.sort_values("county", kind="stable", ignore_index=True)
    number = streets.groupby("county").cumcount()
    streets["street_id"] = streets["county"] + "-" + number.map("{:06d}".format)
    return gpd.GeoDataFrame(streets, geometry="geometry", crs=CRS)


def _lanes(
    units: gpd.GeoDataFrame, middles: Floats, crossings: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Lay a crooked grid in every unit: rows and a middle column whole, other columns in part."""
    side = max(3, round(np.sqrt(crossings)) | 1)  # odd: the middle crossing is the unit's middle
    block = BLOCK[bool(is_urban(units)[0])]
    room = np.sqrt(shapely.area(units.geometry.to_numpy())) / (side + 1)
    step = np.minimum(block, room)[:, None, None]
    at = np.arange(side) - side // 2
    x, y = np.meshgrid(at.astype(float), at.astype(float))
    shift = rng.uniform(-0.3, 0.3, (2, len(units), side, side))
    shift[:, :, side // 2, side // 2] = 0.0
    grid = np.stack(
        (
            middles[:, 0, None, None] + (x + shift[0]) * step,
            middles[:, 1, None, None] + (y + shift[1]) * step,
        ),
        axis=-1,
    ).round(2)
    county = units["county"].to_numpy(dtype=object)
    rows = shapely.linestrings(grid.reshape(-1, side, 2))
    spine = shapely.linestrings(grid[:, :, side // 2])
    ends = np.stack((grid[:, :-1], grid[:, 1:]), axis=3).reshape(-1, 2, 2)
    some = rng.random(len(ends)) < KEPT
    some &= np.tile(np.arange(side) != side // 2, len(units) * (side - 1))
    links = shapely.linestrings(ends[some])
    return pd.DataFrame(
        {
            "county": np.concatenate(
                (
                    np.repeat(county, side),
                    county,
                    np.repeat(county, side * (side - 1))[some],
                )
            ),
            "class": np.concatenate(
                (
                    np.full(rows.size, "residential"),
                    np.full(spine.size, "unclassified"),
                    np.full(links.size, "service"),
                )
            ),
            "geometry": np.concatenate((rows, spine, links)),
        }
    )


def _roads(units: gpd.GeoDataFrame, middles: Floats, rng: np.random.Generator) -> pd.DataFrame:
    """Join neighbours at every level: units, seats of townships, of counties, of prefectures."""
    ids = units["unit_id"].to_numpy(dtype=object)
    county = units["county"].to_numpy(dtype=object)
    parts = []
    for digits, kind in ROADS.items():
        seats = np.sort(np.unique([code[:digits] for code in ids], return_index=True)[1])
        if seats.size < 3:  # noqa: PLR2004 - a triangle is the least that can be drawn
            continue
        a, b = (seats[end] for end in _neighbours(middles[seats], rng))
        lines = _bent(middles[a], middles[b], rng)
        parts.append(pd.DataFrame({"county": county[a], "class": kind, "geometry": lines}))
    roads = pd.concat(parts, ignore_index=True)
    oneway = (roads["class"] == "primary") & (rng.random(len(roads)) < 0.1)  # noqa: PLR2004 - some
    bridge = rng.random(len(roads)) < 0.02  # noqa: PLR2004 - a few
    return roads.assign(
        oneway=np.where(oneway, "yes", "no"),
        speed_kmh=roads["class"].map(FAST),
        bridge=np.where(bridge, "yes", "no"),
    )


def _neighbours(points: Floats, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Give pairs of points that are joined: the shortest tree, and some of their other sides."""
    corners = Delaunay(points).simplices
    sides = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]))
    sides = np.unique(sides, axis=0)
    length = np.hypot(*(points[sides[:, 0]] - points[sides[:, 1]]).T)
    size = len(points)
    tree = minimum_spanning_tree(coo_array((length, sides.T), shape=(size, size))).tocoo()
    whole = np.isin(sides @ [size, 1], np.minimum(*tree.coords) * size + np.maximum(*tree.coords))
    short = length < 3 * np.median(length)
    kept = whole | (short & (rng.random(len(sides)) < KEPT))
    return sides[kept, 0], sides[kept, 1]


def _bent(start: Floats, end: Floats, rng: np.random.Generator) -> NDArray[np.object_]:
    """Give crooked lines between points."""
    share = np.linspace(0, 1, BENDS + 2)[None, :, None]
    line = start[:, None] * (1 - share) + end[:, None] * share
    reach = np.hypot(*(end - start).T)[:, None, None] * 0.05
    crook = rng.uniform(-1, 1, line.shape) * reach
    crook[:, [0, -1]] = 0.0
    bent: NDArray[np.object_] = shapely.linestrings((line + crook).round(2))
    return bent
