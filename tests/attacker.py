"""Whoever has a public study and wants what it withholds: what that attacker knows.

Nothing of the program is used but the frames it publishes and its catalogue. The attacker knows
more than anybody: of each withheld count whether it is small, and on which side, and whether it is
a whole number; that a unit is covered where a given share of its people are; that a list says of
all the people of a unit whether they have something; that two figures of the same category, mode
and limit count the same people, that a longer limit counts no fewer, and that who has all of some
categories has each; and every sum of the scorecard. Not known is any withheld count itself: whoever
has that of one unit from elsewhere takes it from a sum, and there is no sum that withstands it.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tests.attacked_sums import Knowledge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.study import Study

FEWEST = 5
MOST = 1e9  # people: more than there are anywhere
COLUMNS = ("people", "age_0_14", "age_60_plus", "age_65_plus", "disabled", "households")
PARTS = (
    (("age_60_plus",), "people"),
    (("age_65_plus",), "age_60_plus"),
    (("age_0_14", "age_60_plus"), "people"),
    (("disabled",), "people"),
)
"""Counts that together are no more than another."""


def knowledge(public: Study, truth: Study) -> tuple[Knowledge, dict[Any, float]]:
    """Give all that a public study tells, and the small counts that it must not give away."""
    known = Knowledge()
    secret = {
        name: real
        for name, mark, real in _units(known, public, truth)
        if mark == "<5" and 0 < real < FEWEST
    }
    secret |= dict(_coverage(known, public, truth))
    _scores(known, public, truth)
    return known, secret


def _side(count: float) -> tuple[float, float]:
    """Give what small means, of whole numbers and of others, and what it means not to be small."""
    if 0 < count < FEWEST:
        step = float(count % 1 == 0)
        return step, FEWEST - step
    return (FEWEST if count >= FEWEST else 0.0), MOST


def _units(known: Knowledge, public: Study, truth: Study) -> Iterator[tuple[Any, str, float]]:
    shown, real = (each.area.units.set_index("unit_id") for each in (public, truth))
    for column in COLUMNS:
        why = shown.get(f"{column}_withheld", pd.Series("", shown.index))
        for unit in shown.index:
            name, value = (column, unit), real.loc[unit, column]
            if pd.isna(value):
                continue
            if why[unit] == "":
                known.told[name] = float(shown.loc[unit, column])
            else:
                known.know(name, *_side(float(value)))
                yield name, why[unit], float(value)
    for parts, whole in PARTS:
        for unit in shown.index[real[[*parts, whole]].notna().all(axis=1)]:
            if real.loc[unit, list(parts)].sum() <= real.loc[unit, whole]:
                known.no_more([*(((part, unit), 1.0) for part in parts), ((whole, unit), -1.0)])


def _coverage(known: Knowledge, public: Study, truth: Study) -> Iterator[tuple[Any, float]]:
    categories = public.project.categories
    cohorts = {each.id: each.cohort for each in public.project.indicators}
    cohorts |= {name: each.cohort for name, each in categories.items()}
    keys = ["indicator", "unit_id"]
    rows = public.coverage.merge(
        truth.coverage[[*keys, "people", "people_covered"]], on=keys, suffixes=("", "_real")
    ).dropna(subset=["people_real", "people_covered_real"])
    rows = rows.assign(
        first=~rows["indicator"].isin(list(categories)),
        cohort=rows["indicator"].map(lambda name: cohorts.get(name.partition(":")[0], "people")),
    ).sort_values("first", kind="stable")
    _same(known, rows)
    for row in rows.to_dict("records"):
        name, people = (row["indicator"], row["unit_id"]), (row["cohort"], row["unit_id"])
        real, whole = row["people_covered_real"], row["people_real"]
        if name in known.same:
            continue
        if row["withheld"] == "":
            known.told[name] = row["people_covered"]
            continue
        if row["method"] == "ledger":
            _by_ledger(known, name, people, covered=row["covered"])
            continue
        _known_part(known, name, people, _side(real), _side(whole - real))
        if row["cohort"] == "people" and pd.notna(row["covered"]):
            share, sign = public.project.rules.unit_share, 1.0 if row["covered"] else -1.0
            if sign * (real - share * whole) >= 0:
                known.no_more([(name, -sign), (people, sign * share)])
        if row["withheld"] == "<5" and 0 < min(real, whole - real) < FEWEST:
            yield name, real
    _longer(known, rows)
    _together(known, rows, public)


def _by_ledger(known: Knowledge, name: Any, people: Any, *, covered: bool) -> None:
    """Note that a unit has something for all of its people or for none, as everybody may see."""
    if covered:
        known.same[name] = people
    else:
        known.told[name] = 0.0


def _known_part(
    known: Knowledge, name: Any, people: Any, part: tuple[float, float], rest: tuple[float, float]
) -> None:
    """Note what is known of a part of a unit's people and of the others, though not how many."""
    known.know(name, *part)
    known.no_more([(name, 1.0), (people, -1.0)], -rest[0])
    known.no_more([(people, 1.0), (name, -1.0)], rest[1])


def _same(known: Knowledge, rows: pd.DataFrame) -> None:
    """Note rows that count the same people: those of categories stand before the others."""
    by = ["unit_id", "category", "mode", "limit_minutes", "cohort"]
    timed = rows[rows["limit_minutes"].notna() & ~rows["category"].astype(str).str.contains(";")]
    for _, own in timed.groupby(by):
        if not np.isclose(own["people_covered_real"], own["people_covered_real"].iloc[0]).all():
            continue  # one of them is no figure of time alone
        names = list(zip(own["indicator"], own["unit_id"], strict=True))
        known.same |= dict.fromkeys(names[1:], names[0])


def _longer(known: Knowledge, rows: pd.DataFrame) -> None:
    timed = rows[rows["limit_minutes"].notna() & rows["method"].ne("ledger")]
    for _, own in timed.groupby(["unit_id", "category", "mode", "cohort"]):
        ordered = own.sort_values("limit_minutes").to_dict("records")
        for one, other in combinations(ordered, 2):
            if one["people_covered_real"] <= other["people_covered_real"]:
                names = [(each["indicator"], each["unit_id"]) for each in (one, other)]
                known.no_more([(names[0], 1.0), (names[1], -1.0)])


def _together(known: Knowledge, rows: pd.DataFrame, public: Study) -> None:
    """Note that whoever has all of some categories within a limit has each, and has any by one."""
    by = ["unit_id", "mode", "limit_minutes", "cohort"]
    several = {each.id: each for each in public.project.indicators if each.measure == "access"}
    circle = public.project.circle.categories
    alone = rows[rows["indicator"].isin(list(public.project.categories))].groupby(by)["indicator"]
    names = {key: {*own} for key, own in alone}
    for row in rows[rows["indicator"].isin(list(several))].to_dict("records"):
        key, indicator = tuple(row[each] for each in by), several[row["indicator"]]
        there = names.get(key, set())
        whole, sign = (row["indicator"], key[0]), 1.0 if indicator.every else -1.0
        categories = indicator.categories or circle
        own = [((name, key[0]), 1.0) for name in categories if name in there]
        for name, _ in own:
            known.no_more([(whole, sign), (name, -sign)])
        if len(own) == len(categories):
            people = ((row["cohort"], key[0]), -(len(own) - 1.0) * indicator.every)
            known.no_more([(name, sign) for name, _ in own] + [(whole, -sign), people])


def _scores(known: Knowledge, public: Study, truth: Study) -> None:
    township = truth.area.units.set_index("unit_id")["township_id"]
    real = truth.coverage.dropna(subset=["people", "people_covered"])
    cohorts = {each.id: each.cohort for each in public.project.indicators}
    cohorts |= {name: each.cohort for name, each in public.project.categories.items()}
    of_people = public.scorecard[public.scorecard["over"].isin(["people", "dwellings"])]
    for row in of_people.dropna(subset=["numerator"]).to_dict("records"):
        units = real.loc[real["indicator"] == row["indicator"], "unit_id"]
        if row["level"] != "county":
            units = units[units.map(township).eq(row["area_id"]).to_numpy()]
        known.equal([(row["indicator"], unit) for unit in units], row["numerator"])
        cohort = cohorts.get(row["indicator"].partition(":")[0], "people")
        if row["over"] == "people":
            known.equal([(cohort, unit) for unit in units], row["denominator"])
    _ratios(known, public, truth)


def _ratios(known: Knowledge, public: Study, truth: Study) -> None:
    """Take the sums of the units' own columns that ratios of the county are of.

    A share of two columns of units is over those that know both; its low bound over all.
    """
    scores = public.scorecard[public.scorecard["level"] == "county"].set_index("indicator")
    for indicator in public.project.indicators:
        parts = {part: getattr(indicator, part) for part in ("numerator", "denominator")}
        own = {part: each for part, each in parts.items() if each and each.frame == "units"}
        units = {part: _counted(truth.area.units, each) for part, each in own.items()}
        row = scores.loc[indicator.id]
        both = len(units) == 2 and indicator.is_share
        for part, amount in own.items():
            if amount.column not in COLUMNS or pd.isna(row[part]):
                continue
            inside = set.intersection(*units.values()) if both else units[part]
            known.equal([(amount.column, unit) for unit in inside], row[part] * amount.per)
            if both and part == "denominator" and row["low"] > 0 and inside == units["numerator"]:
                whole = row["numerator"] / row["low"] * amount.per
                known.equal([(amount.column, unit) for unit in units[part]], whole)


def _counted(units: pd.DataFrame, amount: Any) -> set[str]:
    if amount.column not in units:
        return set()
    units = units.dropna(subset=amount.column)
    if amount.units != "all":
        units = units[units["urban"].astype(bool) == (amount.units == "urban")]
    for each in amount.where:
        if each.comparison == "in":
            units = units[units[each.column].isin(each.values)]
    return set(units["unit_id"])
