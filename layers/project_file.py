"""project.toml, the one file that says what a study is made of, read into a Project.

Everything wrong with it is gathered and told once, with the nearest thing that would be right.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.catalogue import (
    MODE_SETTINGS,
    circle_ids,
    flat_modes,
    load_categories,
    load_circle,
    load_modes,
    mode_readings,
    policy_ids,
)
from layers.catalogue.ledger import (
    load_labels,
    load_listed,
    load_register_kinds,
)
from layers.catalogue.policy import load_indicators, variants
from layers.catalogue.supply import decay_ids, load_supply, supply_ids
from layers.catalogue.tasks import load_tasks
from layers.errors import Problem, ProjectError
from layers.layer_settings import read_layers
from layers.project import Category, Limit, Margins, Mode, Project, Rules
from layers.question_file import read_questions
from layers.schema import FACILITIES
from layers.toml_table import Range, TomlTable, toml_text
from layers.units import DEFAULT_URBAN, urban_readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from layers.accessibility import SupplyMethod
    from layers.question import SiteQuestion
    from layers.vocabulary import Language

PROJECT_FILE = "project.toml"
ALWAYS_MEASURED = ("walk", "drive")
"""Any other mode is measured if a limit, an indicator, the circle or a table [modes.<id>] asks."""
DEFAULT_CIRCLE = "basic-15"

_TOP = ("name", "crs", "simulated", "attribution", "data_date", "policy", "circle", "circle_unsure")
_CHOOSING = ("choices", "absent", "urban")
_TABLES = ("allow_outside", "layers", "rules", "margins", "supply", "modes", "limits", "sites")
_MINUTES: Range = (0.1, 1440.0)
_CHOICES: Range = (1.0, 100.0)
_KMH: Range = (0.1, 200.0)
_RULES: dict[str, Range] = {
    "unit_share": (0.01, 1.0),
    "known_share": (0.0, 1.0),
    "direct_metres": (0.0, 10_000.0),
    "min_island_metres": (0.0, 1_000_000.0),
    "max_access_metres": (0.0, 100_000.0),
    "search_minutes": (1.0, 1440.0),
    "detour_factor": (1.0, 10.0),
    "cell_metres": (1.0, 10_000.0),
}

_MARGINS: dict[str, Range] = {
    "speed_share": (0.0, 0.9),
    "limit_minutes": (0.0, 60.0),
    "access_share": (0.0, 0.9),
    "street_share": (0.0, 0.9),
}


def read_project(path: Path | str, *, lang: Language = "zh") -> Project:
    """Read project.toml, or the one in a folder.

    Whether the files it names are there is left to their readers. Raises ProjectError with
    every problem found, its text in ``lang``.
    """
    file = Path(path)
    file = file / PROJECT_FILE if file.is_dir() else file
    problems: list[Problem] = []
    content = _content(file, lang)
    project = _project(TomlTable(content, file=file.name, problems=problems), file.parent)
    if problems:
        raise ProjectError(problems, lang=lang)
    return project


def project_toml(settings: Mapping[str, Any], *, comment: str = "") -> str:
    """Write settings, shaped as project.toml reads them, as TOML text."""
    lines = "".join(f"# {line}\n" for line in comment.splitlines())
    return lines + toml_text(settings)


def _content(file: Path, lang: Language) -> dict[str, Any]:
    """Give what the file says; where it cannot be read at all, stop here."""
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        problem = Problem(file.name, "project_absent", value=str(file))
    except UnicodeDecodeError:
        problem = Problem(file.name, "project_not_utf8")
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        row = int(at.group(1)) if at else None
        problem = Problem(file.name, "project_not_toml", row, values=(("detail", str(error)),))
    raise ProjectError(problem, lang=lang)


def _project(top: TomlTable, folder: Path) -> Project:
    top.only((*_TOP, *_CHOOSING, *_TABLES))
    top.require("name", 'name = "…"')
    top.require("crs", 'crs = "EPSG:4548"')
    policy = top.choice("policy", policy_ids())
    of_modes, of_policy = mode_readings(), variants(policy) if policy else {}
    choices = _choices(top.table("choices"), {**of_modes, **of_policy})
    indicators = load_indicators(policy, _among(choices, of_policy)) if policy else ()
    own_modes = top.table("modes")
    modes = _modes(own_modes, _among(choices, of_modes))
    categories = _categories(top.table("limits"), modes)
    circle = load_circle(
        top.choice("circle", circle_ids()) or DEFAULT_CIRCLE, unsure=top.flag("circle_unsure")
    )
    limits = [limit for each in categories.values() for limit in (each.urban, each.rural)]
    measured = {*ALWAYS_MEASURED, *own_modes.content, circle.mode}
    measured |= {limit.mode for limit in limits}
    measured |= {indicator.mode for indicator in indicators if indicator.mode}
    questions = _sites(top, categories, modes)
    measured |= {question.mode for question in questions if question.mode}
    return Project(
        name=top.text("name") or "",
        folder=folder,
        crs=top.text("crs") or "",
        layers=read_layers(top, folder),
        modes={name: mode for name, mode in modes.items() if name in measured},
        categories=categories,
        circle=circle,
        listed=load_listed(),
        labels=load_labels(),
        absent=frozenset(top.texts("absent", _may_be_absent())),
        urban=top.choice("urban", urban_readings()) or DEFAULT_URBAN,
        indicators=indicators,
        tasks=load_tasks(policy) if policy else (),
        rules=_rules(top.table("rules")),
        margins=_margins(top.table("margins")),
        supply=_supply(top.table("supply")),
        simulated=top.flag("simulated"),
        attribution=top.texts("attribution"),
        data_date=top.text("data_date") or "",
        sites=questions,
    )


def _choices(table: TomlTable, known: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Give the readings that the study takes in place of the catalogue's own."""
    table.only(known)
    chosen = {name: table.choice(name, known[name]) for name in table.content if name in known}
    return {name: choice for name, choice in chosen.items() if choice and choice in known[name]}


def _among(choices: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
    return {name: choices[name] for name in known if name in choices}


def _may_be_absent() -> tuple[str, ...]:
    return (*load_categories(), *load_listed(), *load_register_kinds())


def _sites(
    top: TomlTable, categories: Iterable[str], modes: Iterable[str]
) -> tuple[SiteQuestion, ...]:
    layers = top.table("layers")
    roles = {name: layers.table(name).content.get("role", name) for name in layers.content}
    return read_questions(top.table("sites"), categories=categories, modes=modes, layers=roles)


def _rules(table: TomlTable) -> Rules:
    table.only(field.name for field in fields(Rules))
    chosen: dict[str, Any] = {name: table.number(name, within) for name, within in _RULES.items()}
    chosen["straight_class"] = table.text("straight_class") or None
    chosen["statuses"] = table.texts("statuses", FACILITIES.column("status").choices) or None
    return Rules(**{name: value for name, value in chosen.items() if value is not None})


def _margins(table: TomlTable) -> Margins:
    table.only(_MARGINS)
    chosen = {name: table.number(name, within) for name, within in _MARGINS.items()}
    return Margins(**{name: value for name, value in chosen.items() if value is not None})


def _supply(table: TomlTable) -> SupplyMethod:
    table.only(("method", "decay", "choices"))
    choices = table.number("choices", _CHOICES)
    return load_supply(
        table.choice("method", supply_ids()),
        decay=table.choice("decay", decay_ids()),
        choices=None if choices is None else round(choices),
    )


def _modes(table: TomlTable, choices: Mapping[str, str]) -> dict[str, Mode]:
    known = load_modes()
    table.only(known)
    chosen: dict[str, dict[str, float]] = {}
    for mode in (name for name in table.content if name in known):
        speeds = table.table(mode)
        settings = MODE_SETTINGS if mode in flat_modes() else MODE_SETTINGS[1:]
        speeds.only(settings)
        given = {name: speeds.number(name, _KMH) for name in settings}
        chosen[mode] = {name: kmh for name, kmh in given.items() if kmh is not None}
    return load_modes(chosen, choices)


def _categories(table: TomlTable, modes: Mapping[str, Mode]) -> dict[str, Category]:
    known = load_categories()
    table.only(known)
    return {
        name: _limited(table.table(name), category, modes) if name in table.content else category
        for name, category in known.items()
    }


def _limited(table: TomlTable, category: Category, modes: Mapping[str, Mode]) -> Category:
    table.only(("urban", "rural"))
    return replace(
        category,
        urban=_limit(table.table("urban"), category.urban, modes),
        rural=_limit(table.table("rural"), category.rural, modes),
    )


def _limit(table: TomlTable, limit: Limit, modes: Mapping[str, Mode]) -> Limit:
    if not table.content:
        return limit
    table.only(("minutes", "mode"))
    return Limit(
        minutes=table.number("minutes", _MINUTES) or limit.minutes,
        mode=table.choice("mode", modes) or limit.mode,
        source=PROJECT_FILE,
    )
