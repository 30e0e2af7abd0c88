"""Divisions of tasks as data: read from ``layers/catalogue/tasks-<document>.toml``, and checked.

A new document is a new file.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from layers.catalogue.policy import load_indicators
from layers.errors import Problem, ProjectError
from layers.tasks import Task
from layers.toml_table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD = ("title", "everywhere", "parts")
_EXAMPLES = {
    "part": "part = 1",
    "title": 'title = "…"',
    "responsible": 'responsible = ["…"]',
    "deadline": 'deadline = "…"',
}
_LISTS = ("targets", "indicators")


@cache
def load_tasks(policy_id: str) -> tuple[Task, ...]:
    """Give every task of a policy document in the order of its numbers; none where it has none.

    Raises ProjectError for everything wrong in the file.
    """
    source = files("layers").joinpath("catalogue", f"tasks-{policy_id}.toml")
    if not source.is_file():
        return ()
    problems: list[Problem] = []
    content = tomllib.loads(source.read_text(encoding="utf-8"))
    table = TomlTable(content, file=f"tasks-{policy_id}.toml", problems=problems)
    found = read_tasks(table, (each.id for each in load_indicators(policy_id)))
    if problems:
        raise ProjectError(problems)
    return found


def read_tasks(table: TomlTable, indicators: Iterable[str] = ()) -> tuple[Task, ...]:
    """Give the tasks of a file's tables; what is wrong is told to the table's problems.

    Tasks are numbered from 1 without a hole; ``everywhere`` are units responsible for each.
    ``indicators`` are the ids that a task may name, any where none are given.
    """
    numbers = [str(number) for number in range(1, len(table.content) - len(_HEAD) + 1)]
    table.only((*_HEAD, *numbers))
    for number in numbers:
        table.require(number, f"[{number}]")
    known = tuple(indicators)
    made = [_task(table, number, known) for number in numbers if number in table.content]
    return tuple(task for task in made if task is not None)


def _task(file: TomlTable, number: str, known: tuple[str, ...]) -> Task | None:
    table, before = file.table(number), len(file.problems)
    table.only((*_EXAMPLES, *_LISTS))
    for key, example in _EXAMPLES.items():
        table.require(key, example)
    parts = file.texts("parts")
    part, title = table.number("part", (1, len(parts))), table.text("title")
    responsible, deadline = table.texts("responsible"), table.text("deadline")
    targets, indicators = table.texts("targets"), table.texts("indicators", known)
    if len(file.problems) > before or part is None or title is None or deadline is None:
        return None
    everyone = (*responsible, *file.texts("everywhere"))
    return Task(int(number), parts[int(part) - 1], title, everyone, deadline, targets, indicators)
