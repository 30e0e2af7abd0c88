"""Capacity: whom a facility can serve, the nearest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def served_within_capacity(
    nearest: pd.DataFrame, capacity: pd.Series[float], *, per_1000: float
) -> pd.Series[bool]:
    """Say of each residence whether its nearest facility has room for its people.

    ``nearest`` has one row per residence: residence_id, facility_id, milliseconds, within
    (bool) and people; ``capacity`` is places by facility_id and ``per_1000`` the places that
    1000 people ask for, so ``c`` places serve ``1000 c / per_1000`` people. A facility takes
    its residences nearest first (equal times by residence_id) until the next one's people no
    longer fit, and nobody behind that one: a residence is served whole or not at all. Residences
    beyond the limit (not ``within``) are not served and take no room. A facility whose capacity
    is missing is unlimited: what is not known to be full is not called full. Missing people take
    no room. The result stands on the index of ``nearest``.
    """
    within = nearest["within"].astype(bool)
    queue = nearest[within].sort_values(["facility_id", "milliseconds", "residence_id"])
    taken = queue["people"].astype("float64").fillna(0.0).groupby(queue["facility_id"]).cumsum()
    room = queue["facility_id"].map(capacity).astype("float64") * 1000.0 / per_1000
    fits = taken <= room.fillna(np.inf)
    return fits.reindex(nearest.index, fill_value=False).rename("served")
