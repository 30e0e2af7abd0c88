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

    Texts = NDArray[np.object_ | np.str_]
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
    as_now = as_it_is(judge)
    base = {each.indicator: _found(as_now, each) for each in asked}
    parts: list[tuple[Texts | Flags | Floats, ...]] = []
    for scenario in scenarios(judge, _searched(judge, asked)):
        for each in asked:
            now, then = base[each.indicator], _found(scenario, each)
            here = (now[0] != then[0]) | ~np.isclose(now[1], then[1], equal_nan=True)
            if not here.any():
                continue
            named = (np.full(here.sum(), name) for name in (each.indicator, scenario.id))
            changed = (now[0], then[0], now[1], then[1])
            parts.append((ids[here], *named, *(values[here] for values in changed)))
    if not parts:
        return pd.DataFrame(columns=list(SENSITIVITY_COLUMNS))
    columns = map(np.concatenate, zip(*parts, strict=True))
    found = pd.DataFrame(dict(zip(SENSITIVITY_COLUMNS, columns, strict=True)))
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
    unit = pd.Index(units["unit_id"]).get_indexer(pd.Index(found["unit_id"]))
    of = found.groupby("indicator", sort=False).indices
    classes: dict[str, Flags] = {}
    none = np.empty(0, dtype=np.int64)
    rows, names, more = [none], [none.astype(object)], [none.astype(np.float64)]
    for indicator in figures:
        kind = indicator.units
        if kind not in classes:
            classes[kind] = (of_class(units, kind) == "yes").to_numpy(dtype=bool)
        here = of.get(evidence_id(indicator), none)
        here = here[classes[kind][unit[here]]]
        by = "people_covered" if indicator.over == "people" else "covered"
        then, now = (found[name].to_numpy(np.float64)[here] for name in (f"{by}_then", by))
        rows.append(here)
        names.append(np.full(here.size, indicator.id, dtype=object))
        more.append(then - now)
    row = np.concatenate(rows)
    every = pd.DataFrame(
        {
            "indicator": np.concatenate(names),
            "scenario": found["scenario"].to_numpy()[row],
            "more": np.concatenate(more),
        }
    )
    township = township_of(units).to_numpy()[unit[row]]
    both = [every.assign(area_id=COUNTY), every.assign(area_id=township).dropna(subset="area_id")]
    return pd.concat(both).pivot_table(
        index=["indicator", "area_id"],
        columns="scenario",
        values="more",
        aggfunc="sum",
        fill_value=0.0,
    )
