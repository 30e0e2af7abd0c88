"""The shape of a coverage row, for every measure that says which units are covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.vocabulary import PRIORITY, Cohort

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.demand import Demand
    from layers.indicators import Indicator

COVERAGE_COLUMNS = (
    "unit_id",
    "indicator",
    "category",
    "measure",
    "mode",
    "limit_minutes",
    "facility_id",
    "minutes",
    "metres",
    "people",
    "people_covered",
    "people_share",
    *(name for cohort in PRIORITY for name in (cohort, f"{cohort}_covered")),
    "covered",
    "method",
    "reason",
)
_TEXT = ["category", "mode", "facility_id", "method", "reason"]
_PRIORITY = [name for cohort in PRIORITY for name in (cohort, f"{cohort}_covered")]
_NUMBERS = ["limit_minutes", "minutes", "metres", "people", "people_covered", *_PRIORITY]
_TYPES = {
    **dict.fromkeys(_TEXT, "object"),
    **dict.fromkeys(_NUMBERS, "float64"),
    "covered": "boolean",
}


def counted(units: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Give the units an indicator counts; those of unknown class stay, to be told as unknown."""
    if indicator.units == "all":
        return units
    urban = units["urban"].astype("boolean")
    return units[(urban if indicator.units == "urban" else ~urban).fillna(value=True)]


def coverage_rows(found: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Complete ``found`` (unit_id, covered and any other column) to coverage rows, by unit_id.

    The share of people is missing where nobody lives or people are unknown.
    """
    rows = found.reindex(columns=list(COVERAGE_COLUMNS)).astype(_TYPES)
    texts = rows[_TEXT].where(rows[_TEXT].notna(), None)
    if "category" not in found:
        texts["category"] = ";".join(indicator.categories) or None
    rows = rows.assign(
        **texts,
        indicator=indicator.id,
        measure=str(indicator.measure),
        people_share=rows["people_covered"] / rows["people"].where(rows["people"] > 0),
    )
    return rows.sort_values("unit_id", ignore_index=True)


def whole_units(units: pd.DataFrame, indicator: Indicator, covered: pd.Series) -> pd.DataFrame:
    """Give unit_id, covered, people and people_covered where a unit is served as a whole."""
    people = units[indicator.cohort].astype("float64")
    covered = covered.astype("boolean")
    share = covered.astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    return units[["unit_id"]].assign(
        covered=covered,
        people=people,
        people_covered=people * share,
        **{name: units[name].astype("float64") for name in PRIORITY if name in units},
        **{f"{name}_covered": units[name] * share for name in PRIORITY if name in units},
        method="ledger",
    )


def people_within(
    where: Demand, inside: NDArray[np.bool_], unit_ids: pd.Series, *, cohort: Cohort = "people"
) -> pd.DataFrame:
    """Give per unit the people of ``cohort`` and the priority people, all and those inside.

    ``inside`` is by place. Numbers are missing where some place of the unit does not know them.
    """
    found = {"unit_id": unit_ids.to_numpy()}
    for name, part in (("people", cohort), *((each, each) for each in PRIORITY)):
        weight = where.weight(part)
        found[name] = where.of_units(weight)
        found[f"{name}_covered"] = where.of_units(np.where(np.isnan(weight) | inside, weight, 0.0))
    return pd.DataFrame(found)
