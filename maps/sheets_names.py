"""Units found by their names in ledgers without codes: how each was found, for review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.names import Found
from layers.vocabulary import text
from maps.sheets_layout import Column, Sheet, cells

if TYPE_CHECKING:
    import pandas as pd

    from geo.study import Study
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind
    from maps.sheets_rows import Value

_ORDER = (Found.UNMATCHED, Found.ELSEWHERE, Found.AMBIGUOUS, Found.FUZZY, Found.VARIANT)
"""What needs most looking at comes first; what is spelled alike needs none."""

_LAYOUT: tuple[tuple[str, float, Kind], ...] = (
    ("how_found", 16, "mark"),
    ("township", 12, "text"),
    ("said", 24, "text"),
    ("unit", 24, "text"),
    ("unit_id", 16, "id"),
    ("times", 8, "whole"),
    ("where_said", 76, "long"),
)


def names_sheets(study: Study, lang: Language) -> tuple[Sheet, ...]:
    """Give every name that is not spelled as the unit's own, each once; no sheet without names."""
    names = study.area.names
    if names is None or names.empty:
        return ()
    counts = names["how"].value_counts()
    told = {str(how): f"{counts.get(how, 0)}" for how in Found}
    exact = len(names) == counts.get(Found.EXACT, 0)
    key = "names_exact" if exact else "names"
    sheet = Sheet(
        text("workbook.sheet.names", lang),
        (text(f"workbook.note.{key}", lang, count=f"{len(names)}", **told),),
        tuple(
            Column(text(f"workbook.head.{key}", lang), width, kind) for key, width, kind in _LAYOUT
        ),
        _rows(names, lang),
        kept=3,
    )
    return (sheet,)


def _rows(names: pd.DataFrame, lang: Language) -> list[tuple[Value, ...]]:
    looked_at = names[names["how"].isin(_ORDER)]
    places = [
        text("workbook.cell.name_at", lang, layer=layer, row=f"{row}")
        for layer, row in zip(looked_at["layer"], looked_at["row"], strict=True)
    ]
    keys = ["how", "township", "said", "unit", "unit_id"]
    joiner = text("workbook.and", lang)
    found = (
        looked_at.assign(place=places)
        .groupby(keys, sort=False, dropna=False, as_index=False)
        .agg(times=("place", "size"), where_said=("place", joiner.join))
    )
    rank = {str(how): at for at, how in enumerate(_ORDER)}
    found = found.sort_values("how", key=lambda how: how.map(rank), kind="stable")
    words = {str(how): text(f"workbook.how.{how}", lang) for how in _ORDER}
    found = found.assign(how=found["how"].map(words))
    return [*zip(*(cells(found[name]) for name in found), strict=True)]
