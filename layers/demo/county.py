"""The simulated county in memory: each layer drawn on those before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layers.demo.census import count_people
from layers.demo.facilities import build_facilities
from layers.demo.facts import numbers
from layers.demo.ground import break_ground
from layers.demo.ledgers import unit_ledger, with_ledgers
from layers.demo.registers import build_registers
from layers.demo.residences import build_homes, lay_out_plots
from layers.demo.roads import draw_streets
from layers.demo.settlements import settle
from layers.demo.terrain import draw_relief, raise_land
from layers.demo.territory import gather_townships, lay_out_units
from layers.demo.ways import choose_ways, without

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from layers.demo.facts import Facts
    from layers.demo.terrain import Relief


@dataclass(frozen=True)
class County:
    """The simulated layers, all in the study CRS; registers by kind, the unit ledger by itself."""

    units: gpd.GeoDataFrame
    townships: gpd.GeoDataFrame
    residences: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    ledger: pd.DataFrame
    registers: Mapping[str, gpd.GeoDataFrame]
    streets: gpd.GeoDataFrame
    relief: Relief


def simulate(facts: Facts) -> County:
    """Draw the county from its facts and its seed, each layer on those before."""
    land = raise_land(facts.seats[["x", "y"]].to_numpy())
    units = count_people(lay_out_units(facts, land))
    relief = draw_relief(land, units.geometry.union_all(method="coverage"))
    places = settle(units, land)
    ground = break_ground(land, relief, places)
    lonely = {
        name: places.of_unit(units, numbers()["roads"][name]) for name in ("no_streets", "island")
    }
    chosen, local = choose_ways(facts, ground, np.concatenate([*lonely.values()]))
    plots = lay_out_plots(units, ground, local)
    facilities = with_ledgers(build_facilities(units, plots))
    return County(
        units=units,
        townships=gather_townships(units, facts),
        residences=build_homes(units, plots),
        facilities=facilities,
        ledger=unit_ledger(units),
        registers=build_registers(units, facilities, plots),
        streets=draw_streets(
            ground, without(chosen, ground, lonely["no_streets"]), places.county_town()
        ),
        relief=relief,
    )
