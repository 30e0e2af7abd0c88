"""Jobs are done once each, whoever does them, and what was done is kept."""

from __future__ import annotations

import gc
import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pytest
from threadpoolctl import threadpool_info

from layers.errors import LayerError, Problem
from maps.crews import Alone, Cluster, Processes, Step, do_all, is_done, processes

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Sum:
    """A job that writes down who did it; ``fails`` so many times first, or ``dies``."""

    folder: Path
    name: str
    key: str = "1"
    fails: int = 0
    dies: bool = False
    bad: bool = False

    @property
    def mark(self) -> Path:
        return self.folder / f"{self.name}.done"


def work(job: Sum) -> None:
    tries = job.folder / f"{job.name}.tries"
    with tries.open("a") as file:
        file.write("x")
    if job.bad:
        raise LayerError(Problem("units", "no_rows", value="units.gpkg"))
    if len(tries.read_text()) <= job.fails:
        message = "not yet"
        raise RuntimeError(message)
    if job.dies and len(tries.read_text()) == 1:
        os.kill(os.getpid(), signal.SIGTERM)


def tries(job: Sum) -> int:
    return len((job.folder / f"{job.name}.tries").read_text())


def quiet(_done: int, _of: int) -> None:
    pass


def test_every_job_is_done_once_and_told_and_then_kept_until_its_key_changes(tmp_path):
    jobs = {name: Sum(tmp_path, name) for name in "abc"}
    told: list[tuple[int, int]] = []
    do_all(Alone(), lambda *each: told.append(each), Step(work, jobs))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    do_all(Alone(), quiet, Step(work, jobs))
    assert [tries(job) for job in jobs.values()] == [1, 1, 1]
    do_all(Alone(), quiet, Step(work, jobs | {"b": Sum(tmp_path, "b", key="2")}))
    assert [tries(job) for job in jobs.values()] == [1, 2, 1]


def test_a_job_that_fails_twice_is_tried_again_and_one_that_goes_on_failing_is_named(tmp_path):
    jobs = {"a": Sum(tmp_path, "a", fails=2), "b": Sum(tmp_path, "b", fails=9)}
    with pytest.raises(LayerError) as refused:
        do_all(Alone(), quiet, Step(work, jobs))
    assert [(each.layer, each.code) for each in refused.value.problems] == [("b", "tile_failed")]
    assert "not yet" in refused.value.problems[0].message("en")
    assert is_done(jobs["a"])
    assert tries(jobs["b"]) == 3


def test_steps_that_wait_for_nobody_are_done_together_though_their_jobs_share_a_name(tmp_path):
    first, second = ({"a": Sum(tmp_path, name)} for name in ("one", "two"))
    told: list[tuple[int, int]] = []
    with Processes(2) as crew:
        do_all(crew, lambda *each: told.append(each), Step(work, first), Step(work, second))
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert [tries(job["a"]) for job in (first, second)] == [1, 1]


def test_a_job_that_is_done_leaves_the_collector_as_it_was(tmp_path):
    was = gc.isenabled()
    do_all(Alone(), quiet, Step(work, {"a": Sum(tmp_path, "a")}))
    assert (gc.isenabled(), gc.get_freeze_count()) == (was, 0)


def test_problems_of_the_data_are_not_tried_again_and_name_their_county(tmp_path):
    jobs = {"a": Sum(tmp_path, "a", bad=True), "b": Sum(tmp_path, "b")}
    with pytest.raises(LayerError) as refused:
        do_all(Alone(), quiet, Step(work, jobs))
    assert [(each.layer, each.code) for each in refused.value.problems] == [("a/units", "no_rows")]
    assert tries(jobs["a"]) == 1
    assert is_done(jobs["b"])


def test_a_process_that_dies_loses_nothing(tmp_path):
    jobs = {name: Sum(tmp_path, name, dies=name == "b") for name in "abcd"}
    with Processes(2) as crew:
        do_all(crew, quiet, Step(work, jobs))
    assert all(map(is_done, jobs.values()))


def _threads(_: object) -> int:
    """Give the most threads that any library of this process starts."""
    every = [library["num_threads"] for library in threadpool_info()]
    assert every  # numpy's, at least
    return max(pa.cpu_count(), *every)


@pytest.mark.skipif((os.cpu_count() or 1) == 1, reason="libraries start one thread as it is")
def test_libraries_of_several_processes_start_one_thread_each_those_of_one_as_ever():
    for count, most in ((1, os.cpu_count()), (2, 1)):
        with processes(count) as pool:
            assert {*pool.map(_threads, range(count))} == {most}


def test_a_scheduler_that_is_not_there_is_told():
    with pytest.raises(LayerError) as refused, Cluster("tcp://127.0.0.1:9"):
        pass
    assert refused.value.problems[0].code == "no_scheduler"
