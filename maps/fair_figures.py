"""Supply and fairness as the page carries them: the county's figures, and columns by township."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.scorecard_area import COUNTY
from layers.vocabulary import PRIORITY
from maps.packed import NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.study import Study
    from maps.packed import Columns

Json = dict[str, Any]
COUNTY_FIGURES = (
    "people",
    "left_out",
    "mean",
    "gini",
    "palma",
    "theil",
    "theil_between_townships",
    "theil_between_urban_rural",
    "concentration",
    "below",
    "shortfall",
    "severity",
    *(f"{cohort}{of}" for of in ("", "_reaching_nothing", "_below") for cohort in PRIORITY),
)
TOWNSHIP_FIGURES = {
    "people": 1,
    "left_out": 1,
    "mean": 100_000,
    "gini": 1_000_000,
    "below": 1_000_000,
}
"""Figures by township are whole numbers: so many parts make one."""
PLACES_COUNTED = ("facilities", "unknown", "places")
PLACES_PER_1000 = ("places_per_1000", "reached_per_1000")
ACCESS_PARTS = 1_000
_MOST = 2**31 - 1  # the page's whole numbers have 32 bits
_SHOWN = 6  # decimals of the county's figures: more than anybody is told


def add_supply(columns: Columns, study: Study, townships: pd.Index) -> Json:
    """Add what is spread how over townships, units and facilities; give the county's figures.

    ``spread/MEASURE/CATEGORY/FIGURE`` and, with the county before them, ``places/CATEGORY/FIGURE``
    are by township; ``access/CATEGORY`` (places within reach per 1000) by unit; ``load/`` by
    facility.
    """
    found: Json = {}
    for (category, measure), rows in study.equity.groupby(["category", "measure"], sort=False):
        by_area = rows.set_index("area_id")
        for name, parts in TOWNSHIP_FIGURES.items():
            own = by_area[name].reindex(townships)
            columns.whole(f"spread/{measure}/{category}/{name}", _parts(own, parts))
        told = found.setdefault(str(category), {"standard": None, "measures": {}})
        told["measures"][measure] = _county(by_area) | {"lorenz": _lorenz(study, category, measure)}
    for category, rows in study.supply_areas.groupby("category", sort=False):
        by_area = rows.set_index("area_id").reindex([COUNTY, *townships])
        for name in PLACES_COUNTED:
            columns.whole(f"places/{category!s}/{name}", _parts(by_area[name], 1))
        for name in PLACES_PER_1000:
            columns.real(f"places/{category!s}/{name}", by_area[name])
        found[str(category)]["standard"] = _number(by_area["standard_per_1000"].iloc[0])
    _add_access(columns, study)
    _add_load(columns, study)
    method = study.project.supply
    return {
        "method": {"zh": method.name_zh, "en": method.name_en},
        "decay": {"zh": method.decay.name_zh, "en": method.decay.name_en},
        "categories": found,
    }


def _county(by_area: pd.DataFrame) -> Json:
    told: Json = {"mode": by_area["mode"].iloc[0]}
    for area in (COUNTY, "urban", "rural"):
        row = by_area.loc[area] if area in by_area.index else None
        told[area] = None if row is None else {name: _number(row[name]) for name in COUNTY_FIGURES}
    return told


def _lorenz(study: Study, category: object, measure: object) -> list[float | None]:
    rows = study.lorenz
    own = rows[(rows["category"] == category) & (rows["measure"] == measure)]
    return [_number(share) for share in own["share_of_value"]]


def _add_access(columns: Columns, study: Study) -> None:
    units = pd.Index(study.area.units["unit_id"])
    rows = study.supply[study.supply["level"] == "unit"]
    for category, own in rows.groupby("category", sort=False):
        places = own.set_index("unit_id")["places_per_1000"].reindex(units)
        columns.whole(f"access/{category}", _parts(places, ACCESS_PARTS))


def _add_load(columns: Columns, study: Study) -> None:
    """Add how many people facilities have in reach; their load the page counts itself."""
    load = study.facility_load.set_index("facility_id")
    own = load.reindex(study.area.facilities["facility_id"])
    columns.whole("load/people_within", _parts(own["people_within"], 1))


def _parts(values: pd.Series[float], parts: int) -> NDArray[np.int64]:
    numbers = np.minimum(np.rint(np.asarray(values, dtype=np.float64) * parts), _MOST)
    return np.nan_to_num(numbers, nan=NEVER).astype(np.int64)


def _number(value: object) -> float | None:
    number = float(value)  # type: ignore[arg-type] # a cell of a column of numbers
    return round(number, _SHOWN) if np.isfinite(number) else None
