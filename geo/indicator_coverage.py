"""Which units each policy indicator finds covered: possession, access and radiation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from geo.coverage_rows import COVERAGE_COLUMNS
from geo.indicator_access import Reach, access
from geo.possession import possession
from geo.radiation import radiation
from layers.vocabulary import Measure

if TYPE_CHECKING:
    from layers.indicators import Indicator
    from layers.project import Project


def indicator_coverage(
    units: pd.DataFrame,
    facilities: pd.DataFrame,
    project: Project,
    *,
    reach: Reach,
    nearest: pd.DataFrame,
) -> pd.DataFrame:
    """Give the coverage rows of every indicator that judges units, in the project's order.

    ``nearest`` holds the coverage rows of the single categories (indicator = category id);
    those returned are to be put after them. Ratios and attributes judge no unit and have none.
    """
    rows = []
    for indicator in (with_circle(each, project) for each in project.indicators):
        if indicator.measure == Measure.POSSESSION:
            rows.append(possession(units, facilities, indicator, statuses=project.rules.statuses))
        elif indicator.measure == Measure.ACCESS:
            rows.append(_access(units, indicator, project, reach=reach, nearest=nearest))
        elif indicator.measure == Measure.RADIATION:
            by_time = _access(units, indicator, project, reach=reach, nearest=nearest)
            rows.append(
                radiation(
                    units,
                    facilities,
                    indicator,
                    statuses=project.rules.statuses,
                    by_time=by_time,
                )
            )
    if not rows:
        return pd.DataFrame(columns=list(COVERAGE_COLUMNS))
    return pd.concat(rows, ignore_index=True)


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


def _access(
    units: pd.DataFrame,
    indicator: Indicator,
    project: Project,
    *,
    reach: Reach,
    nearest: pd.DataFrame,
) -> pd.DataFrame:
    return access(
        units,
        indicator,
        reach=reach(indicator.categories, indicator.minutes, indicator.mode),
        nearest=nearest,
        unit_share=project.rules.unit_share,
    )
