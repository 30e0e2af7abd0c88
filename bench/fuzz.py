"""How the readers take damaged files: ``python -m bench.fuzz [--scale 1] [--only FILE]``.

Seeds, damage and readers are those of tests/fuzz. Every kind of file is read in a child process
with its libraries in it. Ten seconds of the processor for one input end the child (a timer of the
system, also in the midst of a library), as do five minutes in which it waits for something;
memory beyond the limit is refused to it, a crash ends it. The parent writes down what it was at
and goes on with the next. With ``--diaries FOLDER`` a run that was stopped, or one of a smaller
scale, goes on where it ended; its numbers are those of all its parts.

Prints for every kind how many inputs there were, how many came past the library that opens them,
how many were read after all, refused, and what was wrong. The last line says the sums.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS = 10  # of the processor: a busy machine is slow, and no fault of the input
WAITING_SECONDS = 300  # on the clock, for what waits and never ends
MOST_BYTES = 2 << 30  # held by a child beyond what it held before the first input
ADDRESSES = 4 << 30  # so much may be asked for, most of it never touched
INPUTS = {
    "project.toml": 50_000,
    "plan.json": 70_000,
    "residences.csv": 6_000,
    "facilities.csv": 6_000,
    "units.gpkg": 7_000,
    "streets.gpkg": 6_000,
    "units.shp": 5_000,
    "streets.shp": 5_000,
    "units.zip": 3_000,
    "units.geojson": 8_000,
    "units.parquet": 5_000,
    "facilities.xlsx": 6_000,
    "ledger.xlsx": 5_000,
    "dem.tif": 8_000,
    "people.tif": 10_000,
    "streets.graphml": 3_000,
    "streets.osm.pbf": 1_500,
    "streets.osm": 1_000,
}
"""Fewer of what takes long: OpenStreetMap's files a quarter of a second each."""


@dataclass
class Tally:
    """What became of the inputs of one kind of file; ``wrong`` has the numbers of each kind."""

    inputs: int = 0
    reached: int = 0
    read: int = 0
    peak: int = 0
    wrong: dict[str, list[int]] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)

    def note(self, what: str, number: int) -> None:
        """Write down an input that ended as none may."""
        self.wrong.setdefault(what, []).append(number)


def child(file: str, first: int, end: int, diary: Path) -> None:
    """Read the inputs first to end - 1, keeping a ``diary``; whatever is wrong ends us."""
    from tests.fuzz import readers  # noqa: PLC0415 - the parent needs no libraries

    warnings.simplefilter("ignore")
    readers.ground()
    before, parent = readers.peak_bytes(), os.getppid()
    limit = _addresses() + ADDRESSES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with diary.open("a", encoding="utf-8") as lines:
        for number in range(first, end):
            if os.getppid() != parent:
                break  # nobody waits for us
            lines.write(f"{number}")
            lines.flush()
            faulthandler.dump_traceback_later(WAITING_SECONDS, exit=True)
            signal.setitimer(signal.ITIMER_PROF, SECONDS)  # nobody handles it: it ends us
            ended = readers.one(file, number)
            signal.setitimer(signal.ITIMER_PROF, 0)
            faulthandler.cancel_dump_traceback_later()
            more, wrong = readers.peak_bytes() - before, ended.wrong
            if more > MOST_BYTES:
                wrong = wrong or "more than 2 GB"
            lines.write(_verdict(wrong, ended.codes, [ended.reached, ended.read, more]))
            if wrong == "more than 2 GB":
                break


def _verdict(wrong: str, codes: tuple[str, ...] = (), said: Sequence[int] = (0, 0, 0)) -> str:
    """Give the rest of a line: if it reached us, was read, memory, what was wrong and told."""
    return f" {json.dumps([*map(int, said), wrong, codes])}\n"


def _addresses() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def fuzz(file: str, numbers: range, diary: Path, told: Path) -> Tally:
    """Read all inputs of one kind in children, one after another, where the diary ends."""
    _finish(diary)
    while (at := max(_next(diary), numbers.start)) < numbers.stop:
        words = [sys.executable, "-m", "bench.fuzz", "--child", file, str(at), str(numbers.stop)]
        done = subprocess.run(  # noqa: S603 - ourselves
            [*words, str(diary)],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"OMP_NUM_THREADS": "1", "GDAL_NUM_THREADS": "1"},
        )
        late = done.returncode == -signal.SIGPROF or "Timeout" in done.stderr
        died = _finish(diary, "more than 10 s" if late else f"ended with {done.returncode}")
        if done.returncode and not died:
            raise RuntimeError(done.stderr)
    tally = gather(diary)
    _tell(file, tally, told)
    return tally


def _next(diary: Path) -> int:
    """Give the number after the last of a diary, 0 where it has none."""
    lines = diary.read_text(encoding="utf-8").split("\n") if diary.exists() else []
    return max((int(line.split(" ")[0]) + 1 for line in lines if line), default=0)


def _finish(diary: Path, wrong: str = "") -> bool:
    """Say whether a diary breaks off, and write down why; for no reason the input goes again."""
    written = diary.read_text(encoding="utf-8") if diary.exists() else ""
    whole, end, rest = written.rpartition("\n")
    if rest:
        number = rest.split(" ")[0]
        diary.write_text(whole + end + (number + _verdict(wrong) if wrong else ""), "utf-8")
    return bool(rest)


def gather(diary: Path) -> Tally:
    """Add up what a diary says."""
    tally = Tally()
    for line in diary.read_text(encoding="utf-8").splitlines():
        number, _, said = line.partition(" ")
        reached, read, more, wrong, codes = json.loads(said)
        tally.inputs += 1
        tally.reached += reached
        tally.read += read
        tally.peak = max(tally.peak, more)
        tally.codes.update(set(codes))
        if wrong:
            tally.note(wrong, int(number))
    return tally


def _tell(file: str, tally: Tally, told: Path) -> None:
    reached = tally.reached / max(tally.inputs, 1)
    line = (
        f"{file:16} {tally.inputs:7,} inputs  {reached:4.0%} reached us  "
        f"{tally.read:6,} read  {tally.inputs - tally.read - _wrong(tally):6,} refused  "
        f"{_wrong(tally):4,} wrong  {tally.peak / 1e6:5.0f} MB more at most"
    )
    lines = [
        line,
        *(f"    {what}: {len(at)}, {at[:5]}" for what, at in sorted(tally.wrong.items())),
    ]
    with told.open("a", encoding="utf-8") as kept:
        kept.write("\n".join([*lines, ""]))
    print("\n".join(lines), flush=True)


def _wrong(tally: Tally) -> int:
    return sum(map(len, tally.wrong.values()))


def keep(file: str, number: str, what: str) -> None:
    """Put one input among those that the tests read every time."""
    from tests.fuzz import readers  # noqa: PLC0415 - the parent needs no libraries

    found = Path(readers.__file__).parent / "found" / f"{what}@{file}.zip"
    found.parent.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(found, "w", zipfile.ZIP_LZMA) as archive,
    ):
        readers.damaged(file, int(number), Path(folder))
        for part in sorted(Path(folder).iterdir()):
            archive.write(part, part.name)
    print(found, found.stat().st_size, "bytes")


def main() -> None:
    """Fuzz every kind, or those asked for."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--scale", type=float, default=1.0, help="1 is 205,500 inputs")
    words.add_argument("--first", type=int, default=0, help="number of the first input")
    words.add_argument("--only", nargs="*", choices=tuple(INPUTS), default=None)
    words.add_argument("--jobs", type=int, default=1)
    words.add_argument("--told", type=Path, default=Path(os.devnull), help="a file to add to")
    words.add_argument("--diaries", type=Path, help="a folder: what was begun there goes on")
    words.add_argument("--keep", nargs=3, metavar=("FILE", "NUMBER", "WHAT"), help="for tests/fuzz")
    words.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.child:
        file, first, end, diary = asked.child
        child(file, int(first), int(end), Path(diary))
        return
    if asked.keep:
        keep(*asked.keep)
        return
    chosen = [file for file in INPUTS if not asked.only or file in asked.only]
    with tempfile.TemporaryDirectory() as fresh, ThreadPoolExecutor(asked.jobs) as pool:
        folder = asked.diaries or Path(fresh)
        folder.mkdir(parents=True, exist_ok=True)

        def run(file: str) -> Tally:
            end = asked.first + round(INPUTS[file] * asked.scale)
            return fuzz(file, range(asked.first, end), folder / f"{file}.diary", asked.told)

        tallies = list(pool.map(run, chosen))
    inputs, reached = (sum(getattr(each, of) for each in tallies) for of in ("inputs", "reached"))
    wrong = sum(map(_wrong, tallies))
    print(f"all: {inputs:,} inputs, {reached / inputs:.0%} reached us, {wrong:,} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
