"""The simulated county is drawn once, and again where it is not as it was drawn."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from layers import demo as simulation
from maps.second_process import SecondProcess
from maps.simulating import simulated_county


@pytest.fixture
def county(demo: tuple[Path, str, str], tmp_path: Path) -> Path:
    """Give a copy of the county that the demo wrote."""
    return Path(shutil.copytree(demo[0] / "county", tmp_path / "county"))


def test_the_demos_county_is_there_whole_and_not_drawn_again(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation, "write_files", lambda _: pytest.fail("drawn again"))
    assert simulated_county(county, SecondProcess()) == county / "project.toml"


@pytest.mark.parametrize("noted", [True, False])
def test_a_county_that_somebody_changed_is_written_anew(
    county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, noted: bool
) -> None:
    drawn = shutil.copytree(county, tmp_path / "drawn")
    (drawn / "simulated.json").unlink()
    monkeypatch.setattr(
        simulation, "write_files", lambda new: shutil.copytree(drawn, new, dirs_exist_ok=True)
    )
    (county / "project.toml").write_text("name = 'mine'\n", "utf-8")
    if not noted:
        (county / "simulated.json").unlink()
    simulated_county(county, SecondProcess())
    assert (county / "project.toml").read_bytes() == (drawn / "project.toml").read_bytes()
    assert simulation.is_whole(county)
