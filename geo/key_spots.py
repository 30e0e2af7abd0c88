"""Key spots: places of a register that have a facility near, in a straight line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geo.indicator_tally import tally
from geo.ledgers import subjects

if TYPE_CHECKING:
    from geo.ledgers import Ledgers
    from layers.indicators import Indicator


def places_tally(ledgers: Ledgers, indicator: Indicator) -> pd.DataFrame:
    """Tally the places within ``metres`` of a facility of any of the indicator's categories.

    The limit is inclusive. A place without a point is unknown; so is one with nothing near while
    some facility has no point.
    """
    rows = subjects(ledgers, indicator.rows)
    facilities = ledgers.near(indicator.categories)
    points = facilities["geometry"].dropna().to_numpy(dtype=object)
    places = rows["geometry"].to_numpy(dtype=object)
    metres = np.full(len(rows), np.inf)
    if len(points):
        metres = shapely.distance(places, shapely.union_all(points))
    there = ~shapely.is_missing(places)
    near = there & (metres <= (indicator.metres or 0.0))
    unsure = ~there | (~near & (len(points) < len(facilities)))
    return tally(rows, pd.Series(near, rows.index).astype("boolean").mask(unsure))
