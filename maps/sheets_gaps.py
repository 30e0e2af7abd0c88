"""The list of gaps: who is left out of what, township by township and village by village.

A township has a row, each of its units one below it, and a unit's gaps are folded under that: what
a planner sees first is a few pages, and every gap is a click away.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.scorecard_indicator import scored
from layers.vocabulary import MILLISECONDS_PER_MINUTE, PRIORITY, text
from maps.sheets_layout import Column, Sheet, cells
from maps.sheets_sensitivity import robust_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from geo.study import Study
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind
    from maps.sheets_rows import Value

    Line = dict[str, Any]

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
    lines = _lines(study, lang)
    units = study.area.units
    units = units[units["unit_id"].isin(list(lines))].assign(
        township_id=lambda rows: rows["township_id"].fillna("")
    )
    units = units.sort_values(["township_id", "unit_id"])
    names = {each.id: each.name(lang) for each in scored(study.project, study.coverage)}
    rows: list[dict[str, Any]] = []
    levels: list[int] = []
    for _, own in units.groupby("township_id", sort=False):
        rows.append(_of_township(own, lines, lang))
        levels.append(_TOWNSHIP)
        for place, people in _places(own, lang):
            found = lines[place["unit_id"]]
            rows.append(place | people | _of_unit(found, study, lang))
            rows += [place | _named(line, names, study, lang) for line in found]
            levels += [_UNIT, *[_GAP] * len(found)]
    return Sheet(
        text("workbook.sheet.gaps", lang),
        (text("workbook.note.gaps", lang, count=f"{len(study.gaps):,}", units=f"{len(units)}"),),
        _columns(study.basis, lang),
        [[row.get(name) for name, _, _ in _LAYOUT] for row in rows],
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


def _of_township(
    units: pd.DataFrame, lines: Mapping[str, Sequence[Line]], lang: Language
) -> dict[str, Any]:
    own = chain.from_iterable(lines[unit_id] for unit_id in units["unit_id"])
    return {
        "township": cells(units["township"])[0],
        "unit": text("workbook.cell.units", lang, count=f"{len(units)}"),
        "gap_count": sum(line["gap_count"] for line in own),
        **{name: _total(units, name) for name in ("people", *PRIORITY)},
    }


def _total(units: pd.DataFrame, name: str) -> Value:
    """Add up the units' people; nothing where some are withheld."""
    if f"{name}_withheld" in units and units[f"{name}_withheld"].ne("").any():
        return None
    total: Value = cells(pd.Series([units[name].sum(min_count=1)]))[0]
    return total


def _places(
    units: pd.DataFrame, lang: Language
) -> Iterator[tuple[dict[str, Any], dict[str, Value]]]:
    """Give for every unit how each of its rows begins, and who lives there."""
    named = (cells(units[name]) for name in ("township", "unit_id", "name"))
    counted = (counts(units, name) for name in ("people", *PRIORITY))
    whose = zip(urban_words(units["urban"], lang), *counted, strict=True)
    for place, people in zip(zip(*named, strict=True), whose, strict=True):
        yield (
            dict(zip(("township", "unit_id", "unit"), place, strict=True)),
            dict(zip(("urban", "people", *PRIORITY), people, strict=True)),
        )


def _of_unit(found: Sequence[Line], study: Study, lang: Language) -> dict[str, Any]:
    """Say how many gaps a unit has, of which categories, and why."""
    asked = len({name for line in found for name in line["indicator"]})
    lacking = {name for line in found for name in line["short"]}
    why: Counter[str] = Counter()
    for line in found:
        why[line["reason"]] += line["gap_count"]
    timed = [name for name in study.project.categories if name in lacking]
    told = text("workbook.then", lang).join(
        f"{reason} {count}" for reason, count in why.most_common()
    )
    return {
        "priority": min(line["priority"] for line in found),
        "gap_count": why.total(),
        "category": _category_names(timed, study, lang),
        "indicator": text("workbook.cell.indicators", lang, count=f"{asked}", why=told),
    }


def _lines(study: Study, lang: Language) -> dict[str, list[Line]]:
    """Give the lines of gaps of every unit, by priority: the columns that are a gap's own.

    ``category`` and ``indicator`` are tuples of ids, the policy's indicators alone among these;
    ``short`` are categories out of reach by the unit's own limit.
    """
    gaps = study.gaps
    own = gaps["indicator"].isin([*study.project.categories])
    modes = {mode.id: mode.name(lang) for mode in study.project.modes.values()}
    told = {
        "unit_id": cells(gaps["unit_id"]),
        "limit": cells(gaps["limit_minutes"]),
        "mode": cells(gaps["mode"].map(modes)),
        "reason": _words(gaps["reason"], "reason", lang),
        "category": cells(gaps["category"]),
        "indicator": cells(gaps["indicator"].mask(own)),
        "short": cells(gaps["category"].where(own)),
        "left_out": _left_out(gaps),
        "facility": cells(facility_names(gaps["facility_id"], study)),
        "minutes": cells(minutes_up(gaps["minutes"])),
        "metres": cells(np.ceil(gaps["metres"])),
        "flips": cells(gaps["flips"]),
    }
    alike: dict[tuple[Value, ...], list[Line]] = {}
    for priority, values in enumerate(zip(*told.values(), strict=True), 1):
        gap: Line = dict(zip(told, values, strict=True)) | {"priority": priority}
        of = gap["reason"] if gap["limit"] is None else gap["category"]
        key = (gap["unit_id"], of, gap["limit"], gap["mode"], gap["reason"])
        alike.setdefault(key, []).append(gap)
    found: dict[str, list[Line]] = {}
    for gaps_alike in alike.values():
        line = _together(gaps_alike)
        line["robust"] = robust_text(line["flips"], study.project.margins, lang)
        found.setdefault(line["unit_id"], []).append(line)
    return found


def _together(gaps: Sequence[Line]) -> Line:
    """Put gaps together that are one line."""
    first = {
        name: next((gap[name] for gap in gaps if gap[name] is not None), None)
        for name in ("facility", "minutes", "metres")
    }
    lists = {name: _ids(gap[name] for gap in gaps) for name in ("category", "indicator", "short")}
    return {
        **gaps[0],
        **first,
        **lists,
        "gap_count": len(gaps),
        "left_out": _most([gap["left_out"] for gap in gaps]),
        "flips": _flips([gap["flips"] for gap in gaps]),
    }


def _left_out(gaps: pd.DataFrame) -> list[Value]:
    left_out = (gaps["people"] - gaps["people_covered"]).clip(lower=0)
    return _or_why(left_out, gaps.get("withheld"))


def _most(numbers: Sequence[Value]) -> Value:
    """Give the largest number of a line, or why one of them is withheld."""
    why = [value for value in numbers if isinstance(value, str)]
    told = [value for value in numbers if isinstance(value, (int, float))]
    return why[0] if why else max(told, default=None)


def _flips(asked: Sequence[str | None]) -> str | None:
    """Put together what would turn any gap of a line; nothing where it was not asked."""
    if all(each is None for each in asked):
        return None
    return ";".join(_ids(each or None for each in asked))


def _ids(lists: Iterable[str | None]) -> tuple[str, ...]:
    """Give each id once, in order; lists of ids are taken apart first."""
    apart = (ids.split(";") for ids in lists if ids is not None)
    return tuple(dict.fromkeys(chain.from_iterable(apart)))


def _named(line: Line, names: Mapping[str, str], study: Study, lang: Language) -> Line:
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
