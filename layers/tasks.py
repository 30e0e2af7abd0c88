"""What a task of a division of tasks is: frozen values, read from ``layers/catalogue``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One task of a policy document: what, who, until when, and what shows how far it is.

    ``title`` and ``targets`` are in the program's short words, ``responsible`` are full names in
    the document's order. Without ``indicators`` only the responsible unit can tell how far it is.
    """

    number: int
    part: str
    title: str
    responsible: tuple[str, ...]
    deadline: str
    targets: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
