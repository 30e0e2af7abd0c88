"""The times of a study as columns of the page: whole numbers, positions instead of ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.distance import rounded
from geo.times import straight_kmh
from layers.vocabulary import COHORTS, Reason
from maps.packed import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geo.demand import Demand
    from geo.study import Study
    from geo.times import ModeTimes
    from layers.project import Category
    from layers.vocabulary import Cohort
    from maps.packed import Columns

    Ints = NDArray[np.int64]

REASONS = tuple(Reason)
MS_AT_1_KMH = 3600  # a metre takes


def add_times(columns: Columns, study: Study, people: Demand) -> None:
    """Add what the figures of the page are counted from, by mode and category.

    ``times/`` are of residences, ``unit/`` of units: the residence whose time and nearest facility
    are the unit's, and its metres (rounded up) beyond what its time usually means;
    ``reasons/`` hold the place in REASONS, for the category's own limits alone. Which facility is
    the nearest is not here: the page finds it as it finds everything after a plan.
    """
    _add_residences(columns, people)
    _add_residence_times(columns, study, people)
    _add_unit_times(columns, study, people)
    _add_reasons(columns, study)
    _add_off_network(columns, study)


def used_modes(study: Study) -> list[str]:
    """Give the modes that were computed, in the project's order."""
    computed = set(study.places["mode"])
    return [name for name in study.project.modes if name in computed]


def cohort_of(category: Category, people: Demand) -> Cohort:
    """Give whose share a category is measured by, as the study does."""
    return category.cohort if people.frame[category.cohort].notna().any() else "people"


def cohorts_of(people: Demand) -> list[Cohort]:
    """Give the cohorts that are known of any residence, all people first; dwellings are all."""
    if people.basis == "dwellings":
        return ["people"]
    return [each for each in COHORTS if each == "people" or people.frame[each].notna().any()]


def positions(ids: pd.Series, index: pd.Index) -> NDArray[np.intp]:
    """Give where ids stand in an index, -1 for those that do not."""
    return index.get_indexer(pd.Index(ids))


def _add_residences(columns: Columns, people: Demand) -> None:
    columns.whole("residences/unit", people.unit, steps=True)
    order = people.frame["residence_id"].rank(method="first").to_numpy()
    columns.whole("residences/order", order, steps=True)
    columns.real("residences/weight/unit", people.unit_weight)
    for cohort in cohorts_of(people):
        columns.real(f"residences/weight/{cohort}", people.weight(cohort))


def _add_residence_times(columns: Columns, study: Study, people: Demand) -> None:
    """Add times; the page finds the facilities itself, but without streets must be told them."""
    residences = pd.Index(people.frame["residence_id"])
    facilities = pd.Index(study.area.facilities["facility_id"])
    for (mode, category), rows in study.times.groupby(["mode", "category"], sort=True):
        times = _column(residences, rows["residence_id"], rows["milliseconds"])
        columns.whole(f"times/{mode}/{category}", times)
        if mode not in study.measured:
            nearest = positions(rows["facility_id"], facilities)
            told = _column(residences, rows["residence_id"], nearest)
            columns.whole(f"nearest/{mode}/{category}", told, steps=True)


def _add_unit_times(columns: Columns, study: Study, people: Demand) -> None:
    units = pd.Index(study.area.units["unit_id"])
    residences = pd.Index(people.frame["residence_id"])
    for (mode, category), rows in study.unit_times.groupby(["mode", "category"], sort=True):
        place = positions(rows["residence_id"], residences)
        metres = np.ceil(rows["metres"]).to_numpy()
        if mode in study.measured:
            usual = _usual_metres(study, study.measured[str(mode)], rows, place)
            beyond = _column(units, rows["unit_id"], metres - usual)
            columns.whole(f"unit/{mode}/{category}/beyond", beyond)
        else:
            told = _column(units, rows["unit_id"], metres)
            columns.whole(f"unit/{mode}/{category}/metres", told)
        columns.whole(
            f"unit/{mode}/{category}/place", _column(units, rows["unit_id"], place), steps=True
        )


def _usual_metres(
    study: Study, measured: ModeTimes, rows: pd.DataFrame, place: NDArray[np.intp]
) -> Ints:
    """Give the metres that times stand for: access legs, and the usual speed between them."""
    kmh = straight_kmh(measured.mode, study.project)
    facility = positions(rows["facility_id"], pd.Index(measured.facilities["facility_id"]))
    ms, metres = rows["milliseconds"].to_numpy(), np.zeros(len(rows))
    for joins, row in ((measured.places, place), (measured.joined, facility)):
        if joins is not None:
            on = joins.on_network[row]
            metres += np.where(on, joins.access_metres[row], 0.0)
            ms = ms - np.where(on, joins.access_ms[row], 0)
    return rounded(metres + ms * kmh / MS_AT_1_KMH)


def _add_reasons(columns: Columns, study: Study) -> None:
    """Add why units are not covered within the category's own limit."""
    units = pd.Index(study.area.units["unit_id"])
    told = study.coverage.dropna(subset=["reason"])
    told = told[told["indicator"] == told["category"]]
    for (mode, category), rows in told.groupby(["mode", "category"], sort=True):
        why = rows["reason"].map(lambda reason: REASONS.index(Reason(reason)))
        columns.whole(f"reasons/{mode}/{category}", _column(units, rows["unit_id"], why))


def _add_off_network(columns: Columns, study: Study) -> None:
    """Add by mode whether no place of a unit joins the network."""
    units = pd.Index(study.area.units["unit_id"])
    off = (study.places["status"] == "off_network").groupby(
        [study.places["mode"], study.places["unit_id"]]
    )
    every = off.all()
    for mode, rows in every.groupby(level=0):
        gone = rows.droplevel(0).reindex(units, fill_value=False)
        columns.whole(f"off_network/{mode}", gone.to_numpy(dtype=bool))


def _column(index: pd.Index, ids: pd.Series, values: Iterable[float]) -> Ints:
    """Lay values out along an index, NEVER where there is none."""
    column = np.full(len(index), NEVER, dtype=np.int64)
    column[positions(ids, index)] = np.asarray(values).astype(np.int64)
    return column
