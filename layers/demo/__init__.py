"""The simulated county that ships as the example: real names and totals, everything else drawn.

What draws it is imported when it is first asked for: to see that it is there takes none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.demo.made import is_noted, is_whole, note_county

if TYPE_CHECKING:
    from layers.demo.planner_folder import write_files

__all__ = ["is_noted", "is_whole", "note_county", "write_files"]


def __getattr__(name: str) -> object:
    if name != "write_files":
        message = f"module 'layers.demo' has no attribute {name!r}"
        raise AttributeError(message)
    from layers.demo.planner_folder import write_files  # noqa: PLC0415 - see above

    return write_files
