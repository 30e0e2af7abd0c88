"""Which units and shares depend on an assumption being exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.indicator_coverage import judges_units, with_circle
from geo.ledgers import of_class, township_of
from geo.radiation import BY_TIME
from geo.scenarios import as_it_is, scenarios
from geo.scorecard_area import COUNTY
from geo.scorecard_indicator import evidence_id, scored
from layers.vocabulary import Measure, Method

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from geo.coverage import Coverage
    from geo.scenarios import Scenario
    from layers.indicators import Indicator
    from layers.vocabulary import Cohort

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

SENSITIVITY_COLUMNS = (
    "unit_id",
    "indicator",
    "scenario",
    "covered",
    "covered_then",
    "people_covered",
    "people_covered_then",
)
_MEASURES = (Measure.ACCESS, Measure.RADIATION)
_TIMED = (str(Method.NETWORK), str(Method.STRAIGHT_LINE))


@dataclass(frozen=True)
class _Asked:
    """What a figure over times asks of a place: any or every one of some categories in time."""

    indicator: str
    categories: tuple[str, ...]
    cohort: Cohort
    every: bool = False
    minutes: float | None = None
    mode: str | None = None


def sensitivity(judge: Coverage, coverage: pd.DataFrame) -> pd.DataFrame:
    """Give every row of coverage by time that another assumption changes: SENSITIVITY_COLUMNS.

    ``covered`` and ``people_covered`` are as they are, ``…_then`` as they would be. Units of which
    nothing is known have none.
    """
    asked = list(_asked(judge, coverage))
    ids = judge.area.units["unit_id"].to_numpy()
    known = coverage[coverage["covered"].notna()].set_index(["indicator", "unit_id"]).index
    base = {each.indicator: _found(as_it_is(judge), each) for each in asked}
    parts = [pd.DataFrame(columns=list(SENSITIVITY_COLUMNS))]
    for scenario in scenarios(judge, _searched(judge, asked)):
        for each in asked:
            now, then = base[each.indicator], _found(scenario, each)
            here = (now[0] != then[0]) | ~np.isclose(now[1], then[1], equal_nan=True)
            if not here.any():
                continue
            rows = pd.DataFrame(
                {"unit_id": ids[here], "indicator": each.indicator, "scenario": scenario.id}
                | {"covered": now[0][here], "covered_then": then[0][here]}
                | {"people_covered": now[1][here], "people_covered_then": then[1][here]}
            )
            parts.append(rows)
    found = pd.concat(parts[1:] or parts, ignore_index=True)
    judged = pd.MultiIndex.from_frame(found[["indicator", "unit_id"]]).isin(known)
    return found[judged].reset_index(drop=True)


def with_swing(
    scorecard: pd.DataFrame, found: pd.DataFrame, judge: Coverage, coverage: pd.DataFrame
) -> pd.DataFrame:
    """Give the scorecard with the least and the greatest value of each share by time.

    ``swing_low`` and ``swing_high`` are over the assumptions as they are and as ``sensitivity``
    changed them, one at a time; missing where a figure does not rest on times. Unlike ``low`` and
    ``high`` they leave what is unknown aside, as the value does.
    """
    timed = {each.indicator for each in _asked(judge, coverage)}
    figures = [
        indicator
        for indicator in scored(judge.project, coverage, basis=judge.demand.basis)
        if evidence_id(indicator) in timed
    ]
    moved = _moved(found, figures, judge.area.units)
    keys = pd.MultiIndex.from_frame(scorecard[["indicator", "area_id"]])
    more = moved.reindex(keys, fill_value=0.0).to_numpy(dtype=np.float64)
    as_it_is = scorecard[["numerator", "denominator", "value"]].to_numpy(dtype=np.float64)
    numerator, denominator, value = as_it_is.T[:, :, None]
    some = np.where(denominator > 0, denominator, np.nan)
    values = np.hstack([value, (numerator + more) / some])
    swings = scorecard["indicator"].isin([indicator.id for indicator in figures])
    low, high = (
        pd.Series(bound(values, axis=1), scorecard.index).where(swings)
        for bound in (np.fmin.reduce, np.fmax.reduce)
    )
    return scorecard.assign(swing_low=low, swing_high=high)


def with_flips(
    gaps: pd.DataFrame, found: pd.DataFrame, judge: Coverage, coverage: pd.DataFrame
) -> pd.DataFrame:
    """Give the gaps with ``flips``: the scenarios that would close each, joined by semicolons.

    An empty text where none would; missing where a gap is not one of time, or unknown.
    """
    timed = [each.indicator for each in _asked(judge, coverage)]
    closing = found[~found["covered"] & found["covered_then"]]
    names = closing.groupby(["unit_id", "indicator"], sort=False)["scenario"].agg(";".join)
    of_time = gaps["indicator"].isin(timed) & gaps["covered"].notna()
    keys = pd.MultiIndex.from_frame(gaps[["unit_id", "indicator"]])
    flips = pd.Series(names.reindex(keys, fill_value="").to_numpy(), gaps.index, dtype=object)
    return gaps.assign(flips=flips.where(of_time, None))


def _asked(judge: Coverage, coverage: pd.DataFrame) -> Iterator[_Asked]:
    """Give what each figure over times asks, categories first."""
    project = judge.project
    for name, category in project.categories.items():
        yield _Asked(name, (name,), judge.cohort(category))
    by_time = set(coverage.loc[coverage["method"].isin(_TIMED), "indicator"])
    for each in (with_circle(indicator, project) for indicator in project.indicators):
        if each.measure not in _MEASURES or each.conditions or each.kind or not judges_units(each):
            continue
        for name in (each.id, each.id + BY_TIME):
            if name in by_time:
                asked = (each.categories, each.cohort, each.every)
                yield _Asked(name, *asked, minutes=each.minutes, mode=each.mode)


def _searched(judge: Coverage, asked: Iterable[_Asked]) -> dict[str, set[str]]:
    """Give by mode the categories whose times are asked for."""
    found: dict[str, set[str]] = {}
    for each in asked:
        for name in each.categories:
            category = judge.project.categories[name]
            own = (category.urban.mode, category.rural.mode)
            for mode in own if each.minutes is None else (each.mode or own[0],):
                found.setdefault(mode, set()).add(name)
    return found


def _found(scenario: Scenario, asked: _Asked) -> tuple[Flags, Floats]:
    """Say by unit whether it is covered, and how many people of the cohort are."""
    where = scenario.judge.demand
    each = [scenario.within(name, asked.minutes, asked.mode) for name in asked.categories]
    inside = np.logical_and.reduce(each) if asked.every else np.logical_or.reduce(each)
    people = where.weight(asked.cohort)
    covered = where.of_units(np.where(np.isnan(people) | inside, people, 0.0))
    return where.enough(inside, scenario.judge.project.rules.unit_share), covered


def _moved(found: pd.DataFrame, figures: Iterable[Indicator], units: pd.DataFrame) -> pd.DataFrame:
    """Add up by indicator and area, one column per scenario, what is covered more than it is."""
    parts = [pd.DataFrame({"indicator": [], "unit_id": [], "scenario": [], "more": []})]
    of = dict(iter(found.groupby("indicator", sort=False)))
    for indicator in figures:
        changed = of.get(evidence_id(indicator), found.iloc[:0])
        changed = changed[changed["unit_id"].map(of_class(units, indicator.units)) == "yes"]
        by = "people_covered" if indicator.over == "people" else "covered"
        more = changed[f"{by}_then"].astype("float64") - changed[by].astype("float64")
        rows = changed[["unit_id", "scenario"]].assign(indicator=indicator.id, more=more)
        parts.append(rows)
    every = pd.concat(parts[1:] or parts, ignore_index=True)
    township = every["unit_id"].map(township_of(units).set_axis(units["unit_id"]))
    both = [every.assign(area_id=COUNTY), every.assign(area_id=township).dropna(subset="area_id")]
    return pd.concat(both).pivot_table(
        index=["indicator", "area_id"],
        columns="scenario",
        values="more",
        aggfunc="sum",
        fill_value=0.0,
    )
