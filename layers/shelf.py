"""A shelf on disk for what takes long to make and is made alike again: arrays by key.

Nothing on it is needed. Whatever goes wrong (nobody may write there, the disk is full, a file is
damaged or of another program), it is as if nothing had been kept.
"""

from __future__ import annotations

import os
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage
from tempfile import mkstemp
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.made_of import key_of, made_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    Arrays = Mapping[str, NDArray[Any]]

PLACE = "LIVINGCIRCLE_CACHE"
"""The environment variable that says where the user's shelf stands, or ``off``."""
_KEY = "kept under"  # a file that was given another's name is not taken for it
_PREFIX = "kept-"


@dataclass(frozen=True)
class Shelf:
    """Arrays in files of one folder, each by a key and by the program that made it.

    Its files take up ``room`` bytes at most; those used longest ago go first. By default there is
    room for all networks of a study of 1.8 million vertices, some 100 bytes each: two modes, each
    once more with streets left out. What lies in the folder beside its own files stays.
    """

    folder: Path
    room: int = 1 << 30

    def find(self, key: str) -> dict[str, NDArray[Any]] | None:
        """Give what was kept under a key; None where nothing was, or it is damaged."""
        name = _name(key)
        path = self.folder / name
        try:
            with warnings.catch_warnings(action="ignore"):
                found = _read(path)
            if found.pop(_KEY) != name:
                return None
        except Exception:  # noqa: BLE001 - there is no end to what a damaged file may raise
            return None
        with suppress(OSError):
            os.utime(path)
        return found

    def keep(self, key: str, arrays: Arrays) -> None:
        """Keep arrays, none of them of Python objects, under a key if that can be done."""
        if sum(each.nbytes for each in arrays.values()) < self.room:
            # ValueError: an archive cannot tell a time before 1980, to which some clocks are set.
            with suppress(OSError, ValueError):
                self._write(_name(key), arrays)
            with suppress(OSError):
                self._make_room()

    def _write(self, name: str, arrays: Arrays) -> None:
        """Write beside, then put in place: nobody ever sees a part of a file."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if disk_usage(self.folder).free < self.room:
            return  # the last of a disk is for results
        named: dict[str, Any] = {_KEY: np.array(name), **arrays}
        opened, half = mkstemp(prefix=_PREFIX, dir=self.folder)
        try:
            with os.fdopen(opened, "wb") as file:
                np.savez(file, **named)
            Path(half).replace(self.folder / name)
        finally:
            with suppress(OSError):  # it is in place
                Path(half).unlink()

    def _make_room(self) -> None:
        """Take away what was used longest ago; halves of files that nobody finished are so, too."""
        taken = 0
        for _, size, path in sorted(self._files(), reverse=True):
            taken += size
            if taken > self.room:
                with suppress(OSError):  # gone already, or on Windows being read
                    path.unlink()

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """Give when each file was last used, its size and its path."""
        for path in self.folder.glob(f"{_PREFIX}*"):
            with suppress(OSError):
                told = path.stat()
                yield told.st_mtime_ns, told.st_size, path


def _read(path: Path) -> dict[str, NDArray[Any]]:
    """Read arrays, every one whole by its checksum, and no Python objects."""
    # Opened here: of a damaged file numpy leaves the one open that it opened itself.
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def users_shelf() -> Shelf | None:
    """Give the shelf of whoever runs the program, None where they want none or have no folder."""
    said = os.environ.get(PLACE, "").strip()
    if said.lower() == "off":
        return None
    try:
        folder = Path(said).expanduser() if said else _cache_folder()
    except RuntimeError:  # nobody's home
        return None
    return Shelf(folder / "networks")


def _cache_folder() -> Path:
    """Give the folder where Windows, else where Linux, wants a program to keep what it may lose."""
    theirs = (Path(os.environ.get(each, "")) for each in ("LOCALAPPDATA", "XDG_CACHE_HOME"))
    given = next((each for each in theirs if each.is_absolute()), None)
    return (given or Path.home() / ".cache") / "livingcircle"


def _name(key: str) -> str:
    return f"{_PREFIX}{key_of(key, made_by())}.npz"
