"""Which units each policy indicator finds covered: possession, access, radiation, ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.coverage_rows import COVERAGE_COLUMNS, coverage_rows, named, whole_units
from geo.indicator_access import Reach, access
from geo.needs import missing
from geo.possession import by_ledger, possession
from geo.radiation import radiation
from geo.radiation_register import radiation_of_register
from layers.vocabulary import Measure, Reason

if TYPE_CHECKING:
    from geo.demand import Demand
    from geo.ledgers import Ledgers
    from layers.indicators import Indicator
    from layers.project import Project


def indicator_coverage(
    ledgers: Ledgers, project: Project, *, where: Demand, reach: Reach, nearest: pd.DataFrame
) -> pd.DataFrame:
    """Give the coverage rows of every indicator that judges units, in the project's order.

    ``nearest`` holds the coverage rows of the single categories (indicator = category id);
    those returned are to be put after them. What is not of units or their people (a ratio, a
    count, a share of facilities, townships or registers) has none. Where the data are missing
    altogether every unit is unknown.
    """
    rows = []
    for indicator in (with_circle(each, project) for each in project.indicators):
        if not judges_units(indicator):
            continue
        if missing(ledgers, project, indicator):
            rows.append(_unknown(ledgers, indicator))
        elif indicator.conditions:
            rows.append(by_ledger(ledgers, indicator))
        elif indicator.measure == Measure.POSSESSION:
            rows.append(possession(ledgers, indicator))
        elif indicator.kind is not None:
            rows.append(radiation_of_register(ledgers, indicator, where))
        else:
            found = access(
                ledgers.units,
                indicator,
                reach=reach(indicator.categories, indicator.minutes, indicator.mode),
                nearest=nearest,
                unit_share=project.rules.unit_share,
            )
            radiates = indicator.measure == Measure.RADIATION
            rows.append(radiation(ledgers, indicator, by_time=found) if radiates else found)
    if not rows:
        return pd.DataFrame(columns=list(COVERAGE_COLUMNS))
    return pd.concat(rows, ignore_index=True)


def judges_units(indicator: Indicator) -> bool:
    """Say whether an indicator says of each unit whether it is covered."""
    totals = (Measure.RATIO, Measure.COUNT)
    return (
        indicator.over in ("units", "people")
        and indicator.measure not in totals
        and not indicator.not_applicable()
    )


def with_circle(indicator: Indicator, project: Project) -> Indicator:
    """Give an access indicator that names no category those and the mode of the study's circle."""
    if indicator.measure != Measure.ACCESS or indicator.categories:
        return indicator
    return replace(
        indicator,
        categories=project.circle.categories,
        every=True,
        minutes=indicator.minutes or project.circle.minutes[-1],
        mode=indicator.mode or project.circle.mode,
    )


def _unknown(ledgers: Ledgers, indicator: Indicator) -> pd.DataFrame:
    """Give rows of units of which nothing is known: those of others alike under its name."""
    alike = ("unknown", indicator.units, indicator.cohort)
    found, rows = ledgers.once(alike, lambda: _nothing(ledgers, indicator))
    return pd.DataFrame(found | named(indicator, rows), rows, copy=False)


def _nothing(ledgers: Ledgers, indicator: Indicator) -> tuple[dict[Any, Any], pd.Index[Any]]:
    judged = ledgers.judged(indicator.units)
    covered = pd.Series(pd.NA, judged.index, dtype="boolean")
    reason = np.full(len(judged), str(Reason.NO_DATA), dtype=object)
    told = whole_units(judged, indicator, covered) | {"reason": reason}
    found = coverage_rows(told, indicator)
    return dict(found.items()), found.index
