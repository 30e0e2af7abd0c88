"""The scorecard in the layout of a plan's table of indicators: the county, and its townships."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.ledgers import Ledgers
from geo.scorecard_choice import choice_text
from geo.scorecard_indicator import evidence_id, scored
from geo.scorecard_limit import limit_text
from geo.unlocated import lacks_text
from layers.catalogue.english import offices_text, source_text
from layers.vocabulary import text
from maps.figures import SIGNS, decimals, known, verdict
from maps.sheets_layout import Column, Sheet, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.study import Study
    from layers.indicators import Indicator
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind
    from maps.sheets_rows import Value

_VERDICTS: dict[str, Kind] = {"yes": "good", "no": "bad"}

_LAYOUT: dict[str, tuple[float, Kind]] = {
    "number": (6, "mark"),
    "area": (12, "text"),
    "indicator": (28, "long"),
    "unit_of_measure": (9, "mark"),
    "base": (8, "number"),
    "base_year": (7, "mark"),
    "target_province": (9, "number"),
    "target_county": (9, "number"),
    "target_year": (7, "mark"),
    "value": (9, "number"),
    "low": (10, "number"),
    "high": (10, "number"),
    "swing_low": (10, "number"),
    "swing_high": (10, "number"),
    "gap_to_target": (8, "number"),
    "met": (11, "mark"),
    "binding": (9, "mark"),
    "responsible": (14, "long"),
    "source": (32, "long"),
    "note": (48, "long"),
}
# What figures rest on, said once for all rows of an indicator.
_SAID = ("limit", "choice", "missing")
# What a township's rows would only repeat from the county's.
_COUNTY_ONLY = ("base", "base_year", "binding", "responsible", "source", "note")


def county_sheet(study: Study, lang: Language) -> Sheet:
    """Give the county's indicators, one row each, in the order of the scorecard."""
    rows = study.scorecard[study.scorecard["level"] == "county"]
    columns = [key for key in _LAYOUT if key != "area"]
    notes = (text("workbook.note.scorecard", lang),)
    sheet = text("workbook.sheet.scorecard", lang)
    return Sheet(sheet, notes, _columns(columns, lang), _cells(rows, columns, study, lang), 2)


def township_sheet(study: Study, lang: Language) -> Sheet:
    """Give the same indicators for every township, township by township."""
    rows = study.scorecard[study.scorecard["level"] != "county"]
    columns = [key for key in _LAYOUT if key not in _COUNTY_ONLY]
    notes = (text("workbook.note.scorecard", lang), text("workbook.note.townships", lang))
    sheet = text("workbook.sheet.townships", lang)
    return Sheet(sheet, notes, _columns(columns, lang), _cells(rows, columns, study, lang), 3)


def _columns(keys: list[str], lang: Language) -> tuple[Column, ...]:
    return tuple(Column(text(f"workbook.head.{key}", lang), *_LAYOUT[key]) for key in keys)


def _cells(
    rows: pd.DataFrame, keys: list[str], study: Study, lang: Language
) -> list[list[Value | Shown]]:
    """Give the cells of each row; rows are numbered within their area."""
    indicators = {each.id: each for each in scored(study.project, study.coverage)}
    rows = in_language(rows, study, lang)
    rows = rows.assign(number=rows.groupby("area_id", sort=False).cumcount() + 1)
    found = []
    for row in rows.to_dict("records"):
        told = _told(row, indicators.get(row["indicator"]), study, lang)
        found.append([told[key] for key in keys])
    return found


def _told(
    row: Mapping[Any, Any], indicator: Indicator | None, study: Study, lang: Language
) -> dict[str, Value | Shown]:
    share = row["unit"] == "%"
    figure = _figure_format(row, share=share)
    kind: Kind = "share" if share else "number"

    def shown(name: str, form: str | None = None) -> Value | Shown:
        value = known(row[name])
        return value if value is None else Shown(value, kind, form)

    return {
        "number": row["number"],
        "area": row["area"],
        "indicator": row["name"] if indicator is None else indicator.name(lang),
        "unit_of_measure": (
            row["unit"] if indicator is None or lang == "zh" else indicator.unit_en
        ),
        "base": shown("base"),
        "base_year": _year(row["base_year"]),
        "target_province": shown(
            "target_province", _target_format(row, indicator, "target_province")
        ),
        "target_county": shown("target_county", _target_format(row, indicator, "target_county")),
        "target_year": _year(row["target_year"]),
        "value": shown("value", figure),
        "low": shown("low", figure),
        "high": shown("high", figure),
        "swing_low": shown("swing_low", figure),
        "swing_high": shown("swing_high", figure),
        "gap_to_target": shown("gap_to_target", figure),
        "met": _met(row, lang),
        "binding": text(f"workbook.binding.{known(row['binding']) or 'unmarked'}", lang),
        "responsible": known(row["responsible"]),
        "source": _definition(row, study, lang),
        "note": _note(row, indicator, lang),
    }


def _year(value: Any) -> int | None:  # noqa: ANN401 - a cell of a frame
    return None if pd.isna(value) else int(value)


def _figure_format(row: Mapping[str, Any], *, share: bool) -> str:
    zeros = "0" * decimals(row)
    return f"0.{zeros}%" if share else f"#,##0.{zeros}"


def _target_format(row: Mapping[str, Any], indicator: Indicator | None, name: str) -> str:
    target = None if indicator is None else getattr(indicator, name)
    comparison = known(row["comparison"]) if target is None else target.comparison
    sign = SIGNS.get(comparison, "")
    figure = "0.0##%" if row["unit"] == "%" else "#,##0.0##"
    return f'"{sign}"{figure}'


def _met(row: Mapping[str, Any], lang: Language) -> Shown:
    key = verdict(row)
    return Shown(text(f"workbook.met.{key}", lang), _VERDICTS.get(key, "unknown"))


def _definition(row: Mapping[str, Any], study: Study, lang: Language) -> str:
    """Say how the figure came about: measure, over what, limit, method and clause."""
    over = "dwellings" if row["over"] == "people" and study.basis == "dwellings" else row["over"]
    parts = [text(f"words.measure.{row['measure']}", lang), text(f"workbook.over.{over}", lang)]
    if limit := known(row["limit"]):
        parts.append(limit)
    if method := known(row["method"]):
        parts += [text(f"words.method.{each}", lang) for each in str(method).split(";")]
    if source := known(row["source"]):
        parts.append(text("workbook.cell.clause", lang, source=source))
    return text("workbook.then", lang).join(parts)


def in_language(rows: pd.DataFrame, study: Study, lang: Language) -> pd.DataFrame:
    """Give rows of the scorecard, which speaks Chinese, as another language says them.

    In their limit, choice, missing, responsible and source.
    """
    if lang == "zh":
        return rows
    said = {
        name: study.once(("said", lang, name), partial(_said, study, name, lang))
        for name in rows["indicator"].unique()
    }
    told: dict[str, Any] = {
        column: [said[name][column] for name in rows["indicator"]] for column in _SAID
    }
    for column, words in (("responsible", offices_text), ("source", source_text)):
        every = {each: words(each, lang) for each in rows[column].dropna().unique()}
        told[column] = rows[column].map(every)
    return rows.assign(**told)


def _said(study: Study, name: str, lang: Language) -> dict[str, str | None]:
    """Say the limit of an indicator, the reading that is taken of it, and what it lacks."""
    units, project = study.area.units, study.project
    scored_now, ledgers, evidence = study.once("said of", lambda: _said_of(study))
    indicator = scored_now.get(name)
    if indicator is None:
        return dict.fromkeys(_SAID)
    judged = evidence.get(evidence_id(indicator), study.coverage.iloc[:0])
    return {
        "limit": limit_text(judged, units, project.modes, lang=lang),
        "choice": choice_text(indicator, units, project, lang=lang),
        "missing": lacks_text(ledgers, project, indicator, judged=judged, lang=lang),
    }


def _said_of(study: Study) -> tuple[dict[str, Indicator], Ledgers, dict[str, pd.DataFrame]]:
    """Give the indicators by their ids, what they are counted from, and their coverage rows."""
    area, statuses = study.area, study.project.rules.statuses
    # Plain frames, as in geo.assess: columns are picked from them again and again.
    registers = None if area.registers is None else pd.DataFrame(area.registers)
    ledgers = Ledgers(pd.DataFrame(area.units), pd.DataFrame(area.facilities), registers, statuses)
    indicators = {each.id: each for each in scored(study.project, study.coverage)}
    by_indicator = study.coverage.groupby("indicator", sort=False)
    return indicators, ledgers, {str(name): rows for name, rows in by_indicator}


def _note(row: Mapping[str, Any], indicator: Indicator | None, lang: Language) -> str | None:
    """Say what is missing, which reading of the document is taken, and what is to be minded."""
    told = (known(row["missing"]), known(row["choice"]), indicator and indicator.note(lang))
    parts = [str(part) for part in told if part]
    if unknown := known(row["unknown"]):
        parts.insert(0, text("workbook.cell.unknown", lang, count=f"{unknown:.0f}"))
    return text("workbook.then", lang).join(parts) or None
