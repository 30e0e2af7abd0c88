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
from layers.tasks import Task, TaskWords
from layers.toml_table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD = ("title", "everywhere", "parts_zh", "parts_en")
_EXAMPLES = {
    "part": "part = 1",
    "title_zh": 'title_zh = "…"',
    "responsible": 'responsible = ["…"]',
    "deadline": 'deadline = "…"',
}
_MORE = ("title_en", "targets_zh", "targets_en", "indicators")


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

    Tasks are numbered from 1 without a hole; ``everywhere`` are units responsible for each. What
    has no English is told in Chinese; lists in English are as long as their own in Chinese.
    ``indicators`` are the ids that a task may name, any where none are given.
    """
    count = sum(key not in _HEAD for key in table.content)
    numbers = [str(number) for number in range(1, count + 1)]
    table.only((*_HEAD, *numbers))
    for number in numbers:
        table.require(number, f"[{number}]")
    known = tuple(indicators)
    _english(table, "parts")
    made = [_task(table, number, known) for number in numbers if number in table.content]
    return tuple(task for task in made if task is not None)


def _task(file: TomlTable, number: str, known: tuple[str, ...]) -> Task | None:
    table, before = file.table(number), len(file.problems)
    table.only((*_EXAMPLES, *_MORE))
    for key, example in _EXAMPLES.items():
        table.require(key, example)
    parts = file.texts("parts_zh")
    part, title = table.number("part", (1, len(parts))), table.text("title_zh")
    responsible, deadline = table.texts("responsible"), table.text("deadline")
    targets, indicators = table.texts("targets_zh"), table.texts("indicators", known)
    title_en, targets_en = table.text("title_en"), _english(table, "targets")
    if len(file.problems) > before or part is None or title is None or deadline is None:
        return None
    everyone = (*responsible, *file.texts("everywhere"))
    at = int(part) - 1
    told = (int(number), parts[at], title, everyone, deadline, targets, indicators)
    if title_en is None:
        return Task(*told)
    part_en = (file.texts("parts_en") or parts)[at]
    return Task(*told, TaskWords(part_en, title_en, targets_en))


def _english(table: TomlTable, key: str) -> tuple[str, ...]:
    """Give a list's English, the list itself where it has none; tell one of another length."""
    own, english = table.texts(f"{key}_zh"), table.texts(f"{key}_en")
    if english and len(english) != len(own):
        table.tell("wrong_type", f"{key}_en", list(english), example=f'{key}_en = ["…"]')
    return english or own
