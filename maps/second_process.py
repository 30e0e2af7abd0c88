"""A second process of this program, which does some of the work while this one goes on.

Areas are drawn while indicators are counted, the office files are written while the map is drawn:
none waits for the other, and on two processors the second does a part of a run that is a third of
its time. Nothing depends on it: where it does not end well, the same work is done here, and fails
here with its reason if it must.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import contextmanager, suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Found = TypeVar("Found")

MANY_BYTES = 2_000_000
"""From so many in its files on a study is long enough at work for another process to save time."""
_WORK = "from maps.second_process import serve; serve()"
_APART = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(
    subprocess, "CREATE_NO_WINDOW", 0
)
"""How Windows is told to start it; nothing elsewhere."""


class SecondProcess:
    """Another process of this program, which does what it is handed; or else nobody."""

    def __init__(self, process: subprocess.Popen[bytes] | None = None) -> None:
        """Take a process that runs ``serve``."""
        self._process = process
        self._busy = False

    def begin(self, work: Callable[..., Found], *arguments: Any) -> Callable[[], Found]:  # noqa: ANN401 - those of the work
        """Begin work, and give what tells its outcome; it is done here, then, where nobody is free.

        Work, arguments and outcome travel by pickle.
        """
        if self._process is None or self._busy:
            return partial(work, *arguments)
        self._busy = True
        letter = pickle.dumps((work, arguments), protocol=pickle.HIGHEST_PROTOCOL)
        # A pipe holds little, and the other process may still be coming up.
        Thread(target=_send, args=(self._process, letter), daemon=True).start()
        return partial(self._outcome, work, *arguments)

    @contextmanager
    def during(self, work: Callable[..., object], *arguments: Any) -> Iterator[None]:  # noqa: ANN401 - those of the work
        """Do work while the block goes on: at its end it is done.

        Where the block fails nobody is at it any more when its error goes on.
        """
        try:
            done = self.begin(work, *arguments)
            yield
            done()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Send the other process away, done or not."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what nobody has read
                    pipe.close()

    def _outcome(self, work: Callable[..., Found], *arguments: Any) -> Found:  # noqa: ANN401 - those of the work
        """Wait for an outcome; where none comes, do the work here."""
        if self._process is not None and self._process.stdout is not None:
            with suppress(EOFError, OSError, pickle.UnpicklingError):
                found: Found = pickle.load(self._process.stdout)  # noqa: S301 - from this very program
                self._busy = False
                return found
        self.stop()
        return work(*arguments)


@contextmanager
def second_process(size: int) -> Iterator[SecondProcess]:
    """Give one for a study of so many bytes; it is gone when the block ends, done or not.

    It comes up while the study is read.
    """
    if size < MANY_BYTES or (os.cpu_count() or 1) == 1:
        yield SecondProcess()
        return
    process = subprocess.Popen(  # noqa: S603 - this very program
        [sys.executable, "-P", "-c", _WORK],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Not of our group, where an interruption would reach it too: it ends when we end it.
        start_new_session=True,
        creationflags=_APART,
    )
    second = SecondProcess(process)
    try:
        yield second
    finally:
        second.stop()


def serve() -> None:
    """Do the work that comes in, piece by piece, until whoever called has gone."""
    replies, sys.stdout = sys.stdout.buffer, sys.stderr
    with suppress(EOFError):
        while True:
            work, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - from this very program
            pickle.dump(work(*arguments), replies, protocol=pickle.HIGHEST_PROTOCOL)
            replies.flush()


def _send(process: subprocess.Popen[bytes], letter: bytes) -> None:
    """Hand a letter over; one that nobody takes is told by the outcome that does not come."""
    with suppress(OSError, ValueError):
        if process.stdin is not None:
            process.stdin.write(letter)
            process.stdin.flush()
