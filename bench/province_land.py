"""Simulated land for a province: real codes of Fujian's units, everything else drawn from a seed.

A rectangle is cut, by the square kilometres units are given, into prefectures, counties,
townships and units. Nothing of it lies where it does in truth: it is simulated (模拟).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.county_list import county_codes, county_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CRS = "EPSG:4548"
MIDDLE = (500_000.0, 2_900_000.0)
URBAN = ("111", "112", "121")
KM2 = {"111": 1.2, "112": 3.0, "121": 2.5, "122": 5.0, "123": 5.0, "210": 7.0, "220": 9.5}
PEOPLE = {"111": 5200, "112": 2600, "121": 3600, "122": 1900, "123": 900, "210": 1600, "220": 1050}


def listed_units(begins: str, counties: int | None) -> pd.DataFrame:
    """Give the units of the first so many counties listed whose code begins so."""
    codes = [code for code in county_codes() if code.startswith(begins)][:counties]
    parts = [county_of(code).units.assign(county=code) for code in codes]
    units = pd.concat([part for part in parts if len(part)], ignore_index=True)
    names = {code: county_of(code).name for code in codes}
    return units.assign(county_name=units["county"].map(names))


def simulated_units(
    begins: str, counties: int | None, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Give the units with their county, outlines and people; outlines of neighbours meet."""
    units = listed_units(begins, counties)
    km2 = units["urban_class"].map(KM2).fillna(7.0).to_numpy() * rng.uniform(0.6, 1.5, len(units))
    boxes = _cut(units, km2 * 1e6)
    usual = units["urban_class"].map(PEOPLE).fillna(1200).to_numpy()
    people = np.rint(usual * rng.lognormal(0.0, 0.45, len(units)))
    old = np.rint(people * rng.uniform(0.14, 0.30, len(units)))
    found = units.assign(
        people=people,
        households=np.rint(people / rng.uniform(2.3, 3.3, len(units))),
        age_0_14=np.rint(people * rng.uniform(0.12, 0.22, len(units))),
        age_60_plus=old,
        age_65_plus=np.rint(old * 0.7),
    )
    return gpd.GeoDataFrame(found, geometry=shapely.box(*boxes.T), crs=CRS)


def is_urban(units: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which units are town: communities of an urban class."""
    urban: pd.Series[bool] = units["urban_class"].isin(URBAN) & (units["kind"] == "community")
    return urban.to_numpy(dtype=bool)


def _cut(units: pd.DataFrame, m2: Floats) -> Floats:
    """Give a box for every unit: the whole cut by prefecture, county, township, unit."""
    width, height = np.sqrt(m2.sum() * 0.8), np.sqrt(m2.sum() / 0.8)
    west, south = MIDDLE[0] - width / 2, MIDDLE[1] - height / 2
    boxes = np.tile([west, south, west + width, south + height], (len(units), 1))
    groups: list[Ints] = [np.arange(len(units))]
    for digits in (4, 6, 9, 12):
        key = units["unit_id"].str[:digits].to_numpy(dtype=object)
        groups = [part for group in groups for part in _split(group, key, m2, boxes)]
    return boxes.round(2)


def _split(group: Ints, key: NDArray[np.object_], m2: Floats, boxes: Floats) -> list[Ints]:
    """Cut a box in two of about the same size, across its longer side, until each key has one."""
    names = np.unique(key[group].astype(str))
    if names.size == 1:
        return [group]
    of_name = np.array([m2[group[key[group] == name]].sum() for name in names])
    half = int(np.searchsorted(np.cumsum(of_name), of_name.sum() / 2))
    half = min(max(half, 1), names.size - 1)
    first = np.isin(key[group].astype(str), names[:half])
    share = of_name[:half].sum() / of_name.sum()
    box = boxes[group[0]].copy()
    axis = int(box[3] - box[1] > box[2] - box[0])
    line = box[axis] + share * (box[axis + 2] - box[axis])
    boxes[group[first], axis + 2] = line
    boxes[group[~first], axis] = line
    return [part for side in (group[first], group[~first]) for part in _split(side, key, m2, boxes)]
