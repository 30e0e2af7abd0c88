"""By what something is known that was made: by its parts, and by the program that made it."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from layers.record import versions

if TYPE_CHECKING:
    from collections.abc import Iterable

_PACKAGES = ("geo", "layers", "maps")


def key_of(*parts: object) -> str:
    """Give what something is known by that was made of these parts, and of this program."""
    told = "\n".join([program_digest(), *map(str, parts)])
    return hashlib.sha256(told.encode()).hexdigest()


@cache
def made_by() -> str:
    """Give what the program with its data, its libraries and this machine are known by."""
    return key_of(sorted(versions().items()), platform.platform())


def digest_of(paths: Iterable[Path]) -> str:
    """Give the digest of files, and of all files in folders, by name and content."""
    every = sorted(
        file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))
    )
    digest = hashlib.sha256()
    for file in every:
        if file.is_file():
            digest.update(file.name.encode())
            with file.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()


@cache
def program_digest() -> str:
    """Give the digest of the program itself, of all its files: another may tell something else."""
    # Found, not imported: geo alone would take half a second.
    specs = [spec for spec in map(find_spec, _PACKAGES) if spec]
    roots = [Path(root) for spec in specs for root in spec.submodule_search_locations or ()]
    every = (file for root in roots for file in root.rglob("*") if file.is_file())
    return digest_of(file for file in every if file.parent.name != "__pycache__")
