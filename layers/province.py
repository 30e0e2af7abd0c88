"""province.toml: a province as the project folders of its counties, read and checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layers.errors import Problem, ProjectError
from layers.project_file import PROJECT_FILE
from layers.toml_table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PROVINCE_FILE = "province.toml"
_TOP = ("name", "counties", "county_pages")


@dataclass(frozen=True)
class Province:
    """A province: its name, the project folder of each county by the folder's name.

    With ``county_pages`` every county gets all its results, else its tables alone.
    """

    name: str
    folder: Path
    counties: Mapping[str, Path]
    county_pages: bool = True


def is_province(path: Path) -> bool:
    """Say whether a path is a province file, or a folder with one and no project of its own."""
    if path.is_dir():
        return (path / PROVINCE_FILE).is_file() and not (path / PROJECT_FILE).is_file()
    return path.name == PROVINCE_FILE


def read_province(path: Path) -> Province:
    """Read province.toml, or the one in a folder.

    Raises ProjectError with every problem found, folders without a project among them.
    """
    file = path / PROVINCE_FILE if path.is_dir() else path
    problems: list[Problem] = []
    top = TomlTable(_content(file), file=file.name, problems=problems)
    top.only(_TOP)
    top.require("name", 'name = "福建省"')
    top.require("counties", 'counties = ["35*"]')
    counties = _counties(top, file.parent)
    pages = "county_pages" not in top.content or top.flag("county_pages")
    if problems:
        raise ProjectError(problems)
    return Province(top.text("name") or "", file.parent, counties, pages)


def _counties(top: TomlTable, folder: Path) -> dict[str, Path]:
    """Find the folders that names and patterns stand for, in the order of their names."""
    found: dict[str, Path] = {}
    for entry in top.texts("counties"):
        said = entry.replace("\\", "/").rstrip("/")
        if said.startswith("/") or ":" in said or ".." in said.split("/"):
            top.tell("path_outside", "counties", entry)
            continue
        places = [each for each in sorted(folder.glob(said)) if (each / PROJECT_FILE).is_file()]
        if not places:
            top.tell("no_county", "counties", entry)
        for place in places:
            if found.get(place.name, place) != place:
                top.tell("county_twice", "counties", place.name)
            found[place.name] = place
    return dict(sorted(found.items()))


def _content(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        problem = Problem(file.name, "project_absent", value=str(file))
    except UnicodeDecodeError:
        problem = Problem(file.name, "project_not_utf8")
    except tomllib.TOMLDecodeError as error:
        problem = Problem(file.name, "project_not_toml", values=(("detail", str(error)),))
    raise ProjectError(problem)
