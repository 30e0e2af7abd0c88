"""Work done by a second process: the same outcome, and nothing lost where it goes wrong."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import geopandas.testing
import pytest

import geo
from layers.errors import LayerError
from maps import second_process as module
from maps.papers import Papers
from maps.second_process import SecondProcess, second_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geo.study import Study

NAMES = ("report.docx", "report.xlsx")


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecondProcess]:
    """Let even a town have a second process, and a machine of two processors."""
    monkeypatch.setattr(module, "MANY_BYTES", 0)
    monkeypatch.setattr(module.os, "cpu_count", lambda: 2)
    with second_process(1) as there:
        yield there


def papers(town: Study, folder: Path) -> Papers:
    folder.mkdir()
    return Papers(town, (), folder, "zh")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def lose(second: SecondProcess) -> None:
    """Kill the other process behind our back."""
    assert second._process is not None
    second._process.kill()
    second._process.wait()


def test_areas_drawn_by_another_process_are_those_this_one_draws(
    town: Study, second: SecondProcess
) -> None:
    said = []

    def begin(work, *arguments):
        said.append(work.__name__)
        return second.begin(work, *arguments)

    found = geo.assess(town.area, town.project, begin=begin)
    assert said == ["areas"]
    assert len(found.areas) > 0
    geopandas.testing.assert_geodataframe_equal(found.areas, town.areas)


def test_what_another_process_writes_is_byte_for_byte_what_this_one_would(
    town: Study, tmp_path: Path, second: SecondProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = papers(town, tmp_path / "here"), papers(town, tmp_path / "there")
    here.write()
    with second.during(there.alone().write):
        monkeypatch.setattr(Papers, "write", lambda _: pytest.fail("written here"))
    assert sorted(contents(there.folder)) == sorted(NAMES)
    assert contents(there.folder) == contents(here.folder)


def test_several_pieces_are_done_one_after_another_by_the_same_process(
    second: SecondProcess,
) -> None:
    assert {second.begin(os.getpid)(), second.begin(os.getpid)()} == {second._process.pid}


def test_what_begins_while_the_other_process_is_busy_is_done_here(second: SecondProcess) -> None:
    there, here = second.begin(os.getpid), second.begin(os.getpid)
    assert here() == os.getpid()
    assert there() == second._process.pid


def test_a_letter_longer_than_a_pipe_holds_does_not_stop_this_process(
    second: SecondProcess,
) -> None:
    long = b"x" * 20_000_000
    done = second.begin(bytes.upper, long)
    assert done() == long.upper()


def test_where_the_other_process_is_lost_the_work_is_done_here(second: SecondProcess) -> None:
    long = b"x" * 20_000_000
    done = second.begin(bytes.upper, long)
    lose(second)
    assert done() == long.upper()
    assert second.begin(os.getpid)() == os.getpid()


def test_where_the_other_process_is_lost_the_files_are_written_here(
    town: Study, tmp_path: Path, second: SecondProcess
) -> None:
    lose(second)
    with second.during(papers(town, tmp_path / "out").write):
        pass
    assert sorted(contents(tmp_path / "out")) == sorted(NAMES)


def test_what_the_other_process_cannot_do_fails_here_with_its_reason(
    town: Study, tmp_path: Path, second: SecondProcess
) -> None:
    no_folder = tmp_path / "a file"
    no_folder.touch()
    with (
        pytest.raises(LayerError, match="a file"),
        second.during(Papers(town, (), no_folder, "zh").write),
    ):
        pass


def test_nobody_works_any_more_when_the_error_of_a_run_goes_on(
    town: Study, tmp_path: Path, second: SecondProcess
) -> None:
    process = second._process
    work = papers(town, tmp_path / "out").write
    with pytest.raises(KeyboardInterrupt), second.during(work):
        raise KeyboardInterrupt
    assert process is not None
    assert process.returncode is not None


def test_nobody_is_left_when_a_run_ends_before_its_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MANY_BYTES", 0)
    monkeypatch.setattr(module.os, "cpu_count", lambda: 2)
    there = second_process(1)
    second = there.__enter__()
    process = second._process
    second.begin(bytes.upper, b"x" * 20_000_000)
    assert there.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None) is False
    assert process is not None
    assert process.returncode is not None


def test_a_small_study_is_told_by_this_process_alone(town: Study, tmp_path: Path) -> None:
    with second_process(1) as there:
        assert isinstance(there.begin(os.getpid), partial)
        with there.during(papers(town, tmp_path / "out").write):
            pass
    assert sorted(contents(tmp_path / "out")) == sorted(NAMES)
