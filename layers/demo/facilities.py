"""Facilities of every category, as many as the policy's base year counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from layers.demo.facts import chance, numbers, share_out
from layers.demo.residences import take_plots
from layers.demo.territory import in_town

if TYPE_CHECKING:
    from layers.demo.mesh import Flags, Floats, Ints

Texts = np.ndarray[tuple[int], np.dtype[np.object_]]
URBAN_COMMUNITY = ("111", "112", "121")


def build_facilities(units: gpd.GeoDataFrame, plots: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give every facility in the columns of ``layers.schema.FACILITIES``, and what policy asks.

    Rows that only a ledger knows have no point. Sorted by category as ``rates.toml`` lists them.
    """
    rates = {name: rate for name, rate in numbers("rates").items() if isinstance(rate, dict)}
    plain = pd.DataFrame(units.drop(columns="geometry")).assign(
        short_name=short_names(units), urban=urban_communities(units), seat=_first_of_town(units)
    )
    built = pd.concat(
        [
            _of_category(plain, name, rate, number)
            for number, (name, rate) in enumerate(rates.items())
        ],
        ignore_index=True,
    )
    xy = take_plots(units, plots, built["unit"].to_numpy(), chance(81))
    points = np.asarray(shapely.points(xy), dtype=object)
    points[~built["placed"].to_numpy()] = None
    unit_id = units["unit_id"].to_numpy()[built["unit"]]
    built.insert(3, "unit_id", unit_id)
    return gpd.GeoDataFrame(built.drop(columns=["unit", "placed"]), geometry=points, crs=units.crs)


def short_names(units: pd.DataFrame) -> pd.Series[str]:
    """Give the everyday name of a unit: 盖洋村委会 is 盖洋村, 城东居委会 is 城东社区."""
    return (
        units["name"]
        .str.replace(r"(社区居民委员会|居委会)$", "社区", regex=True)
        .str.replace(r"(村民委员会|村委会)$", "村", regex=True)
    )


def _of_category(
    units: pd.DataFrame, category: str, rate: dict[str, Any], number: int
) -> pd.DataFrame:
    rng = chance(80, number)
    rows, status = _where(units, rate, rng)
    first = pd.Series(rows).groupby(rows).cumcount().to_numpy()
    place = units["short_name"].to_numpy()[rows]
    shared = units["seat"].to_numpy()[rows] & ("township" in rate)
    place = np.where(shared & (first == 0), units["township"].to_numpy()[rows], place)
    order = np.where(first > 0, "第" + pd.Series(first + 1).map(str).to_numpy(), "")
    names = [rate["name"].format(place=f"{at}{nth}") for at, nth in zip(place, order, strict=True)]
    existing = status == "existing"
    year = numbers("rates")["base_year"]
    years = np.where(
        existing,
        rng.integers(1998, year + 1, len(rows)),
        rng.integers(year + 1, year + 5, len(rows)),
    )
    placed = np.ones(len(rows), dtype=np.bool_)
    placed[rng.choice(np.flatnonzero(existing), rate.get("unplaced", 0), replace=False)] = False
    return pd.DataFrame(
        {
            "facility_id": [f"{rate['prefix']}{at:03d}" for at in range(1, len(rows) + 1)],
            "name": names,
            "category": category,
            "serves": _served(units, rows, rate, rng),
            "status": status,
            "year": years,
            **_sizes(units, rate, existing, rng),
            "unit": rows,
            "placed": placed,
        }
    )


def _where(
    units: pd.DataFrame, rate: dict[str, Any], rng: np.random.Generator
) -> tuple[Ints, Texts]:
    """Choose the units that have one, then those that are about to."""
    urban = units["urban"].to_numpy()
    groups = {
        "urban": np.flatnonzero(urban),
        "rural": np.flatnonzero(~urban),
        "township": np.flatnonzero(units["seat"]),
    }
    people = units["people"].to_numpy() ** 0.5
    having = [np.empty(0, dtype=np.int64)]
    lacking: list[int] = []
    for name, group in groups.items():
        if name in rate:
            # The larger a unit, the likelier it has one already.
            order = group[
                np.argsort(-people[group] * rng.exponential(1, len(group)), kind="stable")
            ]
            count = round(rate[name]["share"] * len(group))
            having.append(order[:count])
            lacking.extend(order[count:])
    town = np.flatnonzero(units["township_id"] == numbers()["spread"]["county_seat"])
    having.append(rng.choice(town, rate.get("extra", 0), replace=False))
    coming = rate.get("building", 0), rate.get("planned", 0)
    rows = np.concatenate([*having, np.array(lacking[: sum(coming)], dtype=np.int64)])
    status = np.repeat(["existing", "building", "planned"], [len(rows) - sum(coming), *coming])
    order = np.argsort(rows, kind="stable")
    return rows[order], status[order]


def urban_communities(units: pd.DataFrame) -> Flags:
    """Say which units the policy calls urban communities."""
    listed = units["urban_class"].isin(URBAN_COMMUNITY)
    return ((units["kind"] == "community") & listed).to_numpy()


def _first_of_town(units: pd.DataFrame) -> Flags:
    """Say which unit of each township is the first that shares its town."""
    town = in_town(units)
    return (town & ~units["township_id"].where(town).duplicated()).to_numpy()


def _sizes(
    units: pd.DataFrame, rate: dict[str, Any], existing: Flags, rng: np.random.Generator
) -> dict[str, Floats]:
    """Draw floor areas, places and hours; county totals that the policy prints come out exact."""
    area = _between(rate.get("area_m2"), existing, rng)
    if "m2_per_100_households" in rate:
        total = rate["m2_per_100_households"]["total"] * units["households"].sum() / 100
        area[existing] = 5 + share_out(round(total) - 5 * existing.sum(), area[existing])
    capacity = _between(rate.get("capacity"), existing, rng)
    if "places_per_1000" in rate:
        total = rate["places_per_1000"]["total"] * units["people"].sum() / 1000
        capacity[existing] = share_out(round(total), rng.uniform(1, 2.5, existing.sum()))
        capacity[~existing] = 30
    activity = np.round(area * _between(rate.get("activity_share"), existing, rng, whole=False))
    hours = _between(rate.get("open_hours_per_day"), existing, rng)
    return {
        "capacity": capacity,
        "area_m2": area,
        "activity_area_m2": activity,
        "open_hours_per_day": hours,
    }


def _between(
    limits: list[float] | None, rows: Flags, rng: np.random.Generator, *, whole: bool = True
) -> Floats:
    low, high = limits or (np.nan, np.nan)
    drawn = low + (high - low) * rng.beta(1.3, 2.2, len(rows))
    return np.round(drawn) if whole else drawn


def _served(
    units: pd.DataFrame, rows: Ints, rate: dict[str, Any], rng: np.random.Generator
) -> Texts:
    """List for some rural ones the villages they serve: their own and others near it."""
    listed = np.full(len(rows), None, dtype=object)
    rural = np.flatnonzero(~units["urban"].to_numpy()[rows])
    some = rng.choice(rural, round(rate.get("serving", 0) * len(rural)), replace=False)
    codes = units["unit_id"].to_numpy()
    middles = units[["x", "y"]].to_numpy()
    near = np.asarray(cKDTree(middles).query(middles, k=5)[1])
    for at in np.sort(some).tolist():
        row = rows[at]
        same = [
            other for other in near[row] if codes[other][:9] == codes[row][:9] and other not in rows
        ]
        listed[at] = ";".join(sorted([codes[row], *codes[same]]))
    return listed
