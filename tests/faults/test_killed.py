"""A program killed at any moment leaves the old results, the new ones, or a note that says so."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from layers import one_writer
from layers.errors import LayerError
from layers.one_writer import NOTE, WORK
from layers.results import read_results
from layers.results_map import read_mapped_results
from layers.store import results_folder
from layers.vocabulary import text
from tests.started import PROGRAM, started
from tests.test_cli import RESULTS, contents, with_earlier_results, write_project

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no fork and no SIGKILL")

KILLED_AT_EVERY_STEP = """
import os, signal, sys
from pathlib import Path
from layers.store import results_folder

out, steps = Path(sys.argv[1]), 0

def killed_at(last):
    move, left = Path.replace, [last]

    def replace(self, target):
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return move(self, target)

    Path.replace = replace
    with results_folder(out / str(last)) as folder:
        for name in "abc":
            (folder / name).write_text("new", encoding="utf-8")
        if last < 0:
            os.kill(os.getpid(), signal.SIGKILL)

for step in range(-1, 4):
    (out / str(step)).mkdir()
    for name in "abc":
        (out / str(step) / name).write_text("old", encoding="utf-8")
    child = os.fork()
    if not child:
        killed_at(step)
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give folders -1 to 3 where a program was killed before it moved files, and at every move."""
    out = tmp_path_factory.mktemp("killed")
    program = [sys.executable, "-c", KILLED_AT_EVERY_STEP, str(out)]
    subprocess.run(program, check=True, cwd=PROGRAM.parent)  # noqa: S603 - our own program
    return out


def told(folder: Path) -> list[str]:
    return [(folder / name).read_text(encoding="utf-8") for name in "abc"]


@posix
def test_killed_before_the_first_file_is_moved_everything_is_as_it_was(killed):
    assert told(killed / "-1") == ["old", "old", "old"]
    assert not (killed / "-1" / NOTE).exists()


@posix
def test_killed_after_the_last_file_was_moved_everything_is_new(killed):
    assert told(killed / "3") == ["new", "new", "new"]
    assert not (killed / "3" / NOTE).exists()


@posix
@pytest.mark.parametrize("step", ["0", "1", "2"])
def test_killed_between_two_moves_a_note_says_so_and_results_are_refused(killed, step):
    folder = killed / step
    assert told(folder) == ["new"] * int(step) + ["old"] * (3 - int(step))
    note = (folder / NOTE).read_text(encoding="utf-8")
    assert text("cli.moving", "zh") in note
    assert text("cli.moving", "en") in note
    for read in (read_results, read_mapped_results):
        with pytest.raises(LayerError) as refused:
            read(folder)
        assert [problem.code for problem in refused.value.problems] == ["results_incomplete"]


@posix
@pytest.mark.parametrize("step", ["-1", "0", "1", "2"])
def test_whoever_writes_next_puts_in_order_what_was_left_even_if_it_fails_itself(
    killed, tmp_path, step
):
    folder = tmp_path / "out"
    (killed / step).rename(folder)
    with pytest.raises(RuntimeError), results_folder(folder):
        raise RuntimeError
    assert told(folder) == (["old"] if step == "-1" else ["new"]) * 3
    assert {path.name for path in folder.iterdir()} == {"a", "b", "c"}
    folder.rename(killed / step)


@posix
@pytest.mark.parametrize("seed", range(3))
def test_a_run_killed_at_a_random_moment_leaves_earlier_results_and_the_next_run_is_whole(
    tmp_path, seed
):
    county = write_project(tmp_path / "某 县")
    before = with_earlier_results(county)
    process = started("run", county, "--verbose")
    moment = random.Random(seed).randrange(1, 12)  # noqa: S311 - a moment, no secret
    for _ in range(moment):  # so many steps of the run, on a slow machine as on a quick one
        process.stderr.readline()
    time.sleep(random.Random(seed).random() / 4)  # noqa: S311 - the same
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    left = {name: content for name, content in contents(county / "out").items() if "/" not in name}
    assert left == before or (set(left) == RESULTS and b"earlier" not in left.values())
    with results_folder(county / "out") as folder:
        (folder / "more.txt").write_text("more", encoding="utf-8")
    assert {path.name for path in (county / "out").iterdir()} == RESULTS | {"more.txt"}


# --- two at once ----------------------------------------------------------------------------------


def test_of_two_programs_the_second_waits_and_the_folder_holds_the_files_of_one(tmp_path):
    began, done = threading.Event(), threading.Event()

    def second() -> None:
        began.wait()
        with results_folder(tmp_path) as folder:
            assert done.is_set(), "it did not wait"
            for name in "abc":
                (folder / name).write_text("second", encoding="utf-8")

    other = threading.Thread(target=second)
    other.start()
    with results_folder(tmp_path) as folder:
        began.set()
        for name in "abc":
            (folder / name).write_text("first", encoding="utf-8")
            time.sleep(0.1)
        done.set()
    other.join(60)
    assert told(tmp_path) == ["second", "second", "second"]
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b", "c"}


def test_a_folder_that_stays_taken_is_refused_and_stays_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(one_writer, "PATIENCE_SECONDS", 0.0)
    (tmp_path / "a").write_text("old", encoding="utf-8")
    with results_folder(tmp_path):
        with pytest.raises(LayerError) as refused, results_folder(tmp_path):
            pass
        assert [problem.code for problem in refused.value.problems] == ["output_busy"]
        assert (tmp_path / WORK).is_dir()
    assert contents(tmp_path) == {"a": b"old"}


def test_a_disk_without_locks_keeps_nobody_out(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl", reason="Windows locks otherwise")

    def refuse(*_: object) -> None:
        raise OSError(38, "no locks here")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with results_folder(tmp_path) as folder:
        (folder / "a").write_text("new", encoding="utf-8")
    assert contents(tmp_path) == {"a": b"new"}
