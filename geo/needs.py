"""What data an indicator needs and the study lacks: which column of which layer would give it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.ledgers import subjects
from layers.vocabulary import Measure, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from geo.ledgers import Ledgers
    from layers.indicators import Indicator, Rows
    from layers.project import Project
    from layers.vocabulary import Language

_PLACE = "geometry"


@dataclass(frozen=True)
class Need:
    """Something that is not there: a column, all rows where ``column`` is None, or some cells.

    ``layer`` is units, facilities, township (its ledger) or another kind of register;
    ``categories`` are those of the facilities, of which any one will do; ``cells`` counts the
    rows that leave the column empty, where others fill it.
    """

    layer: str
    column: str | None = None
    categories: tuple[str, ...] = ()
    cells: int = 0

    def told(self, project: Project, lang: Language = "zh") -> str:
        """Say it in words."""
        joiner = text("scorecard.or", lang)
        categories = joiner.join(project.category_name(name, lang) for name in self.categories)
        kind = self.layer if self.layer in ("units", "facilities") else "register"
        name = categories or project.label(self.layer, lang)
        layer = text(f"scorecard.layer.{kind}", lang, name=name)
        if self.column is None:
            return text("scorecard.missing_rows", lang, layer=layer)
        meaning = project.label(f"{self.layer}.{self.column}", lang)
        if self.column == _PLACE:
            meaning = text("scorecard.place", lang)
        values = {"layer": layer, "column": self.column, "meaning": meaning}
        if self.cells:
            return text("scorecard.missing_cells", lang, count=f"{self.cells}", **values)
        return text("scorecard.missing_column", lang, **values)


def missing(ledgers: Ledgers, project: Project, indicator: Indicator) -> tuple[Need, ...]:
    """Give what is not there without which nothing can be said of an indicator.

    Categories and kinds of register that the study says it has none of are no need.
    """
    key = ("missing", indicator, project.absent)
    return ledgers.once(key, lambda: _missing(ledgers, project, indicator))


def _missing(ledgers: Ledgers, project: Project, indicator: Indicator) -> tuple[Need, ...]:
    found: list[Need] = []
    units = ledgers.units
    if indicator.units != "all" and _empty(units, "urban"):
        found.append(Need("units", "urban_class"))
    counted = indicator.over == "people" and not _empty(units, "people")
    if counted and _empty(units, indicator.cohort):
        found.append(Need("units", indicator.cohort))
    for rows, columns in indicator.asks():
        found += _lacking(ledgers, project, rows, columns)
    return tuple(dict.fromkeys(found))


def lacks_all(ledgers: Ledgers, project: Project, indicator: Indicator, *, own: bool) -> bool:
    """Say whether nothing can be said of an indicator.

    Of a category's own rows, which no policy asks for (``own``), where nothing of it is listed.
    """
    return any(own or need.column is None for need in missing(ledgers, project, indicator))


def open_cells(ledgers: Ledgers, indicator: Indicator) -> tuple[Need, ...]:
    """Give the columns some of whose cells are empty, so that a part of an indicator is open."""
    found: list[Need] = []
    units = ledgers.judged(indicator.units)
    if indicator.units != "all":
        found.append(_open("units", units, "urban"))
    if indicator.over == "people":
        found.append(_open("units", units, indicator.cohort))
    for rows, columns in indicator.asks():
        there = subjects(ledgers, rows)
        layer = rows.kind or ("township" if rows.frame == "townships" else rows.frame)
        names = [*columns, *_placing(indicator, rows)]
        found += [_open(layer, there, name, rows.categories) for name in names]
    return tuple(dict.fromkeys(need for need in found if need.cells))


def _placing(indicator: Indicator, rows: Rows) -> tuple[str, ...]:
    """Give the column that says where a row counts: its unit, those it serves, or its place."""
    columns = {
        Measure.POSSESSION: "unit_id",
        Measure.RADIATION: "serves",
        Measure.KEY_SPOT: _PLACE,
    }
    placed = indicator.categories and rows.frame == "facilities"
    spots = indicator.measure in (Measure.KEY_SPOT, Measure.RADIATION)
    if not (placed or (spots and rows.frame == "registers")) or indicator.conditions:
        return ()
    return (columns[indicator.measure],) if indicator.measure in columns else ()


def _open(layer: str, rows: pd.DataFrame, column: str, categories: tuple[str, ...] = ()) -> Need:
    """Count the empty cells of a column that is filled in elsewhere."""
    empty = int(rows[column].isna().sum()) if column in rows else 0
    return Need(layer, column, categories, empty if empty < len(rows) else 0)


def lacking_text(
    ledgers: Ledgers,
    project: Project,
    indicator: Indicator,
    *,
    own: bool = True,
    lang: Language = "zh",
) -> str:
    """Say what an indicator lacks: all that would give it, else the cells that leave it open.

    A category's own rows, which no policy asks for (``own``), lack what is not listed at all.
    """
    needs = missing(ledgers, project, indicator)
    if not own:
        return missing_text((need for need in needs if need.column is None), project, lang)
    needs = needs or open_cells(ledgers, indicator)
    return indicator.not_applicable(lang) or missing_text(needs, project, lang)


def missing_text(needs: Iterable[Need], project: Project, lang: Language = "zh") -> str:
    """Say all of it in one line; empty where nothing is missing."""
    return text("scorecard.joiner", lang).join(need.told(project, lang) for need in needs)


def _lacking(
    ledgers: Ledgers, project: Project, rows: Rows, columns: Iterable[str]
) -> Iterator[Need]:
    if rows.frame == "units":
        yield from (Need("units", name) for name in columns if _empty(ledgers.units, name))
        return
    if rows.frame == "facilities":
        layer, categories = "facilities", rows.categories
        there = ledgers.listed(categories)
    else:
        layer, categories = rows.kind or "township", ()
        there = ledgers.of_kind(layer)
    if len(there):
        yield from (Need(layer, name, categories) for name in columns if _empty(there, name))
    elif not project.absent & {layer, *categories}:
        yield Need(layer, None, categories)


def _empty(rows: pd.DataFrame, column: str) -> bool:
    return column not in rows or bool(rows[column].isna().all())
