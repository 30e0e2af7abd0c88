"""A province in tiles, measured job by job, and what a country would take by it.

``python -m bench.tiles`` writes a small simulated province (``--counties``, ``--nodes``,
``--homes``; ``--whole`` for all of it), runs it job by job, each in a process of its own, and again
with one and with two workers. It prints what each kind of job takes (seconds of CPU, memory at its
most, bytes read and written), and from these what thirty provinces of the whole's size would take.
Counties get their tables alone unless ``--pages`` asks for everything.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bench.province import HOMES, NODES, write_province
from maps.crews import Alone, Job, Outcome, Processes, attempt
from maps.province import WORK, run_province
from maps.running import Asked
from maps.stages import Stages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

J = TypeVar("J", bound=Job)
PROVINCES, COUNTIES = 30, 84
WORKERS = (2, 16, 64)
MIB = 1 << 20


class Taken(NamedTuple):
    """What one job took: seconds of CPU, the most memory of its process in MiB."""

    cpu: float
    mib: float


def timed(work: Callable[[J], None], job: J) -> tuple[Outcome, Taken]:
    """Do a job and say what it took."""
    began = time.process_time()
    outcome = attempt(work, job)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return outcome, Taken(time.process_time() - began, most)


class Timed(Alone):
    """One process for each job, which is told what it took."""

    def __init__(self) -> None:
        """Begin with nothing done."""
        self.taken: dict[str, list[Taken]] = defaultdict(list)

    def each(
        self, work: Callable[[J], None], jobs: Mapping[str, J]
    ) -> Iterator[tuple[str, Outcome]]:
        """Do all jobs, each once."""
        for name, job in jobs.items():
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                outcome, taken = pool.submit(timed, work, job).result()
            self.taken[work.__name__].append(taken)
            yield name, outcome


def run(folder: Path, out: Path, crew: Alone) -> tuple[float, float]:
    """Run the province; give the seconds of the clock and of CPU, all processes."""
    before, began = _cpu(), time.perf_counter()
    with Stages("en", quiet=True, verbose=False) as stages:
        run_province(folder, out, stages, lang="en", asked=Asked(crew=crew))
    return time.perf_counter() - began, _cpu() - before


def _cpu() -> float:
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(each) for each in whose]
    return sum(each.ru_utime + each.ru_stime for each in used)


def size(folder: Path) -> float:
    """Give the MiB of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / MIB


def report(taken: Mapping[str, list[Taken]], out: Path, counties: int, share: float) -> None:
    """Print the jobs, and what a country takes if each county takes what the mean one did.

    ``share`` is how much of the whole province was measured: work on the whole grows with it.
    """
    print("job            jobs   CPU s each   CPU s in all   MiB at most")
    for kind, each in taken.items():
        cpu = [one.cpu for one in each]
        most = max(one.mib for one in each)
        print(f"{kind:<15}{len(each):4d}{sum(cpu) / len(each):13.1f}{sum(cpu):15.1f}{most:14.0f}")
    kept, tables = size(out / WORK), size(out / "tables")
    print(f"kept between the steps {kept:.1f} MiB, tables {tables:.1f} MiB, {counties} counties")
    of_counties = sum(one.cpu for kind in ("read_county", "tell_county") for one in taken[kind])
    on_whole = sum(one.cpu for kind in ("number_islands", "measure_mode") for one in taken[kind])
    one = of_counties / counties * COUNTIES + on_whole / share
    jobs = PROVINCES * (2 * COUNTIES + len(taken["number_islands"]) + len(taken["measure_mode"]))
    moved = (kept + tables) / counties * COUNTIES * PROVINCES / 1024
    print(
        f"a country of {PROVINCES} such provinces: {jobs} jobs, {one * PROVINCES / 3600:.1f} CPU h"
    )
    print(
        f"  written {moved:.1f} GiB, and read about as often as a county has neighbours, plus one"
    )
    for workers in WORKERS:
        print(f"  {workers:3d} workers: {one * PROVINCES / 3600 / workers:.2f} h if none waits")


def main() -> None:
    """Measure as asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--begins", default="3504", help="counties whose code begins so")
    parser.add_argument("--counties", type=int, default=4)
    parser.add_argument("--nodes", type=int, default=48_000)
    parser.add_argument("--homes", type=int, default=14_000)
    parser.add_argument("--whole", action="store_true", help="the whole province, once")
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
        crew = Timed()
        run(made.parent, place / "jobs", crew)
        report(crew.taken, place / "jobs", counties, nodes / NODES)
        for workers in () if asked.whole else (1, 2):
            crews = Alone() if workers == 1 else Processes(workers)
            clock, cpu = run(made.parent, place / f"out{workers}", crews)
            print(f"{workers} worker(s): {clock:.0f} s by the clock, {cpu:.0f} s of CPU")


if __name__ == "__main__":
    main()
