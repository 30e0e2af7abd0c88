"""The shape of a coverage row, for every measure that says which units are covered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from layers.vocabulary import PRIORITY, Cohort, Method

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.demand import Demand
    from layers.indicators import Indicator

    Ints = NDArray[np.int64]

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


def coverage_rows(found: Mapping[str, Any] | pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Complete ``found`` (unit_id, covered and any other column) to coverage rows, by unit_id.

    The share of people is missing where nobody lives or people are unknown.
    """
    order = np.argsort(np.asarray(found["unit_id"], dtype=object), kind="stable")
    rows = pd.RangeIndex(order.size)
    own = named(indicator, rows)
    if "category" in found:
        del own["category"]
    columns = {
        name: own[name] if name in own else _typed(found, name, order) for name in COVERAGE_COLUMNS
    }
    people, inside = columns["people"], columns["people_covered"]
    columns["people_share"] = inside / np.where(people > 0, people, np.nan)
    return pd.DataFrame(columns, rows, copy=False)


def named(indicator: Indicator, rows: pd.Index[Any]) -> dict[str, Any]:
    """Give what is the same in all coverage rows of an indicator, if no one category decides."""
    categories = ";".join(indicator.categories) or None
    return {
        "indicator": indicator.id,
        "measure": str(indicator.measure),
        "category": pd.Series(categories, rows, dtype="object"),
    }


def _typed(found: Mapping[str, Any] | pd.DataFrame, name: str, order: Ints) -> Any:  # noqa: ANN401 - an array of any type
    """Give a column in its own type and order, missing throughout where it is not there."""
    kind: str = _TYPES.get(name, "object")
    told: Any = found.get(name)
    if kind == "float64":
        return np.full(order.size, np.nan) if told is None else np.asarray(told, np.float64)[order]
    if kind != "object":
        return pd.array(told, dtype=kind)[order]
    cells = np.full(order.size, None, dtype=object)
    if told is not None:
        there = np.asarray(told, dtype=object)[order]
        known = ~pd.isna(there)
        cells[known] = there[known]
    return pd.Series(cells, dtype=kind)  # a frame would make it what pandas takes texts for


def whole_units(
    units: pd.DataFrame, indicator: Indicator, covered: pd.Series[bool]
) -> dict[str, Any]:
    """Give unit_id, covered, people and people_covered where a unit is served as a whole."""
    share = covered.astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    cohorts = {"people": indicator.cohort} | {name: name for name in PRIORITY if name in units}
    people = {
        str(name): units[cohort].astype("float64").to_numpy() for name, cohort in cohorts.items()
    }
    return {
        "unit_id": units["unit_id"],
        "covered": covered,
        **people,
        **{f"{name}_covered": weight * share for name, weight in people.items()},
        "method": np.full(len(units), str(Method.LEDGER), dtype=object),
    }


def people_within(
    where: Demand, inside: NDArray[np.bool_], *, cohort: Cohort = "people"
) -> dict[str, NDArray[np.float64]]:
    """Give by unit the people of ``cohort`` and the priority people, all and those inside.

    ``inside`` is by place. Numbers are missing where some place of the unit does not know them.
    """
    found = {}
    for name, part in (("people", cohort), *((str(each), each) for each in PRIORITY)):
        weight = where.weight(part)
        found[name] = where.of_units(weight)
        found[f"{name}_covered"] = where.of_units(np.where(np.isnan(weight) | inside, weight, 0.0))
    return found
