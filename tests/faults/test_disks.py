"""Disks that are full or may not be written to, as the system makes them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from layers.errors import LayerError
from layers.shelf import Shelf
from layers.store import results_folder, write_frames
from maps.outcome import BAD
from tests.test_cli import contents, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _mount(*words: str) -> bool:
    mount = shutil.which("mount")
    if not mount or sys.platform != "linux" or os.geteuid():
        return False
    done = subprocess.run([mount, *words], check=False, capture_output=True)  # noqa: S603 - a disk in memory
    return done.returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of 300 kB with earlier results on it."""
    place = tmp_path / "小 盘"
    place.mkdir()
    if not _mount("-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)):
        pytest.skip("a small disk can be mounted by root on Linux alone")
    try:
        write_frames({"rows": pd.DataFrame({"a": [1]})}, place / "results.gpkg")
        yield place
    finally:
        subprocess.run([shutil.which("umount") or "umount", "-l", str(place)], check=True)  # noqa: S603 - the same disk


def _text(disk: Path) -> None:
    with results_folder(disk) as folder:
        (folder / "map.html").write_bytes(bytes(1 << 20))


def _geopackage(disk: Path) -> None:
    write_frames({"rows": pd.DataFrame({"a": np.arange(90_000)})}, disk / "results.gpkg")


TOO_MUCH = {"text": _text, "geopackage": _geopackage}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("what", TOO_MUCH)
def test_a_full_disk_is_told_and_the_earlier_results_stay(disk, what):
    before = contents(disk)
    with pytest.raises(LayerError) as refused:
        TOO_MUCH[what](disk)
    assert [problem.code for problem in refused.value.problems] == ["output_full"]
    assert contents(disk) == before


def test_a_run_onto_a_full_disk_ends_with_2_and_leaves_it_as_it_was(disk, tmp_path, ask):
    county = write_project(tmp_path / "县")
    before = contents(disk)
    result = ask("run", county, "--out", disk, "--quiet")
    assert result.exit_code == BAD
    assert "磁盘空间不足" in re.sub(r"[\s|]", "", result.stderr)
    assert contents(disk) == before


def test_a_disk_that_may_not_be_written_to_is_told(disk):
    before = contents(disk)
    assert _mount("-o", "remount,ro", str(disk))
    with pytest.raises(LayerError) as refused:
        write_frames({"rows": pd.DataFrame({"a": [1]})}, disk / "results.gpkg")
    assert [problem.code for problem in refused.value.problems] == ["output_unwritable"]
    assert contents(disk) == before


def test_a_shelf_on_a_disk_that_may_no_more_be_written_to_gives_what_is_there_and_keeps_nothing(
    disk,
):
    shelf = Shelf(disk / "networks", room=50_000)
    shelf.keep("first", {"array": np.arange(100)})
    assert _mount("-o", "remount,ro", str(disk))
    before = contents(disk)
    shelf.keep("second", {"array": np.arange(100)})
    found = shelf.find("first")
    assert found is not None
    assert found["array"].tolist() == list(range(100))
    assert shelf.find("second") is None
    assert contents(disk) == before


def test_a_shelf_leaves_the_last_of_a_disk_to_results(disk):
    shelf = Shelf(disk / "networks", room=200_000)
    (disk / "others").write_bytes(bytes(150_000))
    shelf.keep("key", {"array": np.arange(100)})
    assert shelf.find("key") is None
    assert not list((disk / "networks").iterdir())
