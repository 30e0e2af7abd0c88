"""A study as everybody may see it: by unit and area, with no home in it and no small count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from layers.schema import FACILITIES, TOWNSHIPS
from layers.vocabulary import MILLISECONDS_PER_MINUTE
from maps.public_counts import public_coverage, public_units
from maps.public_scorecard import public_scorecard

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geo.study import Study
    from layers.frame_schema import FrameSchema

FRAMES = (
    "units",
    "townships",
    "facilities",
    "unit_services",
    "circles",
    "coverage",
    "gaps",
    "scorecard",
    "sensitivity",
    "areas",
)
"""The tables of results.gpkg that are for everybody."""

_STEP_MS, _STEP_METRES = 30_000, 50.0
_PRIVATE = ("supply", "facility_load", "supply_areas", "equity", "lorenz", "facility_access")


def public_study(study: Study) -> Study:
    """Give a study, assessed from public premises, without homes and without small counts.

    A unit stands for its homes by a point of its own. Times are rounded up to half a minute and
    ways to 50 m, since several exact ones would tell where the home is whose time is the unit's.
    """
    units, marks = public_units(study.area.units)
    area = replace(
        study.area,
        units=units,
        townships=_columns(study.area.townships, TOWNSHIPS),
        facilities=_columns(study.area.facilities, FACILITIES),
        residences=study.area.residences.iloc[:0],
        registers=None,
    )
    coverage, gaps, withheld = public_coverage(study, marks)
    unit_times = _rounded(study.unit_times).assign(
        residence_id="unit:" + study.unit_times["unit_id"]
    )
    flipped = study.sensitivity["covered"] != study.sensitivity["covered_then"]
    kept = ["unit_id", "indicator", "scenario", "covered", "covered_then"]
    empty: Mapping[str, pd.DataFrame] = {name: getattr(study, name).iloc[:0] for name in _PRIVATE}
    return replace(
        study,
        area=area,
        places=_places(study, units),
        times=unit_times.drop(columns="unit_id"),
        unit_times=unit_times,
        circles=study.circles[study.circles["level"] == "unit"].reset_index(drop=True),
        coverage=_rounded(coverage),
        gaps=_rounded(gaps),
        scorecard=public_scorecard(study, marks, withheld),
        sensitivity=study.sensitivity.loc[flipped, kept].reset_index(drop=True),
        areas=study.areas[study.areas["kind"] == "service-area"].reset_index(drop=True),
        measured={},
        **empty,  # type: ignore[arg-type] # frames of the study's own
    )


def _columns(frame: gpd.GeoDataFrame, schema: FrameSchema) -> gpd.GeoDataFrame:
    """Give a layer with the columns of its schema alone: what ledgers add is internal."""
    names = [column.name for column in schema.columns if column.name in frame]
    return frame[[*names, frame.active_geometry_name]]


def _rounded(rows: pd.DataFrame) -> pd.DataFrame:
    """Round times and ways up, so that nothing shown within a limit lies beyond it."""
    ms = np.ceil((rows["minutes"] * MILLISECONDS_PER_MINUTE).round() / _STEP_MS) * _STEP_MS
    metres = np.ceil(rows["metres"] / _STEP_METRES) * _STEP_METRES
    found = rows.assign(minutes=ms / MILLISECONDS_PER_MINUTE, metres=metres)
    if "milliseconds" in rows:
        found = found.assign(milliseconds=ms.astype("int64"))
    return found


def _places(study: Study, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give one place per unit and mode, off the network where all of its homes are."""
    off = study.places["status"].eq("off_network")
    keys = [study.places["mode"], study.places["unit_id"]]
    rows = off.groupby(keys, sort=False).all().rename("off").reset_index()
    points = units.set_index("unit_id").geometry.representative_point()
    return gpd.GeoDataFrame(
        {
            "residence_id": "unit:" + rows["unit_id"],
            "unit_id": rows["unit_id"],
            "stands_in": True,
            "mode": rows["mode"],
            "status": np.where(rows["off"], "off_network", "joined"),
            "access_metres": np.nan,
        },
        geometry=points.reindex(rows["unit_id"]).to_numpy(),
        crs=units.crs,
    )
