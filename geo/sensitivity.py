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
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.coverage import Coverage
    from geo.scenarios import Scenario
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
    for scenario in scenarios(judge):
        for each in asked:
            now, then = base[each.indicator], _found(scenario, each)
            rows = pd.DataFrame(
                {"unit_id": ids, "indicator": each.indicator, "scenario": scenario.id}
                | {"covered": now[0], "covered_then": then[0]}
                | {"people_covered": now[1], "people_covered_then": then[1]}
            )
            differs = (now[0] != then[0]) | ~np.isclose(now[1], then[1], equal_nan=True)
            parts.append(rows[differs])
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
    units = judge.area.units
    low, high = (scorecard["value"].astype("float64").copy() for _ in range(2))
    low[:], high[:] = np.nan, np.nan
    for indicator in scored(judge.project, coverage, basis=judge.demand.basis):
        if evidence_id(indicator) not in timed:
            continue
        rows = scorecard[scorecard["indicator"] == indicator.id]
        changed = found[found["indicator"] == evidence_id(indicator)]
        changed = changed[changed["unit_id"].map(of_class(units, indicator.units)) == "yes"]
        by = "people_covered" if indicator.over == "people" else "covered"
        moved = _moved(changed, by, units).reindex(rows["area_id"], fill_value=0.0)
        values = (moved.add(rows["numerator"].to_numpy(), axis=0)).div(
            rows["denominator"].to_numpy(), axis=0
        )
        low[rows.index] = np.fmin(values.min(axis=1).to_numpy(), rows["value"])
        high[rows.index] = np.fmax(values.max(axis=1).to_numpy(), rows["value"])
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


def _found(scenario: Scenario, asked: _Asked) -> tuple[Flags, Floats]:
    """Say by unit whether it is covered, and how many people of the cohort are."""
    where = scenario.judge.demand
    each = [scenario.within(name, asked.minutes, asked.mode) for name in asked.categories]
    inside = np.logical_and.reduce(each) if asked.every else np.logical_or.reduce(each)
    people = where.weight(asked.cohort)
    covered = where.of_units(np.where(np.isnan(people) | inside, people, 0.0))
    return where.enough(inside, scenario.judge.project.rules.unit_share), covered


def _moved(changed: pd.DataFrame, by: str, units: pd.DataFrame) -> pd.DataFrame:
    """Add up by area, one column per scenario, what is covered more than it is."""
    more = changed[f"{by}_then"].astype("float64") - changed[by].astype("float64")
    township = changed["unit_id"].map(township_of(units).set_axis(units["unit_id"]))
    rows = pd.DataFrame({"scenario": changed["scenario"], "more": more})
    both = [rows.assign(area=COUNTY), rows.assign(area=township).dropna(subset="area")]
    return pd.concat(both).pivot_table(
        index="area", columns="scenario", values="more", aggfunc="sum", fill_value=0.0
    )
