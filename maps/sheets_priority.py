"""The people planning puts first: minors, the elderly, the disabled, in all figures of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.scorecard_indicator import scored
from layers.vocabulary import PRIORITY, text
from maps.figures import known
from maps.sheets_layout import Column, Sheet, cells

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geo.study import Study
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind
    from maps.sheets_rows import Value

_LAYOUT: tuple[tuple[str, float, Kind], ...] = (
    ("number", 6, "mark"),
    ("area", 14, "text"),
    ("indicator", 44, "long"),
    ("of_whom", 16, "mark"),
    ("value", 10, "share"),
    *((cohort, 12, "share") for cohort in PRIORITY),
    ("worst_off", 24, "long"),
)


def priority_rows(study: Study) -> pd.DataFrame:
    """Give the rows of the scorecard whose figure is a share of people, each with its number."""
    card = study.scorecard
    numbered = card.assign(number=card.groupby("area_id", sort=False).cumcount() + 1)
    return numbered[numbered["over"].eq("people")]


def priority_sheets(study: Study, lang: Language) -> tuple[Sheet, ...]:
    """Give the sheet of priority people, none where no people are counted."""
    return () if priority_rows(study).empty else (priority_sheet(study, lang),)


def priority_sheet(study: Study, lang: Language) -> Sheet:
    """Give the shares of each group in every figure of people, the county first."""
    rows = priority_rows(study)
    known_as = {each.id: each for each in scored(study.project, study.coverage, basis=study.basis)}
    whose = {name: text(f"words.{each.cohort}", lang) for name, each in known_as.items()}
    names = {name: each.name(lang) for name, each in known_as.items()}
    columns = (
        cells(rows["number"]),
        cells(rows["area"]),
        [names.get(name, name) for name in rows["indicator"]],
        [whose.get(name) for name in rows["indicator"]],
        cells(rows["value"]),
        *(cells(rows[f"{cohort}_share"]) for cohort in PRIORITY),
        [_worst_off(row, lang) for row in rows.to_dict("records")],
    )
    return Sheet(
        text("workbook.sheet.priority", lang),
        (text("workbook.note.priority", lang),),
        tuple(
            Column(text(f"workbook.head.{key}", lang), width, kind) for key, width, kind in _LAYOUT
        ),
        [*zip(*columns, strict=True)],
        kept=3,
    )


def _worst_off(row: Mapping[Any, Any], lang: Language) -> Value:
    """Name the group least served; none where all known ones fare alike."""
    shares = {cohort: known(row[f"{cohort}_share"]) for cohort in PRIORITY}
    told = {cohort: round(share, 4) for cohort, share in shares.items() if share is not None}
    if len(set(told.values())) <= 1:
        return None
    return text(f"words.{min(told, key=lambda cohort: told[cohort])}", lang)
