"""A second process of this program, which does some of the work while this one goes on.

Areas are drawn while indicators are counted, the office files are written while the map is drawn:
none waits for the other, and on two processors the second does a part of a run that is a third of
its time. Nothing depends on it: where it does not end well, the same work is done here, and fails
here with its reason if it must.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    Found = TypeVar("Found")

MANY_BYTES = 2_000_000
"""From so many in its files on a study is long enough at work for another process to save time."""
_WORK = "from maps.second_process import serve; serve{}"
_APART = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(
    subprocess, "CREATE_NO_WINDOW", 0
)
"""How Windows is told to start it; nothing elsewhere."""


class SecondProcess:
    """Another process of this program, which does what it is handed; or else nobody."""

    def __init__(self, process: subprocess.Popen[bytes] | None = None) -> None:
        """Take a process that runs ``serve``."""
        self._process = process
        # Letters go out and come back beside whatever this process does: a pipe holds little.
        self._courier = ThreadPoolExecutor(1)
        self._last: Future[Any] | None = None

    def begin(self, work: Callable[..., Found], *arguments: Any) -> Callable[[], Found]:  # noqa: ANN401 - those of the work
        """Begin work, and give what tells its outcome; one piece is done after another.

        A piece that is asked for before its turn is done here, and then, and so is all where
        there is nobody. Work, arguments and outcome travel by pickle.
        """
        if self._process is None:
            return partial(work, *arguments)
        letter = pickle.dumps((work, arguments), protocol=pickle.HIGHEST_PROTOCOL)
        before, self._last = self._last, self._courier.submit(_exchange, self._process, letter)
        return partial(self._outcome, before, self._last, partial(work, *arguments))

    def make_ready(self, *modules: str) -> None:
        """Have modules imported that later work will need."""
        self.begin(_import_all, *modules)

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
        self._courier.shutdown()  # what waits for its turn finds nobody, at once
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what nobody has read
                    pipe.close()

    def _outcome(
        self, before: Future[Any] | None, sent: Future[Found], work: Callable[[], Found]
    ) -> Found:
        """Wait for an outcome; do the work here where its turn has not come, or none comes."""
        waits = before is not None and not before.done()
        if not (waits and sent.cancel()):
            with suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
                return sent.result()
            self.stop()
        return work()


@contextmanager
def second_process(size: int) -> Iterator[SecondProcess]:
    """Give one for a study of so many bytes; it is gone when the block ends, done or not.

    It comes up while the study is read.
    """
    if size < MANY_BYTES or (os.cpu_count() or 1) == 1:
        yield SecondProcess()
        return
    process = subprocess.Popen(  # noqa: S603 - this very program
        [sys.executable, "-P", "-c", _WORK.format(gc.get_threshold())],
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


def serve(*seldom: int) -> None:
    """Do the work that comes in, piece by piece, until whoever called has gone.

    Cells are looked for that nobody holds as ``seldom`` as the caller does.
    """
    gc.set_threshold(*seldom)
    replies, sys.stdout = sys.stdout.buffer, sys.stderr
    with suppress(EOFError):
        while True:
            work, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - from this very program
            pickle.dump(work(*arguments), replies, protocol=pickle.HIGHEST_PROTOCOL)
            replies.flush()


def _import_all(*modules: str) -> None:
    for module in modules:
        import_module(module)


def _exchange(process: subprocess.Popen[bytes], letter: bytes) -> Any:  # noqa: ANN401 - that of the work
    """Hand a letter over and wait for the answer; EOFError where nobody gives any."""
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(letter)
    process.stdin.flush()
    return pickle.load(process.stdout)  # noqa: S301 - from this very program
