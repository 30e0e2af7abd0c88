"""Work done by a second process: the same outcome, and nothing lost where it goes wrong."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import TYPE_CHECKING

import geopandas.testing
import pytest

import geo
import layers
from layers.errors import LayerError
from maps import second_process as module
from maps.papers import Papers
from maps.second_process import SecondProcess, second_process
from tests.broken.good_study import GoodStudy

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
        assert there.begin(os.getpid)() != os.getpid(), "no second process: pip install -e ."
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


def test_layers_read_by_another_process_are_those_this_one_reads(
    second: SecondProcess, tmp_path: Path
) -> None:
    project = GoodStudy().write(tmp_path)
    here = layers.read_study_area(project)
    there = layers.read_study_area(project, begin=second.begin)
    for name in ("units", "residences", "facilities", "streets", "townships"):
        one, other = getattr(here, name), getattr(there, name)
        assert len(one) > 0
        geopandas.testing.assert_geodataframe_equal(one, other)
    assert there.inputs == here.inputs


def test_what_another_process_finds_wrong_with_layers_is_told_in_the_same_order(
    second: SecondProcess, tmp_path: Path
) -> None:
    project = GoodStudy().write(tmp_path)
    (project.folder / "units.gpkg").write_bytes(b"nothing that could be read")
    (project.folder / "dem.tif").unlink()
    (project.folder / "residences.csv").unlink()
    with pytest.raises(LayerError) as here:
        layers.read_study_area(project)
    with pytest.raises(LayerError) as there:
        layers.read_study_area(project, begin=second.begin)
    assert len({problem.layer for problem in here.value.problems}) == 3
    assert there.value.problems == here.value.problems


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


def test_a_piece_asked_for_before_its_turn_is_done_here(
    second: SecondProcess, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    first, later, last = (
        second.begin(gate.read_text),
        second.begin(os.getpid),
        second.begin(os.getpid),
    )
    assert last() == os.getpid()
    gate.write_text("open")
    assert first() == "open"
    assert later() == second._process.pid


def test_modules_are_imported_before_they_are_needed(second: SecondProcess) -> None:
    there = "'colorsys' in __import__('sys').modules"
    assert second.begin(eval, there)() is False
    second.make_ready("colorsys")
    looked = second.begin(eval, there)
    second._last.result()  # its turn has come
    assert looked() is True


def test_the_other_process_looks_for_lost_cells_as_seldom_as_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MANY_BYTES", 0)
    monkeypatch.setattr(module.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(module.gc, "get_threshold", lambda: (12_345, 6, 7))
    with second_process(1) as there:
        assert there.begin(eval, "__import__('gc').get_threshold()")() == (12_345, 6, 7)


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


def test_what_waited_for_a_process_that_was_sent_away_is_done_here(second: SecondProcess) -> None:
    second.begin(time.sleep, 60)
    second.begin(time.sleep, 60)
    waiting = second.begin(os.getpid)
    second.stop()
    assert waiting() == os.getpid()


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
