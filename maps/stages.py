"""What a run is doing: a bar on the terminal's stderr, and the log with its clock times."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from layers.catalogue import load_modes
from layers.vocabulary import Language, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import TaskID


class _Ear(logging.Handler):
    """Hears what geo has to say while a run goes on."""

    def __init__(self, hear: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a message on."""
        self._hear(record.getMessage())


class Stages:
    """Tells on stderr which stage a run is in, with a bar, and keeps the log of it."""

    def __init__(self, lang: Language, *, quiet: bool, verbose: bool) -> None:
        """Speak ``lang``; ``quiet`` shows no bar, ``verbose`` prints every line of the log."""
        self._lang, self._quiet, self._verbose = lang, quiet, verbose
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._lines: list[tuple[bool, str]] = []
        self._stage = ""
        self._began = time.perf_counter()
        self._ear = _Ear(lambda what: self._note(what, heard=True))

    def __enter__(self) -> Self:
        """Show the bar, and listen."""
        logging.getLogger("geo").addHandler(self._ear)
        if not self._quiet:
            console = Console(stderr=True)
            columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
            quiet = not console.is_terminal  # a file of progress bars helps nobody
            self._bar = Progress(*columns, console=console, transient=True, disable=quiet)
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take it away again, and listen no more."""
        logging.getLogger("geo").removeHandler(self._ear)
        self.close()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say that a stage begins."""
        if stage != self._stage:
            self._stage = stage
            self._note(stage_name(stage, self._lang))
        if self._bar is None:
            return
        if self._task is None:
            self._task = self._bar.add_task("", total=total)
        name = stage_name(stage, self._lang)
        self._bar.update(self._task, description=name, completed=done, total=total)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def log(self, *, notes: bool = True) -> str:
        """Give the log of the run: clock time, seconds since its start, what was done.

        Without ``notes`` what libraries had to say is left out: they may name files.
        """
        self._note("done")
        return "\n".join([*(line for heard, line in self._lines if notes or not heard), ""])

    def _note(self, what: str, *, heard: bool = False) -> None:
        clock = time.strftime("%Y-%m-%d %H:%M:%S")
        line = f"{clock}  {time.perf_counter() - self._began:8.2f} s  {what}"
        self._lines.append((heard, line))
        if self._verbose:
            print(line, file=sys.stderr)  # noqa: T201 - the log is asked for on the terminal


def stage_name(stage: str, lang: Language = "zh") -> str:
    """Name a stage; the search of a mode goes by the mode's name.

    >>> stage_name("walk", "en")
    'travel times (on foot)'
    """
    modes = load_modes()
    if stage in modes:
        return text("cli.stage.travel", lang, mode=modes[stage].name(lang))
    return text(f"cli.stage.{stage}", lang)
