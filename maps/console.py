"""Tables for the terminal: problems in the data, and how the county stands."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich import box
from rich.markup import escape
from rich.table import Table

from geo.scorecard_indicator import scored
from layers.vocabulary import Language, text

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    """List the county's figures beside their targets."""
    table = _table("summary_title", ("indicator", "now", "target", "met", "unknown"), lang)
    rows = study.scorecard[study.scorecard["level"] == "county"]
    indicators = {
        each.id: each for each in scored(study.project, study.coverage, basis=study.basis)
    }
    verdicts = {True: "yes", False: "no"}
    for row in rows.to_dict("records"):
        indicator = indicators[row["indicator"]]
        unit = indicator.unit_zh if lang == "zh" else indicator.unit_en
        verdict = "" if math.isnan(row["target"]) else verdicts.get(row["met"], "open")
        table.add_row(
            escape(indicator.name(lang)),
            _figure(row["value"], unit),
            _figure(row["target"], unit),
            verdict and text(f"cli.column.{verdict}", lang),
            str(row["unknown"] or ""),
        )
    return table


def _figure(value: float, unit: str) -> str:
    if math.isnan(value):
        return ""
    return f"{value:.1%}" if unit == "%" else f"{value:,.1f} {unit}"


def _table(title: str, columns: tuple[str, ...], lang: Language) -> Table:
    table = Table(title=text(f"cli.{title}", lang), box=box.ASCII2)
    for column in columns:
        table.add_column(text(f"cli.column.{column}", lang), overflow="fold")
    return table
