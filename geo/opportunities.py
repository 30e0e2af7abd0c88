"""What is within reach, and of whom: cumulative opportunities, gravity, the time to a choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.decay import decay_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.accessibility import Decay


def active_opportunities(
    pairs: pd.DataFrame, amounts: pd.Series[float], places: pd.Index
) -> pd.Series[float]:
    """Add up for each place what the facilities within its limit have; 0 for none.

    ``pairs`` has place and facility; ``amounts`` is by facility (places, or 1 each
    to count them), and what is missing adds nothing. Source: cumulative opportunities, Wachs &
    Kumagai 1973, Socio-Economic Planning Sciences 7(5): 437-456.
    """
    return _added(pairs["place"], pairs["facility"].map(amounts), places)


def passive_opportunities(
    pairs: pd.DataFrame, people: pd.Series[float], facilities: pd.Index
) -> pd.Series[float]:
    """Add up for each facility the people who have it within their limit; 0 for nobody.

    The same sum from the other side: ``people`` is by place.
    """
    return _added(pairs["facility"], pairs["place"].map(people), facilities)


def gravity(
    pairs: pd.DataFrame, amounts: pd.Series[float], places: pd.Index, decay: Decay
) -> pd.Series[float]:
    """Add up what facilities have, each weighed by its travel time; no regard to others asking.

    ``pairs`` has milliseconds and limit_milliseconds too. Source: Hansen 1959, Journal of the
    American Institute of Planners 25(2): 73-76.
    """
    weight = decay_weights(
        decay,
        pairs["milliseconds"].to_numpy(dtype=np.int64),
        pairs["limit_milliseconds"].to_numpy(dtype=np.int64),
    )
    return _added(pairs["place"], pairs["facility"].map(amounts) * weight, places)


def time_to_nth(pairs: pd.DataFrame, places: pd.Index, n: int) -> pd.Series[int]:
    """Give the milliseconds to the ``n``-th nearest facility; -1 where fewer are within reach."""
    ordered = pairs.sort_values(["place", "milliseconds", "facility"])
    nth = ordered.groupby("place").nth(n - 1).set_index("place")["milliseconds"]
    found: pd.Series[int] = nth.reindex(places, fill_value=-1).astype("int64")
    return found


def _added(keys: pd.Series, amounts: pd.Series[float], index: pd.Index) -> pd.Series[float]:
    at = index.get_indexer(pd.Index(keys))
    values: NDArray[np.float64] = np.nan_to_num(amounts.to_numpy(dtype=np.float64))
    return pd.Series(np.bincount(at, values, len(index)), index)
