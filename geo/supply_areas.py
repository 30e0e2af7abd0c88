"""Places per 1000 people of the county and its townships: those they have, those they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.placement import standing
from geo.scorecard_area import areas_of, township_of
from geo.supply_measured import PER_1000, standard_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.coverage import Coverage
    from geo.supply_measured import CategorySupply

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SUPPLY_AREA_COLUMNS = (
    "level",
    "area_id",
    "area",
    "category",
    "people",
    "facilities",
    "unknown",
    "places",
    "places_per_1000",
    "reached_per_1000",
    "standard_per_1000",
)


def supply_areas(judge: Coverage, found: Sequence[CategorySupply]) -> pd.DataFrame:
    """Give SUPPLY_AREA_COLUMNS for the county and every township; see Study."""
    areas = areas_of(judge.area.units, judge.project.name)
    ids = pd.Index([each.id for each in areas])
    township = ids.get_indexer(pd.Index(township_of(judge.area.units).astype(object)))
    known = pd.DataFrame(
        {"level": [each.level for each in areas], "area_id": ids, "area": [e.name for e in areas]}
    )
    parts = [known.assign(**_figures(each, township, len(areas))) for each in found]
    if not parts:
        return pd.DataFrame(columns=list(SUPPLY_AREA_COLUMNS))
    return pd.concat(parts, ignore_index=True)[list(SUPPLY_AREA_COLUMNS)]


def _figures(supply: CategorySupply, township: Ints, areas: int) -> dict[str, Any]:
    """Add up one category by area; ``township`` is each unit's place among them, the county's 0."""
    unit, capacity = _standing_in(supply)
    people = np.asarray(supply.people, dtype=np.float64)
    reached = people * supply.shared.places.to_numpy(dtype=np.float64)

    def added(values: Floats, of_unit: Ints) -> Floats:
        values = np.nan_to_num(values)
        area = township[of_unit]
        sums: Floats = np.bincount(area[area > 0], values[area > 0], areas).astype(np.float64)
        sums[0] = values.sum()
        return sums

    lives = supply.judge.demand.unit
    total = added(people, lives)
    somebody = np.where(total > 0, total, np.nan)
    places = added(capacity, unit)
    return {
        "category": supply.category.id,
        "people": total,
        "facilities": added(np.ones(unit.size), unit).astype(np.int64),
        "unknown": added(np.isnan(capacity).astype(np.float64), unit).astype(np.int64),
        "places": places,
        "places_per_1000": places / somebody * PER_1000,
        "reached_per_1000": added(reached, lives) / somebody * PER_1000,
        "standard_per_1000": standard_of(supply.category),
    }


def _standing_in(supply: CategorySupply) -> tuple[Ints, Floats]:
    """Give the unit and the places of every facility that counts by status and has a unit here."""
    area, rules = supply.judge.area, supply.judge.project.rules
    rows = standing(area.facilities, [supply.category.id], rules.statuses)
    unit = pd.Index(area.units["unit_id"]).get_indexer(pd.Index(rows["unit_id"]))
    capacity = rows["capacity"].to_numpy(dtype=np.float64)
    return unit[unit >= 0].astype(np.int64), capacity[unit >= 0]
