"""The sheets of a siting plan: sites, whom they serve, before and after, how far more would go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.vocabulary import COHORTS, text
from maps.sheets_layout import Column, Sheet, Shown, cells
from maps.site_words import answer_lines

if TYPE_CHECKING:
    from geo.site_plan import SitePlan
    from layers.project import Project
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind, Value

_SITES: tuple[tuple[str, float, Kind], ...] = (
    ("rank", 6, "mark"),
    ("name", 18, "long"),
    ("township", 10, "long"),
    ("unit_id", 14, "id"),
    ("year", 8, "mark"),
    ("cost", 8, "number"),
    ("capacity", 8, "whole"),
    ("people", 10, "whole"),
    ("age_60_plus", 10, "whole"),
    ("age_0_14", 10, "whole"),
    ("alone", 10, "whole"),
    ("lost", 10, "whole"),
    ("runner_up", 18, "long"),
    ("runner_up_share", 9, "share"),
    ("x", 12, "number"),
    ("y", 12, "number"),
)
_SERVED: tuple[tuple[str, float, Kind], ...] = (
    ("rank", 6, "mark"),
    ("site", 18, "long"),
    ("unit_id", 14, "id"),
    ("unit", 16, "long"),
    ("served", 12, "whole"),
)
_FIGURES: tuple[tuple[str, float, Kind], ...] = (
    ("figure", 30, "long"),
    ("over", 10, "mark"),
    ("before", 9, "share"),
    ("after", 9, "share"),
    ("target", 9, "share"),
    ("met", 12, "mark"),
)
_CURVE: tuple[tuple[str, float, Kind], ...] = (
    ("sites", 6, "mark"),
    ("covered", 12, "whole"),
    ("share", 9, "share"),
    ("cost", 10, "number"),
    ("knee", 6, "mark"),
)


def site_sheets(plan: SitePlan, project: Project, lang: Language) -> tuple[Sheet, ...]:
    """Give the sheets of one plan."""
    return (
        _sites(plan, project, lang),
        _served(plan, lang),
        _figures(plan, project, lang),
        _curve(plan, lang),
    )


def _columns(layout: tuple[tuple[str, float, Kind], ...], lang: Language) -> tuple[Column, ...]:
    return tuple(
        Column(text(f"sites.head.{key}", lang), width, kind) for key, width, kind in layout
    )


def _sheet(
    name: str,
    layout: tuple[tuple[str, float, Kind], ...],
    lines: tuple[str, ...],
    table: dict[str, list[Value | Shown]],
    lang: Language,
) -> Sheet:
    columns = [table[key] for key, _, _ in layout]
    rows = list(zip(*columns, strict=True))
    return Sheet(text(f"sites.sheet.{name}", lang), lines, _columns(layout, lang), rows)


def _sites(plan: SitePlan, project: Project, lang: Language) -> Sheet:
    sites = plan.sites
    table: dict[str, list[Value | Shown]] = {
        key: [*cells(sites[key])] for key, _, _ in _SITES if key in sites
    }
    table["runner_up"] = [*cells(sites["runner_up_name"])]
    table |= {"x": [*cells(sites.geometry.x.round(2))], "y": [*cells(sites.geometry.y.round(2))]}
    lines = (*answer_lines(plan, project, lang), text("sites.runner_note", lang))
    return _sheet("sites", _SITES, lines, table, lang)


def _served(plan: SitePlan, lang: Language) -> Sheet:
    sites = plan.sites.set_index("candidate_id")
    of = sites.reindex(plan.served["candidate_id"])
    table: dict[str, list[Value | Shown]] = {
        "rank": [*cells(of["rank"])],
        "site": [*cells(of["name"])],
        "unit_id": [*cells(plan.served["unit_id"])],
        "unit": [*cells(plan.served["unit"])],
        "served": [*cells(plan.served["people"])],
    }
    return _sheet("served", _SERVED, (), table, lang)


def _figures(plan: SitePlan, project: Project, lang: Language) -> Sheet:
    figures = plan.figures
    names = {each.id: each.name(lang) for each in project.categories.values()}
    names |= {each.id: each.name(lang) for each in project.indicators}
    words = {True: text("workbook.yes", lang), False: text("workbook.no", lang)}
    table: dict[str, list[Value | Shown]] = {
        "figure": [*cells(figures["indicator"].map(names))],
        "over": [text(f"sites.over.{_over(name)}", lang) for name in figures["over"]],
        "met": [None if pd.isna(met) else words[bool(met)] for met in figures["met_after"]],
    }
    table |= {key: [*cells(figures[key])] for key in ("before", "after", "target")}
    return _sheet("figures", _FIGURES, (), table, lang)


def _over(name: str) -> str:
    return "people" if name in COHORTS else name


def _curve(plan: SitePlan, lang: Language) -> Sheet:
    curve = plan.curve
    table: dict[str, list[Value | Shown]] = {
        key: [*cells(curve[key])] for key in ("sites", "share", "cost")
    }
    table["covered"] = [*cells(curve["people"])]
    table["knee"] = ["★" if bend else None for bend in curve["knee"]]
    return _sheet("curve", _CURVE, (text("sites.greedy_note", lang),), table, lang)
