"""The registers of the simulated county: compounds, grids, police, key spots, staff and more."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.demo.census import urban_units
from layers.demo.facilities import short_names, urban_communities
from layers.demo.facts import chance, numbers, share_out
from layers.demo.ledgers import columns

if TYPE_CHECKING:
    from layers.demo.mesh import Ints


def build_registers(
    units: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, plots: pd.DataFrame
) -> dict[str, gpd.GeoDataFrame]:
    """Give the registers by kind, in the columns of ``layers.schema.REGISTERS`` and their own."""
    made = {
        "township": _townships(units),
        "compound": _compounds(units, plots),
        "grid": _grids(units),
        "police-grid": _police_grids(units),
        "police-district": _police_districts(units),
        "police-station": _police_stations(units),
        "key-spot": _key_spots(units, facilities, plots),
        "natural-village": _natural_villages(units, plots),
        "resettlement": _resettlements(facilities),
        "staff": _staff(units),
    }
    rates = numbers("ledgers")["registers"]
    found = {}
    for number, (kind, rows) in enumerate(made.items()):
        told = columns(rows, rates.get(kind, {}), subject=93, number=number)
        found[kind] = gpd.GeoDataFrame(rows.assign(**told), geometry="geometry", crs=units.crs)
    return found


def _table(prefix: str, rows: dict[str, Any], geometry: Any = None) -> pd.DataFrame:  # noqa: ANN401  # shapes or None
    count = len(next(iter(rows.values())))
    ids = [f"{prefix}{at:03d}" for at in range(1, count + 1)]
    made = pd.DataFrame({"register_id": ids, **{name: [*each] for name, each in rows.items()}})
    made["geometry"] = pd.Series([None] * count if geometry is None else [*geometry], dtype=object)
    return made


def _townships(units: pd.DataFrame) -> pd.DataFrame:
    first = units.drop_duplicates("township_id").sort_values("township_id")
    rows = _table("", {"name": first["township"], "township_id": first["township_id"]})
    return rows.assign(register_id=first["township_id"].to_numpy())


def _compounds(units: gpd.GeoDataFrame, plots: pd.DataFrame) -> pd.DataFrame:
    """Give a compound for about every 260 households in town."""
    rng = chance(94)
    town = np.flatnonzero(urban_communities(units))
    count = np.maximum(units["households"].to_numpy()[town] // 260, 1)
    row = np.repeat(town, count)
    nth = pd.Series(row).groupby(row).cumcount().to_numpy() + 1
    sizes = rng.uniform(0.5, 1.0, len(row)) * np.repeat(
        units["households"].to_numpy()[town] / count, count
    )
    names = short_names(units).to_numpy()[row] + "小区" + pd.Series(nth).map(str).to_numpy()
    rows = {
        "name": names,
        "unit_id": units["unit_id"].to_numpy()[row],
        "households": np.round(sizes),
    }
    return _table("XQ", rows, _spots(plots, row, rng))


def _grids(units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Cut every unit into strips from west to east, one for about 700 people.

    Two of them are left out, and one reaches over its neighbour: gaps and overlaps to be found.
    """
    shapes, row = [], []
    for at, (shape, people) in enumerate(zip(units.geometry, units["people"], strict=True)):
        west, south, east, north = shape.bounds
        edges = np.round(np.linspace(west, east, max(int(people // 700), 1) + 1), 2)
        for left, right in pairwise(edges):
            strip = shapely.intersection(shape, shapely.box(left, south, right, north))
            shapes.append(strip)
            row.append(at)
    faults = numbers("registers")
    kept = np.ones(len(row), dtype=bool)
    kept[faults["grids_left_out"]] = False
    shapes[faults["grid_too_wide"]] = units.geometry.iloc[row[faults["grid_too_wide"]]]
    rows = _table("WG", {"unit_id": units["unit_id"].to_numpy()[row]}, shapes)
    police = np.array([f"JG{at:03d}" for at in range(1, 40)], dtype=object)
    matched = chance(95).random(len(rows)) < faults["grids_matched"]
    township = pd.factorize(units["township_id"])[0][row]
    grid = pd.Series(police[township], dtype=object).where(pd.Series(matched), None)
    return rows.assign(police_grid=grid)[kept]


def _police_grids(units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give one police grid for each township: most of its villages are listed, one has no list."""
    rng = chance(96)
    served, township = [], []
    for code, own in units.groupby("township_id", sort=True):
        some = own["unit_id"].to_numpy()[rng.random(len(own)) < numbers("registers")["served"]]
        served.append(";".join(some) or None)
        township.append(code)
    served[numbers("registers")["without_list"]] = None
    return _table("JG", {"township_id": township, "serves": served})


def _police_districts(units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give one police district for two communities in town, and one for each other township."""
    town = units["unit_id"].to_numpy()[urban_communities(units)][::2]
    seats = units.drop_duplicates("township_id", keep="last")["unit_id"].to_numpy()
    flags = [True] * len(town) + [False] * len(seats)
    return _table("JQ", {"unit_id": [*town, *seats], "urban": flags})


def _police_stations(units: pd.DataFrame) -> pd.DataFrame:
    first = units.drop_duplicates("township_id").sort_values("township_id")
    names = first["township"] + "派出所"
    return _table("PCS", {"name": names, "township_id": first["township_id"]})


def _key_spots(
    units: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, plots: pd.DataFrame
) -> pd.DataFrame:
    """Give key spots in the towns: most of them near an alarm point, one whose place is unknown."""
    rng = chance(97)
    town = np.flatnonzero(urban_units(units))
    row = np.sort(rng.choice(town, numbers("registers")["key_spots"]))
    spots = np.asarray(_spots(plots, row, rng), dtype=object)
    alarms = facilities[facilities["category"].isin(["alarm-point", "police-post"])]
    points = alarms.geometry.dropna()
    beside = rng.random(len(row)) < numbers("registers")["beside_alarm"]
    moved = points.iloc[rng.integers(len(points), size=len(row))].translate(60, 40).to_numpy()
    spots = np.where(beside, moved, spots)
    spots[0] = None
    unit_id = np.where(beside, None, units["unit_id"].to_numpy()[row])
    return _table("BW", {"unit_id": unit_id}, spots)


def _natural_villages(units: gpd.GeoDataFrame, plots: pd.DataFrame) -> pd.DataFrame:
    rng = chance(98)
    rural = np.flatnonzero(~urban_units(units))
    row = np.repeat(rural, 3)
    people = np.round(units["people"].to_numpy()[row] * rng.uniform(0.1, 0.4, len(row)))
    rows = {"unit_id": units["unit_id"].to_numpy()[row], "people": people}
    return _table("ZRC", rows, _spots(plots, row, rng))


def _resettlements(facilities: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give resettlement communities, most of them beside a service centre."""
    centres = facilities[
        (facilities["category"] == "svc-comprehensive") & facilities.geometry.notna()
    ].iloc[10::9]
    away = numbers("registers")["resettlement_metres"]
    some = centres.iloc[: len(away)]
    points = [
        shapely.Point(round(point.x + metres, 2), point.y)
        for point, metres in zip(some.geometry, away, strict=True)
    ]
    return _table("AZQ", {"name": some["name"].str[:-5] + "安置点"}, points)


def _staff(units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give community workers by unit: as many for 10 000 urban people as in the base year."""
    town = units[urban_units(units)]
    total = round(numbers("registers")["workers_per_10k"]["total"] * town["people"].sum() / 10_000)
    workers = share_out(total, town["people"].to_numpy(dtype=np.float64))
    return _table("SZ", {"unit_id": town["unit_id"], "workers": workers})


def _spots(plots: pd.DataFrame, row: Ints, rng: np.random.Generator) -> list[shapely.Point]:
    """Give a plot by chance in each unit, of the plots it has."""
    by_unit = plots.groupby("unit").indices
    chosen = [rng.choice(by_unit[unit]) for unit in row]
    return [shapely.Point(x, y) for x, y in plots[["x", "y"]].to_numpy()[chosen].tolist()]
