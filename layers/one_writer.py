"""One program at a time writes into a folder of results; what a killed one left is put in order.

The system holds the lock and lets go of it when its program ends, however it ends, so that none
is ever left behind. Where a disk knows no locks (some network drives), nobody is kept out.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from layers.errors import LayerError, Problem
from layers.vocabulary import text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORK = ".livingcircle"
NEW, OLD = "new", "old"
NOTE = "INCOMPLETE.txt"
"""Stands beside the results for the moment in which they are replaced, for whoever looks."""
PATIENCE_SECONDS = 120.0  # another run writes for seconds; it is waited for
_LOCK, _MOVING = "lock", "moving"
_BETWEEN = 0.1  # seconds from one try to the next


@contextmanager
def working_folder(out: Path) -> Iterator[Path]:
    """Give a folder in ``out`` with an empty ``new`` in it, nobody else's until the end.

    Raises LayerError (output_busy) where another program keeps writing, OSError.
    """
    work = out / WORK
    lock = _locked(work)
    try:
        _tidy(work, out)
        (work / NEW).mkdir()
        yield work
    finally:
        for part in (NEW, OLD):
            shutil.rmtree(work / part, ignore_errors=True)
        if sys.platform == "win32":
            lock.close()  # an open file cannot be deleted there; another's stays for that reason
        with suppress(OSError):
            (work / _LOCK).unlink()
            work.rmdir()
        lock.close()


@contextmanager
def moving(work: Path, out: Path) -> Iterator[None]:
    """Say that files move from ``work`` into ``out`` while they do; a kill leaves it said."""
    (work / _MOVING).touch()
    (out / NOTE).write_text(f"{text('cli.moving', 'zh')}\n{text('cli.moving', 'en')}\n", "utf-8")
    try:
        yield
    finally:
        _moved(work, out)


def is_incomplete(out: Path) -> bool:
    """Say whether a program was killed while it replaced the results in ``out``."""
    return (out / WORK / _MOVING).exists()


def files_in(folder: Path) -> list[Path]:
    """Give every file of a folder by its path within it, sorted."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _tidy(work: Path, out: Path) -> None:
    """Move in what a killed program had all written and only partly moved; drop the rest."""
    if (work / _MOVING).exists():
        for file in files_in(work / NEW):
            (out / file).parent.mkdir(parents=True, exist_ok=True)
            (work / NEW / file).replace(out / file)
        _moved(work, out)
    for part in (NEW, OLD):
        shutil.rmtree(work / part, ignore_errors=True)


def _moved(work: Path, out: Path) -> None:
    (out / NOTE).unlink(missing_ok=True)
    (work / _MOVING).unlink(missing_ok=True)


def _locked(work: Path) -> BinaryIO:
    """Give the open file that holds the lock, as soon as nobody else has it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        with suppress(FileNotFoundError):  # whoever had it just took it away
            work.mkdir(exist_ok=True)
            file = (work / _LOCK).open("ab")
            if _has(file) and os.path.samestat(os.fstat(file.fileno()), (work / _LOCK).stat()):
                return file
            file.close()
        if time.monotonic() > end:
            raise LayerError(Problem(work.parent.name, "output_busy"))
        time.sleep(_BETWEEN)


if sys.platform == "win32":
    import msvcrt

    def _has(file: BinaryIO) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _has(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # this disk knows no locks
        return True
