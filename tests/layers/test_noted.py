"""A note of files holds for those very files, made of that very thing, and for nothing else."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import made_of
from layers.noted import note_files, noted

NAMES = st.sampled_from(["a.csv", "表.xlsx", "shp/units.shp", "shp/units.dbf"])
FILES = st.dictionaries(NAMES, st.binary(max_size=20), min_size=1)
TOLD = {"rows": [["覆盖率", "75.3%"]]}


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return folder / ".note.json"


@given(FILES, st.text(), st.data())
def test_what_is_told_holds_for_these_files_and_no_other_byte(files, made_of, data):
    name = data.draw(st.sampled_from(sorted(files)))
    other = data.draw(st.binary(max_size=20).filter(lambda content: content != files[name]))
    with tempfile.TemporaryDirectory() as folder:
        note = write(Path(folder), files)
        note_files(note, made_of, told=TOLD)
        assert noted(note, made_of) == TOLD
        (Path(folder) / name).write_bytes(other)
        assert noted(note, made_of) is None
        (Path(folder) / name).write_bytes(files[name])
        assert noted(note, made_of) == TOLD


def test_what_was_made_of_something_else_tells_nothing(tmp_path):
    note = write(tmp_path, {"a.csv": b"1"})
    note_files(note, "one", told=TOLD)
    assert noted(note, "other") is None


def test_what_others_put_beside_the_files_matters_to_nobody(tmp_path):
    note = write(tmp_path, {"a.csv": b"1"})
    note_files(note, "one", told=TOLD)
    (tmp_path / "b.csv").write_bytes(b"2")
    assert noted(note, "one") == TOLD


def test_of_a_file_with_a_clock_it_matters_only_that_it_is_there(tmp_path):
    note = write(tmp_path, {"a.csv": b"1", "run.log": b"9:00"})
    note_files(note, "one", told=TOLD, clocked=["run.log"])
    (tmp_path / "run.log").write_bytes(b"10:00")
    assert noted(note, "one") == TOLD
    (tmp_path / "run.log").unlink()
    assert noted(note, "one") is None


def test_the_same_files_have_the_same_note_whenever_and_however_often_they_are_noted(tmp_path):
    notes = []
    for clock in (b"9:00", b"10:00", b"10:00"):
        note = write(tmp_path, {"a.csv": b"1", "run.log": clock})
        note_files(note, "one", told=TOLD, clocked=["run.log"])
        notes.append(note.read_bytes())
    assert len({*notes}) == 1
    assert noted(note, "one") == TOLD


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"files": 1, "told": {}}', '{"files": {"a.csv": null}}', "[" * 100_000, "\0"],
)
def test_a_note_that_is_none_tells_nothing(content, tmp_path):
    note = write(tmp_path, {"a.csv": b"1"})
    note.write_text(content, encoding="utf-8")
    assert noted(note, "one") is None


def test_whoever_changes_what_a_note_tells_has_none(tmp_path):
    note = write(tmp_path, {"a.csv": b"1"})
    note_files(note, "one", told=TOLD)
    found = json.loads(note.read_text("utf-8"))
    for changed in (
        found | {"told": {"rows": [["覆盖率", "99.9%"]]}},
        found | {"files": {}},
        found | {"more": 1},
    ):
        note.write_text(json.dumps(changed), encoding="utf-8")
        assert noted(note, "one") is None


def test_every_file_of_the_program_counts_as_the_program_and_nothing_made_of_it(
    tmp_path, monkeypatch
):
    package = tmp_path / "mapsagain"
    for name in ("__init__.py", "panel/map.js", "__pycache__/__init__.pyc"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("1", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(made_of, "_PACKAGES", ("mapsagain",))
    digest = made_of.program_digest.__wrapped__
    before = digest()
    (package / "__pycache__" / "__init__.pyc").write_text("2", encoding="utf-8")
    assert digest() == before
    (package / "panel" / "map.js").write_text("2", encoding="utf-8")
    assert digest() != before
