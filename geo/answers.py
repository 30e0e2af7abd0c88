"""Where a study is a tile: times taken from the whole, and what stands beyond the tile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.pairs import Pairs
from geo.travel import Nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.network import Network
    from geo.snap import Joins
    from layers.study_area import Answers, Around

    Ints = NDArray[np.int64]


_FOUND = ("place", "facility", "milliseconds", "metres")


class KnownTravel:
    """Ways that were found on the whole, told for the places and facilities of a tile."""

    def __init__(self, answers: Answers, places: pd.Series, facilities: pd.DataFrame) -> None:
        """Keep the answers by rows; ``places`` are residence ids, ``facilities`` by row."""
        self._places = len(places)
        here, there = pd.Index(places), pd.Index(facilities["facility_id"])
        self._category = facilities["category"].to_numpy(dtype=object)
        nearest = _by_row(answers.nearest, here, there)
        self._nearest = tuple(nearest[name].to_numpy() for name in _FOUND)
        self._of = nearest["category"].to_numpy(dtype=object)
        self._pairs = _by_row(answers.pairs, here, there)

    def nearest(self, rows: Ints) -> Nearest:
        """Give each place's nearest of the facilities of one category, whose rows are given."""
        found = Nearest(
            np.full(self._places, -1), np.full(self._places, -1), np.full(self._places, np.nan)
        )
        if rows.size:
            of = self._of == self._category[rows[0]]
            place, facility, milliseconds, metres = (each[of] for each in self._nearest)
            found.milliseconds[place] = milliseconds
            found.facility[place] = facility
            found.metres[place] = metres
        return found

    def nearest_of_each(self, groups: Sequence[Ints]) -> list[Nearest]:
        """Give each place's nearest of every category."""
        return [self.nearest(rows) for rows in groups]

    def pairs(self, rows: Ints, *, limit_ms: int) -> Pairs:
        """Give the known pairs of a place and one of some facilities within a limit."""
        known = self._pairs
        known = known[known["facility"].isin(rows) & (known["milliseconds"] <= limit_ms)]
        names = ("place", "facility", "milliseconds", "micrometres")
        return Pairs(*(known[name].to_numpy(dtype=np.int64) for name in names)).quickest()


def _by_row(found: pd.DataFrame, places: pd.Index[str], facilities: pd.Index[str]) -> pd.DataFrame:
    place = places.get_indexer(pd.Index(found["residence_id"]))
    facility = facilities.get_indexer(pd.Index(found["facility_id"]))
    return found.assign(place=place, facility=facility)[place >= 0]


def stands(
    facilities: gpd.GeoDataFrame,
    network: Network | None,
    joined: Joins | None,
    around: Around | None,
) -> pd.DataFrame:
    """Say where facilities stand (category, x, y) and on which island, -1 off the network.

    Those too far to be in a tile count by where they stand alone.
    """
    island = np.full(len(facilities), -1)
    if network is not None and joined is not None:
        island = np.where(joined.on_network, network.arc_component()[joined.arc], -1)
    here = pd.DataFrame(
        {
            "category": facilities["category"].to_numpy(dtype=object),
            "x": facilities.geometry.x.to_numpy(),
            "y": facilities.geometry.y.to_numpy(),
            "island": island,
        }
    )
    if around is None or around.elsewhere.empty:
        return here
    return pd.concat([here, around.elsewhere.assign(island=-1)], ignore_index=True)
