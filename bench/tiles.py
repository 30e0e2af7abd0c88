"""A province in tiles, measured step by step, and what a country would take by it.

``python -m bench.tiles`` writes a small simulated province (``--counties``, ``--nodes``,
``--homes``; ``--whole`` for all of it) and runs it from files to tables, workbook and overview,
with one worker and with two (``--workers 2``: so many alone). It prints what each step takes:
seconds by the clock and of CPU (of all processes, and of a job), the most memory of one process and
of all together; and from these what thirty provinces of the whole's size would take. Counties get
their tables alone unless ``--pages`` asks for everything.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import defaultdict
from concurrent.futures import as_completed
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple, Self

from bench.memory import begin_anew, memory
from bench.province import HOMES, NODES, write_province
from maps.asked import Asked
from maps.crews import Alone, Outcome, Task, Tasks, attempt, processes
from maps.province import run_province
from maps.province_jobs import WORK
from maps.stages import Stages

if TYPE_CHECKING:
    from collections.abc import Iterator

PROVINCES, COUNTIES = 30, 84
WORKERS = (2, 16, 64)
MIB = 1 << 20
OF_COUNTIES = ("read_county", "cut_county", "tell_county")
ON_WHOLE = ("measure_mode", "number_islands")
IN_STEP = {
    "read": ("read_county",),
    "whole": (*ON_WHOLE, "cut_county"),
    "tiles": ("tell_county",),
    "sum": ("show", "sum_up"),
}
EVERY = 0.5  # seconds between looks at memory


class Taken(NamedTuple):
    """What one job took: seconds of CPU, the most memory of its process in MiB."""

    cpu: float
    mib: float


class Step(NamedTuple):
    """A step of a run: seconds by the clock, and of CPU of the process that leads."""

    clock: float
    cpu: float


def timed(task: Task) -> tuple[Outcome, Taken]:
    """Do a job and say what it took."""
    begin_anew()
    began = time.process_time()
    outcome = attempt(task)
    return outcome, Taken(time.process_time() - began, memory("VmHWM"))


class Timed(Alone):
    """Some processes, as of ``maps.crews.Processes``, that tell what every job takes."""

    def __init__(self, workers: int) -> None:
        """Begin with nothing done."""
        self.taken: dict[str, list[Taken]] = defaultdict(list)
        self._workers = workers

    def __enter__(self) -> Self:
        """Come to work."""
        self._pool = processes(self._workers)
        return self

    def __exit__(self, *_: object) -> None:
        """Go home."""
        self._pool.shutdown()

    def each(self, tasks: Tasks) -> Iterator[tuple[tuple[int, str], Outcome]]:
        """Do all tasks, each once."""
        futures = {self._pool.submit(timed, task): key for key, task in tasks.items()}
        for future in as_completed(futures):
            outcome, taken = future.result()
            self.taken[tasks[futures[future]].work.__name__].append(taken)
            yield futures[future], outcome


class Clock(Stages):
    """Stages that remember how long each took."""

    def __init__(self) -> None:
        """Speak to nobody."""
        super().__init__("en", quiet=True, verbose=False)
        self.steps: dict[str, Step] = {}
        self._now = ("start", time.perf_counter(), time.process_time())

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say that a stage begins, or goes on."""
        if stage != self._now[0]:
            self.turn(stage)
        super().__call__(stage, done, total)

    def turn(self, stage: str) -> None:
        """Note how long the stage so far took."""
        name, clock, cpu = self._now
        self.steps[name] = Step(time.perf_counter() - clock, time.process_time() - cpu)
        self._now = (stage, time.perf_counter(), time.process_time())


class Memory:
    """The most memory of this process and its children together, MiB, seen every so often."""

    def __init__(self) -> None:
        """Have seen nothing."""
        self.most = 0.0
        self._done = Event()
        self._eye = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        """Look."""
        self._eye.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look away."""
        self._done.set()
        self._eye.join()

    def _look(self) -> None:
        me = str(os.getpid())
        while not self._done.wait(EVERY):
            ours = {me}
            for _ in range(2):  # children, and theirs
                ours |= {each for each in _processes() if _parent(each) in ours}
            self.most = max(self.most, sum(memory("VmRSS", each) for each in ours))


def _processes() -> list[str]:
    return [each.name for each in Path("/proc").iterdir() if each.name.isdigit()]


def _parent(process: str) -> str:
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return told.rpartition(")")[2].split()[1]


def size(folder: Path) -> float:
    """Give the MiB of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / MIB


def run(folder: Path, out: Path, workers: int) -> tuple[Timed, float]:
    """Run the province, print what every step took, and give the jobs and the seconds of CPU."""
    crew, clock = Timed(workers), Clock()
    with Memory() as seen, clock:
        run_province(folder, out, clock, lang="zh", asked=Asked(crew=crew))
        clock.turn("end")
    print(
        f"\n{workers} worker(s)\nstep            clock s    CPU s   jobs   CPU s each   MiB at most"
    )
    for name, step in clock.steps.items():
        works = {work: crew.taken[work] for work in IN_STEP.get(name, ())}
        cpu = sum(one.cpu for of in works.values() for one in of)
        print(f"{name:<14}{step.clock:9.1f}{step.cpu + cpu:9.1f}")
        for work, of in works.items():
            cpu, most = sum(one.cpu for one in of), max(one.mib for one in of)
            print(f"  {work:<21}{cpu:9.1f}{len(of):7d}{cpu / len(of):13.2f}{most:14.0f}")
    cpu = sum(step.cpu for step in clock.steps.values())
    cpu += sum(one.cpu for each in crew.taken.values() for one in each)
    seconds = sum(step.clock for step in clock.steps.values())
    print(
        f"in all        {seconds:9.1f}{cpu:9.1f}{'all processes':>20}{seen.most:14.0f}",
        flush=True,
    )
    return crew, cpu


def report(crew: Timed, cpu: float, out: Path, share: float) -> None:
    """Print what a country takes if each county takes what the mean one did.

    ``share`` is how much of the whole province was measured: work on the whole grows with it.
    """
    kept, tables = size(out / WORK), size(out / "tables")
    counties = len(crew.taken["read_county"])
    print(f"kept between the steps {kept:.1f} MiB, tables {tables:.1f} MiB, {counties} counties")
    of_counties = sum(one.cpu for kind in OF_COUNTIES for one in crew.taken[kind])
    one = of_counties / counties * COUNTIES + (cpu - of_counties) / share
    on_whole = 2 + sum(len(crew.taken[kind]) for kind in ON_WHOLE)  # sums and overview
    moved = (kept + tables) / counties * COUNTIES * PROVINCES / 1024
    jobs = PROVINCES * (len(OF_COUNTIES) * COUNTIES + on_whole)
    hours = one * PROVINCES / 3600
    print(f"a country of {PROVINCES} such provinces: {jobs} jobs, {hours:.1f} CPU h")
    print(
        f"  written {moved:.1f} GiB, and read about as often as a county has neighbours, plus one"
    )
    for workers in WORKERS:
        print(f"  {workers:3d} workers: {hours / workers:.2f} h if none waits")


def main() -> None:
    """Measure as asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--begins", default="3504", help="counties whose code begins so")
    parser.add_argument("--counties", type=int, default=4)
    parser.add_argument("--nodes", type=int, default=48_000)
    parser.add_argument("--homes", type=int, default=14_000)
    parser.add_argument("--workers", type=int, nargs="*", default=(1, 2))
    parser.add_argument("--whole", action="store_true", help="the whole province")
    parser.add_argument("--pages", action="store_true", help="maps, workbooks, reports too")
    asked = parser.parse_args()
    settings = {"begins": asked.begins, "counties": asked.counties}
    settings |= {"nodes": asked.nodes, "homes": asked.homes}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        made = write_province(place / "province", **({} if asked.whole else settings))
        if not asked.pages:
            said = made.read_text(encoding="utf-8")
            made.write_text(f"county_pages = false\n{said}", encoding="utf-8")
        counties = len(list(made.parent.glob("*/project.toml")))
        nodes, homes = (NODES, HOMES) if asked.whole else (asked.nodes, asked.homes)
        print(f"simulated: {counties} counties, {nodes} vertices of street, {homes} residences")
        for workers in asked.workers:
            out = place / f"out{workers}"
            crew, cpu = run(made.parent, out, workers)
        report(crew, cpu, out, nodes / NODES)


if __name__ == "__main__":
    main()
