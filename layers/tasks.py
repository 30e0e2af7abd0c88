"""What a task of a division of tasks is: frozen values, read from ``layers/catalogue``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layers.vocabulary import Language


@dataclass(frozen=True)
class TaskWords:
    """What a task is called in one language: its part of the document, itself, its targets."""

    part: str
    title: str
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """One task of a policy document: what, who, until when, and what shows how far it is.

    ``title`` and ``targets`` are in the program's short words, ``responsible`` are full names in
    the document's order. Without ``indicators`` only the responsible unit can tell how far it is.
    ``english`` is what it is called in English, where anybody has said it.
    """

    number: int
    part: str
    title: str
    responsible: tuple[str, ...]
    deadline: str
    targets: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    english: TaskWords | None = None

    def words(self, lang: Language = "zh") -> TaskWords:
        """Give what it is called in one language, in Chinese where there is no English."""
        if lang == "en" and self.english is not None:
            return self.english
        return TaskWords(self.part, self.title, self.targets)
