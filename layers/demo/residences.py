"""Homes along the streets of each settlement, and the sites that facilities are built on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.demo.census import house_people, urban_units
from layers.demo.facts import chance, numbers
from layers.demo.settlements import unit_at

if TYPE_CHECKING:
    from layers.demo.ground import Ground
    from layers.demo.mesh import Flags, Floats, Ints

PLOT_METRES = 13.0
BARE_PLOTS, GOLDEN_ANGLE = 80, np.pi * (3 - np.sqrt(5))  # laid like the seeds of a sunflower


def lay_out_plots(units: gpd.GeoDataFrame, ground: Ground, local: Flags) -> pd.DataFrame:
    """Give building plots (unit's row, x, y) along both sides of every local street."""
    ends = ground.mesh.xy[ground.mesh.edges[local]]
    count = np.maximum((ground.mesh.lengths[local] / PLOT_METRES).astype(int), 1)
    rng = chance(70)
    edge = np.repeat(np.arange(len(ends)), 2 * count)
    along = rng.uniform(0.08, 0.92, len(edge))[:, None]
    way = ends[edge, 1] - ends[edge, 0]
    across = np.column_stack([-way[:, 1], way[:, 0]]) / np.hypot(*way.T)[:, None]
    aside = (rng.uniform(8, 19, len(edge)) * rng.choice([-1, 1], len(edge)))[:, None]
    xy = np.round(ends[edge, 0] + along * way + aside * across, 2)
    xy = np.vstack([xy, _off_the_streets(units, unit_at(units, xy))])
    plots = pd.DataFrame({"unit": unit_at(units, xy), "x": xy[:, 0], "y": xy[:, 1]})
    return plots[plots["unit"] >= 0].drop_duplicates(["x", "y"]).reset_index(drop=True)


def _off_the_streets(units: gpd.GeoDataFrame, unit: Ints) -> Floats:
    """Give plots around a place inside every unit that no local street runs through."""
    bare = np.setdiff1d(np.arange(len(units)), unit)
    middles = shapely.get_coordinates(units.geometry.array[bare].representative_point())
    turn = np.arange(1, BARE_PLOTS + 1)
    ring = np.column_stack([np.cos(turn * GOLDEN_ANGLE), np.sin(turn * GOLDEN_ANGLE)])
    around = middles[:, None] + PLOT_METRES * np.sqrt(turn)[:, None] * ring
    return np.asarray(np.round(around.reshape(-1, 2), 2), dtype=np.float64)


def build_homes(units: gpd.GeoDataFrame, plots: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give the residences: some plots of each unit, with all of its people in them."""
    rng = chance(71)
    per_home = numbers()["spread"]["people_per_residence"]
    wanted = units["people"] / np.where(urban_units(units), per_home["urban"], per_home["rural"])
    mixed = plots.iloc[rng.permutation(len(plots))]
    turn = mixed.groupby("unit").cumcount()
    chosen = mixed[(turn < np.ceil(wanted.to_numpy())[mixed["unit"]]).to_numpy()].sort_values(
        ["unit", "x", "y"]
    )
    unit = chosen["unit"].to_numpy()
    number = chosen.groupby("unit").cumcount() + 1
    homes = pd.DataFrame(
        {
            "residence_id": units["unit_id"].to_numpy()[unit]
            + "-"
            + number.astype(str).str.zfill(3).to_numpy(),
            "unit_id": units["unit_id"].to_numpy()[unit],
        }
    )
    points = shapely.points(chosen[["x", "y"]].to_numpy())
    return gpd.GeoDataFrame(homes.join(house_people(units, unit)), geometry=points, crs=units.crs)


def take_plots(
    units: gpd.GeoDataFrame, plots: pd.DataFrame, wanted: Ints, rng: np.random.Generator
) -> Floats:
    """Give a plot to each wanted row of ``units``, the nearer its middle the sooner.

    Each its own while there are plots; then they share them, first come first.
    """
    middle = units[["x", "y"]].to_numpy()[plots["unit"]]
    away = np.hypot(*(plots[["x", "y"]].to_numpy() - middle).T) * rng.exponential(1, len(plots))
    ordered = plots.iloc[np.lexsort([away, plots["unit"]])]
    first = np.searchsorted(ordered["unit"], wanted)
    count = np.searchsorted(ordered["unit"], wanted, side="right") - first
    plot = first + pd.Series(wanted).groupby(wanted).cumcount().to_numpy() % count
    return np.asarray(ordered[["x", "y"]].to_numpy()[plot])
