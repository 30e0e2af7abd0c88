"""What a ledger lists without coordinates: whether it is near, or whom it serves, nobody knows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.ledgers import subjects
from geo.needs import lacking_text
from geo.placement import has_point
from geo.radiation import BY_TIME
from layers.vocabulary import Measure, Method, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from geo.ledgers import Ledgers
    from layers.indicators import Indicator
    from layers.project import Project
    from layers.study_area import StudyArea
    from layers.vocabulary import Language

    Flags = NDArray[np.bool_]


_TIMED = (str(Method.NETWORK), str(Method.STRAIGHT_LINE))


class _Listed(NamedTuple):
    """Rows that an indicator looks for on the map: how many are not there, and how many are.

    They are facilities of ``categories``, or else the register ``kind``: of areas, or of spots.
    """

    kind: str
    categories: tuple[str, ...]
    lost: int
    there: int


def without_point(facilities: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """Give the facilities of one category that have no point, and say whether none has one."""
    lost = facilities[~has_point(facilities)]
    return lost, 0 < len(lost) == len(facilities)


def listed(area: StudyArea, project: Project) -> frozenset[str]:
    """Give the categories of which anything is known: a row of any status, or that there is none.

    Nothing listed is no data; a study that surely has none says so (``absent``), or a plan closes
    all there was. Neighbours' facilities say nothing of a tile's own.
    """
    own = ~area.of_neighbours(area.facilities)
    return project.absent | area.closed | frozenset(area.facilities["category"][own])


def with_closed(project: Project, area: StudyArea) -> Project:
    """Give the settings by which a category that a plan has closed all of is surely absent."""
    return replace(project, absent=project.absent | area.closed) if area.closed else project


def open_units(facilities: pd.DataFrame, unit_ids: pd.Series[str]) -> Flags:
    """Say of which units nobody knows whether facilities of one category serve them in time.

    Those in which one stands that has no point; all of them where none of the facilities has one.
    """
    lost, everywhere = without_point(facilities)
    if everywhere:
        return np.ones(len(unit_ids), dtype=bool)
    return unit_ids.isin(lost["unit_id"].dropna()).to_numpy(dtype=bool)


def is_unlocated(ledgers: Ledgers, indicator: Indicator) -> bool:
    """Say whether an indicator looks for something on the map of which nothing is there."""
    return any(each.lost and not each.there for each in _listed(ledgers, indicator))


def lacks_text(
    ledgers: Ledgers,
    project: Project,
    indicator: Indicator,
    *,
    judged: pd.DataFrame,
    lang: Language = "zh",
) -> str:
    """Say all that a figure lacks: rows and columns, which the policy asks for, and coordinates.

    ``judged`` are its coverage rows.
    """
    own = any(indicator.id == each.id for each in project.indicators)
    told = [lacking_text(ledgers, project, indicator, own=own, lang=lang)]
    told += _places_lacking(ledgers, project, indicator, lang)
    nowhere = ledgers.once("nowhere", lambda: not has_point(ledgers.units).any())
    if nowhere and judged["method"].isin(_TIMED).any() and judged["covered"].isna().all():
        told.append(text("scorecard.units_nowhere", lang))
    return text("scorecard.joiner", lang).join(filter(None, told))


def _places_lacking(
    ledgers: Ledgers, project: Project, indicator: Indicator, lang: Language
) -> Iterator[str]:
    """Say of what coordinates are missing, and of what has none at all how to give them."""
    asked = set()
    for kind, categories, lost, there in _listed(ledgers, indicator):
        if not lost or (there and indicator.measure == Measure.KEY_SPOT):
            continue  # of key spots the cells that are empty are told already
        names = [project.category_name(name, lang) for name in categories]
        name = text("scorecard.or", lang).join(names) or project.label(kind, lang)
        layer = text(
            f"scorecard.layer.{'facilities' if categories else 'register'}", lang, name=name
        )
        how_many = "some" if there else "no"
        yield text(f"scorecard.{how_many}_place", lang, layer=layer, count=f"{lost}")
        if not there:
            asked.add("point" if categories or indicator.measure == Measure.KEY_SPOT else "area")
    for each in sorted(asked):
        yield text(f"scorecard.give_{each}", lang)


def _listed(ledgers: Ledgers, indicator: Indicator) -> tuple[_Listed, ...]:
    """Give what an indicator of times, metres or areas looks for; nothing where lists decide."""
    return ledgers.once(("sought", indicator), lambda: tuple(_sought(ledgers, indicator)))


def _sought(ledgers: Ledgers, indicator: Indicator) -> Iterator[_Listed]:
    measure, categories, kind = indicator.measure, indicator.categories, indicator.kind or ""
    if indicator.conditions:
        return
    if measure == Measure.KEY_SPOT:
        yield _counted("", categories, ledgers.near(categories))
        yield _counted(kind, (), subjects(ledgers, indicator.rows))
    elif measure == Measure.RADIATION and kind:
        rows = ledgers.of_kind(kind)
        if not rows["serves"].notna().any():
            yield _counted(kind, (), rows)
    elif measure == Measure.ACCESS or (
        measure == Measure.RADIATION
        and (indicator.id.endswith(BY_TIME) or not _has_lists(ledgers, indicator))
    ):
        for name in categories:
            there, lost = ledgers.once("points", lambda: _points(ledgers))
            yield _Listed("", (name,), lost[name], there[name])


def _points(ledgers: Ledgers) -> tuple[Counter[str], Counter[str]]:
    """Count by category what has a point, the neighbours' too, and what of the own has none."""
    near, own = ledgers.near(()), ledgers.standing(())
    there = Counter(near["category"].to_numpy(dtype=object)[has_point(near).to_numpy()])
    return there, Counter(own["category"].to_numpy(dtype=object)[~has_point(own).to_numpy()])


def _counted(kind: str, categories: tuple[str, ...], rows: pd.DataFrame) -> _Listed:
    there = has_point(rows)
    return _Listed(kind, categories, int((~there).sum()), int(there.sum()))


def _has_lists(ledgers: Ledgers, indicator: Indicator) -> bool:
    return bool(ledgers.standing(indicator.categories)["serves"].notna().any())
