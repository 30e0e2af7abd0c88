"""The shape of a coverage row, for every measure that says which units are covered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
_TYPES: dict[str, Any] = {
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
    found = found.sort_values("unit_id", ignore_index=True)
    columns = {name: _typed(found, name) for name in COVERAGE_COLUMNS}
    own = named(indicator, found.index)
    if "category" in found:
        del own["category"]
    people = columns["people"]
    return pd.DataFrame(
        columns | own | {"people_share": columns["people_covered"] / people.where(people > 0)},
        index=found.index,
    )


def named(indicator: Indicator, rows: pd.Index[Any]) -> dict[str, Any]:
    """Give what is the same in all coverage rows of an indicator, if no one category decides."""
    categories = ";".join(indicator.categories) or None
    return {
        "indicator": indicator.id,
        "measure": str(indicator.measure),
        "category": pd.Series(categories, rows, dtype="object"),
    }


def _typed(found: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Give a column in its own type, missing throughout where it is not there."""
    column: pd.Series[Any]
    if name not in found:
        column = pd.Series(None, found.index, dtype=_TYPES.get(name, "object"))
        return column
    column = found[name]
    if name in _TEXT:
        column = column.astype(object).where(column.notna(), None)
    elif name in _TYPES:
        column = column.astype(_TYPES[name])
    return column


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
