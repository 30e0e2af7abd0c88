"""Keeps off standard output what a compiled library prints by itself.

HiGHS prints a line of its own on one way through its whole-number solver, whatever its options say
(reported there as "The log displays a meaningless string"). It goes to the file of the process,
past Python's ``sys.stdout``, so the file is turned away while the library runs.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STDOUT = 1


@contextmanager
def quiet_library() -> Iterator[None]:
    """Turn standard output away; where a process has none, nothing need be done."""
    try:
        kept = os.dup(_STDOUT)
    except OSError:
        yield
        return
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDOUT)
    try:
        yield
    finally:
        _flush_library()
        os.dup2(kept, _STDOUT)
        os.close(kept)
        os.close(nowhere)


def _flush_library() -> None:
    """Empty the buffers of C, or the line would come out later."""
    name = "ucrtbase" if sys.platform == "win32" else None
    with suppress(OSError, AttributeError):
        ctypes.CDLL(name).fflush(None)
