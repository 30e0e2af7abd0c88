"""One county of an overview: its areas, and by unit who reaches what within the county's limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.demand import demand
from layers.vocabulary import Reason
from maps.packed import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from geo.demand import Demand
    from layers.results_map import MappedResults

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Json = dict[str, Any]

COVERED, NOT_COVERED, UNKNOWN = 1, 0, -1
CIRCLE = "circle"


@dataclass(frozen=True)
class Reached:
    """What is known of every unit about one category, or the circle, in the order of the units.

    ``covered`` is COVERED, NOT_COVERED or UNKNOWN, ``milliseconds`` NEVER where not reached;
    ``people`` are those counted, ``within`` those of them who are covered, NaN where unknown.
    ``count`` are the categories of the circle that are reached, of one category 0.
    """

    covered: Ints
    milliseconds: Ints
    people: Floats
    within: Floats
    count: Ints


@dataclass(frozen=True)
class County:
    """A county as the overview carries it: where its results are, its record, its ``units``.

    ``found`` is by category id in the project's order, the circle last.

    ``basis`` is people or dwellings; ``cohorts`` says of each category whose share it is.
    """

    folder: Path
    record: Mapping[str, Any]
    units: gpd.GeoDataFrame
    found: dict[str, Reached]
    cohorts: dict[str, str]
    basis: str

    @property
    def categories(self) -> dict[str, Json]:
        """Give the settings of the county's categories by id."""
        settings: dict[str, Json] = self.record["settings"]["categories"]
        return settings


def county_of(results: MappedResults) -> County:
    """Give what an overview carries of one run."""
    rules = results.record["settings"]["rules"]
    people = demand(results.people, results.residences, known_share=rules["known_share"])
    ids = results.units["unit_id"]
    by_category = results.coverage.groupby("category", sort=False)
    settings = results.record["settings"]["categories"]
    found = {str(name): _of_category(rows, ids) for name, rows in by_category}
    cohorts = {
        name: each["cohort"] if people.frame[each["cohort"]].notna().any() else "people"
        for name, each in settings.items()
    }
    return County(
        folder=results.folder,
        record=results.record,
        units=results.units,
        found=found | {CIRCLE: _of_circle(results, people, ids)},
        cohorts=cohorts | {CIRCLE: "people"},
        basis=people.basis,
    )


def _of_category(rows: pd.DataFrame, ids: pd.Series[str]) -> Reached:
    of_unit = rows.set_index("unit_id").reindex(ids)
    unknown = of_unit["covered"].isna() | (of_unit["reason"] == Reason.NO_DATA)
    covered = of_unit["covered"].astype("boolean").fillna(value=False).to_numpy(dtype=np.int64)
    minutes = of_unit["minutes"].to_numpy(dtype=np.float64)
    return Reached(
        covered=np.where(unknown, UNKNOWN, covered),
        milliseconds=np.where(np.isnan(minutes), NEVER, np.rint(np.nan_to_num(minutes) * 60_000)),
        people=of_unit["people"].to_numpy(dtype=np.float64),
        within=of_unit["people_covered"].to_numpy(dtype=np.float64),
        count=np.zeros(len(ids), dtype=np.int64),
    )


def _of_circle(results: MappedResults, people: Demand, ids: pd.Series[str]) -> Reached:
    """Give the circle by its longest limit: whole units, and everybody whose home has it whole."""
    rows = results.circles[
        results.circles["limit_minutes"] == results.circles["limit_minutes"].max()
    ]
    units = rows[rows["level"] == "unit"].set_index("place_id").reindex(ids)
    homes = rows[rows["level"] == "residence"].set_index("place_id")
    homes = homes.reindex(people.frame["residence_id"])
    whole = (homes["reached"] == homes["of"]).to_numpy() & (homes["of"] > 0).to_numpy()
    # The units of the two frames may be in another order.
    row = results.people["unit_id"].reset_index(drop=True)
    order = row.reset_index().set_index("unit_id")["index"].reindex(ids).to_numpy()
    weight = people.weight()
    placed = ids.isin(people.frame["unit_id"]).to_numpy(dtype=bool)
    complete = (units["reached"] == units["of"]).to_numpy() & (units["of"] > 0).to_numpy()
    # What is neither reached nor missing is unknown.
    known = complete | units["missing"].fillna("").ne("").to_numpy()
    return Reached(
        covered=np.where(placed & known, complete, UNKNOWN).astype(np.int64),
        milliseconds=np.full(len(ids), NEVER),
        people=people.of_units(weight)[order],
        within=people.of_units(np.where(whole, weight, 0.0))[order],
        count=units["reached"].fillna(0).to_numpy(dtype=np.int64),
    )
