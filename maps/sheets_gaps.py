"""The list of gaps: who is left out of what, township by township and village by village."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.scorecard_indicator import scored
from layers.vocabulary import MILLISECONDS_PER_MINUTE, text
from maps.sheets_layout import Column, Sheet, cells
from maps.sheets_sensitivity import robust_words

if TYPE_CHECKING:
    import pandas as pd

    from geo.study import Study
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind, Value


def gaps_sheet(study: Study, lang: Language) -> Sheet:
    """Give every gap with its priority, sorted by township and unit."""
    units = study.area.units.set_index("unit_id")
    gaps = study.gaps.assign(priority=np.arange(1, len(study.gaps) + 1))
    at = units.reindex(gaps["unit_id"])
    order = np.lexsort((gaps["priority"], gaps["unit_id"], at["township_id"].fillna("")))
    gaps, at = gaps.iloc[order], at.iloc[order]
    columns = _cells(gaps, at, study, lang)
    return Sheet(
        text("workbook.sheet.gaps", lang),
        (text("workbook.note.gaps", lang),),
        _columns(study.basis, lang),
        list(zip(*columns, strict=True)),
        kept=4,
    )


def minutes_up(minutes: pd.Series) -> pd.Series:
    """Round minutes up to 0.1, so that nothing shown within a limit lies beyond it.

    >>> import pandas as pd
    >>> minutes_up(pd.Series([15.0, 15.00002, 0.0])).tolist()
    [15.0, 15.1, 0.0]
    """
    milliseconds = (minutes * MILLISECONDS_PER_MINUTE).round()
    up: pd.Series = np.ceil(milliseconds / (MILLISECONDS_PER_MINUTE / 10)) / 10
    return up


def counts(units: pd.DataFrame, name: str) -> list[Value]:
    """Give a column of counts of people; of one that is withheld the reason."""
    return _or_why(units[name], units.get(f"{name}_withheld"))


def _left_out(gaps: pd.DataFrame) -> list[Value]:
    left_out = (gaps["people"] - gaps["people_covered"]).clip(lower=0)
    return _or_why(left_out, gaps.get("withheld"))


def _or_why(values: pd.Series, why: pd.Series | None) -> list[Value]:
    if why is None:
        return cells(values)
    pairs = zip(cells(values), why.fillna("").tolist(), strict=True)
    return [reason or value for value, reason in pairs]


def facility_names(ids: pd.Series, study: Study) -> pd.Series:
    """Name facilities; one without a name goes by its id."""
    ids = ids.astype(object)
    names = ids.map(study.area.facilities.set_index("facility_id")["name"]).astype(object)
    return names.where(names.notna(), ids)


def urban_words(urban: pd.Series, lang: Language) -> list[Value]:
    """Say urban or rural; what is not known stays empty."""
    words = {True: text("words.urban", lang), False: text("words.rural", lang)}
    return cells(urban.astype(object).map(words))


def _columns(basis: str, lang: Language) -> tuple[Column, ...]:
    layout: tuple[tuple[str, float, Kind], ...] = (
        ("priority", 6, "mark"),
        ("township", 10, "long"),
        ("unit_id", 14, "id"),
        ("unit", 14, "long"),
        ("urban", 6, "mark"),
        ("category", 18, "long"),
        ("indicator", 20, "long"),
        ("people", 8, "whole"),
        ("age_60_plus", 9, "whole"),
        ("left_out", 11, "whole"),
        ("facility", 20, "long"),
        ("minutes", 7, "number"),
        ("metres", 8, "whole"),
        ("limit", 8, "number"),
        ("mode", 7, "mark"),
        ("method", 9, "long"),
        ("reason", 26, "long"),
        ("robust", 24, "long"),
    )
    counted = text(f"words.{basis}", lang)
    return tuple(
        Column(text(f"workbook.head.{key}", lang, basis=counted), width, kind)
        for key, width, kind in layout
    )


def _cells(
    gaps: pd.DataFrame, at: pd.DataFrame, study: Study, lang: Language
) -> tuple[list[Value], ...]:
    modes = {mode.id: mode.name(lang) for mode in study.project.modes.values()}
    return (
        cells(gaps["priority"]),
        cells(at["township"]),
        cells(gaps["unit_id"]),
        cells(at["name"]),
        urban_words(at["urban"], lang),
        [_categories(value, study, lang) for value in cells(gaps["category"])],
        _indicators(gaps["indicator"], study, lang),
        counts(at, "people"),
        counts(at, "age_60_plus"),
        _left_out(gaps),
        cells(facility_names(gaps["facility_id"], study)),
        cells(minutes_up(gaps["minutes"])),
        cells(np.ceil(gaps["metres"])),
        cells(gaps["limit_minutes"]),
        cells(gaps["mode"].map(modes)),
        _words(gaps["method"], "method", lang),
        _words(gaps["reason"], "reason", lang),
        robust_words(gaps["flips"], study.project.margins, lang),
    )


def _categories(value: Value, study: Study, lang: Language) -> str | None:
    if value is None:
        return None
    names = (study.project.category_name(name, lang) for name in str(value).split(";"))
    return text("workbook.and", lang).join(names)


def _indicators(column: pd.Series, study: Study, lang: Language) -> list[Value]:
    """Name the policy's indicators; a gap of a single category is no indicator of its own."""
    names = {
        each.id: each.name(lang)
        for each in scored(study.project, study.coverage, basis=study.basis)
        if each.id not in study.project.categories
    }
    return cells(column.map(names))


def _words(column: pd.Series, surface: str, lang: Language) -> list[Value]:
    words = {value: text(f"words.{surface}.{value}", lang) for value in column.dropna().unique()}
    return cells(column.map(words))
