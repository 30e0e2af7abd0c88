"""Chosen sites as a what-if plan, which ``run --plan`` and the map page read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.plan import CENTIMETRES, Addition, Plan

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.project import Project
    from layers.question import SiteQuestion


def plan_of_sites(
    project: Project, question: SiteQuestion, sites: gpd.GeoDataFrame, closed: tuple[str, ...] = ()
) -> Plan:
    """Give the plan that builds sites and closes facilities; columns are those of a SitePlan.

    Sites where an existing facility stays are no additions.
    """
    new = sites[sites["facility_id"].isna()] if "facility_id" in sites else sites
    added = tuple(
        Addition(
            facility_id=f"{question.id}-{site.rank}" + ("" if len(uses) == 1 else f"-{category}"),
            name=f"{site.name}{project.categories[category].name_zh}",
            category=category,
            x_cm=round(site.geometry.x * CENTIMETRES),
            y_cm=round(site.geometry.y * CENTIMETRES),
            capacity=None if pd.isna(site.capacity) else float(site.capacity),
            year=None if pd.isna(site.year) else int(site.year),
        )
        for site in new.itertuples(index=False)
        for uses in [site.uses.split(";")]
        for category in uses
    )
    return Plan(question.id, project.name, project.crs, added, closed)
