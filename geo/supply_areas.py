"""Places per 1000 people of the county and its townships: those they have, those they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.ledgers import township_of
from geo.placement import placement, standing
from geo.priority_people import priority_sums
from geo.scorecard_area import areas_of
from geo.supply_measured import PER_1000, standard_of
from layers.vocabulary import PRIORITY

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
    *PRIORITY,
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
    known = known.assign(**_priority(judge, township, len(areas)))
    parts = [known.assign(**_figures(each, township, len(areas))) for each in found]
    if not parts:
        return pd.DataFrame(columns=list(SUPPLY_AREA_COLUMNS))
    return pd.concat(parts, ignore_index=True)[list(SUPPLY_AREA_COLUMNS)]


def _priority(judge: Coverage, township: Ints, areas: int) -> dict[str, Floats]:
    """Give by area the priority people; ``township`` is as in ``_figures``."""
    of_place = township[judge.demand.unit]
    placed = np.flatnonzero(of_place > 0)
    place = np.concatenate([np.arange(of_place.size), placed])
    area = np.concatenate([np.zeros(of_place.size, dtype=np.int64), of_place[placed]])
    return priority_sums(judge.demand, place, area, groups=areas)


def _figures(supply: CategorySupply, township: Ints, areas: int) -> dict[str, Any]:
    """Add up one category by area; ``township`` is each unit's place among them, the county's 0."""
    of_facility, capacity = _standing_in(supply, township)
    of_place = township[supply.judge.demand.unit]
    people = np.asarray(supply.people, dtype=np.float64)
    reached = people * supply.shared.places.to_numpy(dtype=np.float64)

    def added(values: Floats, area: Ints) -> Floats:
        known = area > 0
        sums = np.bincount(area[known], np.nan_to_num(values)[known], areas).astype(np.float64)
        sums[0] = np.nansum(values)
        return sums

    total, places = added(people, of_place), added(capacity, of_facility)
    somebody = np.where(total > 0, total, np.nan)
    unknown = added(np.isnan(capacity).astype(np.float64), of_facility)
    # A facility that nobody can place may stand in any township.
    unknown[1:] += (of_facility <= 0).sum()
    return {
        "category": supply.category.id,
        "people": total,
        "facilities": added(np.ones(capacity.size), of_facility).astype(np.int64),
        "unknown": unknown.astype(np.int64),
        "places": places,
        "places_per_1000": places / somebody * PER_1000,
        "reached_per_1000": added(reached, of_place) / somebody * PER_1000,
        "standard_per_1000": standard_of(supply.category),
    }


def _standing_in(supply: CategorySupply, township: Ints) -> tuple[Ints, Floats]:
    """Give the township (-1 if unknown) and the places of every facility that is not outside."""
    area, rules = supply.judge.area, supply.judge.project.rules
    rows = standing(area.facilities, [supply.category.id], rules.statuses)
    rows = rows[placement(area.units, rows) != "outside"]
    unit = pd.Index(area.units["unit_id"]).get_indexer(pd.Index(rows["unit_id"]))
    of_facility: Ints = np.where(unit >= 0, township[unit], -1).astype(np.int64)
    return of_facility, rows["capacity"].to_numpy(dtype=np.float64)
