"""How it is shown: map page, workbook, report and GIS layers, each from a study to a file.

Names are imported when they are first asked for, so that a message on the terminal does not
wait for the map's libraries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maps.comparison import comparison_lines, write_comparison
    from maps.comparison_page import write_comparison_page
    from maps.fonts import find_font
    from maps.gis import gis_frames
    from maps.page import study_page, write_page
    from maps.report import write_report
    from maps.sites_workbook import write_sites
    from maps.workbook import write_workbook

__all__ = [
    "comparison_lines",
    "find_font",
    "gis_frames",
    "study_page",
    "write_comparison",
    "write_comparison_page",
    "write_page",
    "write_report",
    "write_sites",
    "write_workbook",
]

_MODULES = {
    "write_report": "maps.report",
    "find_font": "maps.fonts",
    "gis_frames": "maps.gis",
    "write_comparison": "maps.comparison",
    "comparison_lines": "maps.comparison",
    "write_comparison_page": "maps.comparison_page",
    "study_page": "maps.page",
    "write_page": "maps.page",
    "write_sites": "maps.sites_workbook",
    "write_workbook": "maps.workbook",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        message = f"module 'maps' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_MODULES[name]), name)
