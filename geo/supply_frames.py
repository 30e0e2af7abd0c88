"""The frames of supply: by residence and unit, and by facility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.arrival import telling_place
from geo.catchments import catchment_limit
from geo.opportunities import passive_opportunities
from geo.priority_people import priority_sums
from geo.supply import facility_load
from geo.supply_measured import PER_1000, capacity_of, standard_of
from geo.travel import Nearest
from layers.vocabulary import MILLISECONDS_PER_MINUTE, PRIORITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.coverage import Coverage
    from geo.supply_measured import CategorySupply

SUPPLY_COLUMNS = (
    "level",
    "place_id",
    "unit_id",
    "category",
    "mode",
    "catchment_minutes",
    "people",
    "facilities",
    "places",
    "gravity",
    "places_per_1000",
    "standard_per_1000",
    "choice_minutes",
)
LOAD_COLUMNS = (
    "facility_id",
    "category",
    "people",
    *PRIORITY,
    "capacity",
    "room",
    "load",
    "over_capacity",
    "people_within",
    *(f"{cohort}_within" for cohort in PRIORITY),
    "offered_per_1000",
)
_AMOUNTS = ["facilities", "places", "gravity", "places_per_1000"]


def supply_frame(found: Sequence[CategorySupply]) -> pd.DataFrame:
    """Give SUPPLY_COLUMNS, one row per unit and per residence of every category; see Study."""
    parts = [part for each in found for part in (_units(each), _residences(each))]
    return _stacked(parts, SUPPLY_COLUMNS)


def load_frame(judge: Coverage, found: Sequence[CategorySupply]) -> pd.DataFrame:
    """Give LOAD_COLUMNS, one row per facility that counts and has a point; see Study."""
    known = {each.category.id: each for each in found}
    parts = []
    for category in judge.project.categories.values():
        capacity = capacity_of(judge, category)
        if judge.demand.basis == "dwellings":
            capacity = capacity * np.nan
        per_1000 = category.capacity_per_1000
        queue = judge.queue(category)
        rows = facility_load(queue, capacity, per_1000=per_1000)
        ids = judge.times[category.urban.mode].facility_ids[rows.index]
        supply = known.get(category.id)
        more = {
            "facility_id": pd.Series(ids, rows.index, dtype=object),
            "category": pd.Series(category.id, rows.index, dtype=object),
            **({} if supply is None else _asked(supply)),
            **_nearest(judge, queue, rows.index),
        }
        parts.append(pd.concat([rows, pd.DataFrame(more, rows.index)], axis="columns"))
    return _stacked(parts, LOAD_COLUMNS)


def _nearest(judge: Coverage, queue: pd.DataFrame, rows: pd.Index[Any]) -> dict[str, Any]:
    """Give the priority people of whom each facility is the nearest within the limit."""
    near = np.flatnonzero(queue["within"].to_numpy(dtype=bool))
    facility = rows.get_indexer(pd.Index(queue["facility_id"].to_numpy()[near]))
    there = facility >= 0
    return {**priority_sums(judge.demand, near[there], facility[there], groups=len(rows))}


def _residences(supply: CategorySupply) -> pd.DataFrame:
    demand = supply.judge.demand
    rows = supply.by_place
    milliseconds = rows["choice_milliseconds"]
    return rows[_AMOUNTS].assign(
        level="residence",
        place_id=demand.frame["residence_id"],
        unit_id=demand.frame["unit_id"],
        people=supply.people,
        choice_minutes=milliseconds.where(milliseconds >= 0) / MILLISECONDS_PER_MINUTE,
        **_catchment(supply),
    )


def _units(supply: CategorySupply) -> pd.DataFrame:
    """Give what the people of each unit have on average, and the unit's own time to a choice."""
    judge, people = supply.judge, np.asarray(supply.people, dtype=np.float64)
    demand, rows = judge.demand, supply.by_place
    total = demand.of_units(people)
    somebody = np.where(total > 0, total, np.nan)
    milliseconds = rows["choice_milliseconds"].to_numpy()
    alike = Nearest(milliseconds, np.zeros_like(milliseconds), np.zeros(len(rows)))
    telling = telling_place(demand, alike, judge.project.rules.unit_share)
    choice = np.where(telling >= 0, np.append(milliseconds, -1)[telling], -1)
    ids = judge.area.units["unit_id"].to_numpy()
    return pd.DataFrame(
        {
            name: demand.of_units(rows[name].to_numpy(dtype=np.float64) * people) / somebody
            for name in _AMOUNTS
        }
    ).assign(
        level="unit",
        place_id=ids,
        unit_id=ids,
        people=total,
        choice_minutes=np.where(choice >= 0, choice / MILLISECONDS_PER_MINUTE, np.nan),
        **_catchment(supply),
    )


def _catchment(supply: CategorySupply) -> dict[str, Any]:
    """Give what is the same in every row of a category."""
    limit = catchment_limit(supply.judge, supply.category)
    return {
        "category": supply.category.id,
        "mode": limit.mode,
        "catchment_minutes": limit.minutes,
        "standard_per_1000": standard_of(supply.category),
    }


def _asked(supply: CategorySupply) -> dict[str, Any]:
    """Give who has each facility in reach, and what it offers them."""
    pairs, facilities = supply.pairs, supply.capacity.index
    facility = facilities.get_indexer(pd.Index(pairs["facility"]))
    place = pairs["place"].to_numpy()
    those = priority_sums(supply.judge.demand, place, facility, groups=len(facilities))
    return {
        "people_within": passive_opportunities(pairs, supply.people, facilities),
        "offered_per_1000": supply.shared.offered * PER_1000,
        **{f"{cohort}_within": pd.Series(told, facilities) for cohort, told in those.items()},
    }


def _stacked(parts: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=list(columns))
    return pd.concat(parts, ignore_index=True).reindex(columns=list(columns))
