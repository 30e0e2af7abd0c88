"""Who does the work: this process alone, processes of this machine, or a Dask cluster.

A job is a value that says what to read and where to write; the work on it is a function that any
process can import. What a job has made is known by its mark, a file with its key written last: a
job whose mark is there is done, so that nothing is done twice and an interrupted run goes on.
"""

from __future__ import annotations

import gc
import os
import traceback
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, Self, TypeVar

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


class Step(NamedTuple, Generic[J]):
    """The same work on several jobs, by name."""

    work: Callable[[J], None]
    jobs: Mapping[str, J]


class Task(NamedTuple):
    """One job, and the work on it."""

    work: Callable[[Any], None]
    job: Job


Tasks = dict[tuple[int, str], Task]
"""What is to be done: the number of its step, its name in the step."""


@dataclass(frozen=True)
class Outcome:
    """How a job ended: well, with problems of the data, or with an error that may pass."""

    problems: tuple[Problem, ...] = ()
    error: str = ""


class Crew(Protocol):
    """Whoever does jobs; each is told as soon as it ends, in any order."""

    def each(self, tasks: Tasks) -> Iterator[tuple[tuple[int, str], Outcome]]:
        """Do all tasks, each once."""

    def __enter__(self) -> Self:
        """Come to work."""

    def __exit__(self, *_: object) -> None:
        """Go home."""


def crew_of(workers: int | None, scheduler: str | None) -> Crew | None:
    """Give the crew that is asked for; None for nobody in particular."""
    if scheduler:
        return Cluster(scheduler)
    return Processes(workers) if workers else None


def attempt(task: Task) -> Outcome:
    """Do a job and mark it done; errors come back as values, which every process can read."""
    try:
        with _in_one_go():
            task.work(task.job)
        task.job.mark.parent.mkdir(parents=True, exist_ok=True)
        half = task.job.mark.with_suffix(".half")
        half.write_text(task.job.key, encoding="utf-8")
        half.replace(task.job.mark)
    except PlanningError as error:
        return Outcome(error.problems)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other jobs go on
        where = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__}: {error} ({where.name}:{where.lineno})"
        return Outcome(error=told)
    return Outcome()


@contextmanager
def _in_one_go() -> Iterator[None]:
    """Let what a job drops in circles lie until it is done.

    A collector that comes again and again, to look at everything there is and find next to
    nothing, takes a tenth of all work.
    """
    collects = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if collects:
            gc.enable()


def is_done(job: Job) -> bool:
    """Say whether a job was done before, with just this to go by."""
    return job.mark.is_file() and job.mark.read_text(encoding="utf-8") == job.key


def do_all(crew: Crew, tell: Callable[[int, int], None], *steps: Step[Any]) -> None:
    """Do every job of some steps that is not done yet, those that fail up to three times.

    No step waits for another: the jobs of the first begin first. ``tell`` is told how many of how
    many are done. Raises LayerError with the problems of every job that could not be done, each
    under its name, when all others are.
    """
    every: Tasks = {
        (number, name): Task(step.work, job)
        for number, step in enumerate(steps)
        for name, job in step.jobs.items()
    }
    left = {key: task for key, task in every.items() if not is_done(task.job)}
    done = len(every) - len(left)
    problems: dict[str, list[Problem]] = defaultdict(list)
    tell(done, len(every))
    for trial in range(TRIES):
        errors: dict[tuple[int, str], str] = {}
        for key, outcome in crew.each(left):
            if outcome.error:
                errors[key] = outcome.error
            problems[key[1]] += outcome.problems
            done += not (outcome.error or outcome.problems)
            tell(done, len(every))
        left = {key: task for key, task in left.items() if key in errors}
        if not left:
            break
        if trial == TRIES - 1:
            for (_, name), error in errors.items():
                problems[name].append(Problem(name, "tile_failed", values=(("reason", error),)))
    if told := [_named(name, each) for name, found in problems.items() for each in found]:
        raise LayerError(told)


def _named(name: str, problem: Problem) -> Problem:
    return problem if problem.layer == name else replace(problem, layer=f"{name}/{problem.layer}")


class Alone:
    """This process does one job after another."""

    def __enter__(self) -> Self:
        """Come to work."""
        return self

    def __exit__(self, *_: object) -> None:
        """Go home."""

    def each(self, tasks: Tasks) -> Iterator[tuple[tuple[int, str], Outcome]]:
        """Do all tasks, each once."""
        for key, task in tasks.items():
            yield key, attempt(task)


def processes(count: int) -> ProcessPoolExecutor:
    """Give so many processes of this machine, started anew as Windows does."""
    begin = _keep_to_one_thread if count > 1 else None
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=begin)


def _keep_to_one_thread() -> None:
    """Have libraries start no threads beside the other processes.

    Those of a process wait for each other, busily, where others have the processors: that takes a
    fifth of all work. Dask tells its workers the same.
    """
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - nobody else waits for it
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - the same

    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    threadpool_limits(1)  # where they are loaded already
    pa.set_cpu_count(1)


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

    def each(self, tasks: Tasks) -> Iterator[tuple[tuple[int, str], Outcome]]:
        """Do all tasks, each once; where a process died, what was left one by one.

        A process that dies takes the jobs of the others with it: alone, a job shows if it was
        the one.
        """
        lost, futures = Tasks(), {}
        self._working = pool = self._working or processes(self._count)
        for key, task in tasks.items():
            try:
                futures[pool.submit(attempt, task)] = key
            except BrokenProcessPool:
                lost[key] = task
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except BrokenProcessPool:
                lost[futures[future]] = tasks[futures[future]]
        if lost:
            self.__exit__()
        for key, task in lost.items():
            with processes(1) as pool:
                try:
                    yield key, pool.submit(attempt, task).result()
                except BrokenProcessPool as error:
                    yield key, Outcome(error=str(error))


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

    def each(self, tasks: Tasks) -> Iterator[tuple[tuple[int, str], Outcome]]:
        """Do all tasks; what a lost worker had begun the scheduler gives to another."""
        from distributed import as_completed as completed  # noqa: PLC0415 - the same

        futures = {
            self._client.submit(attempt, task, pure=False): key for key, task in tasks.items()
        }
        for future in completed(futures):
            try:
                yield futures[future], future.result()
            except Exception as error:  # noqa: BLE001 - whatever a worker died of
                yield futures[future], Outcome(error=f"{type(error).__name__}: {error}")
