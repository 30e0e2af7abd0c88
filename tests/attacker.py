"""Works back what a public study withholds, from all that it tells: by linear programming.

Nothing of the program is used but the frames it publishes and its catalogue. The attacker knows
more than anybody: of each withheld count whether it is nobody's, everybody's, a small one or not,
and on which side; that a unit is covered where a given share of its people are; that two figures
of the same category, mode and limit count the same people, and that a longer limit counts no
fewer; and every sum of the scorecard.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo.study import Study

    Terms = dict[Any, float]

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


@dataclass
class Knowledge:
    """Linear constraints over withheld counts; what is told is a number in them."""

    told: dict[Any, float] = field(default_factory=dict)
    bounds: dict[Any, tuple[float, float]] = field(default_factory=dict)
    same: dict[Any, Any] = field(default_factory=dict)
    at_most: list[tuple[Terms, float]] = field(default_factory=list)
    sums: list[tuple[Terms, float]] = field(default_factory=list)

    def know(self, name: Any, least: float, most: float) -> None:
        before = self.bounds.get(name, (0.0, np.inf))
        self.bounds[name] = (max(before[0], least), min(before[1], most))

    def terms(self, weights: Iterable[tuple[Any, float]]) -> tuple[Terms, float]:
        """Give a sum over withheld counts, and what those that are told add to it."""
        found: Terms = {}
        constant = 0.0
        for asked, weight in weights:
            name = self.same.get(asked, asked)
            if name in self.told:
                constant += weight * self.told[name]
            else:
                found[name] = found.get(name, 0.0) + weight
                self.bounds.setdefault(name, (0.0, np.inf))
        return found, constant

    def no_more(self, weights: Iterable[tuple[Any, float]], most: float = 0.0) -> None:
        terms, constant = self.terms(weights)
        if terms:
            self.at_most.append((terms, most - constant))

    def equal(self, names: Iterable[Any], total: float) -> None:
        terms, constant = self.terms((name, 1.0) for name in names)
        if terms:
            self.sums.append((terms, total - constant))


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


def ranges(known: Knowledge, secret: dict[Any, float]) -> pd.DataFrame:
    """Give how low and how high each secret could be, by all that is told and without the sums."""
    names = list(known.bounds)
    place = {name: at for at, name in enumerate(names)}
    rows = [terms for terms, _ in (*known.at_most, *known.sums)]
    entries = [(at, place[name]) for at, terms in enumerate(rows) for name in terms]
    links = [(len(names) + at, column) for at, column in entries]
    size = len(names) + len(rows)
    ends = np.array(links).reshape(-1, 2).T
    graph = coo_array((np.ones(len(links)), ends), shape=(size, size))
    part = connected_components(graph, directed=False)[1]
    found = []
    for number, some in _by_part(secret, place, part):
        own = [name for name, at in place.items() if part[at] == number]
        by_all, alone = _Program(known, own, sums=True), _Program(known, own, sums=False)
        for name in some:
            low, high = by_all.range(name)
            least, most = alone.range(name)
            found.append((name, secret[name], low, high, most - least))
    told = [(name, real, real, real, 0.0) for name, real in secret.items() if name not in place]
    return pd.DataFrame([*found, *told], columns=["cell", "real", "low", "high", "own"])


def _by_part(secret: dict[Any, float], place: dict[Any, int], part: Any) -> Iterator[Any]:
    """Give the secrets that something joins, together; those that were told are left out."""
    numbers = {name: part[place[name]] for name in secret if name in place}
    for number in sorted({*numbers.values()}):
        yield number, [name for name, own in numbers.items() if own == number]


class _Program:
    """What is known of some counts that are joined, as a linear program."""

    def __init__(self, known: Knowledge, names: list[Any], *, sums: bool) -> None:
        self._place = {each: at for at, each in enumerate(names)}
        upper, most = self._matrix(known.at_most)
        equal, totals = self._matrix(known.sums) if sums else (None, None)
        bounds = [known.bounds[each] for each in names]
        self._words = {"A_ub": upper, "b_ub": most, "A_eq": equal, "b_eq": totals, "bounds": bounds}

    def range(self, name: Any) -> tuple[float, float]:
        asked = np.zeros(len(self._place))
        asked[self._place[name]] = 1.0
        low, high = (linprog(sign * asked, **self._words) for sign in (1.0, -1.0))
        assert low.success, low.message
        assert high.success or high.status == 3, high.message  # without a bound
        return low.fun, -high.fun if high.success else np.inf

    def _matrix(self, rows: list[tuple[Terms, float]]) -> tuple[Any, Any]:
        used = [(terms, total) for terms, total in rows if set(terms) <= self._place.keys()]
        cells = [
            (at, self._place[each], weight)
            for at, (terms, _) in enumerate(used)
            for each, weight in terms.items()
        ]
        if not cells:
            return None, None
        at, column, weight = zip(*cells, strict=True)
        shape = (len(used), len(self._place))
        return coo_array((weight, (at, column)), shape=shape).tocsr(), [each for _, each in used]


def _sides(real: float, whole: float) -> tuple[float, float]:
    """Give what the attacker knows of a withheld part of a whole."""
    least, most = _side(real, whole)
    rest_least, rest_most = _side(whole - real, whole)
    return max(least, whole - rest_most), min(most, whole - rest_least)


def _side(count: float, whole: float) -> tuple[float, float]:
    """Give what small means, of whole numbers and of others, and what it means not to be small."""
    step = float(count % 1 == 0)
    if 0 < count < FEWEST:
        return step, FEWEST - step
    return (FEWEST if count >= FEWEST else 0.0), whole


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
                known.know(name, *_sides(float(value), MOST))
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
            known.told[name] = real
            continue
        known.know(name, *_sides(real, whole))
        known.no_more([(name, 1.0), (people, -1.0)])
        if row["cohort"] == "people" and pd.notna(row["covered"]):
            share, sign = public.project.rules.unit_share, 1.0 if row["covered"] else -1.0
            if sign * (real - share * whole) >= 0:
                known.no_more([(name, -sign), (people, sign * share)])
        if row["withheld"] == "<5" and 0 < min(real, whole - real) < FEWEST:
            yield name, real
    _longer(known, rows)


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
