"""How one figure came about: who lives in a unit, how each gets there, and what follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.coverage import Coverage, is_urban
from geo.demand import demand
from geo.itinerary import itinerary
from geo.placement import standing
from geo.times import measure_times
from geo.unlocated import without_point

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.demand import Basis
    from geo.itinerary import Leg
    from geo.times import ModeTimes
    from layers.project import Category, Limit, Project
    from layers.study_area import StudyArea
    from layers.vocabulary import Cohort


@dataclass(frozen=True)
class Account:
    """One unit's coverage by one category, with everything it rests on.

    ``row`` is its coverage row. ``homes`` are the unit's places by residence_id: stands_in, weight
    (in the unit's time), people (of ``cohort``), status and access_metres (of joining the
    network), facility_id, milliseconds (-1 if none is reached), metres, in_time, served (in
    time, and with room). ``telling`` is the residence whose time is the unit's, ``way`` its way.
    ``facility`` is None where none is reached. ``lost`` are the facilities of the category that
    the ledger lists without a point, where they leave the unit open.
    """

    unit: Mapping[str, Any]
    category: Category
    cohort: Cohort
    basis: Basis
    urban: bool
    limit: Limit
    row: Mapping[Any, Any]
    homes: pd.DataFrame
    telling: str | None
    way: tuple[Leg, ...]
    facility: Mapping[str, Any] | None
    lost: tuple[str, ...] = ()


def measured_alone(area: StudyArea, project: Project, category: str) -> Coverage:
    """Measure one category alone, as ``assess`` measures it among the others.

    Raises NetworkError where its mode may use no street.
    """
    asked = project.categories[category]
    project = replace(project, categories={category: asked})
    where = demand(area.units, area.residences, known_share=project.rules.known_share)
    modes = dict.fromkeys((asked.urban.mode, asked.rural.mode))
    times = {name: measure_times(area, where, project.modes[name], project) for name in modes}
    return Coverage(area, where, times, project)


def account(judge: Coverage, *, unit_id: str, category: str) -> Account:
    """Give everything that one unit's coverage by one category rests on.

    Raises KeyError for a unit or a category that the study does not have.
    """
    asked, where = judge.project.categories[category], judge.demand
    number = {name: row for row, name in enumerate(judge.area.units["unit_id"])}[unit_id]
    urban = bool(is_urban(judge.area.units)[number])
    limit = asked.limit(urban=urban)
    measured = judge.times[limit.mode]
    place = int(measured.telling[category][number])
    rows = judge.rows(asked)
    row = rows[rows["unit_id"] == unit_id].iloc[0].to_dict()
    reached = place >= 0 and measured.nearest[category].milliseconds[place] >= 0
    return Account(
        unit=judge.area.units.iloc[number].to_dict(),
        category=asked,
        cohort=judge.cohort(asked),
        basis=where.basis,
        urban=urban,
        limit=limit,
        row=row,
        homes=_homes(judge, measured, asked, np.flatnonzero(where.unit == number)),
        telling=where.frame["residence_id"].iloc[place] if place >= 0 else None,
        way=itinerary(measured, category, place) if place >= 0 else (),
        facility=_facility(measured, category, place) if reached else None,
        lost=_lost(judge, asked, unit_id) if pd.isna(row["covered"]) else (),
    )


def _lost(judge: Coverage, category: Category, unit_id: str) -> tuple[str, ...]:
    """Name the facilities without a point that stand in a unit; all, where none has a point."""
    statuses = judge.project.rules.statuses
    listed = standing(judge.area.facilities, [category.id], statuses)
    lost, everywhere = without_point(listed)
    named = lost if everywhere else lost[lost["unit_id"] == unit_id]
    return tuple(named["name"].fillna(named["facility_id"]))


def _homes(
    judge: Coverage, measured: ModeTimes, category: Category, places: np.ndarray[Any, Any]
) -> pd.DataFrame:
    where, nearest = judge.demand, measured.nearest[category.id]
    joins = measured.places
    ids = np.array([*measured.facilities["facility_id"], None], dtype=object)
    queue = judge.queue(category)
    found = pd.DataFrame(
        {
            "residence_id": where.frame["residence_id"],
            "stands_in": where.frame["stands_in"].astype(bool),
            "weight": where.unit_weight,
            "people": where.weight(judge.cohort(category)),
            "status": "straight" if joins is None else joins.status(),
            "access_metres": np.nan if joins is None else joins.access_metres,
            "facility_id": ids[nearest.facility],
            "milliseconds": nearest.milliseconds,
            "metres": nearest.metres,
            "in_time": queue["within"],
            "served": judge.within(category),
        }
    )
    return found.iloc[places].sort_values("residence_id", ignore_index=True)


def _facility(measured: ModeTimes, category: str, place: int) -> Mapping[str, Any]:
    facility: dict[str, Any] = measured.facilities.iloc[
        int(measured.nearest[category].facility[place])
    ].to_dict()
    return facility
