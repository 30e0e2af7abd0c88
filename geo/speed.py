"""Which streets a mode may use, and how fast it goes on each stretch of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from layers.project import Mode

MAX_SLOPE = 0.5
_KMH_TO_NS_PER_METRE = 3_600_000_000_000 / 1000


def street_kmh(streets: pd.DataFrame, mode: Mode) -> NDArray[np.float64]:
    """Give each street's speed on the flat in km/h; NaN where the mode may not use it.

    The first access column that is filled decides: a denied value closes the street, a granted
    one opens a class that is not listed.
    """
    kmh = streets["class"].map({name: rule.kmh for name, rule in mode.classes.items()})
    speed = np.array(kmh, dtype=np.float64)
    if mode.use_posted_speed:
        posted = streets["speed_kmh"].to_numpy(dtype=np.float64)
        usable = ~np.isnan(speed) & (posted > 0)
        speed[usable] = posted[usable]
    says = first_access_tag(streets, mode)
    granted = says.isin(mode.granted) & ~streets["class"].isin(mode.closed)
    speed[granted.to_numpy(dtype=bool) & np.isnan(speed)] = mode.granted_kmh
    speed[says.isin(mode.denied).to_numpy(dtype=bool)] = np.nan
    return np.minimum(speed, mode.max_kmh)


def first_access_tag(streets: pd.DataFrame, mode: Mode) -> pd.Series[str]:
    """Give the access value that decides for a mode: the most particular column that is filled."""
    says: pd.Series[str] = streets[mode.tags[0]]
    for tag in mode.tags[1:]:
        says = says.where(says.notna(), streets[tag])
    return says


def may_step_on(streets: pd.DataFrame, mode: Mode) -> NDArray[np.bool_]:
    """Say on which streets a place may be joined: no motorway, no bridge, no tunnel."""
    closed = streets["class"].isin(mode.no_step_on) | streets["bridge"] | streets["tunnel"]
    return ~closed.to_numpy(dtype=bool)


def slope_factor(slope: NDArray[np.float64], mode: Mode) -> NDArray[np.float64]:
    """Give the factor on flat speed for a slope (rise over run, uphill positive).

    Tobler's hiking function normalised to 1 on the flat (Tobler 1993), slopes clamped to 0.5.
    """
    if mode.slope == "none":
        return np.ones_like(slope)
    gentle = np.clip(slope, -MAX_SLOPE, MAX_SLOPE)
    factor: NDArray[np.float64] = np.exp(-3.5 * (np.abs(gentle + 0.05) - 0.05))
    return factor


def nanoseconds(metres: NDArray[np.float64], kmh: NDArray[np.float64] | float) -> NDArray[np.int64]:
    """Give the time over a distance in whole nanoseconds, so that sums are exact in any order."""
    return np.rint(metres * (_KMH_TO_NS_PER_METRE / kmh)).astype(np.int64)


def whole_milliseconds(ns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Round nanoseconds to the study's whole milliseconds, halves up."""
    return (ns + 500_000) // 1_000_000


def straight_milliseconds(metres: NDArray[np.float64], kmh: float) -> NDArray[np.int64]:
    """Give the whole milliseconds of a straight walk of so many metres."""
    return whole_milliseconds(nanoseconds(metres, kmh))


def top_factor(mode: Mode) -> float:
    """Give the greatest factor that a slope can put on a mode's flat speed."""
    return float(slope_factor(np.array([-0.05]), mode)[0])
