"""Living circles: how many of a profile's categories lie within each limit, and which do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.arrival import at_places
from geo.coverage import limit_milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.demand import Demand
    from geo.times import ModeTimes
    from layers.project import CircleProfile

    Flags = NDArray[np.bool_]

_BITS = 32  # of a number that says which of so many categories are meant
CIRCLE_COLUMNS = (
    "level",
    "place_id",
    "unit_id",
    "limit_minutes",
    "reached",
    "of",
    "missing",
    "unknown",
)


def living_circles(
    units: pd.DataFrame,
    demand: Demand,
    measured: ModeTimes,
    circle: CircleProfile,
    unsure: Mapping[str, Flags] | None = None,
) -> pd.DataFrame:
    """Count the circle's categories within each limit for every unit and every residence.

    A unit counts a category by its own time, the weighted quantile of its residences'. Those out
    of reach are ``missing``, but ``unknown`` where it is ``unsure`` (by category and unit) whether
    one without coordinates is within reach.
    """
    by_place = np.stack([measured.nearest[name].milliseconds for name in circle.categories])
    telling = np.stack([measured.telling[name] for name in circle.categories])
    by_unit = np.stack(
        [at_places(times, place, -1) for times, place in zip(by_place, telling, strict=True)]
    )
    nothing = np.zeros(len(units), dtype=bool)
    is_unsure = np.stack([(unsure or {}).get(name, nothing) for name in circle.categories])
    homes = demand.frame
    parts = []
    for level, ids, unit_ids, milliseconds, unknown in (
        ("unit", units["unit_id"], units["unit_id"], by_unit, is_unsure),
        ("residence", homes["residence_id"], homes["unit_id"], by_place, is_unsure[:, demand.unit]),
    ):
        for minutes in circle.minutes:
            within = (milliseconds >= 0) & (milliseconds <= limit_milliseconds(minutes))
            parts.append(
                pd.DataFrame(
                    {
                        "level": level,
                        "place_id": ids.to_numpy(),
                        "unit_id": unit_ids.to_numpy(),
                        "limit_minutes": minutes,
                        "reached": within.sum(axis=0),
                        "of": len(circle.categories),
                        "missing": _joined(~within & ~unknown, circle.categories),
                        "unknown": _joined(~within & unknown, circle.categories),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)[list(CIRCLE_COLUMNS)]


def _joined(some: Flags, categories: tuple[str, ...]) -> NDArray[np.object_]:
    """Join the names of some categories; equal patterns are joined once."""
    pattern = np.zeros(some.shape[1], dtype=np.int64)
    for begin in range(0, len(some), _BITS):
        part = some[begin : begin + _BITS]
        _, known = np.unique(pattern, return_inverse=True)
        pattern = (known << _BITS) + (1 << np.arange(len(part))) @ part
    _, first, which = np.unique(pattern, return_index=True, return_inverse=True)
    names = np.array(categories, dtype=object)
    joined = [";".join(names[each]) for each in some[:, first].T]
    return np.array(joined, dtype=object)[which]
