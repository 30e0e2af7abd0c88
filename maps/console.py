"""Tables for the terminal: problems in the data, and how the county stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.markup import escape
from rich.table import Table

from layers.vocabulary import PRIORITY, Language, text
from maps.site_words import is_told, told_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo.site_plan import SitePlan
    from layers.errors import Problem
    from maps.outcome import Summary


def problems_table(problems: Iterable[Problem], lang: Language = "zh") -> Table:
    """List problems: layer, row, column, value, what is wrong, what to do."""
    table = _table("problems_title", ("layer", "row", "column", "value", "what", "remedy"), lang)
    for problem in problems:
        cells = (problem.layer, problem.row, problem.column, problem.value)
        told = ["" if cell is None else str(cell) for cell in cells]
        table.add_row(*map(escape, [*told, problem.message(lang), problem.remedy(lang)]))
    return table


def scorecard_table(summary: Summary, lang: Language = "zh") -> Table:
    """List the county's main figures beside their targets, and count the others."""
    table = _table("summary_title", ("indicator", "now", "target", "met", "unknown"), lang)
    for row in summary.rows:
        table.add_row(*map(escape, row))
    table.caption = summary.caption
    return table


def sites_tables(plan: SitePlan, lang: Language = "zh") -> Iterator[Table]:
    """List the chosen sites: where, and whom each covers newly; then who would miss each."""
    for title, shown in _SITES.items():
        table = Table(title=told_of(title, plan.basis, lang), box=box.ASCII2)
        columns = [column for column in shown if is_told(column, plan.basis)]
        for column in columns:
            table.add_column(told_of(f"head.{column}", plan.basis, lang), overflow="fold")
        for site in plan.sites.to_dict("records"):
            table.add_row(*(escape(_cell(site[column])) for column in columns))
        yield table


_SITES = {
    "sheet.sites": ("rank", "name", "township", "people", *PRIORITY),
    "missed": ("rank", "name", "lost", *(f"{cohort}_lost" for cohort in PRIORITY)),
}
"""Columns by the title of their table: all of them side by side are too many for a terminal."""


def _cell(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN is what differs from itself
        return ""
    return f"{value:,.0f}" if isinstance(value, float) else str(value)


def _table(title: str, columns: tuple[str, ...], lang: Language) -> Table:
    table = Table(title=text(f"cli.{title}", lang), box=box.ASCII2)
    for column in columns:
        table.add_column(text(f"cli.column.{column}", lang), overflow="fold")
    return table
