"""Two runs compared, for people: compare.xlsx, and the short of it for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.compare import Comparison, compare
from layers.catalogue import load_categories, policy_ids
from layers.catalogue.policy import load_indicators
from layers.results import Difference, differences
from layers.vocabulary import PRIORITY, Change, text
from maps.figures import figure_text, known, number_text
from maps.sheets_gaps import minutes_up
from maps.sheets_layout import Column, Sheet, Shown, cells
from maps.workbook import write_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from layers.results import Results
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind
    from maps.sheets_rows import Value

_INDICATORS: tuple[tuple[str, float, Kind], ...] = (
    ("number", 6, "mark"),
    ("area", 14, "text"),
    ("indicator", 36, "long"),
    ("value_old", 11, "number"),
    ("value_new", 11, "number"),
    ("change", 12, "number"),
    ("target_old", 11, "number"),
    ("target_new", 11, "number"),
    ("met_old", 12, "mark"),
    ("met_new", 12, "mark"),
)
_UNITS: tuple[tuple[str, float, Kind], ...] = (
    ("indicator", 30, "long"),
    ("became", 14, "mark"),
    ("township", 12, "text"),
    ("unit_id", 15, "id"),
    ("unit", 16, "text"),
    *((cohort, 9, "whole") for cohort in ("people", *PRIORITY)),
    ("minutes_old", 11, "number"),
    ("minutes_new", 11, "number"),
)
_DIFFERENCES: tuple[tuple[str, float, Kind], ...] = (
    ("section", 14, "text"),
    ("item", 44, "long"),
    ("old", 50, "long"),
    ("new", 50, "long"),
)
_OWN_HEADS = frozenset(
    {"change", "became", "old", "new"}
    | {
        f"{name}_{when}"
        for name in ("value", "target", "met", "minutes")
        for when in ("old", "new")
    }
)
_KINDS: dict[Change, Kind] = {
    Change.GAINED: "good",
    Change.NOW_KNOWN: "good",
    Change.LOST: "bad",
    Change.NOW_UNKNOWN: "unknown",
}
_NAMED_UNITS = 6


def write_comparison(old: Results, new: Results, path: Path, *, lang: Language = "zh") -> Path:
    """Write what changed between two runs: indicators, units, and how the runs differ.

    The same results give the same bytes. Raises LayerError where the file cannot be written.
    """
    found = compare(old.frames, new.frames)
    sheets = (
        _indicator_sheet(found, lang),
        _unit_sheet(found, lang),
        _difference_sheet(old, new, lang),
    )
    title = comparison_title(old, new, lang)
    return write_sheets(sheets, path, study=title, simulated=_simulated(old, new), lang=lang)


def comparison_lines(old: Results, new: Results, *, lang: Language = "zh") -> Iterator[str]:
    """Say which of the county's figures changed, which units gained and lost, and what differs."""
    found = compare(old.frames, new.frames)
    yield comparison_title(old, new, lang)
    if old.study != new.study:
        yield _say("other_study", lang)
    for each in _differences(old, new, lang):
        if each.part in ("study", "settings", "versions"):
            yield _say("differs", lang, name=each.name, old=_cut(each.old), new=_cut(each.new))
    names = _names(found, lang)
    county = found.indicators[found.indicators["level"] == "county"]
    changed = county[_is_changed(county, found.units)]
    yield _say("changed", lang, count=f"{len(changed)}", of=f"{len(county)}")
    for row in changed.to_dict("records"):
        told = {when: _figure(row, f"value_{when}", lang) for when in ("old", "new")}
        told["name"] = names[row["indicator"]]
        if pd.isna(row["change"]):
            yield _say("line_known", lang, **told)
        else:
            yield _say("line", lang, change=_change(row, lang), **told)
        yield from _unit_lines(found, row["indicator"].removesuffix(":units"), lang)


def _is_changed(county: pd.DataFrame, units: pd.DataFrame) -> pd.Series[bool]:
    """Say which figures changed, became known or unknown, or have other units behind them."""
    known = county[["value_old", "value_new"]].notna()
    moved = known.all(axis=1) & (county["change"] != 0)
    judged = county["indicator"].str.removesuffix(":units").isin(units["indicator"])
    return moved | (known["value_old"] != known["value_new"]) | (known.all(axis=1) & judged)


def _unit_lines(found: Comparison, indicator: str, lang: Language) -> Iterator[str]:
    rows = found.units[found.units["indicator"] == indicator]
    for change, own in rows.groupby("change", sort=False):
        units = [
            f"{township or ''}{name}"
            for township, name in zip(cells(own["township"]), cells(own["name"]), strict=True)
        ]
        more = "_more" if len(units) > _NAMED_UNITS else ""
        named = text("workbook.and", lang).join(units[:_NAMED_UNITS])
        told = {"what": _say(f"change.{change}", lang), "count": f"{len(units)}", "names": named}
        yield _say(f"units{more}", lang, **told)


def _indicator_sheet(found: Comparison, lang: Language) -> Sheet:
    names = _names(found, lang)
    rows: list[list[Value | Shown]] = []
    for number, row in enumerate(found.indicators.to_dict("records"), 1):
        kind: Kind = "share" if row["unit"] == "%" else "number"
        form = "+0.0%;-0.0%;0.0%" if kind == "share" else "+#,##0.0#;-#,##0.0#;0"
        change = known(row["change"])
        rows.append(
            [
                number,
                row["area"],
                names[row["indicator"]],
                _shown(row["value_old"], kind),
                _shown(row["value_new"], kind),
                None if change is None else Shown(change, kind, form),
                _shown(row["target_old"], kind),
                _shown(row["target_new"], kind),
                _met(row, "old", lang),
                _met(row, "new", lang),
            ]
        )
    title = _say("sheet.indicators", lang)
    return Sheet(title, (_say("note.indicators", lang),), _columns(_INDICATORS, lang), rows, 3)


def _unit_sheet(found: Comparison, lang: Language) -> Sheet:
    units, names = found.units, _names(found, lang)
    columns = (
        [names.get(name, name) for name in units["indicator"]],
        [Shown(_say(f"change.{each}", lang), _KINDS.get(each, "mark")) for each in units["change"]],
        cells(units["township"]),
        cells(units["unit_id"]),
        cells(units["name"]),
        *(cells(units[cohort]) for cohort in ("people", *PRIORITY)),
        cells(minutes_up(units["minutes_old"])),
        cells(minutes_up(units["minutes_new"])),
    )
    rows = list(zip(*columns, strict=True))
    title = _say("sheet.units", lang)
    return Sheet(title, (_say("note.units", lang),), _columns(_UNITS, lang), rows, 5)


def _difference_sheet(old: Results, new: Results, lang: Language) -> Sheet:
    rows = told_differences(old, new, lang)
    note = _say("note.differences" if rows else "note.no_differences", lang)
    title = _say("sheet.differences", lang)
    return Sheet(title, (note,), _columns(_DIFFERENCES, lang), rows, 2)


def told_differences(
    old: Results, new: Results, lang: Language
) -> list[tuple[str, str, str | None, str | None]]:
    """Say of everything that two runs were not made alike in what it is, its name, old and new."""
    return [
        (_say(f"part.{each.part}", lang), each.name, each.old, each.new)
        for each in _differences(old, new, lang)
    ]


def _differences(old: Results, new: Results, lang: Language) -> Iterator[Difference]:
    """Give what two runs were not made alike in; what no project file has a name for in words."""
    for each in differences(old, new):
        if each.name == "basis" and each.old and each.new:
            said = (text(f"words.{basis}", lang) for basis in (each.old, each.new))
            yield Difference(each.part, _say("basis", lang), *said)
        else:
            yield each


def _columns(layout: tuple[tuple[str, float, Kind], ...], lang: Language) -> tuple[Column, ...]:
    return tuple(Column(_head(key, lang), width, kind) for key, width, kind in layout)


def _head(key: str, lang: Language) -> str:
    if key in _OWN_HEADS:
        return _say(f"head.{key}", lang)
    return text(f"workbook.head.{key}", lang)


def _names(found: Comparison, lang: Language) -> dict[str, str]:
    """Name indicators as the runs did, in Chinese; in other languages as the catalogues do."""
    names, counted = (
        dict(zip(found.indicators["indicator"], found.indicators[column], strict=True))
        for column in ("name", "over")
    )
    if lang == "zh":
        return names
    for name, category in load_categories().items():
        dwellings = counted.get(name) == "dwellings"
        whose = text("words.dwellings" if dwellings else f"words.{category.cohort}", lang)
        for suffix, over in (("", "people"), (":units", "units")):
            told = {"category": category.name(lang), "whose": whose}
            names[name + suffix] = text(f"scorecard.by_{over}", lang, **told)
    catalogued = {
        each.id: each.name(lang) for policy in policy_ids() for each in load_indicators(policy)
    }
    return names | catalogued


def _met(row: Mapping[Any, Any], when: str, lang: Language) -> Shown:
    met = row[f"met_{when}"]
    if known(row[f"target_{when}"]) is None or known(row[f"value_{when}"]) is None:
        return Shown(text("workbook.none", lang), "unknown")
    if pd.isna(met):
        return Shown(text("workbook.met.undecided", lang), "unknown")
    return Shown(text(f"workbook.met.{'yes' if met else 'no'}", lang), "good" if met else "bad")


def _shown(value: Any, kind: Kind) -> Shown | None:  # noqa: ANN401 - a cell of a frame
    return None if known(value) is None else Shown(float(value), kind)


def _figure(row: Mapping[Any, Any], name: str, lang: Language) -> str:
    figure = {"unit": row["unit"], "value": row[name], "target": row["target_new"]}
    return figure_text(figure) or text("workbook.task.no_value", lang)


def _change(row: Mapping[Any, Any], lang: Language) -> str:
    scale = 100 if row["unit"] == "%" else 1
    told = ("+" if row["change"] > 0 else "") + number_text(row["change"] * scale, at_most=2)
    return _say("points", lang, change=told) if row["unit"] == "%" else told


def comparison_title(old: Results, new: Results, lang: Language) -> str:
    """Name what is compared: the study and both dates, or both studies."""
    dates = {"old": old.record["data_date"], "new": new.record["data_date"]}
    if old.study == new.study and all(dates.values()) and len(set(dates.values())) > 1:
        return _say("title_dates", lang, study=new.study, **dates)
    if old.study == new.study:
        return new.study
    return _say("title", lang, old=old.study, new=new.study)


def _simulated(old: Results, new: Results) -> bool:
    return bool(old.record["simulated"] or new.record["simulated"])


def _cut(told: str | None) -> str:
    most = 60
    told = told or "—"
    return told if len(told) <= most else f"{told[:most]}…"


def _say(key: str, lang: Language, **values: str) -> str:
    return text(f"comparison.{key}", lang, **values)
