"""Whether a folder holds the simulated county as this very program would write it."""

from __future__ import annotations

import json
import platform
from functools import cache
from typing import TYPE_CHECKING

from layers.inputs import input_files
from layers.kept_area import key_of
from layers.record import versions

if TYPE_CHECKING:
    from pathlib import Path

NOTE = "simulated.json"


def is_whole(folder: Path) -> bool:
    """Say whether every file is there, byte for byte as this program and its libraries made it."""
    path = folder / NOTE
    try:
        noted = json.loads(path.read_text("utf-8"))
        names = list(noted["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return False  # another program's folder, or nobody's
    return bool(noted == _note(folder, names))


def is_noted(folder: Path) -> bool:
    """Say whether a folder says that it holds the simulated county; what it says may be old."""
    return (folder / NOTE).is_file()


def note_files(folder: Path) -> None:
    """Note by what the files in a folder were made, and the SHA-256 of each."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    told = json.dumps(_note(folder, names), ensure_ascii=False, indent=2)
    (folder / NOTE).write_text(told + "\n", encoding="utf-8", newline="\n")


@cache
def made_by() -> str:
    """Give what the program with its data, its libraries and this machine are known by."""
    return key_of(sorted(versions().items()), platform.platform())


def _note(folder: Path, names: list[str]) -> dict[str, object]:
    """Give what is noted: by what it was made, and files by name."""
    found = input_files([folder / name for name in names], folder)
    return {
        "made_by": made_by(),
        "files": {file.name: file.sha256 for file in found},
    }
