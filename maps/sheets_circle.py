"""The matrix of shortfalls: which categories of the living circle each unit can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.vocabulary import Reason, text
from maps.sheets_gaps import urban_words
from maps.sheets_layout import Column, Sheet, Shown, cells

if TYPE_CHECKING:
    import pandas as pd

    from geo.study import Study
    from layers.project import Category
    from layers.vocabulary import Language
    from maps.sheets_layout import Value

_MARKS: dict[Value, Shown] = {
    True: Shown("√", "good"),
    False: Shown("×", "bad"),
    None: Shown("?", "unknown"),
}


def matrix_sheet(study: Study, lang: Language) -> Sheet:
    """Give units by categories, each within the unit's own limit, and how much of the circle."""
    categories = [study.project.categories[name] for name in study.project.circle.categories]
    units = study.area.units.sort_values(["township_id", "unit_id"], na_position="first")
    marks = _marks(study, units["unit_id"], [category.id for category in categories])
    return Sheet(
        text("workbook.sheet.matrix", lang),
        (text("workbook.note.matrix", lang),),
        _columns(categories, study, lang),
        list(
            zip(
                cells(units["township"]),
                cells(units["unit_id"]),
                cells(units["name"]),
                urban_words(units["urban"], lang),
                cells(units["people"]),
                *marks,
                *_reached(study, units["unit_id"], lang),
                strict=True,
            )
        ),
        kept=3,
    )


def _columns(categories: list[Category], study: Study, lang: Language) -> tuple[Column, ...]:
    circle = study.project.circle
    mode = study.project.modes[circle.mode].name(lang)
    head = text("workbook.head.circle", lang, minutes=f"{circle.minutes[-1]:g}", mode=mode)
    return (
        Column(text("workbook.head.township", lang), 12),
        Column(text("workbook.head.unit_id", lang), 15, "id"),
        Column(text("workbook.head.unit", lang), 16),
        Column(text("workbook.head.urban", lang), 7, "mark"),
        Column(text("workbook.head.people", lang), 9, "whole"),
        *(Column(_heading(category, study, lang), 12, "mark") for category in categories),
        Column(head, 14, "mark"),
        Column(text("workbook.head.missing", lang), 40, "long"),
    )


def _heading(category: Category, study: Study, lang: Language) -> str:
    urban, rural = category.urban, category.rural
    modes = study.project.modes
    return text(
        "workbook.head.category_limits",
        lang,
        name=category.name(lang),
        urban=f"{urban.minutes:g}",
        urban_mode=modes[urban.mode].name(lang),
        rural=f"{rural.minutes:g}",
        rural_mode=modes[rural.mode].name(lang),
    )


def _marks(study: Study, unit_ids: pd.Series, categories: list[str]) -> list[list[Value | Shown]]:
    """Give a column of marks per category; a unit without a row, or not decided, is unknown."""
    judged = study.coverage[study.coverage["indicator"] == study.coverage["category"]]
    unknown = judged["covered"].isna() | (judged["reason"] == Reason.NO_DATA)
    told = judged["covered"].astype(object).mask(unknown, None).set_axis(judged["unit_id"])
    return [
        [
            _MARKS[value]
            for value in cells(told[(judged["category"] == name).to_numpy()].reindex(unit_ids))
        ]
        for name in categories
    ]


def _reached(study: Study, unit_ids: pd.Series, lang: Language) -> list[list[Value | Shown]]:
    """Give the columns n of m, and the names of what is missing, at the circle's last limit."""
    circles = study.circles
    last = circles[
        (circles["level"] == "unit")
        & (circles["limit_minutes"] == study.project.circle.minutes[-1])
    ]
    found = last.set_index("place_id").reindex(unit_ids)
    names = {each.id: each.name(lang) for each in study.project.categories.values()}
    joiner = text("workbook.and", lang)
    # A number that shows as n/m can still be sorted and summed.
    counts: list[Value | Shown] = [
        None if reached is None else Shown(int(reached), "mark", f'0"/{int(of or 0)}"')
        for reached, of in zip(cells(found["reached"]), cells(found["of"]), strict=True)
    ]
    missing: list[Value | Shown] = [
        None if not ids else joiner.join(names.get(each, each) for each in str(ids).split(";"))
        for ids in cells(found["missing"])
    ]
    return [counts, missing]
