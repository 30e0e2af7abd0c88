"""What data an indicator needs and the study lacks: which column of which layer would give it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layers.indicators import Rows
from layers.vocabulary import Measure, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from geo.ledgers import Ledgers
    from layers.indicators import Condition, Indicator
    from layers.project import Project
    from layers.vocabulary import Language


@dataclass(frozen=True)
class Need:
    """Something that is not there: a column, or all rows where ``column`` is None.

    ``layer`` is units, facilities, township (its ledger) or another kind of register;
    ``categories`` are those of the facilities, of which any one will do.
    """

    layer: str
    column: str | None = None
    categories: tuple[str, ...] = ()

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
        values = {"layer": layer, "column": self.column, "meaning": meaning}
        return text("scorecard.missing_column", lang, **values)


def missing(ledgers: Ledgers, project: Project, indicator: Indicator) -> tuple[Need, ...]:
    """Give what is not there without which nothing can be said of an indicator.

    Categories and kinds of register that the study says it has none of are no need.
    """
    found: list[Need] = []
    units = ledgers.units
    if indicator.units != "all" and _empty(units, "urban"):
        found.append(Need("units", "urban_class"))
    counted = indicator.over == "people" and not _empty(units, "people")
    if counted and _empty(units, indicator.cohort):
        found.append(Need("units", indicator.cohort))
    for rows, columns in _asked(indicator):
        found += _lacking(ledgers, project, rows, columns)
    return tuple(dict.fromkeys(found))


def missing_text(needs: Iterable[Need], project: Project, lang: Language = "zh") -> str:
    """Say all of it in one line; empty where nothing is missing."""
    return text("scorecard.joiner", lang).join(need.told(project, lang) for need in needs)


def _asked(indicator: Indicator) -> Iterator[tuple[Rows, list[str]]]:
    """Give the rows that must be there, and the columns they must fill."""
    amounts = [each for each in (indicator.numerator, indicator.denominator) if each]
    for amount in amounts:
        own = [] if amount.column is None else [amount.column]
        yield amount.rows, [*own, *_columns(amount.where)]
    if amounts:
        return
    if indicator.conditions:
        yield indicator.rows, [*_columns(indicator.where), *_columns(indicator.conditions)]
        return
    if indicator.kind is not None:
        yield Rows("registers", kind=indicator.kind), _columns(indicator.rows.where)
    if indicator.measure == Measure.ACCESS and indicator.every:
        yield from ((Rows("facilities", (name,)), []) for name in indicator.categories)
    elif indicator.categories:
        good = [] if indicator.kind is not None else _columns(indicator.where)
        yield Rows("facilities", indicator.categories), good


def _columns(conditions: Iterable[Condition]) -> list[str]:
    return [name for each in conditions for name in (each.column, each.over) if name]


def _lacking(
    ledgers: Ledgers, project: Project, rows: Rows, columns: Iterable[str]
) -> Iterator[Need]:
    if rows.frame == "units":
        yield from (Need("units", name) for name in columns if _empty(ledgers.units, name))
        return
    if rows.frame == "facilities":
        layer, categories = "facilities", rows.categories
        there = ledgers.facilities[ledgers.facilities["category"].isin(list(categories))]
    else:
        layer, categories = rows.kind or "township", ()
        there = ledgers.of_kind(layer)
    if len(there):
        yield from (Need(layer, name, categories) for name in columns if _empty(there, name))
    elif not project.absent & {layer, *categories}:
        yield Need(layer, None, categories)


def _empty(rows: pd.DataFrame, column: str) -> bool:
    return column not in rows or bool(rows[column].isna().all())
