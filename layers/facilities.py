"""Facilities: their category known, their unit known or found by place, whom they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.belonging import catalogue_ids, in_units, unit_lists

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from layers.check import Findings
    from layers.project import Category, ListedCategory


def finish_facilities(
    facilities: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame | None,
    categories: Mapping[str, Category | ListedCategory],
    findings: Findings,
) -> gpd.GeoDataFrame:
    """Check categories and units, find units by place, and tell points that are there twice.

    ``units`` is None where they could not be read: then only categories are checked. A ledger
    row has no point and stays.
    """
    facilities = facilities.assign(
        category=catalogue_ids(
            facilities["category"], categories, findings, code="unknown_category"
        ),
        serves=unit_lists(facilities["serves"]),
    )
    _tell_doubles(facilities, findings)
    return facilities if units is None else in_units(facilities, units, findings)


def _tell_doubles(facilities: gpd.GeoDataFrame, findings: Findings) -> None:
    placed = facilities[facilities.geometry.notna()]
    point = placed.geometry.to_wkb()
    double = pd.DataFrame({"category": placed["category"], "point": point}).duplicated()
    names = placed["name"].where(placed["name"].notna(), placed["facility_id"])
    findings.tell_rows("double_facility", names[double], column="geometry", fatal=False)
