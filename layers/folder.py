"""A folder as one layer: all files in it of one kind, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.read import reader_of

if TYPE_CHECKING:
    from pathlib import Path

    from layers.check import Findings

_NOT_DATA = (".", "~$")  # hidden files, and what Excel leaves beside an open workbook


def files_of(folder: Path, findings: Findings) -> list[Path]:
    """Give the files of a folder that is one layer, sorted by name.

    Raises LayerError where there are none, or of several kinds.
    """
    files = readable(folder)
    if not files:
        findings.refuse("empty_folder", value=folder.name)
    if len({reader_of(file) for file in files}) > 1:
        kinds = "、".join(sorted({file.suffix.lower() for file in files}))
        findings.refuse("mixed_folder", value=folder.name, kinds=kinds)
    return files


def readable(folder: Path) -> list[Path]:
    """Give the files of a folder that can be read, sorted by name; what else is there is left."""
    return sorted(
        file
        for file in folder.iterdir()
        if file.is_file() and reader_of(file) and not file.name.startswith(_NOT_DATA)
    )
