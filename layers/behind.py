"""The study behind a folder of results: the project it was made from, as it was made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import LayerError, MissingLayerError, Problem
from layers.inputs import input_files
from layers.plan import Addition, Plan, apply_plan
from layers.project_file import read_project
from layers.read_area import PROJECT_FILE, read_study_area, study_inputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from layers.project import Project
    from layers.results import Results
    from layers.study_area import InputFile, StudyArea


def study_behind(
    results: Results, folder: Path, *, project: Path | None = None
) -> tuple[Project, StudyArea]:
    """Read the study that a folder of results was made from again, its plan applied.

    Results name no path: the project is the one that is given, else the project.toml of the same
    SHA-256 in the folder of the results, above it or below it. Raises MissingLayerError where there
    is none, LayerError where any file has changed since, naming it, or the results are public.
    """
    if results.record.get("profile") == "public":
        raise LayerError(Problem("run.json", "results_public"))
    then = {file["name"]: file["sha256"] for file in results.record["inputs"]}
    path = project or _found(Path(folder), then.get(PROJECT_FILE, ""))
    at = path if path.is_dir() else path.parent
    _require_same(then, input_files([at / PROJECT_FILE], at), among={PROJECT_FILE})
    settings = read_project(path)
    files = study_inputs(settings)
    _require_same(then, files, among={name for name in then if not _is_table(name)})
    area = read_study_area(settings)
    _require_same(then, area.inputs, among=then.keys())
    plan = results.record["plan"]
    return settings, apply_plan(area, _plan(plan), settings) if plan else area


def _found(folder: Path, sha256: str) -> Path:
    """Give the project.toml of a hash near the results; the nearest one where none is the same."""
    near = [folder, *folder.resolve().parents[:1], *sorted(each for each in folder.iterdir())]
    there = [each / PROJECT_FILE for each in near if (each / PROJECT_FILE).is_file()]
    for path in there:
        if input_files([path], path.parent)[0].sha256 == sha256:
            return path
    if there:
        return there[0]
    raise MissingLayerError(Problem(PROJECT_FILE, "project_not_near", value=str(folder)))


def _require_same(
    then: Mapping[str, str], now: Iterable[InputFile], *, among: Iterable[str]
) -> None:
    found = {file.name: file.sha256 for file in now}
    changed = tuple(
        Problem(name, "input_changed" if name in found else "input_gone")
        for name in sorted(among)
        if found.get(name) != then.get(name)
    )
    new = tuple(Problem(name, "input_new") for name in sorted(found.keys() - then.keys()))
    if changed or new:
        raise LayerError((*changed, *new))


def _is_table(name: str) -> bool:
    return name.startswith("postgis/")


def _plan(content: Mapping[str, Any]) -> Plan:
    added = tuple(Addition(**each) for each in content["added"])
    texts = {name: content[name] for name in ("name", "study", "crs")}
    return Plan(**texts, added=added, closed=tuple(content["closed"]))
