"""Random towns for laws: a small grid of streets with gaps, bends, diagonals and hills.

It is drawn from one number, so that no two streets are equally near to a place by design: where
they are, either answer is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import strategies as st
from shapely import LineString, Point

import geo
from layers.project import Rules
from layers.study_area import StudyArea
from tests.town import CRS, EAST, NORTH, frame, streets_frame, town_project

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from layers.project import Mode

SIDE = 4
BLOCK = 100.0
PLACES = 6
# no moving to the main network, no straight walks, wherever a law is about streets alone
STREETS_ALONE = Rules(min_island_metres=0.0, direct_metres=0.0)
# moving and straight walks both happen often in a town this small
ALL_RULES = Rules(min_island_metres=350.0, max_access_metres=120.0)
WALK, DRIVE = town_project().modes["walk"], town_project().modes["drive"]


towns = st.integers(0, 2**32 - 1)
ways = st.sampled_from([WALK, DRIVE])


def place(rng: np.random.Generator) -> Point:
    """Drop a place anywhere in town, to the centimetre."""
    x, y = np.round(rng.uniform(-BLOCK / 2, (SIDE - 0.5) * BLOCK, 2), 2)
    return Point(EAST + x, NORTH + y)


def random_streets(rng: np.random.Generator, *, sloped: bool = False) -> gpd.GeoDataFrame:
    """Draw the grid, with gaps, bends, diagonals, one-way streets and, if sloped, hills."""
    height = rng.uniform(0, 15, (SIDE, SIDE)).round(2) if sloped else np.zeros((SIDE, SIDE))

    def corner(i: int, j: int) -> tuple[float, float, float]:
        return EAST + i * BLOCK, NORTH + j * BLOCK, float(height[i, j])

    rows: list[dict[str, Any]] = []
    for i, j in np.ndindex(SIDE, SIDE):
        for di, dj, kept in ((1, 0, 0.65), (0, 1, 0.65), (1, 1, 0.2)):
            if i + di < SIDE and j + dj < SIDE and rng.random() < kept:
                ends = np.array([corner(i, j), corner(i + di, j + dj)])
                bend = ends.mean(axis=0) + np.append(rng.normal(0, 10, 2), 0)
                line = np.insert(ends, 1, bend.round(2), axis=0) if rng.random() < 0.5 else ends
                way = int(rng.choice([0, 0, 0, 1, -1]))
                rows.append({"oneway": way, "geometry": LineString(line)})
    common = {"class": "residential"}
    return streets_frame([common | row | {"street_id": f"s{n:03}"} for n, row in enumerate(rows)])


def random_area(
    rng: np.random.Generator, categories: Iterable[str], *, sloped: bool = False
) -> StudyArea:
    """Draw a town of three units and six residences, with one facility of each category given."""
    homes = [
        {"residence_id": f"r{n}", "unit_id": f"u{n % 3}", "people": float(rng.integers(0, 50))}
        | {"geometry": place(rng)}
        for n in range(PLACES)
    ]
    people = pd.DataFrame(homes).groupby("unit_id")["people"].sum()
    units = [
        {"unit_id": unit, "name": unit, "kind": "village", "urban": False, "geometry": place(rng)}
        | {"people": count, "township_id": "t", "township": "t"}
        for unit, count in people.items()
    ]
    services = [
        {"facility_id": f"f{n}", "category": category, "geometry": place(rng)}
        for n, category in enumerate(categories)
    ]
    return StudyArea(
        crs=CRS,
        units=frame("units", units).astype({"urban": "boolean"}),
        residences=frame("residences", homes),
        facilities=frame("facilities", services),
        streets=random_streets(rng, sloped=sloped),
        townships=gpd.GeoDataFrame({"township_id": [], "name": []}, geometry=[], crs=CRS),
        has_elevation=sloped,
    )


def travel(
    streets: gpd.GeoDataFrame, mode: Mode, rules: Rules, *sides: gpd.GeoSeries
) -> geo.NetworkTravel:
    """Join places and facilities to the network of a mode."""
    network = geo.build_network(streets, mode)
    places, facilities = (
        geo.attach(network, side.x.to_numpy(), side.y.to_numpy(), rules) for side in sides
    )
    return geo.NetworkTravel(network, places, facilities, rules)


def milliseconds(
    streets: gpd.GeoDataFrame, mode: Mode, rules: Rules, *sides: gpd.GeoSeries
) -> NDArray[np.float64]:
    """Give the time from each place (rows) to each facility (columns), inf where no way is."""
    joined = travel(streets, mode, rules, *sides)
    columns = [joined.nearest(np.array([at])).milliseconds for at in range(len(sides[1]))]
    times = np.column_stack(columns).astype("float64")
    return np.where(times < 0, np.inf, times)


def town_of(seed: int, *, sloped: bool = False) -> StudyArea:
    """Draw a town of six residences and three facilities of one category."""
    return random_area(np.random.default_rng(seed), ["c"] * 3, sloped=sloped)
