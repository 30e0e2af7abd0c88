"""How a figure of the scorecard is said: its decimals, its words, whether it meets its target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from layers.vocabulary import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.vocabulary import Language

Verdict = Literal["yes", "no", "no_target", "no_value", "undecided"]

SIGNS: dict[str, str] = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}
_MAX_DECIMALS = 4
_AT_MOST = ("<=", "<")


def known(value: Any) -> Any:  # noqa: ANN401 - a cell of a frame, of whatever type
    """Give a cell, None where it is missing or empty."""
    return None if pd.isna(value) or value == "" else value


def is_share(row: Mapping[Any, Any]) -> bool:
    """Say whether a row of the scorecard is a share, shown as percent."""
    return bool(row["unit"] == "%")


def decimals(row: Mapping[Any, Any]) -> int:
    """Give as many decimals as keep a value that misses its target from looking like it.

    >>> decimals({"unit": "%", "value": 0.7999, "target": 0.8})
    2
    """
    value, target = known(row["value"]), known(row["target"])
    scale = 100 if is_share(row) else 1
    shown = 1
    if value is not None and target is not None and value != target:
        while shown < _MAX_DECIMALS and f"{value * scale:.{shown}f}" == (
            f"{target * scale:.{shown}f}"
        ):
            shown += 1
    return shown


def figure_text(row: Mapping[Any, Any], name: str = "value") -> str | None:
    """Say one figure of a row as its cell in the workbook shows it; None where it is missing.

    >>> figure_text({"unit": "%", "value": 0.5, "target": None})
    '50.0%'
    """
    value = known(row[name])
    if value is None:
        return None
    amount = f"{value * 100 if is_share(row) else value:,.{decimals(row)}f}"
    return f"{amount}%" if is_share(row) else amount


def target_text(row: Mapping[Any, Any]) -> str:
    """Say the target of a row with its sign.

    >>> target_text({"unit": "%", "target": 0.8, "comparison": ">="})
    '≥80%'
    """
    target = row["target"] * (100 if is_share(row) else 1)
    amount = number_text(target, at_most=3) + ("%" if is_share(row) else "")
    return f"{SIGNS.get(row['comparison'], '')}{amount}"


def verdict(row: Mapping[Any, Any]) -> Verdict:
    """Say how a row of the scorecard stands to its target."""
    if known(row["target"]) is None:
        return "no_target"
    if known(row["value"]) is None:
        return "no_value"
    if pd.isna(row["met"]):
        return "undecided"
    return "yes" if row["met"] else "no"


def gap_text(row: Mapping[Any, Any], unit: str, lang: Language) -> str:
    """Say how far a row is from its target."""
    key = verdict(row)
    if key == "no":
        gap = abs(row["gap_to_target"]) * (100 if is_share(row) else 1)
        told = number_text(gap, at_most=decimals(row))
        kind = "points" if is_share(row) else "over" if row["comparison"] in _AT_MOST else "amount"
        return text(f"workbook.task.gap_{kind}", lang, gap=told, unit=unit)
    if key == "undecided":
        return text("workbook.task.gap_open", lang, count=f"{row['unknown']:.0f}")
    words = {"yes": "gap_none", "no_target": "gap_no_target", "no_value": "no_value"}
    return text(f"workbook.task.{words[key]}", lang)


def number_text(value: float, *, at_most: int = 1) -> str:
    """Say a number with as few decimals as it has, at most so many.

    >>> number_text(1234.50), number_text(59.0)
    ('1,234.5', '59')
    """
    told = f"{value:,.{at_most}f}"
    return told.rstrip("0").rstrip(".") if "." in told else told
