"""Which streets a mode may use, and how fast it goes on each stretch of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.distance import rounded

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from layers.project import Mode, SlopeCurve

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

MAX_SLOPE = 0.5
_KMH_TO_NS_PER_METRE = 3_600_000_000_000 / 1000


def usable(streets: pd.DataFrame, mode: Mode) -> Flags:
    """Say which streets the mode may use at all, ridden or pushed."""
    ridden: Flags = ~np.isnan(street_kmh(streets, mode))
    return ridden if mode.push is None else ridden | usable(streets, mode.push)


def travel_kmh(
    streets: pd.DataFrame, mode: Mode, street: Ints, slope: Floats, *, against: bool
) -> Floats:
    """Give the speed in km/h on pieces of streets, one way; NaN where that way is closed.

    ``street`` is the row of each piece's street, ``slope`` its rise over run along the street;
    ``against`` asks for the other way. What may be pushed goes ridden or pushed, as is quicker.
    """
    flat = street_kmh(streets, mode)
    flat[one_way(streets, mode) == (1 if against else -1)] = np.nan
    climb = -slope if against else slope
    kmh: Floats = np.minimum(flat[street] * slope_factor(climb, mode.slope), mode.max_kmh)
    if mode.push is None:
        return kmh
    return np.fmax(kmh, travel_kmh(streets, mode.push, street, slope, against=against))


def one_way(streets: pd.DataFrame, mode: Mode) -> Ints:
    """Give the way each street is open to a mode: 1 along it, -1 against it, 0 both."""
    if not mode.oneway:
        return np.zeros(len(streets), dtype=np.int64)
    way = streets["oneway"].to_numpy(dtype=np.int64)
    if mode.contraflow is None:
        return way
    return np.where(streets[mode.contraflow].eq("no"), 0, way)


def street_kmh(streets: pd.DataFrame, mode: Mode) -> Floats:
    """Give each street's speed on the flat in km/h; NaN where the mode is closed or only pushed.

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


def may_step_on(streets: pd.DataFrame, mode: Mode) -> Flags:
    """Say on which streets a place may be joined: no motorway, no bridge, no tunnel."""
    closed = streets["class"].isin(mode.no_step_on) | streets["bridge"] | streets["tunnel"]
    return ~closed.to_numpy(dtype=bool)


def slope_factor(slope: Floats, curve: SlopeCurve | None) -> Floats:
    """Give the factor on flat speed for slopes (rise over run, uphill positive), at most 0.5."""
    if curve is None:
        return np.ones_like(slope)
    gentle = np.clip(slope, -MAX_SLOPE, MAX_SLOPE)
    factor: Floats
    if curve.knots:
        factor = np.interp(gentle, *np.transpose(curve.knots))
    else:
        factor = np.exp(-curve.rate * (np.abs(gentle + curve.best) - curve.best))
    return factor


def reach_metres(mode: Mode, minutes: float) -> float:
    """Give how far in a straight line one gets at most in so many minutes.

    >>> from layers.catalogue import load_modes
    >>> round(reach_metres(load_modes()["walk"], 120.0))
    9530
    """
    return max(mode.max_kmh, mode.off_road_kmh) * minutes / 0.06


def nanoseconds(metres: Floats, kmh: Floats | float) -> Ints:
    """Give the time over a distance in whole nanoseconds, so that sums are exact in any order."""
    return rounded(metres * (_KMH_TO_NS_PER_METRE / kmh))


def whole_milliseconds(ns: Ints) -> Ints:
    """Round nanoseconds to the study's whole milliseconds, halves up."""
    return (ns + 500_000) // 1_000_000


def straight_milliseconds(metres: Floats, kmh: float) -> Ints:
    """Give the whole milliseconds of a straight walk of so many metres."""
    return whole_milliseconds(nanoseconds(metres, kmh))
