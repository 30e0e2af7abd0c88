"""How it is shown: the map page and the workbook, each from a study to a file.

Names are imported when they are first asked for, so that a message on the terminal does not
wait for the map's libraries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maps.page import study_page, write_page
    from maps.workbook import write_workbook

__all__ = ["study_page", "write_page", "write_workbook"]

_MODULES = {
    "study_page": "maps.page",
    "write_page": "maps.page",
    "write_workbook": "maps.workbook",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        message = f"module 'maps' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_MODULES[name]), name)
