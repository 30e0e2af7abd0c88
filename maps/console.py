"""Tables for the terminal: problems in the data, and how the county stands."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich import box
from rich.markup import escape
from rich.table import Table

from geo.scorecard_indicator import scored
from layers.vocabulary import PRIORITY, Language, text
from maps.site_words import is_told, told_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from geo.site_plan import SitePlan
    from geo.study import Study
    from layers.errors import Problem


def problems_table(problems: Iterable[Problem], lang: Language = "zh") -> Table:
    """List problems: layer, row, column, value, what is wrong, what to do."""
    table = _table("problems_title", ("layer", "row", "column", "value", "what", "remedy"), lang)
    for problem in problems:
        cells = (problem.layer, problem.row, problem.column, problem.value)
        told = ["" if cell is None else str(cell) for cell in cells]
        table.add_row(*map(escape, [*told, problem.message(lang), problem.remedy(lang)]))
    return table


def scorecard_table(study: Study, lang: Language = "zh") -> Table:
    """List the county's main figures beside their targets, and count the others.

    The main ones are the headlines of the policy; without a policy, every category by people.
    """
    table = _table("summary_title", ("indicator", "now", "target", "met", "unknown"), lang)
    rows = study.scorecard[study.scorecard["level"] == "county"]
    indicators = {
        each.id: each for each in scored(study.project, study.coverage, basis=study.basis)
    }
    policy = rows[rows["indicator"].isin({each.id for each in study.project.indicators})]
    shown = [each.id for each in study.project.indicators if each.headline]
    for row in rows[rows["indicator"].isin(shown or _by_people(study))].to_dict("records"):
        indicator = indicators[row["indicator"]]
        unit = indicator.unit(lang)
        verdict = verdict_of(row)
        table.add_row(
            escape(indicator.name(lang)),
            _figure(row["value"], unit),
            _figure(row["target"], unit),
            verdict and text(f"cli.column.{verdict}", lang),
            str(row["unknown"] or ""),
        )
    if shown:
        table.caption = _counted(policy, lang)
    return table


def verdict_of(row: Mapping[Any, Any]) -> str:
    """Say yes, no or open; empty without a target."""
    if math.isnan(row["target"]):
        return ""
    return {True: "yes", False: "no"}.get(row["met"], "open")


def _by_people(study: Study) -> list[str]:
    """Give the categories, or the policy's indicators where none of them is a headline."""
    return [each.id for each in study.project.indicators] or list(study.project.categories)


def _counted(policy: pd.DataFrame, lang: Language) -> str:
    """Say how many indicators there are, and how they stand."""
    verdicts = [verdict_of(row) for row in policy.to_dict("records")]
    counts = {word: str(verdicts.count(word)) for word in ("yes", "no", "open")}
    counts |= {
        "all": str(len(policy)),
        "without": str(verdicts.count("")),
        "lacking": str(int(policy["value"].isna().sum())),
    }
    return text("cli.summary_rest", lang, **counts)


def sites_table(plan: SitePlan, lang: Language = "zh") -> Table:
    """List the chosen sites: where, and whom each covers newly."""
    table = Table(title=text("sites.sheet.sites", lang), box=box.ASCII2)
    columns = [column for column in _SITES if is_told(column, plan.basis)]
    for column in columns:
        table.add_column(told_of(f"head.{column}", plan.basis, lang), overflow="fold")
    for site in plan.sites.to_dict("records"):
        table.add_row(*(escape(_cell(site[column])) for column in columns))
    return table


_SITES = ("rank", "name", "township", "people", *PRIORITY, "lost")


def _cell(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN is what differs from itself
        return ""
    return f"{value:,.0f}" if isinstance(value, float) else str(value)


def _figure(value: float, unit: str) -> str:
    if math.isnan(value):
        return ""
    return f"{value:.1%}" if unit == "%" else f"{value:,.1f} {unit}"


def _table(title: str, columns: tuple[str, ...], lang: Language) -> Table:
    table = Table(title=text(f"cli.{title}", lang), box=box.ASCII2)
    for column in columns:
        table.add_column(text(f"cli.column.{column}", lang), overflow="fold")
    return table
