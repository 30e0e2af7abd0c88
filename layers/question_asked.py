"""A question asked on the command line, checked as one of project.toml is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from layers.catalogue import load_modes
from layers.errors import Problem, ProjectError
from layers.question_file import read_questions
from layers.toml_table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.project import Project
    from layers.question import SiteQuestion
    from layers.vocabulary import Language

_COMMAND = "livingcircle sites"


def asked_question(
    project: Project, options: Mapping[str, Any], *, lang: Language = "zh"
) -> tuple[Project, SiteQuestion]:
    """Make a question of what was asked; options are the keys of a table [sites.NAME].

    The project comes back with the question's mode among those it measures. Raises ProjectError
    with everything wrong.
    """
    problems: list[Problem] = []
    name = str(options.get("category", "sites"))
    given = {key: value for key, value in options.items() if value not in (None, [], 0, False)}
    table = TomlTable({name: given}, file=_COMMAND, problems=problems)
    if table.table(name).choice("per", ("township",)):
        given["per_township"] = 1
    given.pop("per", None)
    modes = load_modes()
    roles = {layer.name: layer.role for layer in project.layers}
    (question,) = read_questions(table, categories=project.categories, modes=modes, layers=roles)
    if problems:
        raise ProjectError(problems, lang=lang)
    if question.mode and question.mode not in project.modes:
        project = replace(project, modes={**project.modes, question.mode: modes[question.mode]})
    return project, question
