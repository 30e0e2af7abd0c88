"""What a study's numbers rest on, written down: run.json beside the results."""

from __future__ import annotations

import dataclasses
import json
import math
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import pyogrio
import pyproj
import shapely

from layers.store import results_folder

if TYPE_CHECKING:
    from typing import Any

    from layers.plan import Plan
    from layers.project import LayerSource, Project
    from layers.study_area import StudyArea

_LIBRARIES = (
    "contourpy",
    "folium",
    "geopandas",
    "networkx",
    "numpy",
    "opencc",
    "openpyxl",
    "osmnx",
    "pillow",
    "pandas",
    "pyarrow",
    "pyogrio",
    "pyproj",
    "python-docx",
    "rasterio",
    "scipy",
    "shapely",
)


def write_record(
    project: Project, area: StudyArea, path: Path, *, counts: Mapping[str, int]
) -> Path:
    """Write versions, settings, inputs and problems of a run as JSON.

    ``counts`` are the rows of each frame written. Neither clock times nor absolute paths nor the
    name of the user are in it: the same input gives the same bytes. Of a public run it names
    neither layers nor files nor what is in a plan.
    """
    path = Path(path)
    record = _of_project(project) | {
        "crs": area.crs,
        "plan": _plan(area.plan, project),
        "has_elevation": area.has_elevation,
        "versions": versions(),
        "inputs": sorted(area.inputs, key=lambda file: file.name),
        "counts": counts,
        "problems": [
            dataclasses.asdict(problem) | {"message": problem.message()}
            for problem in area.problems
        ],
    }
    told = _json(record)
    with results_folder(path.parent) as folder:
        (folder / path.name).write_text(told + "\n", encoding="utf-8", newline="\n")
    return path


def project_record(project: Project) -> dict[str, Any]:
    """Give what the record of a run without a plan tells of its project, as it is read back."""
    record: dict[str, Any] = json.loads(_json(_of_project(project) | {"plan": None}))
    return record


def versions() -> dict[str, str | None]:
    """Give the versions of everything that can change a number."""
    return {
        "livingcircle": _version("livingcircle"),
        "python": platform.python_version(),
        "gdal": pyogrio.__gdal_version_string__,
        "proj": pyproj.proj_version_str,
        "geos": shapely.geos_version_string,
        **{name: _version(name) for name in _LIBRARIES},
    }


@cache
def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None  # run from the source folder, or a library that was left out


def _json(record: Mapping[str, object]) -> str:
    return json.dumps(
        record, default=_plain, ensure_ascii=False, allow_nan=False, indent=2, sort_keys=True
    )


def _of_project(project: Project) -> dict[str, object]:
    return {
        "study": project.name,
        "profile": project.profile,
        "simulated": project.simulated,
        "attribution": project.attribution,
        "data_date": project.data_date,
        "settings": _settings(project),
    }


def _settings(project: Project) -> dict[str, object]:
    return {
        "crs": project.crs,
        "layers": [_layer(source, project.folder) for source in project.layers],
        "modes": project.modes,
        "categories": project.categories,
        "circle": project.circle,
        "rules": project.rules,
        "margins": project.margins,
        "indicators": [indicator.id for indicator in project.indicators],
    }


def _plan(plan: Plan | None, project: Project) -> dict[str, Any] | None:
    if plan is None:
        return None
    return (
        {"name": plan.name}
        if project.profile == "public"
        else plan.content() | {"sha256": plan.sha256}
    )


def _layer(source: LayerSource, folder: Path) -> LayerSource:
    within = source.path
    if within.is_relative_to(folder):
        within = within.relative_to(folder)
    elif within.is_absolute():
        # A file kept elsewhere is known by its name and its SHA-256, not by whose disk it is on.
        within = Path(within.name)
    return dataclasses.replace(source, path=within)


def _plain(value: object) -> object:
    """Give what JSON does not know as what it does: values as tables, sets sorted, paths with /."""
    if dataclasses.is_dataclass(value):
        fields = (field.name for field in dataclasses.fields(value))
        return {name: _finite(getattr(value, name)) for name in fields}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, PurePath):
        return value.as_posix()
    message = f"not a plain value: {value!r}"
    raise TypeError(message)


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value
