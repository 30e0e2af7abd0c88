"""Access to one or several categories: who lives within the limit of any, or of every one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from geo.arrival import at_places
from geo.coverage_rows import coverage_rows
from geo.ledgers import counted
from layers.vocabulary import PRIORITY, Reason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.indicators import Indicator

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Texts = NDArray[np.object_]
    Columns = dict[str, NDArray[Any]]


_SHOWN: dict[str, Any] = {
    **dict.fromkeys(("unit_id", "category", "mode", "facility_id", "method", "reason"), object),
    **dict.fromkeys(("limit_minutes", "minutes", "metres"), np.float64),
}


class Reach(Protocol):
    """Who lives within the limit of each category, by given minutes and mode or the category's own.

    Gives one row per residence and category, reachable or not: residence_id, unit_id, category,
    within (bool), open (not within, unless by a facility whose place nobody knows), people,
    age_0_14, age_60_plus, age_65_plus, disabled. ``people`` is 1 per residence where no people are
    known.
    """

    def __call__(
        self, categories: tuple[str, ...], minutes: float | None, mode: str | None
    ) -> pd.DataFrame:
        """Measure it; None means each category's own limit."""


def access(
    units: pd.DataFrame,
    indicator: Indicator,
    *,
    reach: pd.DataFrame,
    nearest: pd.DataFrame,
    unit_share: float,
) -> pd.DataFrame:
    """Say which units reach any (or ``every``) one of the indicator's categories: coverage rows.

    ``reach`` is what ``Reach`` gave for the indicator; ``nearest`` the coverage rows of the
    single categories, from which the facility, minutes and reason of the deciding category are
    shown. A residence counts by all the categories together, so that the share of people is
    exact; a unit is covered where ``unit_share`` of its people are. A unit without a row in
    ``reach`` is unknown, and one that would be covered if what is open were within.
    """
    judged = counted(units, indicator.units)["unit_id"].to_numpy(dtype=object)
    told = _of_units(_by_unit(reach, indicator, unit_share), judged)
    told |= _of_units(_deciding(nearest, indicator), judged)
    covered, open_, reason = told["covered"], told["open"], told["reason"]
    unknown = open_ | ~told["known"]
    reason[pd.isna(reason)] = str(Reason.TOO_FAR)
    reason[unknown] = str(Reason.NO_DATA)
    reason[open_] = str(Reason.NO_COORDINATES)
    reason[covered] = None
    verdict = pd.arrays.BooleanArray(covered, unknown)
    return coverage_rows({**told, "covered": verdict, "reason": reason}, indicator)


def _of_units(found: Columns, unit_ids: Texts) -> dict[str, Any]:
    """Give for some units what is told by ``unit_id``, missing of one of which nothing is."""
    ids, units = (pd.Index(each, dtype="object") for each in (found["unit_id"], unit_ids))
    row = ids.get_indexer(units)
    nothing = {"f": np.nan, "b": False, "O": None}
    return {
        name: at_places(cells, row, nothing[cells.dtype.kind]) for name, cells in found.items()
    } | {"unit_id": unit_ids}


def _by_unit(reach: pd.DataFrame, indicator: Indicator, unit_share: float) -> Columns:
    """Give unit_id, people and people_covered (of the cohort), priority people, and a verdict.

    A unit is ``known``, and ``covered``, or ``open``, or neither.
    """
    home, ids = pd.factorize(reach["residence_id"])
    homes = reach.iloc[np.unique(home, return_index=True)[1]]
    asked = len(indicator.categories) if indicator.every else 1
    is_within, is_open = (reach[name].to_numpy(dtype=bool) for name in ("within", "open"))
    within, possible = (
        np.bincount(home[hit], minlength=len(ids)) >= asked
        for hit in (is_within, is_within | is_open)
    )
    named = {"people": indicator.cohort} | {str(name): name for name in PRIORITY if name in homes}
    told = {name: homes[cohort].astype("float64").to_numpy() for name, cohort in named.items()}
    inside = {
        f"{name}_covered": np.where(within | np.isnan(people), people, 0.0)
        for name, people in told.items()
    }
    unit, units = pd.factorize(homes["unit_id"], sort=True)
    weight = _weight(homes["people"].to_numpy(dtype=np.float64), unit)
    judged = {
        "weight": weight,
        "reached": np.where(within, weight, 0.0),
        "possible": np.where(possible, weight, 0.0),
    }
    every = pd.DataFrame({**told, **inside, **judged})
    sums = every.groupby(unit).sum().to_numpy(copy=True)
    # one residence that is unknown leaves the sum of its unit unknown
    for column, cells in enumerate(every.to_numpy().T):
        sums[unit[np.isnan(cells)], column] = np.nan
    found: Columns = dict(zip(map(str, every), sums.T, strict=True))
    whole, reached, at_best = (found.pop(name) for name in judged)
    covered = _at_least(reached, unit_share * whole)
    open_ = ~covered & _at_least(at_best, unit_share * whole)
    for name in inside:
        found[name] = np.where(open_, np.nan, found[name])
    judged_ids, known = np.asarray(units, dtype=object), np.ones(len(units), dtype=bool)
    return found | {"unit_id": judged_ids, "known": known, "covered": covered, "open": open_}


def _weight(people: Floats, unit: Ints) -> Floats:
    """Weigh residences by people; each weighs 1 in a unit where people are unknown or none."""
    usable = np.bincount(unit, weights=people) > 0  # a sum with an unknown is not
    return np.where(usable[unit], people, 1.0)


def _at_least(part: Floats, asked: Floats) -> Flags:
    """Compare sums that differ only by the order of adding as equal."""
    return (part >= asked) | np.isclose(part, asked, rtol=1e-9, atol=0.0)


def _deciding(nearest: pd.DataFrame, indicator: Indicator) -> Columns:
    """Give by unit the row of the category that decides: the slowest of every, the fastest of any.

    Of every one, what is not known decides nothing. Facility, minutes and metres are shown only
    where they were measured by the indicator's mode.
    """
    at = np.flatnonzero(nearest["indicator"].isin(indicator.categories))
    rows = {name: np.asarray(nearest[name].array[at], dtype=kind) for name, kind in _SHOWN.items()}
    _, category = np.unique(rows["category"], return_inverse=True)
    time = np.where(np.isnan(rows["minutes"]), np.inf, rows["minutes"])
    open_ = (rows["reason"] == str(Reason.NO_COORDINATES)) & indicator.every
    order = np.lexsort((category, -time if indicator.every else time, open_))
    first = np.unique(pd.factorize(rows["unit_id"][order])[0], return_index=True)[1]
    found = {name: cells[order[first]] for name, cells in rows.items()}
    if indicator.mode is not None:
        other = found["mode"] != indicator.mode
        for name, nothing in (("facility_id", None), ("minutes", np.nan), ("metres", np.nan)):
            found[name][other] = nothing
        found["mode"][:] = indicator.mode
    if indicator.minutes is not None:
        found["limit_minutes"][:] = indicator.minutes
    return found
