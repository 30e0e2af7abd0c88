"""What depends on an assumption being exact: the words for it, and the list of such units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.vocabulary import text
from maps.sheets_layout import Column, Sheet, cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.study import Study
    from layers.project import Margins
    from layers.vocabulary import Language
    from maps.sheets_layout import Kind
    from maps.sheets_rows import Value

_LAYOUT: tuple[tuple[str, float, Kind], ...] = (
    ("township", 10, "long"),
    ("unit_id", 14, "id"),
    ("unit", 14, "long"),
    ("category", 20, "long"),
    ("now", 9, "mark"),
    ("then", 9, "mark"),
    ("scenarios", 60, "long"),
)


def sensitivity_sheet(study: Study, lang: Language) -> Sheet:
    """Give every unit and category that another assumption would cover, or uncover."""
    found = study.sensitivity
    flipped = found[found["indicator"].isin(list(study.project.categories))]
    flipped = flipped[flipped["covered"] != flipped["covered_then"]]
    keys = ["unit_id", "indicator", "covered"]
    rows = flipped.groupby(keys, as_index=False)[["scenario"]].agg(list)
    at = study.area.units.set_index("unit_id").reindex(rows["unit_id"])
    order = list(study.project.categories)
    rows = rows.assign(township=at["township"].to_numpy(), name=at["name"].to_numpy())
    place = [order.index(name) for name in rows["indicator"]]
    rows = rows.assign(code=at["township_id"].to_numpy(), place=place)
    rows = rows.sort_values(["code", "unit_id", "place"], kind="stable")
    words = {
        flag: text(f"words.{'covered' if flag else 'uncovered'}", lang) for flag in (True, False)
    }
    columns: tuple[list[Value], ...] = (
        cells(rows["township"]),
        cells(rows["unit_id"]),
        cells(rows["name"]),
        [study.project.category_name(name, lang) for name in rows["indicator"]],
        [words[bool(flag)] for flag in rows["covered"]],
        [words[not flag] for flag in rows["covered"]],
        [scenario_words(told, study.project.margins, lang) for told in rows["scenario"]],
    )
    return Sheet(
        text("workbook.sheet.sensitivity", lang),
        (text("workbook.note.sensitivity", lang),),
        tuple(
            Column(text(f"workbook.head.{key}", lang), width, kind) for key, width, kind in _LAYOUT
        ),
        list(zip(*columns, strict=True)),
        kept=3,
    )


def scenario_words(ids: Sequence[str], margins: Margins, lang: Language) -> str:
    """Say scenarios by their ids, with how much each changes its assumption."""
    told = [text(f"workbook.scenario.{name}", lang, by=_by(name, margins)) for name in ids]
    return text("workbook.and", lang).join(told)


def robust_text(flips: str | None, margins: Margins, lang: Language) -> str | None:
    """Say of a gap whether it stands whatever assumption is a little off; else by which not.

    None where nobody asked.
    """
    if flips is None:
        return None
    if not flips:
        return text("workbook.cell.robust", lang)
    by = scenario_words(flips.split(";"), margins, lang)
    return text("workbook.cell.sensitive", lang, by=by)


def _by(name: str, margins: Margins) -> str:
    share = {
        "speed": margins.speed_share,
        "access": margins.access_share,
        "streets": margins.street_share,
    }.get(name.partition("_")[0])
    return f"{margins.limit_minutes:g}" if share is None else f"{share:.0%}"
