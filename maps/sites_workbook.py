"""The workbook of a siting plan: sites.xlsx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.sheets_sites import site_sheets
from maps.workbook import write_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from geo.site_plan import SitePlan
    from layers.project import Project
    from layers.vocabulary import Language


def write_sites(plan: SitePlan, project: Project, path: Path, *, lang: Language = "zh") -> Path:
    """Write the sites, whom they serve, before and after and the curve as one workbook.

    The same plan gives the same bytes. Raises LayerError where the file cannot be written.
    """
    sheets = site_sheets(plan, project, lang)
    return write_sheets(sheets, path, study=project.name, simulated=project.simulated, lang=lang)
