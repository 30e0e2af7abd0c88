"""A simulated province: Fujian's real unit codes on simulated land, written as project folders.

``python -m bench.province OUT`` writes the whole: 17,498 units in the 84 counties that are listed
with units, a million vertices of street (``--nodes`` for more), 300,000 residences and 14
categories of facility. ``--begins 35042 --counties 3 --nodes 30000 --homes 9000`` is a small one.
The same arguments write the same files: one folder for each county, one CRS for all, and
province.toml, which lists them. A country is thirty of them. Names and codes are real, all else
is simulated (模拟).
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import layers
from bench.province_land import CRS, is_urban, simulated_units
from bench.province_streets import simulated_streets
from layers.catalogue import load_categories
from layers.project_file import PROJECT_FILE, project_toml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NODES = 1_000_000
HOMES = 300_000
SEED = 35
PROVINCE_FILE = "province.toml"
# Facilities per unit in town, per village, and besides that per township.
DENSITY = {
    "svc-comprehensive": (0.95, 0.85, 0.0),
    "elder-care": (0.60, 0.35, 1.0),
    "nursery": (0.35, 0.02, 0.6),
    "kindergarten": (0.60, 0.15, 1.0),
    "primary-school": (0.25, 0.15, 1.0),
    "middle-school": (0.12, 0.01, 0.7),
    "health-center": (0.20, 0.00, 1.0),
    "village-clinic": (0.50, 0.90, 0.0),
    "pharmacy": (1.60, 0.20, 1.5),
    "sport": (1.20, 0.80, 0.5),
    "culture": (0.50, 0.60, 1.0),
    "shop": (2.50, 0.90, 2.0),
    "police-room": (0.80, 0.40, 0.5),
    "parcel": (1.50, 0.60, 1.0),
}
PLACES = {"elder-care": 30, "nursery": 60, "health-center": 50}
SPREAD = 25.0  # metres of a home from the street


def write_province(
    out: Path,
    *,
    begins: str = "35",
    counties: int | None = None,
    nodes: int = NODES,
    homes: int = HOMES,
) -> Path:
    """Write a simulated province and give the path of its province.toml.

    It has the first so many ``counties`` of those listed whose code ``begins`` so. ``nodes`` are
    the vertices of its streets and ``homes`` its residences.
    """
    rng = np.random.default_rng(SEED)
    units = simulated_units(begins, counties, rng)
    streets = simulated_streets(units, nodes, rng)
    residences = _residences(units, streets, homes, rng)
    facilities = _facilities(units, residences, rng)
    layered = {"units": units, "streets": streets, "residences": residences}
    by_county = {name: dict(list(each.groupby("county"))) for name, each in layered.items()}
    by_county["facilities"] = dict(list(facilities.groupby("county")))
    names = dict(zip(units["county"], units["county_name"], strict=True))
    for code, name in names.items():
        frames = {
            layer: found[code].drop(columns=["county", "county_name"], errors="ignore")
            for layer, found in by_county.items()
            if code in found
        }
        _write_county(out / code, f"{name}（模拟）", frames)
    told = {"name": "福建省（模拟）", "counties": sorted(names)}
    (out / PROVINCE_FILE).write_text(project_toml(told), encoding="utf-8", newline="\n")
    return out / PROVINCE_FILE


def _write_county(folder: Path, name: str, frames: dict[str, gpd.GeoDataFrame]) -> None:
    layers.write_frames(frames, folder / "county.gpkg")
    settings: dict[str, Any] = {
        "name": name,
        "crs": CRS,
        "simulated": True,
        "attribution": ["模拟数据：名称和代码为公开事实，其余为模拟，不得用于任何决策"],
        "data_date": "2023-12",
        "policy": "fujian-2022-37",
        "layers": {layer: {"source": "county.gpkg", "layer": layer} for layer in frames},
    }
    text = project_toml(settings)
    (folder / PROJECT_FILE).write_text(text, encoding="utf-8", newline="\n")


def _residences(
    units: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, homes: int, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Give homes beside the lanes of each unit, more where more people are, each with a weight."""
    wanted = np.maximum(1, np.rint(homes * _even(units) / _even(units).sum())).astype(np.int64)
    unit = np.repeat(np.arange(len(units)), wanted)
    lanes = streets[streets["class"].isin(["residential", "service"])]
    points = np.unique(shapely.get_coordinates(lanes.geometry.to_numpy()), axis=0)
    inside = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points.T), crs=CRS)
    found = inside.sjoin(units[["geometry"]], predicate="within")
    order = found.sort_values("index_right", kind="stable")
    first = np.searchsorted(order["index_right"], np.arange(len(units) + 1))
    count = np.maximum(first[1:] - first[:-1], 1)
    pick = np.minimum(first[unit] + rng.integers(0, count[unit]), len(order) - 1)
    at = points[order.index.to_numpy()[pick]] + rng.uniform(-SPREAD, SPREAD, (unit.size, 2))
    west, south, east, north = units.geometry.bounds.to_numpy()[unit].T
    number = pd.Series(unit).groupby(unit).cumcount()
    return gpd.GeoDataFrame(
        {
            "residence_id": units["unit_id"].to_numpy()[unit] + "-" + number.map("{:03d}".format),
            "unit_id": units["unit_id"].to_numpy()[unit],
            "county": units["county"].to_numpy()[unit],
            "weight": rng.gamma(2.0, 50.0, unit.size).round(1) + 1.0,
        },
        geometry=gpd.points_from_xy(
            np.clip(at[:, 0], west + 1, east - 1).round(2),
            np.clip(at[:, 1], south + 1, north - 1).round(2),
        ),
        crs=CRS,
    )


def _even(units: gpd.GeoDataFrame) -> Floats:
    weight: Floats = np.sqrt(units["people"].to_numpy(dtype=np.float64))
    return weight


def _facilities(
    units: gpd.GeoDataFrame, residences: gpd.GeoDataFrame, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Give facilities beside homes, at the densities of town, village and township."""
    town = is_urban(units)
    seats = ~units["township_id"].duplicated().to_numpy()
    first = np.searchsorted(residences["unit_id"], units["unit_id"])
    size = np.diff(np.append(first, len(residences)))
    homes = np.column_stack((residences.geometry.x, residences.geometry.y))
    names, parts = load_categories(), []
    for category, (urban, rural, seat) in DENSITY.items():
        count = rng.poisson(np.where(town, urban, rural) + np.where(seats, seat, 0.0))
        unit = np.repeat(np.arange(len(units)), count)
        at = homes[first[unit] + rng.integers(0, np.maximum(size[unit], 1))]
        places = PLACES.get(category)
        part = units.iloc[unit][["unit_id", "county"]].reset_index(drop=True)
        serial = part.groupby("unit_id").cumcount().map("{:02d}".format)
        part = part.assign(
            facility_id=part["unit_id"] + "-" + category + "-" + serial,
            name=units["name"].to_numpy()[unit] + names[category].name_zh,
            category=category,
            capacity=np.rint(places * rng.lognormal(0, 0.5, unit.size)) if places else np.nan,
        )
        x, y = (at + rng.uniform(-SPREAD, SPREAD, at.shape)).round(2).T
        parts.append(gpd.GeoDataFrame(part, geometry=gpd.points_from_xy(x, y), crs=CRS))
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=CRS)


def main(words: Iterable[str] | None = None) -> None:
    """Write a simulated province and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--begins", default="35", help="only counties whose code begins so")
    parser.add_argument("--counties", type=int, help="only the first so many of them")
    parser.add_argument("--nodes", type=int, default=NODES, help="vertices of street in all")
    parser.add_argument("--homes", type=int, default=HOMES, help="residences in all")
    asked = parser.parse_args(None if words is None else list(words))
    began = time.process_time()
    out = vars(asked).pop("out")
    path = write_province(out, **vars(asked))
    print(f"{path}  {time.process_time() - began:.1f} s of CPU")


if __name__ == "__main__":
    main()
