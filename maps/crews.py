"""Who does the work: this process alone, processes of this machine, or a Dask cluster.

A job is a value that says what to read and where to write; the work on it is a function that any
process can import. What a job has made is known by its mark, a file with its key written last: a
job whose mark is there is done, so that nothing is done twice and an interrupted run goes on.
"""

from __future__ import annotations

import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from layers.errors import LayerError, PlanningError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

TRIES = 3


class Job(Protocol):
    """What is to be done: the file that marks it done, and what it is then known by."""

    @property
    def mark(self) -> Path:
        """The file that is there once the job is done."""

    @property
    def key(self) -> str:
        """What the job is made of."""


J = TypeVar("J", bound=Job)


@dataclass(frozen=True)
class Outcome:
    """How a job ended: well, with problems of the data, or with an error that may pass."""

    problems: tuple[Problem, ...] = ()
    error: str = ""


class Crew(Protocol):
    """Whoever does jobs; each is told as soon as it ends, in any order."""

    def each(
        self, work: Callable[[J], None], jobs: Mapping[str, J]
    ) -> Iterator[tuple[str, Outcome]]:
        """Do all jobs, each once."""

    def __enter__(self) -> Self:
        """Come to work."""

    def __exit__(self, *_: object) -> None:
        """Go home."""


def crew_of(workers: int | None, scheduler: str | None) -> Crew | None:
    """Give the crew that is asked for; None for nobody in particular."""
    if scheduler:
        return Cluster(scheduler)
    return Processes(workers) if workers else None


def attempt(work: Callable[[J], None], job: J) -> Outcome:
    """Do a job and mark it done; errors come back as values, which every process can read."""
    try:
        work(job)
        job.mark.parent.mkdir(parents=True, exist_ok=True)
        half = job.mark.with_suffix(".half")
        half.write_text(job.key, encoding="utf-8")
        half.replace(job.mark)
    except PlanningError as error:
        return Outcome(error.problems)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other jobs go on
        where = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__}: {error} ({where.name}:{where.lineno})"
        return Outcome(error=told)
    return Outcome()


def is_done(job: Job) -> bool:
    """Say whether a job was done before, with just this to go by."""
    return job.mark.is_file() and job.mark.read_text(encoding="utf-8") == job.key


def do_all(
    crew: Crew,
    work: Callable[[J], None],
    jobs: Mapping[str, J],
    tell: Callable[[int, int], None],
) -> None:
    """Do every job that is not done yet, those that fail up to three times.

    ``tell`` is told how many of how many are done. Raises LayerError with the problems of every
    job that could not be done, each under its name, when all others are.
    """
    left = {name: job for name, job in jobs.items() if not is_done(job)}
    problems: dict[str, tuple[Problem, ...]] = {}
    tell(len(jobs) - len(left), len(jobs))
    for trial in range(TRIES):
        errors: dict[str, str] = {}
        for name, outcome in crew.each(work, left):
            if outcome.problems:
                problems[name] = outcome.problems
            elif outcome.error:
                errors[name] = outcome.error
            tell(sum(map(is_done, jobs.values())), len(jobs))
        left = {name: job for name, job in left.items() if name in errors}
        if not left:
            break
        if trial == TRIES - 1:
            for name, error in errors.items():
                problems[name] = (Problem(name, "tile_failed", values=(("reason", error),)),)
    if problems:
        raise LayerError(_named(name, each) for name, told in problems.items() for each in told)


def _named(name: str, problem: Problem) -> Problem:
    return problem if problem.layer == name else replace(problem, layer=f"{name}/{problem.layer}")


class Alone:
    """This process does one job after another."""

    def __enter__(self) -> Self:
        """Come to work."""
        return self

    def __exit__(self, *_: object) -> None:
        """Go home."""

    def each(
        self, work: Callable[[J], None], jobs: Mapping[str, J]
    ) -> Iterator[tuple[str, Outcome]]:
        """Do all jobs, each once."""
        for name, job in jobs.items():
            yield name, attempt(work, job)


class Processes(Alone):
    """Some processes of this machine, started anew as Windows does, once for all work."""

    def __init__(self, count: int) -> None:
        """Take so many."""
        self._count = count
        self._working: ProcessPoolExecutor | None = None

    def __exit__(self, *_: object) -> None:
        """Go home."""
        if self._working:
            self._working.shutdown(cancel_futures=True)
            self._working = None

    def each(
        self, work: Callable[[J], None], jobs: Mapping[str, J]
    ) -> Iterator[tuple[str, Outcome]]:
        """Do all jobs, each once; where a process died, what was left one by one.

        A process that dies takes the jobs of the others with it: alone, a job shows if it was
        the one.
        """
        lost, futures = dict[str, J](), {}
        self._working = pool = self._working or self._pool(self._count)
        for name, job in jobs.items():
            try:
                futures[pool.submit(attempt, work, job)] = name
            except BrokenProcessPool:
                lost[name] = job
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except BrokenProcessPool:
                lost[futures[future]] = jobs[futures[future]]
        if lost:
            self.__exit__()
        for name, job in lost.items():
            with self._pool(1) as pool:
                try:
                    yield name, pool.submit(attempt, work, job).result()
                except BrokenProcessPool as error:
                    yield name, Outcome(error=str(error))

    @staticmethod
    def _pool(count: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


class Cluster(Alone):
    """The workers of a Dask scheduler, which see the same files under the same paths."""

    def __init__(self, address: str) -> None:
        """Reach the scheduler at an address like tcp://127.0.0.1:8786."""
        self._address = address

    def __enter__(self) -> Self:
        """Reach the scheduler; raises LayerError where there is none."""
        try:
            from distributed import Client  # noqa: PLC0415 - an extra, wanted here alone
        except ImportError:
            raise LayerError(Problem("--scheduler", "no_distributed")) from None
        try:
            self._client = Client(self._address, timeout=10)
        except (OSError, ValueError) as error:
            values = (("reason", str(error)),)
            problem = Problem("--scheduler", "no_scheduler", value=self._address, values=values)
            raise LayerError(problem) from error
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the scheduler to others."""
        self._client.close()

    def each(
        self, work: Callable[[J], None], jobs: Mapping[str, J]
    ) -> Iterator[tuple[str, Outcome]]:
        """Do all jobs; what a lost worker had begun the scheduler gives to another."""
        from distributed import as_completed as completed  # noqa: PLC0415 - the same

        futures = {
            self._client.submit(attempt, work, job, pure=False): name for name, job in jobs.items()
        }
        for future in completed(futures):
            try:
                yield futures[future], future.result()
            except Exception as error:  # noqa: BLE001 - whatever a worker died of
                yield futures[future], Outcome(error=f"{type(error).__name__}: {error}")
