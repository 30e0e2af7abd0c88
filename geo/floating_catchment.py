"""Floating catchments: how many places each person can count on, others asking too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.decay import decay_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.accessibility import Selection, SupplyMethod

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Shared:
    """Supply shared out: ``places`` per person by place, ``offered`` per person by facility.

    ``offered`` is missing where a facility's capacity is unknown or nobody with a weight lives
    within its catchment: its places go to nobody.
    """

    places: pd.Series[float]
    offered: pd.Series[float]


def floating_catchment(
    pairs: pd.DataFrame,
    people: pd.Series[float],
    capacity: pd.Series[float],
    method: SupplyMethod,
) -> Shared:
    """Share the places of facilities among the people who reach them within their limit.

    ``pairs`` has place, facility, milliseconds and limit_milliseconds, each pair once;
    ``people`` is by place and ``capacity`` (places) by facility. Step one divides a
    facility's places by the people of its catchment, each counted with its weight; step two adds
    up for each residence what its facilities offer, with the same weights. So people times
    ``places`` adds up to the places of all facilities that anybody reaches (not so for the
    balanced selection, where people add up in step one and what is offered in step two).
    Facilities of unknown capacity take no part, unknown people ask for nothing; a residence
    that reaches nothing has 0.

    Source: Luo & Wang 2003 (2SFCA), Luo & Qi 2009 (E2SFCA), Dai 2010 (Gaussian), Wan, Zou &
    Sternberg 2012 (3SFCA), Paez, Higgins & Vivona 2019 (balanced); catchments that differ by
    residence: Luo & Whippo 2012, Health & Place 18(4): 789-795.
    """
    known = pairs[pairs["facility"].map(capacity).notna().to_numpy()]
    place = people.index.get_indexer(pd.Index(known["place"]))
    facility = capacity.index.get_indexer(pd.Index(known["facility"]))
    weight = decay_weights(
        method.decay,
        known["milliseconds"].to_numpy(dtype=np.int64),
        known["limit_milliseconds"].to_numpy(dtype=np.int64),
    )
    asking, offering = _selected(weight, place, facility, method.selection)
    count = np.nan_to_num(people.to_numpy(dtype=np.float64))
    demand = np.bincount(facility, asking * count[place], len(capacity))
    supply = capacity.to_numpy(dtype=np.float64)
    offered = supply / np.where(demand > 0, demand, np.nan)
    handed = np.nan_to_num(offered)[facility] * offering
    return Shared(
        places=pd.Series(np.bincount(place, handed, len(people)), people.index, name="places"),
        offered=pd.Series(offered, capacity.index, name="offered"),
    )


def _selected(
    weight: Floats, place: Ints, facility: Ints, selection: Selection
) -> tuple[Floats, Floats]:
    """Give the weights by which people ask and by which facilities offer."""
    if selection == "none":
        return weight, weight
    of_place = weight / _whole(weight, place)
    if selection == "share":
        return of_place * weight, of_place * weight
    return of_place, weight / _whole(weight, facility)


def _whole(weight: Floats, group: Ints) -> Floats:
    """Give the total of each weight's group, 1 where nothing weighs anything."""
    total = np.bincount(group, weight)[group]
    return np.where(total > 0, total, 1.0)
