"""Office files written beside the map: the same files, and nothing lost where it goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layers.errors import LayerError
from maps import scribe as module
from maps.scribe import Papers, scribe

if TYPE_CHECKING:
    from pathlib import Path

    from geo.study import Study

NAMES = ("report.docx", "report.xlsx")


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even a town have another process to write, and a machine of two processors."""
    monkeypatch.setattr(module, "MANY_PLACES", 0)
    monkeypatch.setattr(module.os, "cpu_count", lambda: 2)


def papers(town: Study, folder: Path) -> Papers:
    folder.mkdir()
    return Papers(town, (), folder, "zh")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.usefixtures("beside")
def test_what_another_process_writes_is_byte_for_byte_what_this_one_would(
    town: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = papers(town, tmp_path / "here"), papers(town, tmp_path / "there")
    here.write()
    with scribe(1) as hand, hand.writing(there):
        monkeypatch.setattr(Papers, "write", lambda _: pytest.fail("written here"))
    assert sorted(contents(there.folder)) == sorted(NAMES)
    assert contents(there.folder) == contents(here.folder)


@pytest.mark.usefixtures("beside")
def test_where_the_other_process_is_lost_the_files_are_written_here(
    town: Study, tmp_path: Path
) -> None:
    with scribe(1) as hand:
        assert hand._process is not None
        hand._process.kill()
        hand._process.wait()
        with hand.writing(papers(town, tmp_path / "out")):
            pass
    assert sorted(contents(tmp_path / "out")) == sorted(NAMES)


@pytest.mark.usefixtures("beside")
def test_what_the_other_process_cannot_write_fails_here_with_its_reason(
    town: Study, tmp_path: Path
) -> None:
    no_folder = tmp_path / "a file"
    no_folder.touch()
    with (
        pytest.raises(LayerError, match="a file"),
        scribe(1) as hand,
        hand.writing(Papers(town, (), no_folder, "zh")),
    ):
        pass


@pytest.mark.usefixtures("beside")
def test_nobody_writes_any_more_when_the_error_of_a_run_goes_on(
    town: Study, tmp_path: Path
) -> None:
    with scribe(1) as hand:
        with pytest.raises(KeyboardInterrupt), hand.writing(papers(town, tmp_path / "out")):
            raise KeyboardInterrupt
        assert hand._process is not None
        assert hand._process.returncode is not None


@pytest.mark.usefixtures("beside")
def test_nobody_is_left_when_a_run_ends_before_it_writes() -> None:
    with pytest.raises(KeyboardInterrupt), scribe(1) as hand:
        raise KeyboardInterrupt
    assert hand._process is not None
    assert hand._process.returncode is not None


def test_a_small_study_is_written_by_this_process_alone(town: Study, tmp_path: Path) -> None:
    with scribe(1) as hand, hand.writing(papers(town, tmp_path / "out")):
        assert hand._process is None
    assert sorted(contents(tmp_path / "out")) == sorted(NAMES)
