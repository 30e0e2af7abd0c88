"""Shapefiles in a .zip, as Windows packs them: their names may be in GBK."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_JUNK = ("__MACOSX/", "._")  # what a Mac adds


def zipped_shapefiles(path: Path) -> dict[str, list[str]]:
    """Give the shapefiles of an archive, sorted: their names and the members each is made of.

    A shapefile goes by the name of its .shp; by its whole path where two are called alike.
    """
    with _opened(path) as archive:
        members = [PurePosixPath(name) for name in archive.namelist() if not _is_junk(name)]
    found = sorted(member for member in members if member.suffix.lower() == ".shp")
    stems = [member.stem for member in found]
    return {
        (each.stem if stems.count(each.stem) == 1 else str(each.with_suffix(""))): [
            str(member) for member in members if member.with_suffix("") == each.with_suffix("")
        ]
        for each in found
    }


def unzip(path: Path, members: Sequence[str], folder: Path) -> Path:
    """Unpack the members of one shapefile, without their folders, and give its .shp."""
    with _opened(path) as archive:
        for member in members:
            (folder / PurePosixPath(member).name).write_bytes(archive.read(member))
    return next(file for file in folder.iterdir() if file.suffix.lower() == ".shp")


def _opened(path: Path) -> zipfile.ZipFile:
    """Open an archive; names not marked as UTF-8 are GBK, or else those of DOS."""
    try:
        return zipfile.ZipFile(path, metadata_encoding="gb18030")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _is_junk(name: str) -> bool:
    return name.startswith(_JUNK) or PurePosixPath(name).name.startswith(_JUNK)
