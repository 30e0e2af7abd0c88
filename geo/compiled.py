"""Functions compiled by numba (extra ``fast``), kept on disk, that run side by side in threads.

Importing this raises ImportError where numba is not installed, and what is decorated RuntimeError
where there is no folder to keep the compiled code in.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_Function = TypeVar("_Function", bound="Callable[..., object]")
_Task = TypeVar("_Task")
_Desk = TypeVar("_Desk")
_Found = TypeVar("_Found")


def compiled(function: _Function) -> _Function:
    """Compile a function when it is first called, unless it was before."""
    return cast("_Function", numba.njit(cache=True, nogil=True)(function))


def written_in(function: _Function) -> _Function:
    """Compile a function into whatever calls it: for small pieces of an inner loop.

    Called, it would count references to every array of its arguments, which takes longer than
    what it does.
    """
    return cast("_Function", numba.njit(inline="always")(function))


def threads() -> int:
    """Give how many threads are of use: one for each processor."""
    return os.cpu_count() or 1


class Desks(Generic[_Desk]):
    """Desks to work on, each by one thread at a time; what was made once serves again."""

    def __init__(self, make: Callable[[], _Desk]) -> None:
        """Begin with none."""
        self._make = make
        self._free: list[_Desk] = []

    @contextmanager
    def one(self) -> Iterator[_Desk]:
        """Lend a desk, which is left as it was found; one that was left in a mess never again."""
        try:
            desk = self._free.pop()
        except IndexError:
            desk = self._make()
        yield desk
        self._free.append(desk)


def side_by_side(
    work: Callable[[_Task, _Desk], _Found], tasks: Sequence[_Task], desks: Desks[_Desk]
) -> Iterator[_Found]:
    """Do tasks in as many threads as are of use; what is found comes in the tasks' order."""

    def at_desk(task: _Task) -> _Found:
        with desks.one() as desk:
            return work(task, desk)

    if min(len(tasks), threads()) <= 1:
        yield from map(at_desk, tasks)
        return
    with ThreadPoolExecutor(min(len(tasks), threads())) as pool:
        yield from pool.map(at_desk, tasks)
