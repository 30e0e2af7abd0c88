"""The list of gaps: who is left out of what, township by township and village by village.

A township has a row, each of its units one below it, and a unit's gaps are folded under that: what
a planner sees first is a few pages, and every gap is a click away.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.scorecard_indicator import scored
from layers.vocabulary import MILLISECONDS_PER_MINUTE, PRIORITY, text
from maps.sheets_layout import Column, Sheet, cells
from maps.sheets_sensitivity import robust_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.study import Study
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind, Value

_LAYOUT: tuple[tuple[str, float, Kind], ...] = (
    ("priority", 6, "mark"),
    ("township", 9, "long"),
    ("unit_id", 14, "id"),
    ("unit", 14, "long"),
    ("urban", 6, "mark"),
    *((cohort, 9, "whole") for cohort in ("people", *PRIORITY)),
    ("gap_count", 7, "whole"),
    ("category", 30, "long"),
    ("indicator", 40, "long"),
    ("left_out", 10, "whole"),
    ("facility", 20, "long"),
    ("minutes", 7, "number"),
    ("metres", 8, "whole"),
    ("limit", 8, "number"),
    ("mode", 7, "mark"),
    ("reason", 24, "long"),
    ("robust", 24, "long"),
)
_TOWNSHIP, _UNIT, _GAP = 0, 1, 2
"""How deep a row lies: the rows below it are folded under it."""


def gaps_sheet(study: Study, lang: Language) -> Sheet:
    """Give every gap with its priority, folded under its unit, and that under its township.

    Gaps of one unit that share category and limit are one line, with all their indicators; those
    without a limit share one by their reason.
    """
    gaps = _lines(study, lang)
    units = study.area.units.set_index("unit_id")
    units = units[units.index.isin(gaps["unit_id"])].assign(
        township_id=lambda rows: rows["township_id"].fillna("")
    )
    units = units.sort_values(["township_id", "unit_id"])
    by_unit = dict(iter(gaps.sort_values("priority").groupby("unit_id", sort=False)))
    names = {each.id: each.name(lang) for each in scored(study.project, study.coverage)}
    rows: list[dict[str, Any]] = []
    levels: list[int] = []
    for _, own in units.groupby("township_id", sort=False):
        rows.append(_of_township(own, gaps, lang))
        levels.append(_TOWNSHIP)
        for unit_id in own.index:
            found = by_unit[unit_id]
            place = {"township": own.loc[unit_id, "township"], "unit_id": unit_id}
            place |= {"unit": own.loc[unit_id, "name"]}
            rows.append(place | _of_unit(own.loc[[unit_id]], found, study, lang))
            lines = found.drop(columns="unit_id").to_dict("records")
            rows += [place | _named(line, names, study, lang) for line in lines]
            levels += [_UNIT, *[_GAP] * len(found)]
    told = pd.DataFrame(rows, columns=[name for name, _, _ in _LAYOUT], dtype=object)
    return Sheet(
        text("workbook.sheet.gaps", lang),
        (text("workbook.note.gaps", lang, count=f"{len(study.gaps):,}", units=f"{len(units)}"),),
        _columns(study.basis, lang),
        [*zip(*(cells(told[name]) for name in told), strict=True)],
        kept=4,
        levels=levels,
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
    counted = text(f"words.{basis}", lang)
    return tuple(
        Column(text(f"workbook.head.{key}", lang, basis=counted), width, kind)
        for key, width, kind in _LAYOUT
    )


def _of_township(units: pd.DataFrame, gaps: pd.DataFrame, lang: Language) -> dict[str, Any]:
    own = gaps[gaps["unit_id"].isin(units.index)]
    return {
        "township": units["township"].iloc[0],
        "unit": text("workbook.cell.units", lang, count=f"{len(units)}"),
        "gap_count": int(own["gap_count"].sum()),
        **{name: _total(units, name) for name in ("people", *PRIORITY)},
    }


def _total(units: pd.DataFrame, name: str) -> Value:
    """Add up the units' people; nothing where some are withheld."""
    if f"{name}_withheld" in units and units[f"{name}_withheld"].ne("").any():
        return None
    total: Value = cells(pd.Series([units[name].sum(min_count=1)]))[0]
    return total


def _of_unit(
    unit: pd.DataFrame, found: pd.DataFrame, study: Study, lang: Language
) -> dict[str, Any]:
    """Give a unit's own row: its people, how many gaps it has, of which categories, and why."""
    asked = len({name for names in found["indicator"] for name in names})
    lacking = {name for names in found["short"] for name in names}
    why = found.groupby("reason", sort=False)["gap_count"].sum().sort_values(ascending=False)
    timed = [name for name in study.project.categories if name in lacking]
    told = text("workbook.then", lang).join(f"{reason} {count}" for reason, count in why.items())
    return {
        "priority": found["priority"].min(),
        "urban": urban_words(unit["urban"], lang)[0],
        **{name: counts(unit, name)[0] for name in ("people", *PRIORITY)},
        "gap_count": int(found["gap_count"].sum()),
        "category": _category_names(timed, study, lang),
        "indicator": text("workbook.cell.indicators", lang, count=f"{asked}", why=told),
    }


def _lines(study: Study, lang: Language) -> pd.DataFrame:
    """Give the lines of gaps: unit_id, and the columns of the sheet that are a gap's own.

    ``category`` and ``indicator`` are tuples of ids, the policy's indicators alone among these;
    ``short`` are categories out of reach by the unit's own limit.
    """
    gaps = study.gaps.reset_index(drop=True)
    modes = {mode.id: mode.name(lang) for mode in study.project.modes.values()}
    timed = gaps["limit_minutes"].notna()
    own = gaps["indicator"].isin([*study.project.categories])
    told = pd.DataFrame(
        {
            "unit_id": gaps["unit_id"],
            "line": gaps["category"].where(timed, gaps["reason"]),
            "limit": gaps["limit_minutes"],
            "mode": gaps["mode"].map(modes),
            "reason": _words(gaps["reason"], "reason", lang),
            "priority": np.arange(1, len(gaps) + 1),
            "category": gaps["category"],
            "indicator": gaps["indicator"].mask(own),
            "short": gaps["category"].where(own),
            "left_out": _left_out(gaps),
            "facility": facility_names(gaps["facility_id"], study),
            "minutes": minutes_up(gaps["minutes"]),
            "metres": np.ceil(gaps["metres"]),
            "flips": gaps["flips"],
        }
    )
    together = told.groupby(
        ["unit_id", "line", "limit", "mode", "reason"], sort=False, dropna=False, as_index=False
    ).agg(
        gap_count=("priority", "size"),
        priority=("priority", "min"),
        category=("category", _ids),
        indicator=("indicator", _ids),
        short=("short", _ids),
        **{name: (name, "first") for name in ("facility", "minutes", "metres")},
        left_out=("left_out", _most),
        flips=("flips", _flips),
    )
    robust = robust_words(together.pop("flips"), study.project.margins, lang)
    return together.drop(columns="line").assign(robust=pd.Series(robust, together.index, object))


def _left_out(gaps: pd.DataFrame) -> list[Value]:
    left_out = (gaps["people"] - gaps["people_covered"]).clip(lower=0)
    return _or_why(left_out, gaps.get("withheld"))


def _most(column: pd.Series[Any]) -> Value:
    """Give the largest number of a line, or why one of them is withheld."""
    told = column.dropna()
    why = [value for value in told if isinstance(value, str)]
    most: Value = why[0] if why else told.max() if len(told) else None
    return most


def _flips(column: pd.Series[Any]) -> str | float:
    """Put together what would turn any gap of a line; nothing where it was not asked."""
    asked = column.dropna()
    return ";".join(_ids(asked[asked != ""])) if len(asked) else np.nan


def _ids(column: pd.Series[Any]) -> tuple[str, ...]:
    """Give each id once, in order; lists of ids are taken apart first."""
    lists = (ids.split(";") for ids in column if isinstance(ids, str))
    return tuple(dict.fromkeys(chain.from_iterable(lists)))


def _named(
    line: dict[Any, Any], names: Mapping[str, str], study: Study, lang: Language
) -> dict[Any, Any]:
    """Name the categories and indicators of a line."""
    indicators = text("workbook.then", lang).join(names[name] for name in line["indicator"])
    categories = _category_names(line["category"], study, lang)
    return line | {"category": categories, "indicator": indicators or None}


def _category_names(ids: Iterable[str], study: Study, lang: Language) -> str | None:
    joiner = text("workbook.then", lang)
    return joiner.join(study.project.category_name(name, lang) for name in ids) or None


def _words(column: pd.Series, surface: str, lang: Language) -> list[Value]:
    words = {value: text(f"words.{surface}.{value}", lang) for value in column.dropna().unique()}
    return cells(column.map(words))
