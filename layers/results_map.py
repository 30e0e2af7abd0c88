"""What a map of many results needs of each: its units with their areas, and who reaches what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyogrio

from layers.errors import LayerError, Problem
from layers.results import readable_results
from layers.vocabulary import COHORTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

UNITS = ["unit_id", "name", "township_id", "township", "urban", "derived"]
COVERAGE = ["unit_id", "category", "mode", "minutes", "people", "people_covered"]
COVERAGE += ["covered", "reason"]
PEOPLE = list(COHORTS)
CIRCLES = ["level", "place_id", "limit_minutes", "reached", "of", "missing"]


@dataclass(frozen=True)
class MappedResults:
    """One run as a map of many shows it.

    ``units`` are areas (cells where a unit is known as a point), ``people`` the same units as the
    run had them and ``residences`` its homes, both with cohorts alone; ``coverage`` has the rows of
    categories by their own limits, ``circles`` those of every place.
    """

    folder: Path
    record: Mapping[str, Any]
    units: gpd.GeoDataFrame
    people: gpd.GeoDataFrame
    residences: gpd.GeoDataFrame
    coverage: pd.DataFrame
    circles: pd.DataFrame


def read_mapped_results(folder: Path) -> MappedResults:
    """Read run.json and a few columns of results.gpkg.

    Raises what ``readable_results`` raises, and LayerError where they are public: the homes that
    figures by mode are counted from are not in them.
    """
    with readable_results(folder) as (record, gpkg):
        if record.get("profile") == "public":
            raise LayerError(Problem(folder.name, "results_public"))
        _ = record["study"], record["settings"]["categories"]
        return MappedResults(
            folder=folder,
            record=record,
            units=_read(gpkg, "unit_services", UNITS),
            people=_read(gpkg, "units", ["unit_id", *PEOPLE]),
            residences=_read(gpkg, "residences", ["residence_id", "unit_id", *PEOPLE]),
            coverage=_read(
                gpkg, "coverage", COVERAGE, where="indicator = category", geometry=False
            ),
            circles=_read(gpkg, "circles", CIRCLES, geometry=False),
        )


def _read(
    gpkg: Path, layer: str, columns: list[str], *, where: str | None = None, geometry: bool = True
) -> Any:  # noqa: ANN401 - a frame, with a geometry or not
    found = pyogrio.read_dataframe(
        gpkg, layer=layer, columns=columns, where=where, read_geometry=geometry
    )
    return found[[*columns, "geometry"] if geometry else columns]
