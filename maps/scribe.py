"""The workbook and the report, written by another process while this one draws the map.

All are made of the same study and none waits for another; on two processors the second one does
half of the writing. Nothing depends on it: where the other process does not end well, the same
work is done here, and fails here with its reason if it must.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from maps.fonts import find_font
from maps.report import write_report
from maps.workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geo.site_plan import SitePlan
    from geo.study import Study
    from layers.vocabulary import Language

MANY_PLACES = 2_000
"""From so many on another process saves more seconds than it takes to come up."""
_WORK = "from maps.scribe import serve; serve()"
_APART = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(
    subprocess, "CREATE_NO_WINDOW", 0
)
"""How Windows is told to start it; nothing elsewhere."""


@dataclass(frozen=True)
class Papers:
    """What the office files of a run are written from, and the folder they are written into."""

    study: Study
    plans: Sequence[SitePlan]
    folder: Path
    lang: Language
    font: Path | None = None

    def write(self) -> None:
        """Write report.xlsx and report.docx."""
        write_workbook(self.study, self.folder / "report.xlsx", lang=self.lang, plans=self.plans)
        font = find_font(self.font)
        write_report(self.study, self.folder / "report.docx", font=font, lang=self.lang)


class Scribe:
    """Another process of this program, which writes what it is handed; or else nobody."""

    def __init__(self, process: subprocess.Popen[bytes] | None = None) -> None:
        """Take a process that runs ``serve``."""
        self._process = process

    @contextmanager
    def writing(self, papers: Papers) -> Iterator[None]:
        """Write papers while the block goes on: at its end they are there.

        Where the block fails nobody is writing any more when its error goes on.
        """
        try:
            self._take(papers)
            yield
            if self._process is None or self._process.wait() != 0:
                papers.write()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Send the other process away, done or not."""
        if self._process is not None:
            self._process.kill()
            with suppress(OSError):
                self._process.communicate()

    def _take(self, papers: Papers) -> None:
        if self._process is None or self._process.stdin is None:
            return
        told = replace(papers, study=_on_paper(papers.study))
        with suppress(OSError), self._process.stdin as pipe:
            pickle.dump(told, pipe, protocol=pickle.HIGHEST_PROTOCOL)


def _on_paper(study: Study) -> Study:
    """Give a study without what no office file shows: networks and long lists, most of it."""
    long = ("times", "areas", "supply", "lorenz", "facility_access")
    none: dict[str, Any] = {name: getattr(study, name).iloc[:0] for name in long}
    return replace(study, measured={}, **none)


@contextmanager
def scribe(places: int) -> Iterator[Scribe]:
    """Give a scribe for a study of so many places; it is gone when the block ends, done or not."""
    if places < MANY_PLACES or (os.cpu_count() or 1) == 1:
        yield Scribe()
        return
    process = subprocess.Popen(  # noqa: S603 - this very program
        [sys.executable, "-P", "-c", _WORK],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Not of our group, where an interruption would reach it too: it ends when we end it.
        start_new_session=True,
        creationflags=_APART,
    )
    hand = Scribe(process)
    try:
        yield hand
    finally:
        hand.stop()


def serve() -> None:
    """Write the papers that come in; nothing where whoever called has gone without a word."""
    papers: Papers = pickle.load(sys.stdin.buffer)  # noqa: S301 - from this very program
    papers.write()
