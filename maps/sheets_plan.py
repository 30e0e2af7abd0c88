"""The sheet of a what-if plan: what it adds, where, and whom each addition serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.plan import CENTIMETRES
from layers.vocabulary import PRIORITY, text
from maps.sheets_layout import Column, Sheet, cells
from maps.site_words import is_told, priority_lines, told_of

if TYPE_CHECKING:
    from geo.study import Study
    from layers.plan import Plan
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind

_ADDED: tuple[tuple[str, float, Kind], ...] = (
    ("rank", 6, "mark"),
    ("id", 14, "id"),
    ("name", 24, "long"),
    ("category", 16, "long"),
    ("township", 12, "long"),
    ("unit", 16, "long"),
    ("unit_id", 14, "id"),
    ("year", 8, "mark"),
    ("capacity", 8, "whole"),
    ("nearest", 14, "whole"),
    *((f"nearest_{cohort}", 10, "whole") for cohort in PRIORITY),
    ("x", 12, "number"),
    ("y", 12, "number"),
)


def plan_sheet(study: Study, plan: Plan, lang: Language) -> Sheet:
    """Give what a plan adds to the study, which has been assessed with it."""
    added = pd.DataFrame([vars(each) for each in plan.added], columns=_COLUMNS)
    facilities = study.area.facilities.set_index("facility_id").reindex(added["facility_id"])
    units = study.area.units.set_index("unit_id").reindex(facilities["unit_id"])
    load = study.facility_load.set_index("facility_id").reindex(added["facility_id"])
    names = {each.id: each.name(lang) for each in study.project.categories.values()}
    table = {
        "rank": pd.Series(range(1, len(added) + 1)),
        "id": added["facility_id"],
        "name": added["name"],
        "category": added["category"].map(names),
        "township": units["township"],
        "unit": units["name"],
        "unit_id": facilities["unit_id"],
        "year": added["year"].astype("Int64"),
        "capacity": added["capacity"].astype("float64"),
        "nearest": load["people"],
        **{f"nearest_{cohort}": load[cohort] for cohort in PRIORITY},
        "x": added["x_cm"] / CENTIMETRES,
        "y": added["y_cm"] / CENTIMETRES,
    }
    counted = text(f"words.{study.basis}", lang)
    told = {"name": plan.name, "added": f"{len(plan.added)}", "closed": f"{len(plan.closed)}"}
    note = told_of("plan_note", study.basis, lang)
    lines = (text("sites.plan_told", lang, **told), note, *priority_lines(study.basis, lang))
    layout = [each for each in _ADDED if is_told(each[0], study.basis)]
    columns = tuple(
        Column(told_of(f"head.{key}", study.basis, lang, basis=counted), width, kind)
        for key, width, kind in layout
    )
    rows = list(zip(*(cells(table[key]) for key, _, _ in layout), strict=True))
    return Sheet(text("sites.sheet.sites", lang), lines, columns, rows)


_COLUMNS = ["facility_id", "name", "category", "x_cm", "y_cm", "capacity", "year"]
