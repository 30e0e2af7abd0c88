"""What a scorecard scores: the policy's indicators, and each category over people and units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.indicator_coverage import with_circle
from geo.radiation import beside
from layers.indicators import Indicator
from layers.vocabulary import Language, Measure, text

if TYPE_CHECKING:
    import pandas as pd

    from geo.demand import Basis
    from layers.indicators import Over
    from layers.project import Category, Project

BY_UNITS = ":units"


def scored(
    project: Project, coverage: pd.DataFrame, *, basis: Basis = "people"
) -> tuple[Indicator, ...]:
    """Give the indicators to score, in order; categories are those that ``coverage`` judges.

    A category has two, without a target: its id over people (named as dwellings where that is
    the ``basis``), ``"<id>:units"`` over units.
    """
    judged = set(coverage["indicator"])
    policy: list[Indicator] = []
    for indicator in project.indicators:
        policy.append(with_circle(indicator, project))
        if beside(indicator).id in judged:
            policy.append(beside(indicator))
    categories = [project.categories[name] for name in project.categories if name in judged]
    over: tuple[Over, ...] = ("people", "units")
    return (
        *policy,
        *(_of_category(each, share, basis) for each in categories for share in over),
    )


def evidence_id(indicator: Indicator) -> str:
    """Give the indicator id of the coverage rows that a scored indicator counts."""
    return indicator.id.removesuffix(BY_UNITS)


def _of_category(category: Category, over: Over, basis: Basis) -> Indicator:
    weight = basis if basis == "dwellings" else category.cohort

    def named(lang: Language) -> str:
        whose = text(f"words.{weight}", lang)
        return text(f"scorecard.by_{over}", lang, category=category.name(lang), whose=whose)

    return Indicator(
        id=category.id if over == "people" else category.id + BY_UNITS,
        name_zh=named("zh"),
        name_en=named("en"),
        measure=Measure.ACCESS,
        source="；".join(dict.fromkeys((category.urban.source, category.rural.source))),
        over=over,
        cohort=category.cohort,
        categories=(category.id,),
    )
