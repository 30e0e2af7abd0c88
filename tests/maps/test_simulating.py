"""The simulated county is drawn once, and again where it is not as it was drawn."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from layers import demo as simulation
from layers.demo.made import NOTE
from maps.second_process import SecondProcess
from maps.simulating import simulated_county

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def county(demo: tuple[Path, str, str], tmp_path: Path) -> Path:
    """Give a copy of the county that the demo wrote."""
    return Path(shutil.copytree(demo[0] / "county", tmp_path / "county"))


def test_the_demos_county_is_there_whole_and_not_drawn_again(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation, "write_files", lambda _: pytest.fail("drawn again"))
    assert simulation.is_whole(county)
    assert simulated_county(county, SecondProcess()) == county / "project.toml"


def _longer(folder: Path) -> None:
    (folder / "residences.csv").write_bytes((folder / "residences.csv").read_bytes() + b"\n")


def _by_another_program(folder: Path) -> None:
    told = json.loads((folder / NOTE).read_text("utf-8"))
    (folder / NOTE).write_text(json.dumps(told | {"made_by": "0" * 64}), "utf-8")


def _another_project(folder: Path) -> None:
    (folder / "project.toml").write_text("name = 'mine'\n", "utf-8")


def _another_project_without_a_note(folder: Path) -> None:
    _another_project(folder)
    (folder / NOTE).unlink()


@pytest.mark.parametrize(
    "harm",
    [
        _longer,
        _by_another_program,
        _another_project,
        _another_project_without_a_note,
        lambda folder: (folder / "道路.dbf").unlink(),
        lambda folder: (folder / NOTE).unlink(),
        lambda folder: (folder / NOTE).write_text("[]"),
        lambda folder: (folder / NOTE).write_text('{"files": 1}'),
    ],
)
def test_a_county_that_is_not_as_this_program_draws_it_is_written_anew(
    county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Path], None]
) -> None:
    drawn = shutil.copytree(county, tmp_path / "drawn", ignore=shutil.ignore_patterns(NOTE))
    monkeypatch.setattr(
        simulation, "write_files", lambda new: shutil.copytree(drawn, new, dirs_exist_ok=True)
    )
    harm(county)
    assert not simulation.is_whole(county)
    simulated_county(county, SecondProcess())
    assert simulation.is_whole(county)
    for path in drawn.iterdir():
        assert (county / path.name).read_bytes() == path.read_bytes()
