"""The results of an earlier run, read back from its folder to be compared."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio

from layers.errors import LayerError, MissingLayerError, PlanningError, Problem
from layers.noted import OF_RESULTS
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

    @property
    def basis(self) -> str:
        """What its shares are of: people, or dwellings where too few units knew theirs."""
        return "dwellings" if (self.frames["scorecard"]["over"] == "dwellings").any() else "people"


@dataclass(frozen=True)
class Difference:
    """One thing that two runs were not made alike in; None where a run has no such thing."""

    part: str
    name: str
    old: str | None
    new: str | None


def read_results(folder: Path) -> Results:
    """Read run.json and results.gpkg of a folder of results.

    Raises what ``readable_results`` raises.
    """
    with readable_results(Path(folder)) as (record, gpkg):
        frames = {
            name: pyogrio.read_dataframe(gpkg, layer=name, read_geometry=False) for name in _FRAMES
        }
        results = Results(record, frames)
        _ = results.study, list(differences(results, results))
    return results


def require_no_internal(folder: Path) -> None:
    """Refuse a folder with results that are not public: something of them might stay there.

    Raises
    ------
    LayerError
        Where run.json of ``folder`` is of another profile, or cannot be read, or where there is
        a note of results, as of public ones there is none.

    """
    record, public = Path(folder) / "run.json", True
    if record.is_file():
        try:
            public = json.loads(record.read_text(encoding="utf-8")).get("profile") == "public"
        except (ValueError, AttributeError):
            public = False
    if not public or (Path(folder) / OF_RESULTS).exists():
        raise LayerError(Problem(Path(folder).name, "results_not_public"))


@contextmanager
def readable_results(folder: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """Give what run.json of a folder of results tells, and the path of its results.gpkg.

    Raises MissingLayerError where the folder has none, LayerError where it was not written to its
    end, or where what is read of it inside cannot be.
    """
    record, gpkg = folder / "run.json", folder / "results.gpkg"
    if is_incomplete(folder):
        raise LayerError(Problem(folder.name, "results_incomplete"))
    missing = [path.name for path in (record, gpkg) if not path.is_file()]
    if missing:
        told = (("folder", str(folder)),)
        raise MissingLayerError(
            tuple(Problem(name, "results_missing", values=told) for name in missing)
        )
    try:
        yield json.loads(record.read_text(encoding="utf-8")), gpkg
    except PlanningError:
        raise
    except (
        ValueError,
        KeyError,
        TypeError,
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
    ) as error:
        problem = Problem(folder.name, "results_unreadable", values=(("reason", str(error)),))
        raise LayerError(problem) from error


def differences(old: Results, new: Results) -> Iterator[Difference]:
    """Give everything that two runs were not made alike in: study, settings, version, inputs."""
    told = [_told(results) for results in (old, new)]
    for part in told[0]:
        first, second = told[0][part], told[1][part]
        for name in sorted({*first, *second}):
            if first.get(name) != second.get(name):
                yield Difference(part, name, first.get(name), second.get(name))


def _told(results: Results) -> dict[str, dict[str, str]]:
    record = results.record
    return {
        "study": {name: _plain(record[name]) for name in _OF_THE_RUN} | {"basis": results.basis},
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
