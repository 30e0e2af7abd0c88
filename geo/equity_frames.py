"""The frames of fairness: how unequally times and places are spread, by category and area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo import equity
from geo.catchments import catchment_limit
from geo.coverage import is_urban
from geo.ledgers import township_of
from geo.priority_people import priority_sums
from geo.scorecard_area import COUNTY, areas_of
from geo.supply_measured import PER_1000, standard_of
from layers.vocabulary import MILLISECONDS_PER_MINUTE, PRIORITY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.coverage import Coverage
    from geo.demand import Demand
    from geo.supply_measured import CategorySupply
    from layers.project import Category

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Labels = NDArray[np.object_]

EQUITY_COLUMNS = (
    "level",
    "area_id",
    "area",
    "category",
    "measure",
    "mode",
    "people",
    *PRIORITY,
    "left_out",
    *(f"{cohort}_reaching_nothing" for cohort in PRIORITY),
    "mean",
    "ratio",
    "gini",
    "palma",
    "theil",
    "theil_within_townships",
    "theil_between_townships",
    "theil_within_urban_rural",
    "theil_between_urban_rural",
    "concentration",
    "below",
    *(f"{cohort}_below" for cohort in PRIORITY),
    "shortfall",
    "severity",
)
LORENZ_COLUMNS = ("category", "measure", "share_of_people", "share_of_value")
MINUTES, PLACES = "minutes", "places_per_1000"
_TENTHS = np.arange(11) / 10


@dataclass(frozen=True)
class Spread:
    """What the places of a study have of one thing: minutes, or places per 1000 people.

    ``value`` is missing where nothing is reached; it goes by one mode for all, that of the
    category's catchment. ``enough`` against ``line`` says who has too little: of minutes it is
    the place's own limit divided by its time, 0 for those who never arrive, against 1.
    """

    category: str
    measure: str
    mode: str
    value: Floats
    enough: Floats
    line: float
    people: Floats


@dataclass(frozen=True)
class Groups:
    """What places belong to: an area's mask by its level, id and name; labels; the old's share.

    ``member`` are rows of places, each as often as there are areas it lies in, and ``area`` the
    area it is there for.
    """

    demand: Demand
    areas: tuple[tuple[str, str, str, Flags], ...]
    member: Ints
    area: Ints
    township: Labels
    urban: Labels
    old_share: Floats


def spreads(judge: Coverage, supply: Sequence[CategorySupply]) -> tuple[Spread, ...]:
    """Give the times of every category that is anywhere, and the places of those that are known."""
    by_time = [
        _minutes(judge, category)
        for category in judge.project.categories.values()
        if judge.times[category.urban.mode].is_anywhere(category.id)
    ]
    places = [_places(each) for each in supply]
    return (*by_time, *places)


def equity_frame(judge: Coverage, found: Sequence[Spread]) -> pd.DataFrame:
    """Give EQUITY_COLUMNS for the county, urban and rural units and every township; see Study."""
    groups = _groups(judge)
    rows = [row for each in found for row in _rows(each, groups)]
    return pd.DataFrame(rows, columns=list(EQUITY_COLUMNS))


def lorenz_frame(found: Sequence[Spread]) -> pd.DataFrame:
    """Give LORENZ_COLUMNS at every tenth of the county's people, those with least first."""
    parts = [
        pd.DataFrame(
            {
                "category": each.category,
                "measure": each.measure,
                "share_of_people": _TENTHS,
                "share_of_value": equity.lorenz_at(each.value, each.people, _TENTHS),
            }
        )
        for each in found
    ]
    if not parts:
        return pd.DataFrame(columns=list(LORENZ_COLUMNS))
    return pd.concat(parts, ignore_index=True)


def _minutes(judge: Coverage, category: Category) -> Spread:
    queue = judge.queue(category)
    own = queue["milliseconds"].to_numpy(dtype=np.float64)
    limit = queue["limit_milliseconds"].to_numpy(dtype=np.float64)
    mode = catchment_limit(judge, category).mode
    milliseconds = judge.times[mode].nearest[category.id].milliseconds
    return Spread(
        category=category.id,
        measure=MINUTES,
        mode=mode,
        value=np.where(milliseconds >= 0, milliseconds / MILLISECONDS_PER_MINUTE, np.nan),
        # who lives at the door arrives at once, however short the limit
        enough=np.where(own >= 0, limit / np.maximum(own, 1.0), 0.0),
        line=1.0,
        people=queue["people"].to_numpy(dtype=np.float64),
    )


def _places(supply: CategorySupply) -> Spread:
    # Balanced figures add up to what facilities offer, not to places: no standard is theirs.
    balanced = supply.judge.project.supply.selection == "balanced"
    # Places that are just enough are enough, whatever the last digit of a sum.
    value = np.round(supply.shared.places.to_numpy(dtype=np.float64) * PER_1000, 9)
    return Spread(
        category=supply.category.id,
        measure=PLACES,
        mode=catchment_limit(supply.judge, supply.category).mode,
        value=value,
        enough=value,
        line=np.nan if balanced else standard_of(supply.category),
        people=np.asarray(supply.people, dtype=np.float64),
    )


def _groups(judge: Coverage) -> Groups:
    units, demand = judge.area.units, judge.demand
    township = township_of(units).to_numpy(dtype=object)[demand.unit]
    urban = is_urban(units)[demand.unit]
    everybody, *townships = areas_of(units, judge.project.name)
    whole = (everybody.level, everybody.id, everybody.name, np.ones(urban.size, dtype=bool))
    classes = [
        ("class", name, name, urban == flag) for name, flag in (("urban", True), ("rural", False))
    ]
    parts = [(each.level, each.id, each.name, township == each.id) for each in townships]
    people, old = demand.of_units(demand.weight()), demand.of_units(demand.weight("age_60_plus"))
    share = (old / np.where(people > 0, people, np.nan))[demand.unit]
    found = (whole, *(each for each in (*classes, *parts) if each[-1].any()))
    members = [np.flatnonzero(inside) for *_, inside in found]
    return Groups(
        demand=demand,
        areas=found,
        member=np.concatenate(members),
        area=np.repeat(np.arange(len(found)), [each.size for each in members]),
        township=township,
        urban=urban.astype(object),
        old_share=share if demand.basis == "people" else np.full(urban.size, np.nan),
    )


def _rows(spread: Spread, groups: Groups) -> Iterator[dict[str, Any]]:
    value, people = spread.value, spread.people
    county_mean = equity.mean(value, people)
    priority = _priority(spread, groups)
    for at, (level, area_id, name, inside) in enumerate(groups.areas):
        of, those = value[inside], people[inside]
        average = equity.mean(of, those)
        yield {
            "level": level,
            "area_id": area_id,
            "area": name,
            "category": spread.category,
            "measure": spread.measure,
            "mode": spread.mode,
            "people": np.nansum(those),
            "left_out": np.nansum(those[np.isnan(of)]),
            "mean": average,
            "ratio": average / county_mean if county_mean > 0 else np.nan,
            "gini": equity.gini(of, those),
            "palma": equity.palma(of, those),
            "theil": equity.theil(of, those),
            "concentration": equity.concentration(of, those, groups.old_share[inside]),
            **(_decomposed(spread, groups) if area_id == COUNTY else {}),
            **_below(spread, inside),
            **{column: values[at] for column, values in priority.items()},
        }


def _priority(spread: Spread, groups: Groups) -> dict[str, Floats]:
    """Give by area the priority people: all, those who reach nothing, the share of too little."""

    def sums(kept: Flags) -> dict[str, Floats]:
        of = kept[groups.member]
        members, area = groups.member[of], groups.area[of]
        return priority_sums(groups.demand, members, area, groups=len(groups.areas))

    found = {**sums(np.ones(spread.value.size, dtype=bool))}
    told = {"reaching_nothing": sums(np.isnan(spread.value))}
    if not np.isnan(spread.line):
        asked, few = sums(~np.isnan(spread.enough)), sums(spread.enough < spread.line)
        told["below"] = {
            cohort: few[cohort] / np.where(asked[cohort] > 0, asked[cohort], np.nan)
            for cohort in PRIORITY
        }
    named = {f"{each}_{key}": told[key][each] for key in told for each in PRIORITY}
    return found | named


def _decomposed(spread: Spread, groups: Groups) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, labels in (("townships", groups.township), ("urban_rural", groups.urban)):
        within, between = equity.theil_parts(spread.value, spread.people, labels)
        found |= {f"theil_within_{name}": within, f"theil_between_{name}": between}
    return found


def _below(spread: Spread, inside: Flags) -> dict[str, float]:
    """Give who has too little and how far; nothing where no line is drawn."""
    if np.isnan(spread.line):
        return {}
    enough, people = spread.enough[inside], spread.people[inside]
    line = np.full(enough.size, spread.line)
    return {
        name: equity.poverty(enough, people, line, alpha=alpha)
        for alpha, name in enumerate(("below", "shortfall", "severity"))
    }
