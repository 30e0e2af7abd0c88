"""Whether a folder holds the simulated county as this very program would write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.made_of import made_by
from layers.noted import note_files, noted

if TYPE_CHECKING:
    from pathlib import Path

NOTE = "simulated.json"


def is_whole(folder: Path) -> bool:
    """Say whether every file is there, byte for byte as this program and its libraries made it."""
    return noted(folder / NOTE, made_by()) is not None


def is_noted(folder: Path) -> bool:
    """Say whether a folder says that it holds the simulated county; what it says may be old."""
    return (folder / NOTE).is_file()


def note_county(folder: Path) -> None:
    """Note by what the files in a folder were made, and the SHA-256 of each."""
    note_files(folder / NOTE, made_by())
