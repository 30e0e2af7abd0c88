"""The times of a study as columns of the page: whole numbers, base64, positions instead of ids."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geo.demand import Demand
    from geo.study import Study
    from layers.project import Category
    from layers.vocabulary import Cohort

Json = dict[str, Any]
NEVER = -1  # in every column of the page: no such time, metres or facility


def time_columns(study: Study, people: Demand) -> Json:
    """Give what the figures of the page are counted from, by mode and category."""
    return {
        "residences": _residences(study, people),
        "queues": _queues(study, people),
        "times": _residence_times(study, people),
        "unitTimes": _unit_times(study),
        "reasons": _reasons(study),
        "offNetwork": _off_network(study),
    }


def used_modes(study: Study) -> list[str]:
    """Give the modes that were computed, in the project's order."""
    computed = set(study.places["mode"])
    return [name for name in study.project.modes if name in computed]


def cohort_of(category: Category, people: Demand) -> Cohort:
    """Give whose share a category is measured by, as the study does."""
    return category.cohort if people.frame[category.cohort].notna().any() else "people"


def positions(ids: pd.Series, index: pd.Index) -> NDArray[np.intp]:
    """Give where ids stand in an index, -1 for those that do not."""
    return index.get_indexer(pd.Index(ids))


def _residences(study: Study, people: Demand) -> Json:
    cohorts = {
        "people",
        *(cohort_of(category, people) for category in study.project.categories.values()),
    }
    return {
        "unit": _whole(people.unit),
        "order": _whole(people.frame["residence_id"].rank(method="first").to_numpy()),
        "weights": {
            "unit": _real(people.unit_weight()),
            **{cohort: _real(people.weight(cohort)) for cohort in sorted(cohorts)},
        },
    }


def _queues(study: Study, people: Demand) -> Json:
    """Give what it takes to queue for places, by category: room, and whose nearest by mode.

    Whom a facility has room for depends on the limits, so the page lets them queue itself, as
    ``geo.supply`` does; ``room`` is by position of the facility, absent where unlimited.
    """
    if study.basis == "dwellings":
        return {}
    residences = pd.Index(people.frame["residence_id"])
    facilities = pd.Index(study.area.facilities["facility_id"])
    capacity = study.area.facilities["capacity"].astype("float64")
    limited = study.times[study.times["category"].isin(_limited(study))]
    found: Json = {}
    for name, per_1000 in _limited(study).items():
        room = (capacity * 1000.0 / per_1000).dropna()
        found[name] = {"room": dict(zip(room.index.tolist(), room.tolist(), strict=True))}
    for (category, mode), rows in limited.groupby(["category", "mode"], sort=True):
        nearest = positions(rows["facility_id"], facilities)
        column = _column(residences, rows["residence_id"], nearest)
        found[str(category)].setdefault("facility", {})[str(mode)] = column
    return found


def _limited(study: Study) -> dict[str, float]:
    return {
        category.id: category.capacity_per_1000
        for category in study.project.categories.values()
        if category.capacity_per_1000 is not None
    }


def _residence_times(study: Study, people: Demand) -> Json:
    residences = pd.Index(people.frame["residence_id"])
    columns: Json = {mode: {} for mode in used_modes(study)}
    for (mode, category), rows in study.times.groupby(["mode", "category"], sort=True):
        columns[str(mode)][str(category)] = _column(
            residences, rows["residence_id"], rows["milliseconds"]
        )
    return columns


def _unit_times(study: Study) -> Json:
    units = pd.Index(study.area.units["unit_id"])
    facilities = pd.Index(study.area.facilities["facility_id"])
    columns: Json = {mode: {} for mode in used_modes(study)}
    for (mode, category), rows in study.unit_times.groupby(["mode", "category"], sort=True):
        nearest = positions(rows["facility_id"], facilities)
        columns[str(mode)][str(category)] = {
            "ms": _column(units, rows["unit_id"], rows["milliseconds"]),
            "metres": _column(units, rows["unit_id"], np.ceil(rows["metres"])),
            "facility": _column(units, rows["unit_id"], nearest),
        }
    return columns


def _reasons(study: Study) -> Json:
    """Give why units are not covered within the category's own limit: mode, category, units."""
    units = pd.Index(study.area.units["unit_id"])
    told = study.coverage.dropna(subset=["reason"])
    told = told[told["indicator"] == told["category"]]
    columns: Json = {}
    for (mode, category), rows in told.groupby(["mode", "category"], sort=True):
        at = positions(rows["unit_id"], units).tolist()
        why = dict(zip(at, map(str, rows["reason"]), strict=True))
        columns.setdefault(str(mode), {})[str(category)] = why
    return columns


def _off_network(study: Study) -> Json:
    """Give by mode the units of which no place joins the network."""
    units = pd.Index(study.area.units["unit_id"])
    off = (study.places["status"] == "off_network").groupby(
        [study.places["mode"], study.places["unit_id"]]
    )
    every = off.all()
    gone = every[every].reset_index(name="off")
    return {
        mode: sorted(positions(rows["unit_id"], units).tolist())
        for mode, rows in gone.groupby("mode")
    }


def _column(index: pd.Index, ids: pd.Series, values: Iterable[float]) -> str:
    """Lay values out along an index, NEVER where there is none."""
    column = np.full(len(index), NEVER)
    column[positions(ids, index)] = np.asarray(values)
    return _whole(column)


def _whole(values: NDArray[np.generic]) -> str:
    return b64encode(values.astype("<i4").tobytes()).decode("ascii")


def _real(values: NDArray[np.float64]) -> str:
    return b64encode(values.astype("<f8").tobytes()).decode("ascii")
