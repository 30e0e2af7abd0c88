"""The scorecard: every indicator, for the county and each township, against its target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.figure import UNKNOWN, Figure, share
from geo.indicator_coverage import judges_units
from geo.indicator_ratio import amounts, count, ratio
from geo.indicator_tally import subjects_tally, units_tally
from geo.key_spots import places_tally
from geo.needs import lacks_all
from geo.possession import townships_tally, unplaced
from geo.scorecard_area import Area, Townships, areas_of, by_area
from geo.scorecard_choice import choice_text
from geo.scorecard_indicator import evidence_id, scored
from geo.scorecard_limit import limit_text
from geo.scorecard_priority import priority_shares
from geo.unlocated import is_unlocated, lacks_text
from layers.vocabulary import PRIORITY, Measure, Method

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.demand import Basis
    from geo.ledgers import Ledgers
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
    **{f"{cohort}_share": "float64" for cohort in PRIORITY},
    "data": "object",
    "binding": "object",
    "responsible": "object",
    "source": "object",
    "limit": "object",
    "method": "object",
    "choice": "object",
    "missing": "object",
}


def scorecard(
    ledgers: Ledgers, project: Project, *, coverage: pd.DataFrame, basis: Basis = "people"
) -> pd.DataFrame:
    """Give one row per area and indicator, the county first, in the order of the indicators.

    ``coverage`` holds the rows of the single categories (indicator = category id, measure
    access) and those of ``geo.indicator_coverage``. Each category has two rows without a
    target: its id over people, ``"<id>:units"`` over units. Where a radiation figure rests on
    lists, ``"<id>:access"`` shows the minutes beside it. Targets stand in township rows too, as
    the mark to compare with, but not those of a count; the base, which is another area's figure,
    does not.

    Columns are those of ``geo.study.Study.scorecard``; ``gap_to_target`` is target - value in
    the unit of the value; ``met`` is missing without a target, or where the range straddles it.
    """
    areas, townships = areas_of(ledgers.units, project.name), Townships(ledgers.units)
    policy = {indicator.id for indicator in project.indicators}
    evidence, none = dict(iter(coverage.groupby("indicator", sort=False))), coverage.iloc[:0]
    limits: dict[str, str] = {}  # told once for the two rows of a category
    rows: list[tuple[int, dict[str, Any]]] = []
    for indicator in scored(project, coverage, basis=basis):
        judged_as = evidence_id(indicator)
        judged = evidence.get(judged_as, none)
        if judged_as not in limits:
            limits[judged_as] = limit_text(judged, ledgers.units, project.modes)
        needs = lacks_all(ledgers, project, indicator, own=indicator.id in policy)
        how = {
            "limit": limits[judged_as],
            "method": _method(indicator, judged),
            "choice": choice_text(indicator, ledgers.units, project),
            "missing": lacks_text(ledgers, project, indicator, judged=judged),
        }
        known = not (needs or is_unlocated(ledgers, indicator) or indicator.not_applicable())
        figure_of = _figures(ledgers, indicator, judged, townships) if known else _unknown
        shares = priority_shares(judged, townships, indicator) if known else _nobody
        for place, area in enumerate(areas):
            told = _row(area, indicator, figure_of(area), basis) | how | shares(area.id)
            rows.append((place, told))
    ordered = [row for _, row in sorted(rows, key=lambda placed: placed[0])]
    return pd.DataFrame(ordered, columns=list(SCORECARD_TYPES), dtype=object).astype(
        SCORECARD_TYPES
    )


def _unknown(_area: Area) -> Figure:
    return UNKNOWN


def _nobody(_area: str) -> dict[str, float]:
    return {}


def _figures(
    ledgers: Ledgers, indicator: Indicator, judged: pd.DataFrame, townships: Townships
) -> Callable[[Area], Figure]:
    """Give the figure of an indicator as a function of the area, its evidence counted once."""
    if indicator.numerator is not None:
        top = by_area(amounts(ledgers, indicator.numerator), townships)
        amount = indicator.numerator
        if indicator.denominator is None:
            return lambda area: count(top[area.id], amount)
        bottom = by_area(amounts(ledgers, indicator.denominator), townships)
        return lambda area: ratio(top[area.id], bottom[area.id], indicator)
    if judges_units(indicator):
        tally = by_area(units_tally(ledgers, judged, indicator), townships)
        listed = indicator.measure in (Measure.POSSESSION, Measure.RADIATION)
        of_all = listed and bool(judged["method"].eq(Method.LEDGER).any())
        own = indicator.measure == Measure.POSSESSION and not indicator.conditions
        at_most = unplaced(ledgers, indicator) if own else None
        of_all = of_all and not indicator.conditions
        return lambda area: share(tally[area.id], of_all=of_all, at_most=at_most)
    met = by_area(_tally(ledgers, indicator), townships)
    of_all = not indicator.conditions  # what no list and no point shows is not counted as there
    return lambda area: share(met[area.id], of_all=of_all)


def _tally(ledgers: Ledgers, indicator: Indicator) -> pd.DataFrame:
    """Tally facilities, townships or registers."""
    if indicator.conditions:
        return subjects_tally(ledgers, indicator)
    if indicator.over == "townships":
        return townships_tally(ledgers, indicator)
    return places_tally(ledgers, indicator)


def _method(indicator: Indicator, judged: pd.DataFrame) -> str | None:
    """Say how a figure came about: by ledger or straight line, or as its coverage rows did."""
    if not judges_units(indicator):
        near = indicator.measure == Measure.KEY_SPOT and not indicator.conditions
        return str(Method.STRAIGHT_LINE if near else Method.LEDGER)
    methods = {each for each in judged["method"].to_numpy(dtype=object) if isinstance(each, str)}
    return ";".join(sorted(methods)) or None


def _row(area: Area, indicator: Indicator, figure: Figure, basis: Basis) -> dict[str, Any]:
    of_county = area.level == "county"
    province, county, target = indicator.target_province, indicator.target_county, indicator.target
    if indicator.measure == Measure.COUNT and not of_county:
        province = county = target = None  # a number asked of the county is nobody else's
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
        "data": indicator.data,
        "binding": indicator.binding,
        "responsible": indicator.responsible,
        "source": indicator.source,
    }
