"""Access to one or several categories: who lives within the limit of any, or of every one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from geo.coverage_rows import coverage_rows
from geo.ledgers import counted
from layers.vocabulary import PRIORITY, Reason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.indicators import Indicator

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


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
    judged = counted(units, indicator.units)[["unit_id"]]
    found = judged.merge(_by_unit(reach, indicator, unit_share), on="unit_id", how="left")
    found = found.merge(_deciding(nearest, indicator), on="unit_id", how="left")
    covered = found["covered"].astype("boolean")
    reason = found["reason"].where(found["reason"].notna(), str(Reason.TOO_FAR))
    reason = reason.mask(covered.isna(), str(Reason.NO_DATA))
    reason = reason.mask(found["open"].eq(other=True), str(Reason.NO_COORDINATES))
    found["reason"] = reason.astype(object).where(~covered.fillna(value=False), None)
    return coverage_rows(found, indicator)


def _by_unit(reach: pd.DataFrame, indicator: Indicator, unit_share: float) -> pd.DataFrame:
    """Give unit_id, people and people_covered (of the cohort), priority people, covered, open."""
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
    # one residence that is unknown leaves the sum of its unit unknown
    unknown = every.isna().groupby(unit).any()
    sums = every.groupby(unit).sum().mask(unknown).set_axis(units)
    need = unit_share * sums["weight"]
    covered = _at_least(sums["reached"], need)
    unsure = ~covered & _at_least(sums["possible"], need)
    sums[[*inside]] = sums[[*inside]].mask(unsure)
    verdict = covered.astype("boolean").mask(unsure)
    found = sums.drop(columns=[*judged]).assign(covered=verdict, open=unsure)
    return found.rename_axis("unit_id").reset_index()


def _weight(people: Floats, unit: Ints) -> Floats:
    """Weigh residences by people; each weighs 1 in a unit where people are unknown or none."""
    usable = np.bincount(unit, weights=people) > 0  # a sum with an unknown is not
    return np.where(usable[unit], people, 1.0)


def _at_least(part: pd.Series[float], asked: pd.Series[float]) -> pd.Series[bool]:
    """Compare sums that differ only by the order of adding as equal."""
    close = pd.Series(np.isclose(part, asked, rtol=1e-9, atol=0.0), part.index)
    return (part >= asked) | close


def _deciding(nearest: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Give per unit the row of the category that decides: the slowest of every, the fastest of any.

    Of every one, what is not known decides nothing. Facility, minutes and metres are shown only
    where they were measured by the indicator's mode.
    """
    rows = nearest[nearest["indicator"].isin(indicator.categories)]
    open_ = rows["reason"].eq(Reason.NO_COORDINATES) & indicator.every
    rows = rows.assign(_open=open_, _time=rows["minutes"].fillna(np.inf)).sort_values(
        ["_open", "_time", "category"], ascending=[True, not indicator.every, True], kind="stable"
    )
    rows = rows.drop_duplicates("unit_id")
    if indicator.mode is not None:
        other = rows["mode"] != indicator.mode
        rows = rows.assign(
            facility_id=rows["facility_id"].mask(other, None),
            minutes=rows["minutes"].mask(other),
            metres=rows["metres"].mask(other),
            mode=indicator.mode,
        )
    if indicator.minutes is not None:
        rows = rows.assign(limit_minutes=indicator.minutes)
    shown = ["category", "mode", "limit_minutes", "facility_id", "minutes", "metres", "method"]
    return rows[["unit_id", *shown, "reason"]]
