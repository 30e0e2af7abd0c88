"""The scorecard: every indicator, for the county and each township, against its target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.figure import Figure, share
from geo.indicator_ratio import amounts, ratio
from geo.indicator_tally import facilities_tally, units_tally
from geo.possession import unplaced
from geo.scorecard_area import Area, areas_of, by_area
from geo.scorecard_indicator import evidence_id, scored
from geo.scorecard_limit import limit_text
from layers.vocabulary import Measure, Method

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.demand import Basis
    from layers.indicators import Indicator
    from layers.project import Project

SCORECARD_TYPES = {
    "area_id": "object",
    "area": "object",
    "level": "object",
    "indicator": "object",
    "name": "object",
    "measure": "object",
    "over": "object",
    "numerator": "float64",
    "denominator": "float64",
    "value": "float64",
    "low": "float64",
    "high": "float64",
    "unknown": "int64",
    "unit": "object",
    "base": "float64",
    "base_year": "Int64",
    "target_province": "float64",
    "target_county": "float64",
    "target": "float64",
    "comparison": "object",
    "target_year": "Int64",
    "met": "boolean",
    "gap_to_target": "float64",
    "binding": "object",
    "responsible": "object",
    "source": "object",
    "limit": "object",
    "method": "object",
}


def scorecard(
    units: pd.DataFrame,
    facilities: pd.DataFrame,
    project: Project,
    *,
    coverage: pd.DataFrame,
    basis: Basis = "people",
) -> pd.DataFrame:
    """Give one row per area and indicator, the county first, in the order of the indicators.

    ``coverage`` holds the rows of the single categories (indicator = category id, measure
    access) and those of ``geo.indicator_coverage``. Each category has two rows without a
    target: its id over people, ``"<id>:units"`` over units. Where a radiation figure rests on
    lists, ``"<id>:access"`` shows the minutes beside it. Targets stand in township rows too, as
    the mark to compare with; the base, which is another area's figure, does not.

    Columns are those of ``geo.study.Study.scorecard``; ``gap_to_target`` is target - value in
    the unit of the value; ``met`` is missing without a target, or where the range straddles it.
    """
    areas = areas_of(units, project.name)
    rows: list[tuple[int, dict[str, Any]]] = []
    for indicator in scored(project, coverage, basis=basis):
        judged = coverage[coverage["indicator"] == evidence_id(indicator)]
        how = {
            "limit": limit_text(judged, units, project.modes),
            "method": _method(indicator, judged),
        }
        figure_of = _figures(units, facilities, project, indicator, judged)
        for place, area in enumerate(areas):
            rows.append((place, _row(area, indicator, figure_of(area), basis) | how))
    ordered = [row for _, row in sorted(rows, key=lambda placed: placed[0])]
    return pd.DataFrame(ordered, columns=list(SCORECARD_TYPES), dtype=object).astype(
        SCORECARD_TYPES
    )


def _figures(
    units: pd.DataFrame,
    facilities: pd.DataFrame,
    project: Project,
    indicator: Indicator,
    judged: pd.DataFrame,
) -> Callable[[Area], Figure]:
    """Give the figure of an indicator as a function of the area, its evidence counted once."""
    statuses = project.rules.statuses
    if indicator.measure == Measure.RATIO and indicator.numerator and indicator.denominator:
        top, bottom = (
            by_area(amounts(units, facilities, amount, statuses=statuses), units)
            for amount in (indicator.numerator, indicator.denominator)
        )
        return lambda area: ratio(top[area.id], bottom[area.id], indicator)
    if indicator.measure == Measure.ATTRIBUTE:
        met = by_area(facilities_tally(units, facilities, indicator, statuses=statuses), units)
        return lambda area: share(met[area.id])
    tally = by_area(units_tally(units, judged, indicator), units)
    by_ledger = judged["method"].eq(Method.LEDGER).any()
    at_most = None
    if indicator.measure == Measure.POSSESSION:
        at_most = unplaced(units, facilities, indicator, statuses=statuses)
    return lambda area: share(tally[area.id], of_all=bool(by_ledger), at_most=at_most)


def _method(indicator: Indicator, judged: pd.DataFrame) -> str | None:
    """Say how a figure came about: totals of ledger columns, or as its coverage rows did."""
    if indicator.measure in (Measure.RATIO, Measure.ATTRIBUTE):
        return str(Method.LEDGER)
    return ";".join(sorted(judged["method"].dropna().unique())) or None


def _row(area: Area, indicator: Indicator, figure: Figure, basis: Basis) -> dict[str, Any]:
    target, of_county = indicator.target, area.level == "county"
    province, county = indicator.target_province, indicator.target_county
    return {
        "area_id": area.id,
        "area": area.name,
        "level": area.level,
        "indicator": indicator.id,
        "name": indicator.name("zh"),
        "measure": str(indicator.measure),
        "over": basis if indicator.over == "people" else indicator.over,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "unknown": figure.unknown,
        "unit": indicator.unit_zh,
        "base": indicator.base if of_county else None,
        "base_year": indicator.base_year if of_county else None,
        "target_province": province.value if province else None,
        "target_county": county.value if county else None,
        "target": target.value if target else None,
        "comparison": target.comparison if target else None,
        "target_year": target.year if target else None,
        "met": figure.met(target),
        "gap_to_target": target.value - figure.value if target else None,
        "binding": indicator.binding,
        "responsible": indicator.responsible,
        "source": indicator.source,
    }
