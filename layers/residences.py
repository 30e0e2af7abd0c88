"""Residences: each in a unit, said by the file or found by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.belonging import known_units
from layers.columns import filled
from layers.location import lying_in
from layers.units import check_cohorts

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.check import Findings


def finish_residences(
    residences: gpd.GeoDataFrame, units: gpd.GeoDataFrame | None, findings: Findings
) -> gpd.GeoDataFrame:
    """Find the unit of every residence; those that lie in none are left out, and told.

    ``units`` is None where they could not be read: then nothing is looked up.
    """
    check_cohorts(residences, findings)
    if units is None:
        return residences
    known_units(residences["unit_id"], units, findings)
    found = lying_in(residences.geometry, units, "unit_id")
    ids = filled(residences["unit_id"].where(residences["unit_id"].notna(), found))
    outside = int(ids.isna().sum())
    if outside:
        findings.tell("residence_in_no_unit", fatal=outside == len(ids), count=str(outside))
    return residences.assign(unit_id=ids)[ids.notna()]
