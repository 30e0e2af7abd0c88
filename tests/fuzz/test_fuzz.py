"""No damaged file ends in anything but a reading or problems that are told.

``found`` keeps files that once ended otherwise, each as a zip called WHAT@SEED.zip. Many more are
tried by ``python -m bench.fuzz``.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.fuzz import fuzz
from tests.fuzz import readers
from tests.fuzz.mutations import database_of

FOUND = sorted((Path(__file__).parent / "found").glob("*.zip"))
pytestmark = pytest.mark.filterwarnings("ignore")  # libraries warn; what is ours must tell
SLOW = ("streets.osm", "streets.osm.pbf")


@pytest.mark.parametrize("kept", FOUND, ids=lambda path: path.stem)
@pytest.mark.parametrize("whole", [False, True], ids=["layer", "study"])
def test_what_was_found_once_is_read_or_told(kept, whole, tmp_path):
    file = kept.stem.partition("@")[2]
    with zipfile.ZipFile(kept) as archive:
        archive.extractall(tmp_path)
    ended = readers.ending(file, tmp_path / file, whole=whole)
    assert ended.wrong == "", ended.trace
    assert ended.read or ended.codes


@pytest.mark.parametrize("file", readers.DAMAGE)
def test_fresh_damage_is_read_or_told(file):
    for number in range(2 if file in SLOW else 10):
        ended = readers.one(file, number)
        assert ended.wrong == "", ended.trace
        assert ended.read or ended.codes


def test_the_seeds_themselves_are_read_without_a_problem_and_reach_us():
    for file in readers.DAMAGE:
        ended = readers.ending(file, readers.ground().folder / file, whole=True)
        assert (ended.read, ended.reached, ended.codes) == (True, True, ()), (file, ended)


def test_the_same_number_gives_the_same_damage(tmp_path):
    for file in ("units.gpkg", "units.shp", "ledger.xlsx", "plan.json"):
        made = []
        for name in "ab":
            (tmp_path / file / name).mkdir(parents=True)
            readers.damaged(file, 7, tmp_path / file / name)
            parts = sorted((tmp_path / file / name).iterdir())
            made.append([(part.name, part.read_bytes()) for part in parts])
        assert made[0] == made[1]


def test_an_exception_of_another_kind_is_found_and_its_place_told(monkeypatch):
    def stumble(*_: object) -> None:
        raise TypeError

    monkeypatch.setattr("layers.project_file.read_layers", stumble)
    seed = readers.ground().folder / "project.toml"
    ended = readers.ending("project.toml", seed, whole=False)
    assert (ended.reached, ended.wrong) == (True, "TypeError project_file.py:_project")


def test_an_input_at_which_the_child_ended_is_known_by_its_diary(tmp_path, monkeypatch):
    diary, read = tmp_path / "diary", json.dumps([1, 1, 1000, "", ["no_rows"]])
    diary.write_text(f"4 {read}\n5 {read}\n6", encoding="utf-8")  # stopped at 6: it goes again
    children = iter([f"6 {read}\n7", f"8 {read}\n"])

    def child(words, **_):
        with diary.open("a", encoding="utf-8") as lines:
            lines.write(next(children))
        asked.append(tuple(words[4:6]))
        return SimpleNamespace(returncode=-11 if len(asked) == 1 else 0, stderr="")

    asked: list[tuple[str, str]] = []
    monkeypatch.setattr("bench.fuzz.subprocess.run", child)
    tally = fuzz("plan.json", range(9), diary, tmp_path / "told")
    assert asked == [("plan.json", "6"), ("plan.json", "8")]
    assert (tally.inputs, tally.reached, tally.read, tally.peak) == (5, 4, 4, 1000)
    assert tally.wrong == {"ended with -11": [7]}


def test_a_damaged_database_still_opens(tmp_path):
    """The damage is within its tables: a third of it and more has to come past the library."""
    opened = sum(
        readers.ending("units.gpkg", _with_other_cell(tmp_path, number), whole=False).reached
        for number in range(10)
    )
    assert opened >= 4


def _with_other_cell(folder: Path, number: int) -> Path:
    path = folder / f"{number}.gpkg"
    path.write_bytes((readers.ground().folder / "units.gpkg").read_bytes())
    database_of(readers.Random(number), path)
    return path
