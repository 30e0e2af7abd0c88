"""Towns, villages and hamlets: where they lie and the ground plan of their streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from layers.demo.facts import chance, numbers
from layers.demo.rivers import keep_apart, river_lines
from layers.demo.territory import in_town, spread_evenly

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.demo.mesh import Floats, Ints
    from layers.demo.terrain import Land

TOWN, VILLAGE, HAMLET = "town", "village", "hamlet"
APART_METRES = 500.0
BLOCK_METRES = {TOWN: 92.0, VILLAGE: 64.0, HAMLET: 52.0}


@dataclass(frozen=True)
class Settlements:
    """The places of the county (``unit`` is a row of the units, -1 where several share a town).

    ``corners`` are the street corners of all of them, ``of`` the place each corner belongs to.
    """

    places: pd.DataFrame
    corners: Floats
    of: Ints

    def of_unit(self, units: pd.DataFrame, unit_id: str) -> Ints:
        """Give the settlements of one unit."""
        row = np.flatnonzero(units["unit_id"] == unit_id)[0]
        return np.flatnonzero(self.places["unit"] == row)

    def county_town(self) -> int:
        """Give the county town."""
        seat = self.places["township_id"] == numbers()["spread"]["county_seat"]
        return int(np.flatnonzero(seat & (self.places["kind"] == TOWN))[0])


def settle(units: gpd.GeoDataFrame, land: Land) -> Settlements:
    """Draw towns at the seats, a main village in every other unit, and hamlets around it."""
    shared = in_town(units).to_numpy()
    towns = units[shared].groupby("township_id", sort=True)
    centres = towns[["x", "y"]].first()
    seat = numbers()["spread"]["county_seat"]
    centres.loc[seat] = units.loc[units["unit_id"] == f"{seat}005", ["x", "y"]].to_numpy()[0]
    town = pd.DataFrame({"x": centres["x"], "y": centres["y"], "people": towns["people"].sum()})
    places = pd.concat(
        [
            town.assign(kind=TOWN, unit=-1, township_id=centres.index),
            _villages(units, shared, land),
        ],
        ignore_index=True,
    )
    return _ground_plans(places, land)


def unit_at(units: gpd.GeoDataFrame, xy: Floats) -> Ints:
    """Give the row of the unit that each place lies in, -1 outside all."""
    place, unit = shapely.STRtree(units.geometry.array).query(
        shapely.points(xy), predicate="intersects"
    )
    found = np.full(len(xy), -1, dtype=np.int64)
    found[place[::-1]] = unit[::-1]
    return found


def _villages(units: gpd.GeoDataFrame, shared: np.ndarray, land: Land) -> pd.DataFrame:
    """Give the main village and the hamlets of each unit that is no part of a town."""
    settled = numbers()["settlements"]
    ground = np.flatnonzero(land.building_ground)
    unit = unit_at(units, land.mesh.xy[ground])
    people, middles = units["people"].to_numpy(), units[["x", "y"]].to_numpy()
    share = settled["main_village_share"]
    found: list[tuple[float, float, float, str, int]] = []
    for row in np.flatnonzero(~shared).tolist():
        main = middles[[row]]
        near = land.mesh.xy[ground[unit == row]]
        near = near[np.hypot(*(near - main).T) > APART_METRES]
        count = min(round(people[row] * (1 - share) / settled["people_per_hamlet"]) + 1, 5)
        hamlets = spread_evenly(near, main, count, chance(40, row))
        smaller = people[row] * (1 - share) / max(len(hamlets), 1)
        found.append((*main[0], people[row] - smaller * len(hamlets), VILLAGE, row))
        found.extend((*hamlet, smaller, HAMLET, row) for hamlet in hamlets)
    table = pd.DataFrame(found, columns=["x", "y", "people", "kind", "unit"])
    return table.assign(township_id=units["township_id"].to_numpy()[table["unit"]])


def _ground_plans(places: pd.DataFrame, land: Land) -> Settlements:
    """Lay the corners of each place's streets on a crooked grid along its valley, off the river."""
    rivers = cKDTree(river_lines(land)[0])
    rng = chance(41)
    per_person = numbers()["settlements"]["m2_per_person"]
    m2 = places["people"] * places["kind"].map({HAMLET: per_person[VILLAGE]} | per_person)
    radii = np.sqrt(m2.to_numpy(dtype=np.float64) / np.pi)
    blocks = places["kind"].map(BLOCK_METRES).to_numpy()
    centres = places[["x", "y"]].to_numpy()
    corners = [
        keep_apart(centre + _crooked_grid(radius, float(block), rng) @ turn, rivers, 60)
        for centre, radius, block, turn in zip(
            centres, radii, blocks, _along_valleys(centres, land), strict=True
        )
    ]
    of = np.repeat(np.arange(len(places)), [len(plan) for plan in corners])
    return Settlements(places, np.round(np.vstack(corners), 2).astype(np.float64), of)


def _crooked_grid(radius: float, block: float, rng: np.random.Generator) -> Floats:
    """Give grid corners in an oval of at least two blocks, the middle first and untouched."""
    radius = max(radius, 1.25 * block)
    steps = np.arange(-int(2 * radius / block) - 1, int(2 * radius / block) + 2)
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2) * block
    oval = np.hypot(grid[:, 0] / 1.3, grid[:, 1] * 1.3)
    grid, oval = grid[oval <= radius], oval[oval <= radius]
    grid = grid[np.argsort(oval, kind="stable")]
    bent = grid + rng.normal(0, 0.12, grid.shape) * block * (np.arange(len(grid)) > 0)[:, None]
    return np.asarray(bent)


def _along_valleys(centres: Floats, land: Land) -> Floats:
    """Give the turns that lay the long side of each place along the water that runs by it."""
    near = np.asarray(land.mesh.tree.query(centres, k=12)[1])
    start = near[np.arange(len(near)), np.argmax(land.drained_km2[near], axis=1)]
    end = start
    for _ in range(3):
        end = np.where(land.downstream[end] >= 0, land.downstream[end], end)
    way = land.mesh.xy[end] - land.mesh.xy[start]
    angle = np.arctan2(way[:, 1], way[:, 0])
    rows = [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    return np.asarray(np.moveaxis(np.array(rows), 2, 0))
