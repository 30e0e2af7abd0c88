"""The sheets of a siting plan: sites, whom they serve, before and after, how far money goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.vocabulary import COHORTS, PRIORITY, text
from maps.sheets_layout import Column, Sheet, Shown, cells
from maps.site_words import answer_lines, is_told, priority_lines, told_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.demand import Basis
    from geo.site_plan import SitePlan
    from layers.project import Project
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind
    from maps.sheets_rows import Value

_SITES: tuple[tuple[str, float, Kind], ...] = (
    ("rank", 6, "mark"),
    ("name", 18, "long"),
    ("township", 10, "long"),
    ("unit_id", 14, "id"),
    ("year", 8, "mark"),
    ("cost", 8, "number"),
    ("capacity", 8, "whole"),
    ("people", 10, "whole"),
    *((cohort, 10, "whole") for cohort in PRIORITY),
    ("alone", 10, "whole"),
    *((f"{cohort}_alone", 10, "whole") for cohort in PRIORITY),
    ("lost", 10, "whole"),
    *((f"{cohort}_lost", 10, "whole") for cohort in PRIORITY),
    ("runner_up", 18, "long"),
    ("runner_up_share", 9, "share"),
    ("x", 12, "number"),
    ("y", 12, "number"),
)
_ALL_SITES: tuple[tuple[str, float, Kind], ...] = (
    ("question", 16, "long"),
    ("category", 16, "long"),
    *_SITES,
)
_SERVED: tuple[tuple[str, float, Kind], ...] = (
    ("rank", 6, "mark"),
    ("site", 18, "long"),
    ("unit_id", 14, "id"),
    ("unit", 16, "long"),
    ("served", 12, "whole"),
    *((cohort, 10, "whole") for cohort in PRIORITY),
)
_FIGURES: tuple[tuple[str, float, Kind], ...] = (
    ("figure", 30, "long"),
    ("over", 10, "mark"),
    ("before", 9, "share"),
    ("after", 9, "share"),
    ("target", 9, "share"),
    ("met", 12, "mark"),
    *((f"{cohort}_{when}", 10, "share") for cohort in PRIORITY for when in ("before", "after")),
)
_CURVE: tuple[tuple[str, float, Kind], ...] = (
    ("sites", 6, "mark"),
    ("covered", 12, "whole"),
    *((f"covered_{cohort}", 10, "whole") for cohort in PRIORITY),
    ("share", 9, "share"),
    ("cost", 10, "number"),
    ("knee", 6, "mark"),
)
_FRONTIER: tuple[tuple[str, float, Kind], ...] = (
    ("cost", 10, "number"),
    ("sites", 6, "mark"),
    ("covered", 12, "whole"),
    *((f"covered_{cohort}", 10, "whole") for cohort in PRIORITY),
    ("share", 9, "share"),
    ("at_most", 14, "whole"),
    ("proved", 8, "mark"),
)


def site_sheets(plan: SitePlan, project: Project, lang: Language) -> tuple[Sheet, ...]:
    """Give the sheets of one plan."""
    return (
        _sites(plan, project, lang),
        _served(plan, lang),
        _figures(plan, project, lang),
        _curve(plan, lang),
        _frontier(plan, lang),
    )


def all_sites_sheet(plans: Sequence[SitePlan], project: Project, lang: Language) -> Sheet:
    """Give the sites of every plan in one sheet, as the report has them."""
    table: dict[str, list[Value | Shown]] = {key: [] for key, _, _ in _ALL_SITES}
    lines = []
    basis = plans[0].basis
    for plan in plans:
        name = project.categories[plan.question.category].name(lang)
        table["question"] += [plan.question.id] * len(plan.sites)
        table["category"] += [name] * len(plan.sites)
        for key, values in _site_cells(plan).items():
            table[key] += cells(values)
        told = text("page.semicolon", lang).join(answer_lines(plan, project, lang))
        lines.append(text("sites.question_told", lang, name=plan.question.id, told=told))
    lines += [told_of("runner_note", basis, lang), *priority_lines(basis, lang)]
    return _sheet(("sites", _ALL_SITES), tuple(lines), table, basis, lang)


def _sheet(
    kind: tuple[str, tuple[tuple[str, float, Kind], ...]],
    lines: tuple[str, ...],
    table: dict[str, list[Value | Shown]],
    basis: Basis,
    lang: Language,
) -> Sheet:
    """Lay out a sheet of a kind: its name and its columns."""
    name, columns_of_kind = kind
    layout = [each for each in columns_of_kind if is_told(each[0], basis)]
    columns = tuple(
        Column(told_of(f"head.{key}", basis, lang), width, kind) for key, width, kind in layout
    )
    rows = list(zip(*(table[key] for key, _, _ in layout), strict=True))
    return Sheet(text(f"sites.sheet.{name}", lang), lines, columns, rows)


def _sites(plan: SitePlan, project: Project, lang: Language) -> Sheet:
    table: dict[str, list[Value | Shown]] = {
        key: [*cells(values)] for key, values in _site_cells(plan).items()
    }
    notes = (told_of("runner_note", plan.basis, lang), *priority_lines(plan.basis, lang))
    lines = (*answer_lines(plan, project, lang), *notes)
    return _sheet(("sites", _SITES), lines, table, plan.basis, lang)


def _site_cells(plan: SitePlan) -> dict[str, pd.Series[Any]]:
    sites = plan.sites
    own = {key: sites[key] for key, _, _ in _SITES if key in sites}
    at = {"x": sites.geometry.x.round(2), "y": sites.geometry.y.round(2)}
    return own | at | {"runner_up": sites["runner_up_name"]}


def _served(plan: SitePlan, lang: Language) -> Sheet:
    sites = plan.sites.set_index("candidate_id")
    of = sites.reindex(plan.served["candidate_id"])
    table: dict[str, list[Value | Shown]] = {
        "rank": [*cells(of["rank"])],
        "site": [*cells(of["name"])],
        "unit_id": [*cells(plan.served["unit_id"])],
        "unit": [*cells(plan.served["unit"])],
        "served": [*cells(plan.served["people"])],
        **_priority(plan.served),
    }
    return _sheet(("served", _SERVED), priority_lines(plan.basis, lang), table, plan.basis, lang)


def _figures(plan: SitePlan, project: Project, lang: Language) -> Sheet:
    figures = plan.figures
    names = {each.id: each.name(lang) for each in project.categories.values()}
    names |= {each.id: each.name(lang) for each in project.indicators}
    words = {True: text("workbook.yes", lang), False: text("workbook.no", lang)}
    table: dict[str, list[Value | Shown]] = {
        "figure": [*cells(figures["indicator"].map(names))],
        "over": [text(f"sites.over.{_over(name, plan.basis)}", lang) for name in figures["over"]],
        "met": [None if pd.isna(met) else words[bool(met)] for met in figures["met_after"]],
    }
    shares = [key for key, _, kind in _FIGURES if kind == "share"]
    table |= {key: [*cells(figures[key])] for key in shares}
    return _sheet(("figures", _FIGURES), (), table, plan.basis, lang)


def _over(name: str, basis: Basis) -> str:
    return basis if name in COHORTS else name


def _curve(plan: SitePlan, lang: Language) -> Sheet:
    curve = plan.curve
    table: dict[str, list[Value | Shown]] = {
        key: [*cells(curve[key])] for key in ("sites", "share", "cost")
    }
    table |= _priority(curve, "covered_")
    table["covered"] = [*cells(curve["people"])]
    table["knee"] = ["★" if bend else None for bend in curve["knee"]]
    lines = (text("sites.greedy_note", lang), *priority_lines(plan.basis, lang))
    return _sheet(("curve", _CURVE), lines, table, plan.basis, lang)


def _priority(frame: pd.DataFrame, of: str = "") -> dict[str, list[Value | Shown]]:
    return {f"{of}{cohort}": [*cells(frame[cohort])] for cohort in PRIORITY}


def _frontier(plan: SitePlan, lang: Language) -> Sheet:
    frontier = plan.frontier
    words = {True: text("workbook.yes", lang), False: text("workbook.no", lang)}
    table: dict[str, list[Value | Shown]] = {
        key: [*cells(frontier[key])] for key in ("cost", "sites", "share", "at_most")
    }
    table |= _priority(frontier, "covered_")
    table["covered"] = [*cells(frontier["people"])]
    table["proved"] = [words[bool(proved)] for proved in frontier["proved"]]
    note = "frontier_note" if len(frontier) else "frontier_none"
    lines = (told_of(note, plan.basis, lang), *priority_lines(plan.basis, lang))
    return _sheet(("frontier", _FRONTIER), lines, table, plan.basis, lang)
