"""What of a study may be seen by everybody: settled before anything is counted.

What is sensitive by the catalogue is taken out of the input, so that no figure and no file of a
public run can know of it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from layers.catalogue.ledger import load_register_kinds
from layers.vocabulary import Measure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.indicators import Indicator
    from layers.plan import Plan
    from layers.project import Project
    from layers.study_area import StudyArea


def public_premises(area: StudyArea, project: Project) -> tuple[StudyArea, Project]:
    """Give a study without sensitive categories, registers and indicators, and without its sources.

    Indicators go where they, or a category or register they count, are marked as sensitive in the
    catalogue. Tasks, problems of the data, files and folders are internal altogether.
    """
    secret = {name for name, each in project.all_categories().items() if each.sensitive}
    kinds = {name for name, each in load_register_kinds().items() if each.sensitive}
    open_categories = {
        name: each for name, each in project.categories.items() if name not in secret
    }
    circle = project.circle
    asked = tuple(name for name in circle.categories if name not in secret)
    told = replace(
        project,
        profile="public",
        folder=Path(),
        layers=(),
        sites=(),
        tasks=(),
        categories=open_categories,
        listed={name: each for name, each in project.listed.items() if name not in secret},
        circle=replace(circle, categories=asked),
        indicators=tuple(
            each for each in project.indicators if not _is_sensitive(each, secret | kinds)
        ),
    )
    return _public_area(area, secret, kinds), told


def _public_area(area: StudyArea, secret: Iterable[str], kinds: Iterable[str]) -> StudyArea:
    facilities, registers, plan = area.facilities, area.registers, area.plan
    facilities = facilities[~facilities["category"].isin(list(secret))].reset_index(drop=True)
    if registers is not None:
        registers = registers[~registers["kind"].isin(list(kinds))].reset_index(drop=True)
    return replace(
        area,
        facilities=facilities,
        registers=registers,
        plan=None if plan is None else _public_plan(plan, set(secret)),
        problems=(),
        inputs=(),
        names=None,
        dead_ends=None,
        candidates=None,
        excluded=None,
        relief=None,
    )


def _public_plan(plan: Plan, secret: set[str]) -> Plan:
    """Give a plan without what it does to sensitive categories; what it closes is gone already."""
    added = tuple(each for each in plan.added if each.category not in secret)
    return replace(plan, added=added, closed=())


def _is_sensitive(indicator: Indicator, secret: set[str]) -> bool:
    amounts = [each for each in (indicator.numerator, indicator.denominator) if each]
    counted = {*indicator.categories, indicator.kind}
    for amount in amounts:
        counted |= {*amount.categories, amount.kind}
    by_spots = indicator.measure == Measure.KEY_SPOT
    return bool(indicator.sensitivity or by_spots or counted & secret)
