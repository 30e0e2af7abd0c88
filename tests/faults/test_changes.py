"""Input that changes while a study is read or run: noticed, and the record says what was read."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

import geo
import layers
import layers.read_area
from layers.errors import LayerError
from layers.vocabulary import text
from maps.outcome import DONE
from tests.test_cli import write_project

if TYPE_CHECKING:
    from pathlib import Path

CHANGES = {
    "rewritten": lambda path: path.write_bytes(path.read_bytes() + b"\n"),
    "removed": lambda path: path.unlink(),
    "added": lambda path: path.with_suffix(".cpg").write_text("UTF-8", encoding="ascii"),
}


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Give a planner's folder with nothing wrong."""
    return write_project(tmp_path / "县")


def _changing(monkeypatch: pytest.MonkeyPatch, path: Path, change: str) -> None:
    """Change a file after all layers were read, before they are put together."""
    read = layers.read_area.finished

    def finished(*words: object) -> object:
        CHANGES[change](path)
        return read(*words)

    monkeypatch.setattr(layers.read_area, "finished", finished)


@pytest.mark.parametrize("change", ["rewritten", "removed"])
def test_a_file_that_changes_while_it_is_read_stops_the_study(county, monkeypatch, change):
    _changing(monkeypatch, county / "residences.csv", change)
    with pytest.raises(LayerError) as refused:
        layers.read_study_area(layers.read_project(county))
    assert [(each.layer, each.code) for each in refused.value.problems] == [
        ("residences.csv", "input_unsteady")
    ]


def test_a_file_that_changes_after_it_was_read_is_told_and_the_record_has_what_was_read(
    county, monkeypatch, ask
):
    file = county / "residences.csv"
    read = hashlib.sha256(file.read_bytes()).hexdigest()
    assess = geo.assess

    def changing(*words: object, **options: object) -> object:
        CHANGES["rewritten"](file)
        return assess(*words, **options)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(geo, "assess", changing)
    result = ask("run", county, "--quiet")
    assert result.exit_code == DONE, result.output
    assert text("cli.inputs_changed", names="residences.csv") in result.stdout
    record = json.loads((county / "out" / "run.json").read_text(encoding="utf-8"))
    kept = {each["name"]: each["sha256"] for each in record["inputs"]}
    assert kept["residences.csv"] == read != hashlib.sha256(file.read_bytes()).hexdigest()
