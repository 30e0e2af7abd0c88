"""Commands tell the same with networks kept, with none, and with damaged ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from geo import prepared
from layers.shelf import PLACE, Shelf
from livingcircle import app
from maps.county_jobs import OnWhole, Reading, measure_mode, read_county
from maps.outcome import DONE
from tests.broken.good_study import UNITS
from tests.province import COUNTIES, small_province
from tests.test_cli import contents
from tests.test_plan_run import county

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SAME_EVERY_TIME = ("map.html", "report.docx", "report.xlsx", "results.gpkg", "run.json")


@pytest.fixture
def asked(monkeypatch) -> list[bool]:
    """Give whether each network that was looked for was found, the smallest ones too."""
    said: list[bool] = []
    find = Shelf.find

    def noted(shelf: Shelf, key: str) -> object:
        found = find(shelf, key)
        said.append(found is not None)
        return found

    monkeypatch.setattr(prepared, "_FEW", 0)
    monkeypatch.setattr(Shelf, "find", noted)
    return said


@pytest.fixture
def networks(tmp_path, monkeypatch) -> Path:
    """Give the folder where the user's networks are kept."""
    monkeypatch.setenv(PLACE, str(tmp_path / "kept"))
    return tmp_path / "kept" / "networks"


def told(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == DONE, result.output
    return result.stdout


def ran(folder: Path, out: Path) -> dict[str, bytes]:
    told("run", folder, "--out", out, "--quiet")
    return {name: (out / name).read_bytes() for name in SAME_EVERY_TIME}


def _cut_short(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def _changed(whole: bytes) -> bytes:
    middle = len(whole) // 2
    return whole[:middle] + bytes(200) + whole[middle + 200 :]


def test_a_run_writes_the_same_bytes_whatever_is_kept(tmp_path, networks, asked, monkeypatch):
    folder = county(tmp_path / "县")
    monkeypatch.setenv(PLACE, "off")
    expected = ran(folder, tmp_path / "off")
    assert asked == []
    monkeypatch.setenv(PLACE, str(networks.parent))
    assert ran(folder, tmp_path / "cold") == expected
    cold = [*asked]  # with a share of no streets left out, networks of a few are asked for again
    assert cold[:2] == [False, False]
    asked.clear()
    assert ran(folder, tmp_path / "warm") == expected
    assert asked == [True] * len(cold)
    asked.clear()
    kept = sorted(networks.iterdir())
    for number, path in enumerate(kept):
        path.write_bytes((_changed, _cut_short)[number % 2](path.read_bytes()))
    assert ran(folder, tmp_path / "damaged") == expected
    assert asked == cold
    assert sorted(networks.iterdir()) == kept


def test_sites_and_explain_find_what_a_run_has_kept_and_tell_the_same(
    tmp_path, networks, asked, monkeypatch
):
    folder, out = county(tmp_path / "县"), tmp_path / "out"
    questions: list[Callable[[], str]] = [
        lambda: told("explain", out, UNITS[1], "shop", "--project", folder),
        lambda: told("sites", folder, "--category", "pharmacy", "--count", "1"),
    ]
    ran(folder, out)
    monkeypatch.setenv(PLACE, "off")
    expected = [ask() for ask in questions]
    monkeypatch.setenv(PLACE, str(networks.parent))
    for ask, once in zip(questions, expected, strict=True):
        asked.clear()
        assert ask() == once
        assert asked
        assert all(asked)


def test_a_province_measures_a_mode_on_the_whole_with_the_network_of_before(
    tmp_path, networks, asked
):
    folder, read = small_province(tmp_path / "省"), {}
    for name in COUNTIES:
        read[name] = tmp_path / "read" / name
        read_county(Reading(name, folder / name, read[name], "key"))
    first, again = (
        OnWhole("drive", folder / COUNTIES[0], read, tmp_path / turn, "key") for turn in "ab"
    )
    measure_mode(first)
    assert (asked, len(list(networks.iterdir()))) == ([False], 1)
    measure_mode(again)
    assert asked == [False, True]
    assert contents(again.out) == contents(first.out)
