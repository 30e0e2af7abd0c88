"""The shortfalls: which services of the living circle each unit lacks, township by township."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.shortfalls import township_shortfalls, unit_shortfalls
from layers.vocabulary import PRIORITY, text
from maps.sheets_gaps import counts, facility_names, minutes_up, urban_words
from maps.sheets_layout import Column, Sheet, Shown, cells

if TYPE_CHECKING:
    from geo.study import Study
    from layers.project import Category
    from layers.vocabulary import Language
    from maps.sheets_rows import Value

_MARKS: dict[Value, Shown] = {
    True: Shown("×", "bad"),
    False: Shown("√", "good"),
    None: Shown("?", "unknown"),
}
_COUNTS = ("short", "people", *PRIORITY)


def matrix_sheet(study: Study, lang: Language) -> Sheet:
    """Give units by categories, each within the unit's own limit, and how much of the circle."""
    categories = _categories(study)
    rows = study_shortfalls(study)
    units = rows.drop_duplicates("unit_id")
    at = study.area.units.set_index("unit_id").reindex(units["unit_id"])
    grouped = rows.groupby("category", sort=False)["short"]
    marks: list[list[Value | Shown]] = [
        [_MARKS[value] for value in cells(grouped.get_group(category.id))]
        for category in categories
    ]
    short = rows["short"].fillna(value=False).astype(int).groupby(rows["unit_id"], sort=False)
    columns = (
        cells(units["township"]),
        cells(units["unit_id"]),
        cells(units["name"]),
        urban_words(units["urban"], lang),
        *(counts(at, name) for name in ("people", *PRIORITY)),
        *marks,
        cells(short.sum()),
        _nearest(rows, study, lang),
        *_reached(study, units["unit_id"], lang),
    )
    return Sheet(
        text("workbook.sheet.matrix", lang),
        (text("workbook.note.matrix", lang),),
        _columns(categories, study, lang),
        list(zip(*columns, strict=True)),
        kept=3,
    )


def summary_sheet(study: Study, lang: Language) -> Sheet:
    """Give the shortfalls of the county and each township: units, and the people in them."""
    categories = _categories(study)
    units = study.area.units
    found = township_shortfalls(study_shortfalls(study), units, study.project.name)
    rows: list[list[Value | Shown]] = []
    for _, area in found.groupby("area_id", sort=False):
        for name in _COUNTS:
            told = text(f"workbook.cell.count_{name}", lang)
            row: list[Value | Shown] = [area["area"].iloc[0], told]
            if name == "short":
                totals = area["units"].tolist()
                row += [
                    Shown(count, "mark", f'0"/{of}"')
                    for count, of in zip(area[name].tolist(), totals, strict=True)
                ]
            else:
                row += cells(area[name])
            rows.append(row)
    return Sheet(
        text("workbook.sheet.summary", lang),
        (text("workbook.note.summary", lang),),
        (
            Column(text("workbook.head.area", lang), 14),
            Column(text("workbook.head.counted", lang), 24),
            *(Column(_heading(category, study, lang), 13, "whole") for category in categories),
        ),
        rows,
        kept=2,
    )


def study_shortfalls(study: Study) -> pd.DataFrame:
    """Give the shortfalls of a study's units in the categories of its living circle."""
    categories = study.project.circle.categories
    return study.once(
        "shortfalls", lambda: unit_shortfalls(study.coverage, study.area.units, categories)
    )


def _categories(study: Study) -> list[Category]:
    return [study.project.categories[name] for name in study.project.circle.categories]


def _columns(categories: list[Category], study: Study, lang: Language) -> tuple[Column, ...]:
    circle = study.project.circle
    mode = study.project.modes[circle.mode].name(lang)
    head = text("workbook.head.circle", lang, minutes=f"{circle.minutes[-1]:g}", mode=mode)
    return (
        Column(text("workbook.head.township", lang), 9, "long"),
        Column(text("workbook.head.unit_id", lang), 14, "id"),
        Column(text("workbook.head.unit", lang), 14, "long"),
        Column(text("workbook.head.urban", lang), 6, "mark"),
        *(
            Column(text(f"workbook.head.{name}", lang), 9, "whole")
            for name in ("people", *PRIORITY)
        ),
        *(Column(_heading(category, study, lang), 10, "mark") for category in categories),
        Column(text("workbook.head.shortfalls", lang), 6, "whole"),
        Column(text("workbook.head.nearest", lang), 56, "long"),
        Column(head, 12, "mark"),
        Column(text("workbook.head.missing", lang), 30, "long"),
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


def _nearest(rows: pd.DataFrame, study: Study, lang: Language) -> list[Value]:
    """Say for every unit what lies nearest of each category it is short of, and how far."""
    rows = rows.assign(
        facility=facility_names(rows["facility_id"], study),
        minutes=minutes_up(rows["minutes"]),
        metres=np.ceil(rows["metres"]),
    )
    names = {each.id: each.name(lang) for each in _categories(study)}
    found: dict[str, list[str]] = {unit_id: [] for unit_id in rows["unit_id"]}
    short = rows[rows["short"].fillna(value=False).astype(bool)]
    for row in short.to_dict("records"):
        key = "unreached" if pd.isna(row["minutes"]) else "nearest"
        told = {
            "category": names[row["category"]],
            "facility": row["facility"],
            "metres": f"{row['metres']:,.0f}",
            "minutes": f"{row['minutes']:.1f}",
            "reason": text(f"words.reason.{row['reason']}", lang),
        }
        found[row["unit_id"]].append(text(f"workbook.cell.{key}", lang, **told))
    return [text("workbook.then", lang).join(lines) or None for lines in found.values()]


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
