"""The sheets of a province: what its counties add up to, and every county beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.vocabulary import text
from maps.figures import known, verdict
from maps.sheets_layout import Column, Sheet, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from layers.vocabulary import Language
    from maps.sheets_layout import Kind, Row
    from maps.sheets_rows import Value

_SUMS: dict[str, tuple[float, Kind]] = {
    "indicator": (40, "long"),
    "unit_of_measure": (10, "mark"),
    "value": (11, "number"),
    "numerator": (14, "number"),
    "denominator": (14, "number"),
    "unknown": (9, "whole"),
    "counties_known": (10, "whole"),
    "counties_met": (10, "whole"),
}
_COUNTIES: dict[str, tuple[float, Kind]] = {
    "county": (20, "text"),
    "indicator": (40, "long"),
    "unit_of_measure": (10, "mark"),
    "value": (11, "number"),
    "target": (11, "number"),
    "met": (11, "mark"),
    "unknown": (9, "whole"),
}


def province_sheets(
    summed: pd.DataFrame, scorecards: Iterable[tuple[str, pd.DataFrame]], lang: Language
) -> tuple[Sheet, Sheet]:
    """Give a sheet of sums and one with a row for every county and indicator.

    ``summed`` is what ``geo.adding.added_up`` gives, ``scorecards`` are the counties' own with
    their names.
    """
    own = (
        row | {"county": county}
        for county, scorecard in scorecards
        for row in scorecard[scorecard["level"] == "county"].to_dict("records")
    )
    return (
        _sheet("sums", _SUMS, summed.to_dict("records"), lang),
        _sheet("counties", _COUNTIES, own, lang),
    )


def _sheet(
    name: str,
    layout: Mapping[str, tuple[float, Kind]],
    rows: Iterable[Mapping[Any, Any]],
    lang: Language,
) -> Sheet:
    columns = tuple(Column(_heading(key, lang), *layout[key]) for key in layout)
    title, note = (text(f"province.{part}.{name}", lang) for part in ("sheet", "note"))
    return Sheet(title, (note,), columns, [_cells(row, layout, lang) for row in rows], 1)


def _heading(key: str, lang: Language) -> str:
    shared = ("indicator", "unit_of_measure", "value", "met")
    return text(f"workbook.head.{key}" if key in shared else f"province.head.{key}", lang)


def _cells(row: Mapping[Any, Any], layout: Iterable[str], lang: Language) -> Row:
    """Give the cells of one indicator; shares as shares."""
    share = row["unit"] == "%"
    told: dict[str, Value | Shown] = {"indicator": row["name"], "unit_of_measure": row["unit"]}
    for key in ("value", "target"):
        value = known(row[key])
        told[key] = Shown(value, "share") if share and value is not None else value
    if "met" in row:
        told["met"] = text(f"workbook.met.{verdict(row)}", lang)
    return [told[key] if key in told else known(row[key]) for key in layout]
