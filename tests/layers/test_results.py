"""Results read back: what is missing or spoilt is told, what differs is named."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

import layers
from layers.errors import LayerError, MissingLayerError
from layers.results import Difference, Results, differences, read_results


def record(**changes):
    told = {
        "study": "小县",
        "simulated": False,
        "data_date": "2024-12",
        "crs": "EPSG:4548",
        "has_elevation": True,
        "settings": {"rules": {"unit_share": 0.5}, "indicators": ["a"]},
        "versions": {"livingcircle": "0.1.0", "numpy": "2.0"},
        "inputs": [{"name": "单元.gpkg", "size": 3, "sha256": "ab" * 32}],
    }
    return told | changes


@pytest.fixture
def folder(town, tmp_path):
    """Give a folder of results as a run writes it."""
    layers.write_frames(town.frames(), tmp_path / "results.gpkg")
    layers.write_record(town.project, town.area, tmp_path / "run.json", counts={})
    return tmp_path


def test_a_run_is_read_back_as_it_was(folder, town):
    results = read_results(folder)
    assert results.study == town.project.name
    scorecard = results.frames["scorecard"]
    assert scorecard["indicator"].tolist() == town.scorecard["indicator"].tolist()
    assert scorecard["value"].tolist() == pytest.approx(town.scorecard["value"], nan_ok=True)
    assert results.frames["coverage"]["unit_id"].tolist() == town.coverage["unit_id"].tolist()
    assert list(differences(results, results)) == []


def test_a_folder_without_results_is_told_file_by_file(tmp_path):
    with pytest.raises(MissingLayerError) as refused:
        read_results(tmp_path)
    told = [(problem.layer, problem.code) for problem in refused.value.problems]
    assert told == [("run.json", "results_missing"), ("results.gpkg", "results_missing")]
    assert str(tmp_path) in refused.value.problems[0].message()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.json", "{"),
        ("run.json", json.dumps({"study": "小县"})),
        ("results.gpkg", "not a database"),
    ],
)
def test_results_that_cannot_be_read_are_told(folder, name, content):
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(LayerError) as refused:
        read_results(folder)
    assert [problem.code for problem in refused.value.problems] == ["results_unreadable"]


def test_results_without_a_table_are_told(folder, town):
    kept = {name: frame for name, frame in town.frames().items() if name != "coverage"}
    layers.write_frames(kept, folder / "results.gpkg")
    with pytest.raises(LayerError) as refused:
        read_results(folder)
    assert [problem.code for problem in refused.value.problems] == ["results_unreadable"]


def test_study_settings_version_and_inputs_that_differ_are_named():
    old = Results(record(), {"scorecard": pd.DataFrame({"over": ["people", "units"]})})
    new = replace(
        old,
        record=record(
            data_date="2025-12",
            settings={"rules": {"unit_share": 0.6}, "indicators": ["a"], "fresh": 1},
            versions={"livingcircle": "0.2.0", "numpy": "2.1"},
            inputs=[{"name": "单元.gpkg", "size": 3, "sha256": "cd" * 32}],
        ),
        frames={"scorecard": pd.DataFrame({"over": ["dwellings", "units"]})},
    )
    assert list(differences(old, new)) == [
        Difference("study", "basis", "people", "dwellings"),
        Difference("study", "data_date", "2024-12", "2025-12"),
        Difference("settings", "fresh", None, "1"),
        Difference("settings", "rules.unit_share", "0.5", "0.6"),
        Difference("versions", "livingcircle", "0.1.0", "0.2.0"),
        Difference("inputs", "单元.gpkg", "ab" * 6, "cd" * 6),
    ]
