"""The results of an earlier run, read back from its folder to be compared."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio

from layers.errors import LayerError, MissingLayerError, Problem
from layers.one_writer import is_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

_FRAMES = ("units", "coverage", "scorecard")
_OF_THE_RUN = ("study", "simulated", "data_date", "crs", "has_elevation")


@dataclass(frozen=True)
class Results:
    """One run: what run.json tells of it, and its frames units, coverage and scorecard."""

    record: Mapping[str, Any]
    frames: Mapping[str, pd.DataFrame]

    @property
    def study(self) -> str:
        """The name of the study."""
        return str(self.record["study"])


@dataclass(frozen=True)
class Difference:
    """One thing that two runs were not made alike in; None where a run has no such thing."""

    part: str
    name: str
    old: str | None
    new: str | None


def read_results(folder: Path) -> Results:
    """Read run.json and results.gpkg of a folder of results.

    Raises MissingLayerError where the folder has none, LayerError where they cannot be read.
    """
    folder = Path(folder)
    paths = {name: folder / name for name in ("run.json", "results.gpkg")}
    if is_incomplete(folder):
        raise LayerError(Problem(folder.name, "results_incomplete"))
    missing = [name for name, path in paths.items() if not path.is_file()]
    if missing:
        told = tuple(
            Problem(name, "results_missing", values=(("folder", str(folder)),)) for name in missing
        )
        raise MissingLayerError(told)
    try:
        record = json.loads(paths["run.json"].read_text(encoding="utf-8"))
        frames = {
            name: pyogrio.read_dataframe(paths["results.gpkg"], layer=name, read_geometry=False)
            for name in _FRAMES
        }
        results = Results(record, frames)
        _ = results.study, list(differences(results, results))
    except (
        ValueError,
        KeyError,
        TypeError,
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
    ) as error:
        problem = Problem(folder.name, "results_unreadable", values=(("reason", str(error)),))
        raise LayerError(problem) from error
    return results


def differences(old: Results, new: Results) -> Iterator[Difference]:
    """Give everything that two runs were not made alike in: study, settings, version, inputs."""
    told = [_told(results.record) for results in (old, new)]
    for part in told[0]:
        first, second = told[0][part], told[1][part]
        for name in sorted({*first, *second}):
            if first.get(name) != second.get(name):
                yield Difference(part, name, first.get(name), second.get(name))


def _told(record: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    return {
        "study": {name: _plain(record[name]) for name in _OF_THE_RUN},
        "settings": dict(_flat(record["settings"])),
        "versions": {"livingcircle": _plain(record["versions"]["livingcircle"])},
        "inputs": {file["name"]: file["sha256"][:12] for file in record["inputs"]},
    }


def _flat(node: Any, path: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON of any shape
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _flat(value, f"{path}.{key}" if path else str(key))
    else:
        yield path, _plain(node)


def _plain(value: Any) -> str:  # noqa: ANN401 - JSON of any shape
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
