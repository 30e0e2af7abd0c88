"""A county kept in tables alone: two communities and four villages in two townships, no map.

township East (t1)                     township West (t2)
a-town   urban  100 people 50 hh       d-town   urban  60 people  20 hh
b-hill   rural   40 people 20 hh       e-ford   rural  20 people  10 hh
c-vale   rural    0 people  0 hh       f-moor   rural  30 people   ? hh
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from layers.indicators import Indicator
from layers.project import Project, Rules
from tests.town import town_project

if TYPE_CHECKING:
    from layers.vocabulary import Measure

EXISTING = ("existing",)
UNKNOWN = np.nan


def ledger_units() -> pd.DataFrame:
    """Give the units; f-moor's households are unknown."""
    return pd.DataFrame(
        [
            ("a-town", "t1", "East", True, 100.0, 50.0, 20.0),
            ("b-hill", "t1", "East", False, 40.0, 20.0, 10.0),
            ("c-vale", "t1", "East", False, 0.0, 0.0, 0.0),
            ("d-town", "t2", "West", True, 60.0, 20.0, 12.0),
            ("e-ford", "t2", "West", False, 20.0, 10.0, 8.0),
            ("f-moor", "t2", "West", False, 30.0, UNKNOWN, UNKNOWN),
        ],
        columns=[
            "unit_id", "township_id", "township", "urban", "people", "households", "age_60_plus",
        ],
    ).astype({"urban": "boolean"})  # fmt: skip


def ledger_facilities(*rows: dict[str, Any]) -> pd.DataFrame:
    """Give facilities of a ledger, without points; what a row does not say is unknown."""
    filled = [_facility(row) for row in rows]
    made = pd.DataFrame(filled, columns=list(_facility({})), dtype=object)
    return made.astype({"capacity": "float64", "area_m2": "float64", "activity_m2": "float64"})


def _facility(said: dict[str, Any]) -> dict[str, Any]:
    place = said.get("unit_id")
    return {
        "facility_id": f"{said.get('category')}-{place or 'somewhere'}",
        "category": None,
        "unit_id": None,
        "serves": None,
        "status": "existing",
        "capacity": UNKNOWN,
        "area_m2": UNKNOWN,
        "activity_m2": UNKNOWN,
        "geometry": None,
    } | said


def ledger_indicator(name: str, measure: Measure, *categories: str, **values: Any) -> Indicator:
    """Give an indicator named in one word."""
    return Indicator(
        id=name,
        name_zh=name,
        name_en=name,
        measure=measure,
        source="ledger",
        categories=categories,
        **values,
    )


def ledger_project(*indicators: Indicator) -> Project:
    """Give the settings of the toy town with other indicators."""
    return replace(
        town_project(), name="Ledger", indicators=indicators, rules=Rules(statuses=EXISTING)
    )


def table(frame: pd.DataFrame, *columns: str) -> str:
    """Write some columns as text that a diff shows well, - for what is missing."""
    shown = frame[list(columns)].map(_shown)
    widths = [max(len(name), *map(len, shown[name])) for name in columns]
    lines = [columns, *shown.itertuples(index=False)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _shown(value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]  # one scalar
        return "-"
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
