"""The people of the county, spread to the person: over units, then over residences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.demo.facts import chance, numbers, share_out

if TYPE_CHECKING:
    from layers.demo.mesh import Flags, Floats, Ints

AGES = ("child", "working", "sixties", "elder")  # 0-14, 15-59, 60-64, 65 and over
URBAN_CLASSES = ("121", "122")  # the statistical yearbook's 城镇: a town's centre and fringe


def count_people(units: pd.DataFrame) -> pd.DataFrame:
    """Give ``units`` with households and people of each age; the county's totals exact."""
    urban = urban_units(units)
    size = _sizes(units, urban)
    rng = chance(31)
    spread = numbers()["spread"]["age_deviation"]
    ages = np.zeros((len(units), len(AGES)), dtype=np.int64)
    for part, totals in zip((urban, ~urban), _age_totals(), strict=True):
        for age, total in enumerate(totals.tolist()):
            lean = np.exp(rng.normal(0, spread, part.sum()))
            ages[part, age] = share_out(total, size[part] * lean)
    people = ages.sum(axis=1)
    homes = people / np.where(urban, 2.85, 2.6) * np.exp(rng.normal(0, 0.05, len(units)))
    households = share_out(numbers()["census"]["households"], homes)
    return units.assign(households=households, **cohorts(ages))


def urban_units(units: pd.DataFrame) -> Flags:
    """Say which units hold the county's urban people."""
    return units["urban_class"].isin(URBAN_CLASSES).to_numpy()


def cohorts(ages: Ints) -> dict[str, Ints]:
    """Name the people of a table of ages (rows x AGES) as the frames do."""
    return {
        "people": ages.sum(axis=1),
        "age_0_14": ages[:, 0],
        "age_60_plus": ages[:, 2:].sum(axis=1),
        "age_65_plus": ages[:, 3],
    }


def house_people(units: pd.DataFrame, unit: Ints) -> pd.DataFrame:
    """Send every person of a unit to one of its residences; ``unit`` is each residence's row.

    A residence holds at least one person; ages are mixed by chance.
    """
    rng = chance(32)
    ages = _ages_of(units)
    found = np.zeros((len(unit), len(AGES)), dtype=np.int64)
    for row in range(len(units)):
        homes = np.flatnonzero(unit == row)
        persons = rng.permutation(np.repeat(np.arange(len(AGES)), ages[row]))
        sizes = 1 + share_out(len(persons) - len(homes), rng.lognormal(0, 0.5, len(homes)))
        np.add.at(found, (np.repeat(homes, sizes), persons), 1)
    return pd.DataFrame(cohorts(found))


def _ages_of(units: pd.DataFrame) -> Ints:
    sixties = units["age_60_plus"] - units["age_65_plus"]
    working = units["people"] - units["age_0_14"] - units["age_60_plus"]
    return np.column_stack([units["age_0_14"], working, sixties, units["age_65_plus"]])


def _sizes(units: pd.DataFrame, urban: Flags) -> Floats:
    """Draw the relative size of each unit; the county seat takes its share of all people."""
    census, spread = numbers()["census"], numbers()["spread"]
    size = np.exp(chance(30).normal(0, spread["deviation"], len(units)))
    seat = (units["township_id"] == spread["county_seat"]).to_numpy()
    seat_people = spread["county_seat_share"] * census["people"]
    for part, people in (
        (seat, seat_people),
        (urban & ~seat, census["urban"] - seat_people),
        (~urban, census["people"] - census["urban"]),
    ):
        size[part] *= people / size[part].sum()
    return size


def _age_totals() -> tuple[Ints, Ints]:
    """Split the county's ages between town and country: fewer of the old live in towns."""
    census, spread = numbers()["census"], numbers()["spread"]
    young, sixty, old = census["age_0_14"], census["age_60_plus"], census["age_65_plus"]
    county = np.array([young, census["people"] - young - sixty, sixty - old, old])
    lean = np.array([spread["urban_lean"][age] for age in AGES])
    urban = share_out(census["urban"], county * lean)
    return urban, county - urban
