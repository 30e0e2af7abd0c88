"""The files a study was read from: names inside its folder, sizes, SHA-256."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from layers.folder import readable
from layers.study_area import InputFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

# What a file is read together with.
_LOG = "-wal"
"""What was saved last, as long as another program has a GeoPackage open; empty if nothing was."""
_PARTS = {
    ".gpkg": (".gpkg", f".gpkg{_LOG}"),
    ".shp": (".shp", ".shx", ".dbf", ".prj", ".cpg"),
    ".tif": (".tif", ".tfw", ".prj", ".tif.aux.xml", ".tif.msk", ".tif.ovr"),
    ".tiff": (".tiff", ".tfw", ".prj", ".tiff.aux.xml", ".tiff.msk", ".tiff.ovr"),
}


def input_files(paths: Iterable[Path], folder: Path) -> tuple[InputFile, ...]:
    """Describe every file read, with all its parts, sorted by name."""
    described = (_describe(path, folder) for path in _read_files(paths))
    return tuple(sorted(described, key=lambda file: file.name))


def input_bytes(paths: Iterable[Path]) -> int:
    """Give how many bytes the files read have, with all their parts."""
    return sum(path.stat().st_size for path in _read_files(paths))


def input_table(name: str, frame: gpd.GeoDataFrame) -> InputFile:
    """Describe what was read of a database, by its rows as text."""
    content = frame.to_wkb(hex=True).to_csv(index=False).encode()
    return InputFile(name, len(content), hashlib.sha256(content).hexdigest())


def _read_files(paths: Iterable[Path]) -> set[Path]:
    """Give the files that are there, of a folder those that are read, with all their parts."""
    files = (file for path in paths for file in (readable(path) if path.is_dir() else [path]))
    return {part for file in files for part in _parts(file) if part.is_file()}


def _parts(path: Path) -> list[Path]:
    """Give a file and those that belong to it; their suffixes may be in capitals."""
    suffixes = _PARTS.get(path.suffix.lower())
    if suffixes is None or not path.parent.is_dir():
        return [path]
    parts = {path.stem + suffix for suffix in suffixes}
    return [
        other
        for other in path.parent.iterdir()
        if other.name.startswith(path.stem)
        and path.stem + other.name[len(path.stem) :].lower() in parts
        and not (other.name.lower().endswith(_LOG) and not other.stat().st_size)
    ]


def _describe(path: Path, folder: Path) -> InputFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return InputFile(_name(path, folder), path.stat().st_size, digest)


def _name(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.name  # on another drive
