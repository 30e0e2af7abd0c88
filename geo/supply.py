"""Capacity: whom a facility can serve, the nearest first, and how much is asked of it."""

from __future__ import annotations

import numpy as np
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


def facility_load(
    nearest: pd.DataFrame, capacity: pd.Series[float], *, per_1000: float | None
) -> pd.DataFrame:
    """Give what is asked of each facility, on the index of ``capacity``.

    Arguments are those of ``served_within_capacity``. Columns: people (who live within the limit
    and have no nearer one), capacity, room (people it can serve), load (people / room) and
    over_capacity (nullable). Room is missing without a standard ``per_1000`` or a known capacity,
    and the load of a facility without any room is missing too: it is over capacity once anybody
    comes.
    """
    within = nearest["within"].to_numpy(dtype=bool)
    facility, asked = (nearest[name].to_numpy()[within] for name in ("facility_id", "people"))
    coming = pd.Series(asked).groupby(facility).sum().reindex(capacity.index, fill_value=0.0)
    people, places = (each.to_numpy(dtype=np.float64) for each in (coming, capacity))
    room = places * (np.nan if per_1000 is None else 1000.0 / per_1000)
    return pd.DataFrame(
        {
            "people": people,
            "capacity": places,
            "room": room,
            "load": people / np.where(room > 0, room, np.nan),
            "over_capacity": pd.arrays.BooleanArray(people > room, np.isnan(room)),
        },
        index=capacity.index,
    )
