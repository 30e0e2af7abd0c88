"""One figure of a folder of results explained: made again from the same input, and compared."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

import layers
from geo.account import account, measured_alone
from layers.check import nearest
from layers.errors import LayerError, Problem
from layers.vocabulary import text
from maps.account_words import account_lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from geo.account import Account
    from layers.results import Results
    from layers.vocabulary import Language

_COMPARED = ("facility_id", "minutes", "metres", "people", "people_covered", "covered", "reason")


def explained(
    result: Path, unit: str, category: str, *, project: Path | None = None, lang: Language = "zh"
) -> list[str]:
    """Say how the coverage of a unit by a category came about.

    The inputs must be those of the run, by SHA-256; the category is then measured again, alone,
    and what comes out must be what the results say. Both are refused otherwise (LayerError), as is
    a unit or category that the study does not have; units and categories go by code or name.
    """
    results = layers.read_results(result)
    settings, area = layers.study_behind(results, result, project=project)
    units = dict(zip(area.units["unit_id"], area.units["name"], strict=True))
    categories = {name: each.name("zh") for name, each in settings.categories.items()}
    unit_id = _one_of(units, unit, "no_such_unit")
    asked = _one_of(categories, category, "no_such_category")
    told = account(measured_alone(area, settings, asked), unit_id=unit_id, category=asked)
    _require_same(told, results)
    lines = account_lines(told, area, settings, lang=lang)
    count = str(len(results.record["inputs"]))
    return [*lines, text("explain.checked", lang, count=count)]


def _one_of(names: Mapping[str, str], asked: str, code: str) -> str:
    """Give the id that is asked for by id, or by the name that one alone has."""
    if asked in names:
        return asked
    called = [key for key, name in names.items() if name == asked]
    if len(called) == 1:
        return called[0]
    likely = "、".join(called) or nearest(asked, [*names, *names.values()])
    raise LayerError(Problem("results.gpkg", code, value=asked, values=(("nearest", likely),)))


def _require_same(told: Account, results: Results) -> None:
    """Refuse where the figure that comes out now is not the one in the results."""
    rows = results.frames["coverage"]
    there = rows[
        (rows["unit_id"] == told.unit["unit_id"]) & (rows["indicator"] == told.category.id)
    ]
    stored = there.iloc[0] if len(there) else {}
    problems = tuple(
        Problem(
            "results.gpkg",
            "figure_differs",
            column=name,
            value=str(stored.get(name)),
            values=(("now", str(told.row[name])),),
        )
        for name in _COMPARED
        if not _same(stored.get(name), told.row[name])
    )
    if problems:
        raise LayerError(problems)


def _same(stored: Any, now: Any) -> bool:  # noqa: ANN401 - cells of a frame, of whatever type
    if pd.isna(stored) or pd.isna(now):
        return bool(pd.isna(stored) and pd.isna(now))
    if isinstance(now, float):
        return math.isclose(stored, now, rel_tol=1e-12)
    return bool(stored == now)
