"""The shipped facts of the county, and the one seed that everything else is drawn from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyproj

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOURCES = files("layers.demo")
_TEXT = ("unit_id", "township_id", "urban_class", "geonameid")
IN_TOWN = ("121", "210")  # urban-rural classes of a township's seat


@cache
def numbers(name: str = "county") -> dict[str, Any]:
    """Read ``county.toml`` or ``rates.toml``: every number, each with its source."""
    return tomllib.loads(SOURCES.joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Facts:
    """Units (96) and township seats (9) as published; seats in the metres of the study CRS."""

    units: pd.DataFrame
    seats: pd.DataFrame


def read_facts() -> Facts:
    """Read the units and the seats that the package ships, sorted by code."""
    units, seats = (
        pd.read_csv(
            str(SOURCES.joinpath(numbers()[name]["file"])),
            dtype={"lon": float, "lat": float} | dict.fromkeys(_TEXT, "str"),
        )
        for name in ("units", "seats")
    )
    crs = numbers()["crs"]
    project = pyproj.Transformer.from_crs("EPSG:4490", crs, always_xy=True).transform
    x, y = project(seats["lon"].to_numpy(), seats["lat"].to_numpy())
    seats = seats.assign(x=np.round(x, 2), y=np.round(y, 2))
    return Facts(units=units, seats=seats)


def chance(*subject: int) -> np.random.Generator:
    """Give the generator of one subject, so that drawing one thing never moves another."""
    return np.random.default_rng([numbers()["seed"], *subject])


def share_out(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Share a whole total by weight, to the last one, by largest remainder.

    >>> share_out(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return np.asarray(whole)
