"""What the files of a folder were made of, noted in it, and whether they are still those files."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from layers.one_writer import files_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

OF_RESULTS = ".made.json"
"""The note of a folder of results."""


def note_files(
    note: Path,
    made_of: str,
    *,
    told: Mapping[str, Any] | None = None,
    clocked: Iterable[str] = (),
) -> None:
    """Note the SHA-256 of every file of the note's folder, what they were made of, what they tell.

    Of files with clock times in them (``clocked``, by name) it is noted only that they are there.
    """
    named = (file.as_posix() for file in files_in(note.parent))
    files = {
        name: _sha256(note.parent / name, read=name not in {*clocked})
        for name in named
        if name != note.name
    }
    content = json.dumps(_content(made_of, files, told or {}), ensure_ascii=False, indent=2)
    note.write_text(content + "\n", encoding="utf-8", newline="\n")


def noted(note: Path, made_of: str) -> Mapping[str, Any] | None:
    """Give what the files of a folder tell, if each is there as noted, made of just that; or None.

    Files beside them matter to nobody.
    """
    try:
        found = json.loads(note.read_text("utf-8"))
        files, told = dict(found["files"]), dict(found["told"])
        # Only of a note of just that the files are looked at: they may be large.
        stands = found == _content(made_of, files, told) and all(
            digest == _sha256(note.parent / name, read=digest is not None)
            for name, digest in files.items()
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None  # another program's, or nobody's
    return told if stands else None


def _content(
    made_of: str, files: Mapping[str, str | None], told: Mapping[str, Any]
) -> dict[str, Any]:
    """Give a note, under a seal: who changes a line of it has a note of something else."""
    sealed = json.dumps([made_of, files, told], ensure_ascii=False, sort_keys=True)
    return {"seal": hashlib.sha256(sealed.encode()).hexdigest(), "files": files, "told": told}


def _sha256(path: Path, *, read: bool) -> str | None:
    """Give the digest of a file, None of one that is there and not to be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if read else None
